import { Fault } from '../../machines/faults.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import type { SharedLines } from '../journal/postgres-log.ts'
import type { SiteFile } from '../site-file.ts'
import { clusterShelf } from './cluster-shelf.ts'
import type { Claim, Roster } from './roster.ts'
import type { Seat } from './seat.ts'
import { SharedKeys } from './shared-keys.ts'
import type { SharedReaders } from './shared-readers.ts'

export type SeatParts = {
  readonly roster: Roster
  readonly lines: SharedLines
  /** For key stores, beside the roster's own: a long list of keys holds no beat up. */
  readonly line: PostgresLine
  /** Where the sites' journals are. */
  readonly url: string
  /** Name of what lies beside the journal on this machine: `<path>.keys` … */
  readonly path: string
  readonly readers: SharedReaders
  readonly keepFile: Seat['keepFile']
}

/** The seat of one claim. Whoever had the site before writes nothing more once `fetch` is through. */
export function siteSeat(
  claim: Claim,
  { roster, line, lines, url, path, readers, keepFile }: SeatParts,
): Seat & { fetch(): Promise<void> } {
  const keys = new SharedKeys({ line, siteId: claim.siteId })
  const mayOwn: Seat['mayOwn'] = async (ask) => {
    if (await roster.holds(ask, claim)) return
    const says = `Another node has ${claim.siteId} by now.`
    throw new Fault('STORE_FENCED', { claim: claim.claim }, { says })
  }
  return {
    async fetch() {
      // Keys are written under the journal's epoch: raised first, the list that is read is the whole one.
      await line.transaction(async (ask) => {
        await mayOwn(ask)
        // A copy that a gateway ships is nobody's to serve: its epoch stays the gateway's.
        await ask(`UPDATE berth.site SET epoch = epoch + 1 WHERE site = $1 AND state <> 'copying'`, [claim.siteId])
      })
      await keys.fetch(`${path}.keys`)
    },
    place: (file) => placed(file, claim.siteId, { kind: 'postgres', url, path }),
    keysOpened: (database) => keys.watch(database),
    mayOwn,
    lines,
    shelf: (epoch) => clusterShelf(line, claim.siteId, epoch),
    keepFile,
    owned(epoch, erased) {
      keys.own(epoch, erased)
      return keys.settled
    },
    openReader: (options) => readers.open(options),
  }
}

const INSIDE = { host: '127.0.0.1', port: 0, tls: null }

/** A site behind a node's door. What needs files that a fallen node would take with it is a gateway's. */
function placed(file: SiteFile, siteId: string, store: SiteFile['store']): SiteFile {
  const no = (says: string) => new Fault('SITE_FILE_INVALID', {}, { says })
  if (file.site.id !== siteId)
    throw no(`The site file of ${siteId} names the site ${file.site.id}; put it in under that name.`)
  if (file.ocpp.mode === 'proxy')
    throw no(
      `${siteId} stands before another back end (\`ocpp.mode: proxy\`), whose queue is a file; serve it by a gateway of its own (berth serve).`,
    )
  const open = file.chargePoints.find(({ password }) => password === null)
  if (open !== undefined)
    throw no(
      `Charge point ${open.id} of ${siteId} has no password, and a node's door is open to others; give it one (berth charge-point password).`,
    )
  const { publicUrl } = file.http
  return {
    ...file,
    store,
    http: { ...INSIDE, publicUrl, intake: null, driver: null },
    ocpp: { ...file.ocpp, ...INSIDE },
  }
}
