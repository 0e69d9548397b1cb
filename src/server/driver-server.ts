import type { FastifyInstance } from 'fastify'
import type { Clock, DriverWord } from '../../actors/ports.ts'
import type { Doorway } from '../driver/door/doorway.ts'
import type { SiteDesk } from '../site-desk.ts'
import { answerProblems, type ServerLog } from './answers.ts'
import { openCallers } from './callers.ts'
import { driverRoutes } from './driver-routes.ts'
import type { HttpTls } from './http-tls.ts'
import { type HttpServer, type ListenAt, listenOn, patientApp } from './listener.ts'

export type DriverAppParts = {
  readonly desk: SiteDesk
  readonly clock: Clock
  readonly newestWord: (bayId: string) => DriverWord | null
  readonly doorway?: Doorway | null
  readonly log: ServerLog
}
export type DriverServerParts = DriverAppParts & { readonly at: ListenAt }

/** The driver's page and nothing else, without a listener yet; `tls` null = plain HTTP. */
export function driverApp(
  { desk, clock, newestWord, doorway = null, log }: DriverAppParts,
  tls: HttpTls | null,
): FastifyInstance {
  const app = patientApp(tls, { bodyLimit: 4096 })
  answerProblems(app, log)
  driverRoutes(app, { desk, clock, newestWord, doorway, callers: openCallers([], clock) })
  return app
}

/**
 * A listener with the driver page and nothing else, for a network that drivers reach: no API, no inspector, no camera stands behind
 * it, so it may listen beyond loopback without any token. Rejects with the listener's own error when the port is taken.
 */
export async function openDriverServer(parts: DriverServerParts): Promise<HttpServer> {
  const { at, log } = parts
  return listenOn(driverApp(parts, at.tls), at, (says) => log.warn(says))
}
