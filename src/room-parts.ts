import type { Clock, Journal } from '../actors/ports.ts'
import type { KeyStore } from './privacy/key-store.ts'
import type { SiteFile } from './site-file.ts'
import type { RunningViews } from './views/site-views.ts'

/** One line for people who watch the process. */
export type Log = (line: string) => void

/** What a room is made of. */
export type RoomParts = {
  readonly file: SiteFile
  readonly clock: Clock
  readonly log: Log
  readonly journal: Journal
  readonly keys: KeyStore
  /** Reports and charges as the journal tells them; closed with the room. */
  readonly views: RunningViews
}
