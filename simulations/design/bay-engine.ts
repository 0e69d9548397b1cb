import { type CompiledBay, compiledFrom, compiledOutcome, compiledPath } from '../../machines/compiled-step.ts'
import type { Outcome } from '../../machines/heard-outcome.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft } from '../../machines/record.ts'
import { type BaySnapshot, opened, recordOf, step } from '../../machines/step.ts'

/** What one event made of a bay. `draft` is its record, for whoever keeps one; ask before the next step. */
export type Stepped = {
  readonly standing: unknown
  readonly outcome: Omit<Outcome, 'rule'>
  readonly draft: () => Draft
}

/** What steps a bay: the chart by XState itself, or by the tables that it was flattened into. Both make the same records. */
export type BayEngine = {
  /** A bay that was told nothing yet, as this engine holds it. */
  open(bayId: string): unknown
  step(standing: unknown, event: BayEvent): Stepped
  bay(standing: unknown): Bay
}

export const ENGINES = ['compiled', 'xstate'] as const
export type EngineName = (typeof ENGINES)[number]

const xstate: BayEngine = {
  open: opened,
  step(standing, event) {
    const { snapshot, draft } = step(standing as BaySnapshot, event)
    const set = draft.timers.set.map(({ id, due }) => ({ id, due: Date.parse(due) }))
    const { decisions, effects, timers } = draft
    return { standing: snapshot, outcome: { decisions, effects, set, cleared: timers.cleared }, draft: () => draft }
  },
  bay: (standing) => (standing as BaySnapshot).context,
}

const compiled: BayEngine = {
  open: (bayId) => compiledFrom(opened(bayId)),
  step(standing, event) {
    const { bay, outcome } = compiledOutcome(standing as CompiledBay, event)
    const draft = (): Draft => recordOf(bay.context.bayId, compiledPath(bay), event, outcome)
    return { standing: bay, outcome, draft }
  },
  bay: (standing) => (standing as CompiledBay).context,
}

/** The engine of this name. */
export const engineNamed = (name: EngineName): BayEngine => (name === 'xstate' ? xstate : compiled)
