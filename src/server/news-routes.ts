import type { FastifyInstance } from 'fastify'
import type { NewsDesk } from '../news/news-desk.ts'
import { found, pageOf, type Serving, serve } from './serving.ts'

/** Who is told of the site, how far, and how one that was given up goes on. */
export function newsRoutes(app: FastifyInstance, serving: Serving, desk: NewsDesk | null): void {
  serve(app, serving, 'newsReceivers', ({ query }) => pageOf(desk?.receivers() ?? [], (one) => one.receiver, query))
  serve(app, serving, 'resumeNews', async ({ params, body, caller }) => {
    const receiver = params['receiver'] ?? ''
    const { after = null } = body as { readonly after?: number }
    return found((await desk?.resume(receiver, after, caller)) ?? null, 'receiver of news', receiver)
  })
}
