import type { Contradiction } from './contradiction.ts'
import type { PlateNews, Stamped, ZoneNews } from './events.ts'
import { leads, vehicleOf } from './identity.ts'
import type { Bay, Camera, Visit } from './knowledge.ts'
import { withVisit } from './knowledge.ts'
import { combined } from './presence.ts'
import { camerasDisagree, stillRead } from './rival-plate.ts'

const BLIND: Camera = { saw: 'unknown', live: false, at: 0, lastReadAt: null }

/** What cameras say of the zone: occupied, empty, unknown, or that they are gone. */
export function learnCamera(bay: Bay, event: Stamped<ZoneNews>): Bay {
  const old = bay.cameras[event.cameraId] ?? BLIND
  switch (event.type) {
    case 'vehicle.seen':
      return signOfLife(
        see(bay, event.cameraId, { ...old, saw: 'occupied', live: true, at: event.at }, event.at),
        event.at,
      )
    case 'zone.empty':
      return see(bay, event.cameraId, { ...old, saw: 'empty', live: true, at: event.at }, event.at)
    case 'zone.unknown':
      return see(bay, event.cameraId, { ...old, saw: 'unknown', live: true, at: event.at }, event.at)
    case 'camera.lost':
      return see(bay, event.cameraId, { ...old, saw: 'unknown', live: false }, event.at)
    case 'camera.back':
      return see(bay, event.cameraId, { ...old, saw: 'unknown', live: true, at: event.at }, event.at)
  }
}

/** A track's news: a sign of presence where it is fresh and clear, and the visit's tally. */
export function learnPlate(bay: Bay, event: Stamped<PlateNews>): Bay {
  if (event.type === 'plate.lost') return bay
  const old = bay.cameras[event.cameraId] ?? BLIND
  const counts = event.fresh && event.clear
  const camera: Camera = {
    ...old,
    live: true,
    saw: counts ? 'occupied' : old.saw,
    at: counts ? event.at : old.at,
    lastReadAt: event.at,
  }
  const seen = stillRead(see(bay, event.cameraId, camera, event.at), event)
  const visit = seen.visit
  if (!visit || !event.fresh) return seen
  if (event.windowFrom < visit.readsFrom) return counts ? signOfLife(seen, event.at) : seen
  const other = event.clear && (visit.payer !== null || visit.agreed !== null) ? otherPlate(seen, event) : null
  const ours = vehicleOf(visit)
  const healed =
    event.type === 'plate.agreed' &&
    ours !== null &&
    event.leader === ours &&
    !camerasDisagree(seen, event.leader, event.cameraId) &&
    visit.contradiction?.kind === 'other-plate'
  const change = healed
    ? { contradiction: null }
    : other
      ? { contradiction: contradictedBy(visit, event.at, other) }
      : { tally: event.tally, contested: event.type === 'plate.contested', unclear: !event.clear }
  const next = withVisit(seen, change)
  return counts ? signOfLife(next, event.at) : next
}

/** The first second plate stays; it stands in the place of an empty zone, where a plate is read after all. */
const contradictedBy = ({ contradiction }: Visit, since: number, handle: string): Contradiction =>
  contradiction?.kind === 'other-plate'
    ? contradiction
    : { kind: 'other-plate', since, handle, shown: false, ask: null, accountId: null }

/** The trustworthy leader of the news, where it is not the vehicle of this visit. */
function otherPlate(bay: Bay, event: Stamped<PlateNews>): string | null {
  const ours = bay.visit ? vehicleOf(bay.visit) : null
  if (ours === null || event.type !== 'plate.agreed') return null
  const leader = leads(event, bay.policy)
  return leader !== null && leader !== ours && !bay.visit?.overruled.includes(leader) ? leader : null
}

function see(bay: Bay, cameraId: string, camera: Camera, at: number): Bay {
  const cameras = { ...bay.cameras, [cameraId]: camera }
  const presence = combined(cameras)
  const here = presence === bay.here.presence ? bay.here : { presence, since: at }
  const visit = bay.visit
  const seen = { ...bay, cameras, here }
  if (visit?.contradiction?.kind === 'camera-empty' && presence !== 'empty')
    return withVisit(seen, { contradiction: null })
  // Whoever plugged in before the zone was seen empty is gone, or stands elsewhere: the plug is not the next vehicle's.
  const left = presence === 'empty' && bay.here.presence === 'occupied' && visit !== null && visit.pluggedAt !== null
  return left ? withVisit(seen, { pluggedAt: null }) : seen
}

function signOfLife(bay: Bay, at: number): Bay {
  return withVisit(bay, { lastSign: at })
}
