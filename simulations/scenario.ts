import type { Scene } from './toy-scene.ts'
import type { ToySiteOptions } from './toy-site.ts'

/** One edge case of the field, told as stories that a production site must live up to. `name`: `e10-silent-swap`; `edgeCase`: `E10`. */
export type Scenario = {
  readonly name: string
  readonly edgeCase: string
  readonly title: string
  /** What is so before; null where the case begins anywhere. In the words of the page of edge cases. */
  readonly given: string | null
  /** What happens; null where the title says it. */
  readonly when: string | null
  /** What must follow: the page's “then” (an object with a `then` would be taken for a promise). */
  readonly wanted: string
  readonly stories: readonly Story[]
}

/** One run with its promise in plain words. `site` default: one bay with one connector; `play` does and checks, `outcome` is compared at the end. */
export type Story = {
  readonly promise: string
  readonly site?: ToySiteOptions
  play(scene: Scene): Promise<void>
  readonly outcome: Outcome
}

/** How things stand when a story has ended, whatever the seed. */
export type Outcome = {
  readonly bays: { readonly [bayId: string]: BayOutcome }
  /** Everything that reached a charge point, in order: `start CP-1/1`, `stop CP-1`, `ask CP-1/1 for status`. */
  readonly commands: readonly string[]
  /** Alarms open at the end, sorted: `bay-1/other-plate`. */
  readonly alarms: readonly string[]
  /** Alarms ever raised, sorted, each once. */
  readonly alarmsEver: readonly string[]
}

/** `state`: `vacant`, `authorizing.fallback`; `payer`: account of the visit that is there now, null for nobody. */
export type BayOutcome = {
  readonly state: string
  readonly payer: string | null
  /** What the driver was told, oldest first: `present-card (review)`. */
  readonly told: readonly string[]
  readonly bills: readonly Bill[]
}

/** One bill: `exit` as its visit ended; `disputed` only where something is. */
export type Bill = {
  readonly accountId: string | null
  readonly energy_Wh: number
  readonly exit: string
  readonly disputed?: string
}
