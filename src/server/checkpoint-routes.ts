import type { FastifyInstance } from 'fastify'
import { checkpointLine } from '../journal/checkpoint.ts'
import { receivedOf } from '../journal/received-checkpoints.ts'
import { sendProblem } from './bay-routes.ts'
import { problem } from './problem.ts'
import { found, type Serving, serve } from './serving.ts'

/** Signed checkpoints of this site and of those that send theirs here. */
export function checkpointRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk } = serving
  const { received } = desk.checkpoints
  serve(app, serving, 'checkpoints', () => ({ ...desk.checkpoints.own(), received: received.sites() }))
  serve(app, serving, 'siteCheckpoints', async ({ params, reply }) => {
    const siteId = params['siteId'] ?? ''
    found(received.sites().find((one) => one.siteId === siteId) ?? null, 'site that sends its checkpoints', siteId)
    const lines: string[] = []
    for await (const checkpoint of receivedOf(desk.journal, siteId)) lines.push(`${checkpointLine(checkpoint)}\n`)
    reply.type('application/x-ndjson')
    return lines.join('')
  })
  serve(app, serving, 'takeCheckpoints', async ({ body, caller, reply }) => {
    const { checkpoints } = body as { readonly checkpoints: readonly unknown[] }
    const contradiction = await received.take(checkpoints, caller.name)
    if (contradiction !== null) return sendProblem(reply, problem('VERSION_CONFLICT', contradiction))
    return undefined
  })
}
