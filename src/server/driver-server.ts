import { fastify } from 'fastify'
import type { Clock, DriverWord } from '../../actors/ports.ts'
import type { SiteDesk } from '../site-desk.ts'
import { openCallers } from './callers.ts'
import { driverRoutes } from './driver-routes.ts'
import { answerProblems, type HttpServer, type ServerLog } from './http-server.ts'

export type DriverServerParts = {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  readonly desk: SiteDesk
  readonly clock: Clock
  readonly newestWord: (bayId: string) => DriverWord | null
  readonly log: ServerLog
}

/**
 * A listener with the driver page and nothing else, for a network that drivers reach: no API, no inspector, no camera stands behind
 * it, so it may listen beyond loopback without any token. Rejects with the listener's own error when the port is taken.
 */
export async function openDriverServer(parts: DriverServerParts): Promise<HttpServer> {
  const { host, port, desk, clock, newestWord, log } = parts
  const app = fastify({ logger: false, bodyLimit: 1024, requestTimeout: 10_000, forceCloseConnections: true })
  answerProblems(app, log)
  driverRoutes(app, { desk, clock, newestWord, callers: openCallers([], clock) })
  await app.listen({ host, port })
  const address = app.server.address()
  const at = typeof address === 'object' && address !== null ? address.port : port
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${at}`, port: at, close: () => app.close() }
}
