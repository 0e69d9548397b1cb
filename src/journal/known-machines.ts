import { Fault } from '../../machines/faults.ts'
import { sha256 } from './chain.ts'
import { ownMachines } from './machines-bundle.ts'

/** Machines that berth itself published, by SHA-256: those of every release, and of the bundles that its own tests keep. */
const PUBLISHED: ReadonlySet<string> = new Set([
  // 0.1.0
  'd055f46e76deca59ac3c6f2bf34377775e8558e389669c44bf47ebf66ccdef22',
  // test/golden/bundles
  '8534568124726df2078598182bdb7668ba6badab6ca103455d07538c987ab80f',
  '108cbee7fd5593215f5ff410ebf12bf29a852ac0a7b33f22c7fc363f637ff24c',
])

/** True for the text of machines that berth published, or of this very berth. */
function isKnown(source: string): boolean {
  const name = sha256(source)
  return PUBLISHED.has(name) || name === ownMachines().name
}

/**
 * Machines out of a file are code of whoever made the file. Answers the text where berth knows it, or where `isLockedIn`; else throws Fault
 * FORBIDDEN. `today` is the option that runs none of them.
 */
export function knownMachines(source: string, today: string, isLockedIn: boolean): string {
  if (isLockedIn || isKnown(source)) return source
  const says = `The machines ${sha256(source)} come from a file and are not berth's: they are code, and berth runs none that it does not know. Take ${today}, which runs nothing of theirs, or add --strange-machines, which runs them in a process that may only read the file.`
  throw new Fault('FORBIDDEN', {}, { says })
}
