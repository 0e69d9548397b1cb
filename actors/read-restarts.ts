import type { FactRecord } from '../machines/record.ts'

/**
 * The bay's votes begin anew after this record: its visit ended, a plug came in after the cable was out (only reads from then on count),
 * or the charge is over (who stands there now is told at once, E10).
 */
export const restartsReads = (record: Pick<FactRecord, 'bayId' | 'rule' | 'decisions'>): boolean =>
  record.bayId !== null &&
  (record.rule === 'replugged' || record.decisions.some(({ type }) => type === 'VisitEnded' || type === 'BayUnlocked'))
