import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import { refuseForeignOrigin } from './callers.ts'
import type { Serving } from './serving.ts'
import { serve } from './serving.ts'

/** A cookie for browsers, given for a token and taken back. */
export function loginRoutes(app: FastifyInstance, serving: Serving): void {
  serve(app, serving, 'login', ({ body, request, reply }) => {
    refuseForeignOrigin(request)
    const cookie = serving.callers.login((body as { token: string }).token, request.protocol === 'https')
    if (cookie === null)
      throw new Fault('UNAUTHORIZED', {}, { says: 'Nobody holds this token; check it and send it again.' })
    reply.header('set-cookie', cookie)
  })
  serve(app, serving, 'logout', ({ request, reply }) => {
    refuseForeignOrigin(request)
    reply.header('set-cookie', serving.callers.logout)
  })
}
