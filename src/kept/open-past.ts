import type { Clock, Journal } from '../../actors/ports.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import type { SiteFile } from '../site-file.ts'
import type { KeptShelf } from './kept-shelf.ts'
import { checkPast } from './past-check.ts'
import { keptFor, says, sealedRoom, takeKept } from './room-rebuild.ts'
import { EVERY, StateKeeper } from './state-keeper.ts'

type PastParts = {
  /** A room that has heard nothing yet. */
  readonly make: () => Room
  readonly file: SiteFile
  readonly journal: Journal
  readonly keys: KeyStore
  readonly shelf: KeptShelf
  readonly clock: Clock
  readonly log: Log
  readonly env: NodeJS.ProcessEnv
}

/**
 * A room that has lived its journal, from the kept state where one fits and from the beginning where none does; from then on the state is kept anew as the journal
 * grows, and what was not lived is checked behind. Rejects as the journal does.
 */
export async function openPast(parts: PastParts): Promise<Room> {
  const { journal, keys, shelf, clock, log, env } = parts
  const { room, keptAt } = await roomFrom(parts)
  room.downSince = await room.site.rebuild(keptAt ?? undefined)
  const head = journal.head()
  let newest = keptAt?.seq ?? 0
  if (head.seq - newest >= EVERY) {
    newest = head.seq
    // Written down before anything but records is heard. Nobody waits for the disk: without it the next start only takes longer.
    const writing = sealedRoom(room, keys, head)
      .then((sealed) => shelf.write(sealed))
      .catch((cause: unknown) =>
        log(`The state of this start could not be kept (${says(cause)}); the next start takes as long.`),
      )
    room.closing.push(() => writing)
  }
  const keeper = new StateKeeper({ room, shelf, clock, env, log }, newest)
  room.closing.push(() => keeper.close())
  keeper.begin()
  if (keptAt !== null) room.closing.push(checkPast(room, shelf, log))
  return room
}

/** The room, and the record up to which it remembers without having lived; null where it must live everything. */
async function roomFrom({ make, log, ...ground }: PastParts) {
  const kept = await keptFor({ ...ground, log })
  const room = make()
  if (kept === null) return { room, keptAt: null }
  try {
    takeKept(room, kept)
    return { room, keptAt: kept.link }
  } catch (cause) {
    log(`The kept state could not be taken back (${says(cause)}): the whole journal is lived instead.`)
    // The half filled room has begun nothing; another one takes its place.
    return { room: make(), keptAt: null }
  }
}
