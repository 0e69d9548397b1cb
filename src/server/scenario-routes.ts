import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import { found, type Serving, serve } from './serving.ts'

/** An edge case of the field that can be shown as a recording; `promises` in the order of its stories. */
export type ScenarioView = {
  readonly name: string
  readonly edgeCase: string
  readonly title: string
  readonly given: string | null
  readonly when: string | null
  readonly wanted: string
  readonly promises: readonly string[]
}

/** What a recording is of: the case, and which of its promises (from 1) it was played for. */
export type SimulationView = Omit<ScenarioView, 'promises'> & { readonly story: number; readonly promise: string }

/** Scenarios that this process plays when somebody wants to see them. */
export type Scenarios = {
  list(): readonly ScenarioView[]
  /** The address of the inspector over a recording of this story (from 1); null where there is none. Rejects with the Fault of a listener that cannot open. */
  open(name: string, story: number): Promise<string | null>
}

/** The recorded scenarios; `scenarios` null on a site that lives: there is nothing simulated there. */
export function scenarioRoutes(app: FastifyInstance, serving: Serving, scenarios: Scenarios | null): void {
  const here = (): Scenarios => {
    if (scenarios !== null) return scenarios
    const says = 'This is a site and plays no scenarios; run `berth play --inspect` beside it.'
    throw new Fault('NOT_FOUND', {}, { says })
  }
  serve(app, serving, 'scenarios', () => ({ items: here().list(), next: null }))
  serve(app, serving, 'scenarioRecording', async ({ params: { name = '' }, query }) => {
    const url = await here().open(name, Number(query['story'] ?? 1))
    return { url: found(url, 'story of a scenario', name) }
  })
}
