import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import { isLoopback, refuseForeignOrigin } from './callers.ts'
import type { Serving } from './serving.ts'
import { serve } from './serving.ts'

/** A cookie for browsers, given for a token, renewed while it holds, and taken back. */
export function loginRoutes(app: FastifyInstance, serving: Serving): void {
  serve(app, serving, 'login', async ({ body, request, reply }) => {
    refuseForeignOrigin(request)
    serving.callers.admit(request)
    const cookie = serving.callers.login((body as { token: string }).token, mayBeSecure(request))
    if (cookie === null) {
      await serving.callers.wrong(request)
      throw new Fault('UNAUTHORIZED', {}, { says: 'Nobody holds this token; check it and send it again.' })
    }
    reply.header('set-cookie', cookie)
  })
  serve(app, serving, 'prove', async ({ body, request }) => {
    serving.callers.admit(request)
    const { mark, nonce } = body as { readonly mark: string; readonly nonce: string }
    try {
      return { proof: serving.callers.prove(mark, serving.desk.siteId, nonce) }
    } catch (fault) {
      await serving.callers.wrong(request)
      throw fault
    }
  })
  serve(app, serving, 'renew', ({ request, reply }) => {
    const cookie = serving.callers.renew(request, mayBeSecure(request))
    if (cookie === null)
      throw new Fault('UNAUTHORIZED', {}, { says: 'No sign-in of a browser came with this call; sign in.' })
    reply.header('set-cookie', cookie)
  })
  serve(app, serving, 'logout', async ({ request, reply }) => {
    refuseForeignOrigin(request)
    reply.header('set-cookie', await serving.callers.logout(request))
  })
}

/** Browsers send a Secure cookie over TLS, also of a proxy before berth, and to this machine itself; over plain HTTP elsewhere they drop it. */
const mayBeSecure = ({ protocol, headers, hostname }: FastifyRequest): boolean =>
  protocol === 'https' || headers['x-forwarded-proto'] === 'https' || isLoopback(hostname)
