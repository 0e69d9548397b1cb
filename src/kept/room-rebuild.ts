import type { Link } from '../../actors/pages-ahead.ts'
import type { Journal } from '../../actors/ports.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import type { SiteFile } from '../site-file.ts'
import type { KeptShelf } from './kept-shelf.ts'
import { type KeptState, openState, sealState } from './kept-state.ts'

type Ground = {
  readonly file: SiteFile
  readonly journal: Pick<Journal, 'readSite' | 'head'>
  readonly keys: Pick<KeyStore, 'kept' | 'storeId'>
  readonly shelf: Pick<KeptShelf, 'read'>
  readonly log: Log
}

/**
 * The kept state that this start may begin from; null where there is none, or none that fits: then the whole journal is lived. `rest` is awaited now and then. Rejects
 * as the journal does.
 */
export async function keptFor(
  { file, journal, keys, shelf, log }: Ground,
  rest?: () => Promise<void>,
): Promise<KeptState | null> {
  const head = journal.head()
  const wholly = `the whole journal is lived instead${lasting(head.seq)}`
  const sealed = await shelf.read().catch((cause: unknown) => {
    log(`The kept state could not be read (${says(cause)}): ${wholly}.`)
    return undefined
  })
  if (sealed === null && head.seq > PER_S)
    log(`No state of this site is kept yet: its whole journal is lived${lasting(head.seq)}.`)
  if (!sealed) return null
  const kept = await openState(sealed, file, keys, rest)
  if (kept === 'damaged') log(`The kept state is damaged, or not of this key store: ${wholly}.`)
  else if (kept === 'other') log(`The kept state is of another berth or another site file: ${wholly}, this once.`)
  else if (kept.link.seq > head.seq)
    log(
      `The kept state is of record ${kept.link.seq}, and this journal ends at ${head.seq}, so an older copy of the store was put back: ${wholly}.`,
    )
  else if (await isOfThisPast(kept.link, journal)) return kept
  else
    log(
      `The kept state is of another past than this journal’s, whose record ${kept.link.seq} is another one: ${wholly}.`,
    )
  return null
}

/** So many records a start lives in a second on a small machine. */
const PER_S = 10_000

/** How long a person who starts berth waits for that, where it is worth a word. */
const lasting = (records: number): string =>
  records > PER_S ? ` (${records} records, some ${Math.round(records / PER_S)} s)` : ''

/** Takes back what was kept. Where this throws, the room is half filled: nobody may go on with it. */
export function takeKept({ memory, desk }: Room, { link, said }: KeptState): void {
  memory.take(said)
  desk.beginAt(link.seq)
}

/** What a room remembers that has lived everything up to this record, and nothing but records; see `sealState`. */
export const sealedRoom = (
  { file, memory }: Room,
  keys: KeyStore,
  link: Link,
  rest?: () => Promise<void>,
): Promise<Buffer> => sealState({ link, said: memory.say() }, file, keys, rest)

/** The record at that place is the very one. */
async function isOfThisPast({ seq, hash }: Link, journal: Pick<Journal, 'readSite'>): Promise<boolean> {
  const [record] = await journal.readSite(seq - 1, 1)
  return record?.seq === seq && record.hash === hash
}

export const says = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
