import type { Clock } from '../../actors/ports.ts'
import { evsesOf, profileOf } from '../bay-plans.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import type { FrameStore } from './frame-store.ts'
import { type OcppServer, openOcppServer } from './ocpp-server.ts'

/** The central system of a site's charge points. Rejects with the system's error where the port cannot be taken. */
export function openChargePoints(
  { file, chargePointDesk, troubles }: Room,
  frames: FrameStore,
  clock: Clock,
  log: Log,
): Promise<OcppServer> {
  return openOcppServer({
    host: file.ocpp.host,
    port: file.ocpp.port,
    clock,
    desk: chargePointDesk,
    frames,
    settled: (chargePointId, ignored) => troubles.settings(chargePointId, ignored),
    tooLarge: (chargePointId) => troubles.tooLarge(chargePointId, 'charge-point'),
    ...(file.ocpp.tls ? { tls: file.ocpp.tls } : {}),
    chargePoints: file.chargePoints.map(({ id, password, security, versions }) => ({
      id,
      ...(password === null ? {} : { password }),
      ...(security === undefined ? {} : { security }),
      profile: profileOf(file, id),
      evses: evsesOf(file, id),
      ...(versions ? { versions } : {}),
    })),
    log: ({ level, says }) => {
      if (level === 'warn') log(says)
    },
  })
}
