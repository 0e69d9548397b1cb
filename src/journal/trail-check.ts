import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Journal } from '../../actors/ports.ts'
import { type Checkpoint, isSigned } from './checkpoint.ts'
import { checkpointsIn } from './checkpoint-file.ts'

/** Newest checkpoints that are held against the store. */
const MOST_COMPARED = 500
/** Another disk may hang: it is waited for so long, ms. */
const ANSWER_ms = 5_000

/** A store's journal, and whose it is. */
type Trail = { readonly siteId: string; readonly journal: Pick<Journal, 'head' | 'readSite'> }

/**
 * What signed checkpoints say against a journal, in one sentence: a record that they name and it has otherwise or not at all. Null where
 * they fit. `where`: what holds them. Rejects as the journal does.
 */
export async function forkedTrail(
  { siteId, journal }: Trail,
  checkpoints: readonly Checkpoint[],
  where: string,
): Promise<string | null> {
  const head = journal.head().seq
  const own = checkpoints.filter((one) => one.siteId === siteId).toSorted((one, other) => other.seq - one.seq)
  for (const one of own.slice(0, MOST_COMPARED)) {
    const [record] = one.seq > head ? [] : await journal.readSite(one.seq - 1, 1)
    // What is archived and no longer in the store is checked where it lies.
    if (record?.hash === one.hash || (record?.seq ?? one.seq) !== one.seq || !isSigned(one)) continue
    const named = `${where} holds a checkpoint of ${one.time} for record ${one.seq}`
    return one.seq > head
      ? `${named}, and this journal ends at record ${head}: its end was cut off, or an older copy was put back.`
      : `${named}, which is another one here: an older copy was put back and written on, or the journal was written anew.`
  }
  return null
}

/** The same for a file elsewhere; one that cannot be read now says nothing. */
export async function forkedFile(trail: Trail, path: string): Promise<string | null> {
  const signal = AbortSignal.timeout(ANSWER_ms)
  const text = await readFile(path, { encoding: 'utf8', signal }).catch(() => '')
  return forkedTrail(trail, checkpointsIn(text).checkpoints, basename(path))
}
