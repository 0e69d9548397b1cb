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
  readonly journal: Pick<Journal, 'readSite'>
  readonly keys: Pick<KeyStore, 'kept' | 'storeId'>
  readonly shelf: KeptShelf
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
  const sealed = await shelf.read().catch((cause: unknown) => {
    log(`The kept state could not be read (${says(cause)}): the whole journal is lived instead.`)
    return null
  })
  if (sealed === null) return null
  const kept = await openState(sealed, file, keys, rest)
  if (kept === 'damaged')
    log('The kept state is damaged, or not of this key store: the whole journal is lived instead.')
  else if (kept === 'other')
    log('The kept state is of another berth or another site file: the whole journal is lived instead, this once.')
  else if (await isOfThisPast(kept.link, journal)) return kept
  else log('The kept state is of another past than this journal’s: the whole journal is lived instead.')
  return null
}

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
