import type { Bay } from '../machines/knowledge.ts'
import type { ReadNeed } from './vision/steady-reader.ts'

/** A vehicle that could not be told by then has an unreadable plate, or a driver with a card: its frames are no longer hurried, ms. */
const HURRY_MS = 60_000

/** What a bay needs of the plate reader. `now`: ms since 1970; null where there is no such bay. */
export function readNeed(bay: Bay | null, now: number): ReadNeed {
  const visit = bay?.visit ?? null
  if (visit === null) return 'nobody'
  return visit.payer !== null || visit.denied !== null || now - visit.openedAt > HURRY_MS ? 'decided' : 'open'
}
