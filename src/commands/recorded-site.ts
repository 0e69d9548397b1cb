import type { Clock, Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { systemChance } from '../chance.ts'
import { openMemoryJournal } from '../journal/memory.ts'
import { type KeyStore, openMemoryKeys } from '../privacy/key-store.ts'
import { Room } from '../room.ts'
import { type HttpServerParts, openHttpServer } from '../server/http-server.ts'
import type { HttpServer } from '../server/listener.ts'
import { checkSiteFile } from '../site-file.ts'
import { berthVersion } from '../version.ts'
import { heldViews } from '../views/site-views.ts'

/** The clock of a recording: where its newest record stands, ms since 1970. */
export type Time = { now: number }
/** That clock, as ports want it: nothing ever becomes due. */
export const clockOf = (time: Time): Clock => ({ now: () => time.now, after: () => () => {} })

/** What is shown as a recording. `port` 0 = any; `fill` writes its records; `readOnly`: what is said to who wants to change something. */
export type Recorded = {
  readonly siteId: string
  /** The text of its site file. */
  readonly siteFile: string
  readonly port: number
  readonly fill: (journal: Journal, keys: KeyStore, time: Time) => Promise<void>
  readonly shows: Pick<HttpServerParts, 'simulation' | 'scenarios' | 'designReport'>
  readonly readOnly: string
}

/** An inspector over a recording. */
export type RecordedSite = { readonly http: HttpServer; close(): Promise<void> }

/**
 * Opens the inspector and the API over records in memory, read-only: the site is rebuilt from them and never begins, so nothing runs,
 * nothing is adopted and no record is added. Its clock stands at the newest record. Throws Fault SITE_FILE_INVALID where the site file does
 * not check, or nothing can listen on the port.
 */
export async function inspectRecorded(recorded: Recorded): Promise<RecordedSite> {
  const { siteId, siteFile, port, fill, shows, readOnly } = recorded
  const { site: file } = checkSiteFile(siteFile, 'site.yaml')
  if (!file) throw new Fault('SITE_FILE_INVALID', { siteId })
  const time: Time = { now: 0 }
  const clock = clockOf(time)
  const keys = openMemoryKeys({ siteId, clock, chance: systemChance })
  const journal = openMemoryJournal({ siteId, clock, keys })
  await fill(journal, keys, time)
  const room = new Room({ file, clock, log: () => {}, journal, keys, views: heldViews(journal) })
  await room.site.rebuild()
  const http = await openOver(room, clock, port, { ...shows, readOnly }).catch((cause: unknown) => {
    const says = `The inspector cannot listen on port ${port}: ${cause instanceof Error ? cause.message : String(cause)}; name another with --port.`
    throw new Fault('SITE_FILE_INVALID', {}, { cause, says })
  })
  return {
    http,
    async close() {
      await http.close()
      await room.close()
    },
  }
}

const openOver = (
  { file, desk, feed, presence, senses, words }: Room,
  clock: Clock,
  port: number,
  shows: Recorded['shows'] & Pick<HttpServerParts, 'readOnly'>,
) =>
  openHttpServer({
    ...shows,
    host: file.http.host,
    port,
    desk,
    clock,
    newestWord: (bayId) => words.of(bayId),
    version: berthVersion(),
    // No camera is known to a recording: nothing can be pushed into it.
    cameras: [],
    cameraDesk: feed,
    judge: presence.judge,
    guard: senses.guard,
    reader: { read: () => Promise.reject(new Fault('READER_FAILED')), close: async () => {} },
    log: { warn: () => {}, error: (says) => void process.stderr.write(`${says}\n`) },
  })
