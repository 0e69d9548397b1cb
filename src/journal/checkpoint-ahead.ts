import { copyFileSync, renameSync, writeFileSync } from 'node:fs'
import { Fault } from '../../machines/faults.ts'
import { checkpointLine, isSigned } from './checkpoint.ts'
import { checkpointsBeside, readCheckpoints } from './checkpoint-file.ts'
import type { Head } from './journal-row.ts'

/** A store that is about to be owned: `path` names what lies beside it, `name` says in a sentence where its records are. */
type OwnedStore = { readonly path: string; readonly name: string; readonly siteId: string; readonly head: Head }

/**
 * Refuses a store that ends before a checkpoint which the site signed for it: what came behind its end is lost, and a record written there
 * now would be another one under the same number. With `restored` (somebody put an older copy back and knows it) such checkpoints are set
 * aside and told there. Throws Fault STORE_CORRUPT, and the file system's error.
 */
export function demandCheckpointed(
  { path, name, siteId, head }: OwnedStore,
  restored: ((says: string) => void) | undefined,
): void {
  const file = checkpointsBeside(path)
  const { checkpoints } = readCheckpoints(file)
  const ahead = checkpoints.filter((one) => one.siteId === siteId && one.seq > head.seq && isSigned(one))
  const [newest] = ahead.toSorted((one, other) => other.seq - one.seq)
  if (newest === undefined) return
  const ends = `The journal ${name} ends at record ${head.seq}, but a checkpoint of ${newest.time} was signed for record ${newest.seq}`
  if (restored === undefined) {
    const says = `${ends}: its end was cut off, or an older copy was put back. Bring back what has record ${newest.seq}; if there is none, \`berth serve --restored\` goes on without what is lost.`
    throw new Fault('STORE_CORRUPT', {}, { says })
  }
  const aside = `${file}.before-${newest.seq}`
  copyFileSync(file, aside)
  const kept = checkpoints.filter((one) => !ahead.includes(one))
  writeFileSync(`${file}.part`, kept.map((one) => `${checkpointLine(one)}\n`).join(''))
  renameSync(`${file}.part`, file)
  restored(
    `${ends}. It goes on from record ${head.seq} because it was told to; the checkpoints of before are in ${aside}.`,
  )
}
