import type { Json } from './events.ts'
import type { BayEvent } from './learn.ts'
import type { Decision, Effect } from './record.ts'
import type { Hears } from './table-acts.ts'

/** What the chart's actions said, set and asked for on one event. Timers are due at ms since 1970. */
export type Outcome = {
  readonly rule: string | null
  readonly decisions: readonly Decision[]
  readonly effects: readonly Effect[]
  readonly set: readonly { readonly id: string; readonly due: number }[]
  readonly cleared: readonly string[]
}

type Timer = Outcome['set'][number]

/** Most events ask for nothing of a kind. */
const NONE: readonly never[] = Object.freeze([])

/** The outcome of one event, gathered from what the chart's tables or XState's actions tell, in XState's order. */
export class HeardOutcome implements Outcome, Hears {
  rule: string | null = null
  decisions: readonly Decision[] = NONE
  effects: readonly Effect[] = NONE
  set: readonly Timer[] = NONE
  cleared: readonly string[] = NONE
  readonly #bayId: string
  readonly #event: BayEvent

  constructor(bayId: string, event: BayEvent) {
    this.#bayId = bayId
    this.#event = event
  }

  emit(event: unknown): void {
    const said = event as Decision
    if (said.type === '@rule') this.rule = said['rule'] as string
    else this.decisions = [...this.decisions, said]
  }

  raise(_event: unknown, id: string | undefined, delay: number): void {
    this.set = [...this.set, { id: id as string, due: this.#event.at + Math.ceil(delay) }]
  }

  cancel(sendId: unknown): void {
    this.cleared = [...this.cleared, sendId as string]
  }

  act(type: string, params: unknown): void {
    const id = `${this.#bayId}/${this.#event.version}/${this.effects.length}`
    this.effects = [...this.effects, { ...(params as { [key: string]: Json }), id, type } as Effect]
  }
}
