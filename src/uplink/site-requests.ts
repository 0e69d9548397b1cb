import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { Doorway } from '../driver/door/doorway.ts'
import type { PlateTeller } from '../plausibility/plate-teller.ts'
import { PLATE_DOUBT } from '../plausibility/sighting.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import { driverApp } from '../server/driver-server.ts'
import { ORDER_KIND } from './central-order.ts'
import { cropsDesk, REVIEW_CROPS } from './crops-shown.ts'
import { DRIVER_PAGE } from './driver-ask.ts'
import { driverDesk } from './driver-desk.ts'
import type { RequestTable } from './link-request.ts'

/** What the site's own servers have that its centre may ask for. */
export type SiteDoors = { readonly doorway: Doorway; readonly log: Log }

/** All that a running site does for its centre, one entry a kind, but for showing crops; `plates`: who compares them with other sites, null = nobody. */
export const siteRequests = (
  room: Room,
  clock: Clock,
  doors: SiteDoors,
  plates: Pick<PlateTeller, 'obey'> | null = null,
): RequestTable => ({
  [ORDER_KIND]: (body) => room.central.obey(body),
  ...(room.file.centre?.driverPages && driverPages(room, clock, doors)),
  ...(room.centralPolicy.isTaken && { policy: async (body: Json) => ({ ...(await room.centralPolicy.order(body)) }) }),
  ...(plates && { [PLATE_DOUBT]: (body: Json) => plates.obey(body) }),
})

/** Showing the crops of reviews, where the site file lets people at the centre look. */
export const cropRequests = ({ desk }: Pick<Room, 'desk'>, crops: boolean): RequestTable =>
  crops ? { [REVIEW_CROPS]: cropsDesk(desk) } : {}

/** The driver pages, where the site file says that phones may reach them at the centre. */
function driverPages({ desk, words }: Room, clock: Clock, { doorway, log }: SiteDoors): RequestTable {
  const newestWord = words.of.bind(words)
  const app = driverApp({ desk, clock, newestWord, doorway, log: { warn: log, error: log } }, null)
  return { [DRIVER_PAGE]: driverDesk(app) }
}
