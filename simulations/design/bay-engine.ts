import { type CompiledBay, compiledFrom, compiledStep } from '../../machines/compiled-step.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft } from '../../machines/record.ts'
import { type BaySnapshot, opened, step } from '../../machines/step.ts'

/** What steps a bay: the chart by XState itself, or by the tables that it was flattened into. Both make the same records. */
export type BayEngine = {
  /** A bay that was told nothing yet, as this engine holds it. */
  open(bayId: string): unknown
  step(standing: unknown, event: BayEvent): { readonly standing: unknown; readonly draft: Draft }
  bay(standing: unknown): Bay
}

export const ENGINES = ['compiled', 'xstate'] as const
export type EngineName = (typeof ENGINES)[number]

const xstate: BayEngine = {
  open: opened,
  step(standing, event) {
    const { snapshot, draft } = step(standing as BaySnapshot, event)
    return { standing: snapshot, draft }
  },
  bay: (standing) => (standing as BaySnapshot).context,
}

const compiled: BayEngine = {
  open: (bayId) => compiledFrom(opened(bayId)),
  step(standing, event) {
    const { bay, draft } = compiledStep(standing as CompiledBay, event)
    return { standing: bay, draft }
  },
  bay: (standing) => (standing as CompiledBay).context,
}

/** The engine of this name. */
export const engineNamed = (name: EngineName): BayEngine => (name === 'xstate' ? xstate : compiled)
