import type { Fault } from '../machines/faults.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import type { BayPlan } from './bay-plan.ts'
import type { Clock, Ids, Journal } from './ports.ts'

/** What a site is made of, and who is told what by it. */
export type SiteOptions = {
  readonly journal: Journal
  readonly clock: Clock
  readonly ids: Ids
  readonly bays: readonly BayPlan[]
  /** Every record, in order: at rebuild and after each commit. Projections and the register fold here. */
  readonly heard: (record: FactRecord, live: boolean) => void
  /** Carries out one effect of a durable record. */
  readonly carryOut: (effect: Effect, record: FactRecord) => void
  /** A commit failed or works again. */
  readonly store: (failing: boolean, fault: Fault | null) => void
  /** After each commit: the newest records, for feeds. */
  readonly committed: (records: readonly FactRecord[]) => void
  /** A listener threw over something durable: the others were told, and nothing is lost. */
  readonly stumbled?: (what: 'fold' | 'effect' | 'feed' | 'store' | 'clock', cause: unknown) => void
  /** The clock stepped back and is held: ms behind the newest arrival when that is noticed, null once it has caught up. */
  readonly clockBehind?: (behind_ms: number | null) => void
}
