import { randomInt } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'
import type { Doorway } from '../driver/door/doorway.ts'
import { openPlateTeller } from '../plausibility/open-plate-teller.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import { berthVersion } from '../version.ts'
import { cropRequests, siteRequests } from './site-requests.ts'
import { openSiteRows, serverSiteRows } from './site-rows.ts'
import { Uplink } from './uplink.ts'
import { UplinkAlarms } from './uplink-alarms.ts'

/** A site's way to its centre, as the rest of the site sees it. */
export type OpenUplink = {
  /** Something may be new; about once a second. */
  wake(): void
  /** Whether people at the centre may look at the crops of reviews from now on. */
  showCrops(crops: boolean): void
  /** How far the centre is, for metrics. */
  levels(): { readonly [name: string]: number }
  close(): Promise<void>
}

const NONE: OpenUplink = { wake: () => {}, showCrops: () => {}, levels: () => ({}), close: async () => {} }

const FINE = 1_000_000

/** Begins to ship the journal to the centre; where the site file names none nothing is opened. Throws Fault STORE_CORRUPT. */
export function openUplink(room: Room, clock: Clock, log: Log, doorway: Doorway): OpenUplink {
  const { file, keys, desk, journal } = room
  const { centre } = file
  if (centre === null) return NONE
  const alarms = new UplinkAlarms({
    clock,
    at: new URL(centre.url).host,
    silent_min: centre.silent_min,
    tell(kind, says) {
      if (says === null) desk.siteAlarms.calm(kind)
      else desk.siteAlarms.raise(kind, says, clock.now())
    },
    log,
  })
  const { store, site } = file
  const rows = store.kind === 'sqlite' ? openSiteRows(store.path) : serverSiteRows(store, site.id, () => journal.head())
  const plates = openPlateTeller(room, clock, () => uplink)
  const requests = siteRequests(room, clock, { doorway, log }, plates)
  let shown = centre.crops === true
  const uplink: Uplink = new Uplink({
    ...{ centre, siteId: file.site.id, keyStore: keys.storeId, version: berthVersion() },
    ...{ rows, clock, chance: () => randomInt(FINE) / FINE, alarms },
    requests: { ...requests, ...cropRequests(room, shown) },
  })
  return {
    wake() {
      uplink.wake()
      plates?.tick()
    },
    showCrops(crops) {
      if (crops === shown) return
      shown = crops
      uplink.allow({ ...requests, ...cropRequests(room, crops) })
    },
    levels: () => ({ centre_linked: uplink.place.linked ? 1 : 0, centre_behind_records: uplink.place.behind }),
    close: () => uplink.close(),
  }
}
