import { onTestFinished } from 'vitest'
import { addSite, type NewToken } from '../../../src/centre/centre-book.ts'
import { type Centre, openCentre } from '../../../src/centre/centre-server.ts'
import { demandCentre } from '../../../src/centre/centre-tables.ts'
import { systemClock } from '../../../src/clock.ts'
import type { JournalRow } from '../../../src/journal/journal-row.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { openPostgresAsItIs } from '../../../src/journal/postgres-reader.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import type { HttpTls } from '../../../src/server/http-tls.ts'
import { CENTRAL_ORDERS } from '../../../src/uplink/central-order.ts'
import type { RequestTable } from '../../../src/uplink/link-request.ts'
import { openSiteRows } from '../../../src/uplink/site-rows.ts'
import { Uplink } from '../../../src/uplink/uplink.ts'
import { UplinkAlarms } from '../../../src/uplink/uplink-alarms.ts'
import { draftOf, openStore, type Store, scratchFolder } from '../../contracts/journal-drafts.ts'
import { SHORT } from '../../contracts/postgres-store.ts'

/** A centre on the database at `store`, and what it told its people; both go when the test does. */
export type CentreStage = {
  readonly centre: Centre
  readonly line: PostgresLine
  readonly told: string[]
  readonly store: string
  add(site: string): Promise<NewToken>
}

/** Opens a centre. `port` 0 = any. */
export async function openStage(store: string, port = 0, tls: HttpTls | null = null): Promise<CentreStage> {
  const told: string[] = []
  const log = (says: string): void => void told.push(says)
  const line = new PostgresLine(store, SHORT)
  onTestFinished(() => line.close())
  await demandCentre(line)
  const where = { host: '127.0.0.1', port, tls }
  const centre = await openCentre({ store, ...where, clock: systemClock, log, patience: SHORT })
  onTestFinished(() => centre.close())
  return { centre, line, told, store, add: (site) => addSite(line, site, new Date().toISOString()) }
}

/** A site's journal in a file with so many records, a plate in every third. */
export async function siteWith(records: number, siteId = 'depot', folder = scratchFolder()): Promise<Store> {
  const store = await openStore(folder, 'site.db', siteId)
  onTestFinished(() => store.close())
  await more(store, records)
  return store
}

/** So many records more, spread over four bays. */
export async function more(store: Store, records: number, tail = ''): Promise<void> {
  const vehicle = store.keys.vehicle('QX77ZZT')
  const versions = new Map<string, number>()
  for (let done = 0; done < records; ) {
    const some = Math.min(500, records - done)
    const drafts = Array.from({ length: some }, (_, i) => {
      const stream = `bay:bay-${((done + i) % 4) + 1}`
      const version = (versions.get(stream) ?? store.journal.version(stream)) + 1
      versions.set(stream, version)
      return draftOf(stream, version, (done + i) % 3 === 0 ? { [vehicle]: { plate: 'QX77ZZT' } } : {}, { tail })
    })
    await store.journal.append(drafts)
    done += some
  }
}

/** A gateway's uplink over its store: what it raised is in `alarms`, newest words by kind. */
export type UplinkStage = {
  readonly uplink: Uplink
  readonly alarms: Map<string, string>
  readonly log: string[]
}

/** Begins to ship; ends with the test. Redials come quickly. */
export const ship = (
  store: Store,
  url: string,
  token: string,
  siteId = 'depot',
  answer_ms = 5_000,
  requests: RequestTable = {},
): UplinkStage => shipPath({ path: store.path, keyStore: store.keys.storeId }, url, token, siteId, answer_ms, requests)

/** The same for a store that is only a file. */
export function shipPath(
  { path, keyStore }: { readonly path: string; readonly keyStore: string },
  url: string,
  token: string,
  siteId: string,
  answer_ms = 5_000,
  requests: RequestTable = {},
  ca: string | null = null,
): UplinkStage {
  const alarms = new Map<string, string>()
  const log: string[] = []
  const uplink = new Uplink({
    centre: { url, token, ca, silent_min: 60, driverPages: false, orders: CENTRAL_ORDERS },
    ...{ siteId, keyStore, version: 'test', rows: openSiteRows(path) },
    ...{ clock: systemClock, chance: Math.random, answer_ms, redial_ms: 20, requests },
    alarms: new UplinkAlarms({
      ...{ clock: systemClock, at: new URL(url).host, silent_min: 60 },
      tell: (kind, says) => void (says === null ? alarms.delete(kind) : alarms.set(kind, says)),
      log: (says) => void log.push(says),
    }),
  })
  const waking = setInterval(() => uplink.wake(), 50)
  onTestFinished(async () => {
    clearInterval(waking)
    await uplink.close()
  })
  return { uplink, alarms, log }
}

/** Every row of a site as it stands at the centre. */
export async function rowsAt(store: string, siteId = 'depot'): Promise<readonly JournalRow[]> {
  const log = await openPostgresAsItIs({ url: store, siteId, patience: SHORT })
  try {
    return await log.rows(0, 1_000_000)
  } finally {
    await log.close()
  }
}

/** What `berth verify` says of the copy: its newest hash, or what is wrong. */
export async function verdictAt(store: string, siteId = 'depot'): Promise<string> {
  const log = await openPostgresAsItIs({ url: store, siteId, patience: SHORT })
  try {
    const { broken, hash } = await verifyRows(log)
    return broken ?? hash
  } finally {
    await log.close()
  }
}
