import type { FactRecord } from '../machines/record.ts'

/** The bay's votes begin anew after this record: its visit ended, or a plug came in after the cable was out (only reads from then on count). */
export const restartsReads = (record: Pick<FactRecord, 'bayId' | 'rule' | 'decisions'>): boolean =>
  record.bayId !== null &&
  (record.rule === 'replugged' || record.decisions.some((decision) => decision.type === 'VisitEnded'))
