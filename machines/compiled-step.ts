import { bay as machine } from './bay.ts'
import { type Compiled, compile, type Standing } from './compiled.ts'
import { HeardOutcome, type Outcome } from './heard-outcome.ts'
import type { Bay } from './knowledge.ts'
import type { BayEvent } from './learn.ts'
import type { Draft } from './record.ts'
import { type BaySnapshot, opened, recordOf } from './step.ts'

/** A bay between two events, as the tables of its chart know it. */
export type CompiledBay = Standing<Bay>

let tables: Compiled<Bay, BayEvent> | null = null
const ofChart = (): Compiled<Bay, BayEvent> => {
  tables ??= compile<Bay, BayEvent>(machine)
  return tables
}

/** A bay where XState has it, for the tables. */
export const compiledFrom = ({ value, context }: Pick<BaySnapshot, 'value' | 'context'>): CompiledBay => ({
  leaf: ofChart().leafOf(value),
  context,
  names: null,
})

/** State and detail of a bay. */
export const compiledPath = ({ leaf }: CompiledBay): { readonly state: string; readonly detail: string } =>
  ofChart().paths[leaf] as { state: string; detail: string }

/**
 * One event by the tables that the chart was flattened into: the same record and the same bay after it as `step` makes of it, sooner.
 * For simulation and what-if; live bays and the replay of an audit run XState itself, which the tests hold this against.
 */
export function compiledStep(bay: CompiledBay, event: BayEvent): { readonly bay: CompiledBay; readonly draft: Draft } {
  const { bay: next, outcome } = compiledOutcome(bay, event)
  return { bay: next, draft: recordOf(next.context.bayId, compiledPath(next), event, outcome) }
}

/** The same for whoever keeps no record of it. */
export function compiledOutcome(
  bay: CompiledBay,
  event: BayEvent,
): { readonly bay: CompiledBay; readonly outcome: Outcome } {
  const outcome = new HeardOutcome(bay.context.bayId, event)
  return { bay: ofChart().take(bay, event, outcome), outcome }
}

/** A bay in the words of XState's snapshots: for those who step bays either way. */
type Life = Pick<BaySnapshot, 'value' | 'context'>

/** `opened` and `step` by the tables. */
export const BY_TABLES = {
  opened: (bayId: string): Life => opened(bayId),
  step({ value, context }: Life, event: BayEvent): { readonly snapshot: Life; readonly draft: Draft } {
    const { bay, draft } = compiledStep(compiledFrom({ value, context }), event)
    return { snapshot: { value: ofChart().values[bay.leaf] as Life['value'], context: bay.context }, draft }
  },
}
