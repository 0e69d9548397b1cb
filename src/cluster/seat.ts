import type { Ask } from '../journal/postgres-line.ts'
import type { SharedLines } from '../journal/postgres-log.ts'
import type { Database } from '../journal/sqlite-file.ts'
import type { KeptShelf } from '../kept/kept-shelf.ts'
import type { ErasedList } from '../privacy/erased-list.ts'
import type { SiteFile } from '../site-file.ts'
import type { ReaderOptions, ReaderPool } from '../vision/reader.ts'
import type { KeepFile } from '../zones/zone-file.ts'

/** What a node gives to a site that it serves. */
export type Seat = {
  /** The site as it is served here: its journal in the cluster, its doors behind the node's. Throws Fault SITE_FILE_INVALID for what only a gateway can do. */
  readonly place: (file: SiteFile) => SiteFile
  /** Watches the key store from before its first change. */
  readonly keysOpened: (database: Database) => void
  /** To the database: a node with a thousand sites holds no more connections than one with ten. */
  readonly lines: SharedLines
  /** Rejects with Fault STORE_FENCED where another node may have the site by now. */
  readonly mayOwn: (ask: Ask) => Promise<void>
  /** The journal is owned under this epoch; answers what makes keys last beyond this machine. */
  readonly owned: (epoch: number, erased: ErasedList) => () => Promise<void>
  /** Where the kept state lies, which only the owner under this epoch writes. */
  readonly shelf: (epoch: number) => KeptShelf
  /** Keeps a changed site file in the cluster before it is changed here. */
  readonly keepFile: KeepFile
  /** Opens a reader that sites of one node share. */
  readonly openReader: (options?: ReaderOptions) => Promise<ReaderPool>
}
