import type { FactRecord } from '../machines/record.ts'
import type { Journal } from './ports.ts'

/** A journal over a network: an append that was answered with a fault may turn out to have gone through. */
export interface LateRecords {
  /** Records of such appends, oldest first, each handed out once: whoever keeps state by the journal takes them in before it goes on. */
  landed(): readonly FactRecord[]
}

/** What a journal has to hand out late; nothing for one that always knows. */
export const landedLate = (journal: Journal & Partial<LateRecords>): readonly FactRecord[] => journal.landed?.() ?? []
