import type { FastifyInstance } from 'fastify'
import type { Json } from '../../machines/events.ts'
import { found, type Serving, serve } from './serving.ts'

/** Looks that commands tell of: through the owner, since only it writes. */
export function lookRoutes(app: FastifyInstance, serving: Serving): void {
  serve(app, serving, 'noteLook', async ({ body, caller }) => {
    const { siteId, what, about, more } = body as {
      readonly siteId: string
      readonly what: string
      readonly about: string
      readonly more: { readonly [field: string]: Json }
    }
    found(siteId === serving.desk.siteId ? siteId : null, 'site', siteId)
    const { name: by, role } = caller
    await serving.looks?.saw({ by, role, what, subjects: [], about, more })
  })
}
