import type { FastifyInstance } from 'fastify'
import { sendProblem } from './bay-routes.ts'
import { problem, problemOf } from './problem.ts'

/** Where the server says what went wrong. `console` fits. */
export type ServerLog = { warn(sentence: string): void; error(sentence: string, cause?: unknown): void }

/** What every answer tells browsers. */
export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

/** Whatever goes wrong on this server is answered as problem details, and every answer carries the headers that browsers heed. */
export function answerProblems(app: FastifyInstance, log: ServerLog): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS)
  })
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  app.setErrorHandler((error, request, reply) => {
    const what = problemOf(error)
    // The route's pattern, not the address: an address may hold a camera's token or a plate.
    if (what.code === 'UNEXPECTED')
      log.error(`${request.method} ${request.routeOptions.url ?? '?'} failed unexpectedly.`, error)
    if (what.status === 401) reply.header('www-authenticate', 'Bearer realm="berth"')
    if (what.retry && what.status === 503 && reply.getHeader('retry-after') === undefined)
      reply.header('retry-after', '5')
    return sendProblem(reply, what)
  })
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      problem('NOT_FOUND', `There is no call ${request.method} at this address; see /api/openapi.json.`),
    ),
  )
}
