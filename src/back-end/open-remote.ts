import type { Clock } from '../../actors/ports.ts'
import { evsesOf } from '../bay-plans.ts'
import { randomIds } from '../ids.ts'
import type { Room } from '../room.ts'
import type { SiteRemote } from '../site-file.ts'
import { openRemoteChargePoints, type RemoteChargePoints } from './remote-charge-points.ts'
import { SignedCaller } from './signed-caller.ts'

/** The charge points of a site whose back end drives them (`ocpp.mode: remote`). */
export function openRemote(
  room: Room,
  remote: SiteRemote,
  clock: Clock,
  log: (line: string) => void,
): RemoteChargePoints {
  const { file, chargePointDesk, keys } = room
  const { url, secret, deadline_s, poll_s } = remote
  const caller = new SignedCaller({ who: 'The back end', secret, clock, deadline_ms: deadline_s * 1000 })
  const base = url.replace(/\/+$/, '')
  const opened = openRemoteChargePoints({
    siteId: file.site.id,
    clock,
    ids: randomIds,
    desk: chargePointDesk,
    chargePoints: file.chargePoints.map(({ id }) => ({ id, evses: evsesOf(file, id) })),
    post: (name, id, body) => caller.post(`${base}/${name}`, id, body),
    tokenOf: (startId) => keys.tokenOf(startId),
    payerOf: (startId) => payerOf(room, startId),
    poll_ms: poll_s * 1000,
    since: room.downSince ?? clock.now(),
    log,
  })
  return {
    ...opened,
    close: async () => {
      caller.close()
      await opened.close()
    },
  }
}

/** Who pays for the visit of this start, and the token that the back end knows the vehicle by. */
function payerOf(room: Room, startId: string): { readonly accountId: string; readonly alias: string | null } | null {
  const visits = [...room.site.hosts.values()].map(({ bay }) => bay.visit)
  const payer = visits.find((visit) => visit?.starts.some((start) => start.startId === startId))?.payer
  if (!payer?.accountId) return null
  const plate = payer.handle === null ? null : room.desk.plateOf(payer.handle)
  return { accountId: payer.accountId, alias: (plate && room.register.vehicle(plate)?.alias) || null }
}
