import type { Clock, Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { systemChance } from '../chance.ts'
import { PostgresLine } from '../journal/postgres-line.ts'
import { openPostgresJournalReadOnly } from '../journal/postgres-reader.ts'
import { openMemoryKeys } from '../privacy/key-store.ts'
import { Room } from '../room.ts'
import type { CallerToken } from '../server/callers.ts'
import { openHttpServer } from '../server/http-server.ts'
import type { HttpServer } from '../server/listener.ts'
import type { SiteFile } from '../site-file.ts'
import { berthVersion } from '../version.ts'
import { heldViews } from '../views/site-views.ts'
import { copiedSite, TOLD_OF_BAYS } from './copied-site.ts'

const READ_ONLY =
  'This is the copy of a site at its centre, as it was: nothing can be ordered or changed here. Go to the site’s own berth.'

const ADOPTIONS = `SELECT content FROM berth.record WHERE site = $1 AND (${TOLD_OF_BAYS.map((type) => `content LIKE '%"type":"${type}"%'`).join(' OR ')}) ORDER BY seq`

/** Which copy to show, the token that whoever looks must have, and those of roles (people whom the centre knows). */
export type ViewedPlace = {
  readonly store: string
  readonly site: string
  readonly token: string
  readonly roles?: readonly CallerToken[]
}

/**
 * The inspector and the API over a site's copy as it stands now, read-only, on a port of this machine: rebuilt from the records by today's
 * machines, without any key, so that handles stand where plates were. Rejects with Fault NOT_FOUND, STORE_UNREACHABLE or SITE_FILE_INVALID.
 */
export async function openViewedSite({ store, site, token, roles = [] }: ViewedPlace): Promise<HttpServer> {
  const file = await siteAt(store, site)
  const open = { open: () => undefined }
  const journal = frozen(await openPostgresJournalReadOnly({ url: store, siteId: site, keys: open }))
  const { seq } = journal.head()
  const [newest] = await journal.readSite(seq - 1, 1)
  const now = newest === undefined ? 0 : Date.parse(newest.at)
  const clock: Clock = { now: () => now, after: () => () => {} }
  const keys = openMemoryKeys({ siteId: site, clock, chance: systemChance })
  const room = new Room({ file, clock, log: () => {}, journal, keys, views: heldViews(journal) })
  await room.site.rebuild()
  return openHttpServer({
    ...{ host: '127.0.0.1', port: 0, adminToken: token, tokens: roles, readOnly: READ_ONLY, version: berthVersion() },
    keysElsewhere: true,
    ...{ desk: room.desk, clock, newestWord: (bayId) => room.words.of(bayId), charts: () => null },
    // No camera is known to a copy: nothing can be pushed into it.
    ...{ cameras: [], cameraDesk: room.feed, judge: room.presence.judge, guard: room.senses.guard },
    reader: { read: () => Promise.reject(new Fault('READER_FAILED')), close: async () => {} },
    log: { warn: () => {}, error: (says) => void process.stderr.write(`${says}\n`) },
  })
}

async function siteAt(store: string, site: string): Promise<SiteFile> {
  const line = new PostgresLine(store)
  try {
    const rows = await line.read(ADOPTIONS, [site])
    const causes = rows.flatMap(({ content }) => {
      const { bayId, cause } = JSON.parse(String(content)) as { bayId: unknown; cause: { [member: string]: unknown } }
      return typeof bayId === 'string' ? [{ bayId, cause }] : []
    })
    return copiedSite(site, causes)
  } finally {
    await line.close()
  }
}

/** The journal up to where it ends now: what is shipped later is shown by whoever is opened later. */
function frozen(journal: Journal): Journal {
  const head = journal.head()
  const within = <T extends { readonly seq: number }>(page: readonly T[]) => page.filter(({ seq }) => seq <= head.seq)
  const versions = new Map<string, number>()
  return {
    siteId: journal.siteId,
    epoch: journal.epoch,
    head: () => head,
    version(stream) {
      const version = versions.get(stream) ?? journal.version(stream)
      versions.set(stream, version)
      return version
    },
    append: (drafts) => journal.append(drafts),
    readSite: async (after, limit) => within(await journal.readSite(after, limit)),
    readStream: async (stream, after, limit) => within(await journal.readStream(stream, after, limit)),
    open: () => ({}),
    close: () => journal.close(),
  }
}
