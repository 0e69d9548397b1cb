import { hostname } from 'node:os'
import { Fault } from '../../machines/faults.ts'
import type { Head } from './journal-row.ts'
import { eventId, type FoundEvent, type NewEvent, ownerStream } from './kurrent-event.ts'
import type { KurrentLine } from './kurrent-line.ts'

const TOOK = 'owner.took'
const LEFT = 'owner.left'
const COPYING = 'copy.began'
const COPIED = 'copy.ended'

/** The newest note on who owns a site's log. `left`: nobody does, and the log ended at `seq` then. */
export type OwnerNote = {
  readonly type: string
  readonly epoch: number
  readonly siteId: string
  readonly keyStoreId: string
  readonly host: string
  readonly pid: number
  /** ISO 8601 UTC. */
  readonly at: string
  readonly seq: number
  readonly hash: string
}

/** The newest note and its revision; `revision` -1 and null before the first. */
export type NewestNote = { readonly note: OwnerNote | null; readonly revision: number }

/** The newest note of a site's owners. Throws Fault STORE_UNREACHABLE, or STORE_CORRUPT where it is none of berth. */
export async function newestNote(line: KurrentLine, siteId: string): Promise<NewestNote> {
  const [event] = (await line.read(ownerStream(siteId), { from: 'newest', count: 1 })) ?? []
  return event === undefined ? { note: null, revision: -1 } : { note: noteOf(event, line), revision: event.revision }
}

/** Nobody writes any more: the last owner went in order, or there was none. */
export const isFree = ({ note }: NewestNote): boolean => note === null || note.type === LEFT || note.type === COPIED

/** A copy into this log was begun and not ended. */
export const isHalfCopied = ({ note }: NewestNote): boolean => note?.type === COPYING

/** What an owner says of itself and of the log. */
export type OwnerSays = Pick<OwnerNote, 'epoch' | 'siteId' | 'keyStoreId' | 'at'> & { readonly head: Head }

/**
 * Writes the next note behind the newest one. False where somebody else wrote one meanwhile; throws Fault STORE_UNREACHABLE where nobody
 * knows whether it was written.
 */
export async function writeNote(
  line: KurrentLine,
  kind: 'took' | 'left' | 'copying' | 'copied',
  says: OwnerSays,
  after: number,
): Promise<boolean> {
  const { head, ...about } = says
  const type = { took: TOOK, left: LEFT, copying: COPYING, copied: COPIED }[kind]
  const data = { ...about, host: hostname(), pid: process.pid, seq: head.seq, hash: head.hash }
  const id = eventId(ownerStream(says.siteId), after + 1, type, JSON.stringify(data))
  const event: NewEvent = { id, type, data }
  const stream = ownerStream(says.siteId)
  let outcome = await line.append(stream, [event], after)
  // The same event again is the same event: the server knows it by its id.
  if (outcome.is === 'unsure') outcome = await line.append(stream, [event], after)
  if (outcome.is === 'unsure') throw line.unreachable(outcome.cause)
  return outcome.is === 'done'
}

function noteOf({ type, data }: FoundEvent, line: KurrentLine): OwnerNote {
  const note = data as Partial<OwnerNote> | null
  const known = [TOOK, LEFT, COPYING, COPIED].includes(type)
  if (known && note !== null && typeof note === 'object' && Number.isInteger(note.epoch)) {
    if (typeof note.siteId === 'string' && typeof note.keyStoreId === 'string') return { ...note, type } as OwnerNote
  }
  const says = `The stream that names the owners of the site on ${line.shown} holds something else; check \`store.url\` and the site's id.`
  throw new Fault('STORE_CORRUPT', {}, { says })
}
