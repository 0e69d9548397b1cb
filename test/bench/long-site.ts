import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Draft, FactRecord } from '../../machines/record.ts'
import { systemChance } from '../../src/chance.ts'
import { systemClock } from '../../src/clock.ts'
import { openSqliteJournal } from '../../src/journal/sqlite.ts'
import { openMemoryKeys } from '../../src/privacy/key-store.ts'
import { Room } from '../../src/room.ts'
import { openHttpServer } from '../../src/server/http-server.ts'
import { checkSiteFile } from '../../src/site-file.ts'
import { heldViews } from '../../src/views/site-views.ts'

/** Appended at once: as many as a commit may be long. */
const AT_ONCE = 500
const SITE = 'long-site'

/** The site file of a simulated site: a charge point and a zone for each bay. */
export function siteText(bays: readonly string[], path: string, more: object = {}): string {
  const square = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ]
  return stringify({
    site: { id: SITE, name: 'A long past', timezone: 'UTC' },
    store: { kind: 'sqlite', path },
    http: { host: '127.0.0.1', port: 0 },
    ocpp: { host: '127.0.0.1', port: 0 },
    cameras: bays.map((_bay, at) => ({ id: `cam-${at + 1}`, token: `token-of-camera-${at + 1}`, kind: 'push' })),
    bays: bays.map((id, at) => ({
      id,
      connectors: [{ chargePoint: `CP-${at + 1}`, evse: 1 }],
      zones: [{ camera: `cam-${at + 1}`, polygon: square }],
    })),
    chargePoints: bays.map((_bay, at) => ({ id: `CP-${at + 1}` })),
    ...more,
  })
}

/** A server over a journal on disk that holds these records, rebuilt as a start does; nothing runs in it. `close` leaves nothing behind. */
export async function openLongSite(past: readonly FactRecord[]) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-long-'))
  const store = join(folder, 'site.db')
  const bays = [...new Set(past.flatMap(({ bayId }) => bayId ?? []))].toSorted()
  const { site: file, errors } = checkSiteFile(siteText(bays, store), join(folder, 'site.yaml'))
  if (!file) throw new Error(`The long site has no site file: ${JSON.stringify(errors)}`)
  const keys = openMemoryKeys({ siteId: SITE, clock: systemClock, chance: systemChance })
  const journal = await openSqliteJournal({ path: store, siteId: SITE, clock: systemClock, keys })
  // What a register says of people is sealed with keys that are not here.
  const drafts = past.filter(({ stream }) => stream !== 'register').map(asDraft)
  for (let at = 0; at < drafts.length; at += AT_ONCE) await journal.append(drafts.slice(at, at + AT_ONCE))
  const room = new Room({ file, clock: systemClock, log: () => {}, journal, keys, views: heldViews(journal) })
  await room.site.rebuild()
  const http = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    desk: room.desk,
    clock: systemClock,
    cameras: [],
    cameraDesk: room.feed,
    judge: room.presence.judge,
    guard: room.senses.guard,
    reader: { read: () => Promise.reject(new Error('nothing is read here')), close: async () => {} },
    log: { warn: () => {}, error: (says) => void process.stderr.write(`${says}\n`) },
  })
  return {
    url: http.url,
    records: journal.head().seq,
    async close() {
      await http.close()
      await room.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A record as it was before it had its place; what is sealed in it stays behind. */
export const asDraft = (record: FactRecord): Draft => ({ ...asToldDraft(record), personal: {} })

/** The same with what of a simulated site stands in it in clear. */
export function asToldDraft(record: FactRecord): Draft {
  const {
    seq: _seq,
    siteId: _site,
    recordedAt: _at,
    personalHash: _p,
    contentHash: _c,
    prev: _prev,
    hash: _hash,
    ...draft
  } = record
  return { ...draft, personal: (record.personal ?? {}) as Draft['personal'] }
}
