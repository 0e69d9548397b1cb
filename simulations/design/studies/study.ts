import type { DesignScenario } from '../design-scenario.ts'
import type { Interval } from '../interval.ts'

/** One design of a study, and the keys of the scenario that make it (as in a sweep). */
export type StudyDesign = { readonly label: string; readonly change: { readonly [key: string]: unknown } }

/** What a study is there to show: from one design to another, met by the same vehicles, a figure goes that way. */
export type Expectation = {
  readonly figure: string
  readonly from: string
  readonly to: string
  readonly goes: 'down' | 'up'
  /** The figure of `to`, where it is another one. */
  readonly toFigure?: string
}

/** Measured figures: mean of a design, and the change from one to another, pair by pair. NaN where there was nothing to measure. */
export type Measured = {
  readonly mean: (label: string, figure: string) => number
  readonly change: (from: string, to: string, figure: string, toFigure?: string) => Interval
}

/** A question that every designer of a site asks, as a scenario with the designs to try and what should come out. */
export type Study = {
  readonly name: string
  readonly asks: string
  /** As a scenario file would say it. */
  readonly scenario: object
  readonly designs: readonly StudyDesign[]
  /** Names of figures, in the order of the table. */
  readonly figures: readonly string[]
  readonly expects: readonly Expectation[]
  /** What was measured, in one plain sentence. */
  readonly says: (measured: Measured) => string
  /** How to read the figures, where they alone would mislead. */
  readonly note?: string
  /** What theory says of figures of a design, by name. */
  readonly theory?: (scenario: DesignScenario) => { readonly [figure: string]: number }
}

/** A share as people say it: `9.4 %`. */
export const percent = (share: number): string =>
  Number.isFinite(share) ? `${Number((share * 100).toPrecision(3))} %` : 'none'

/** A number with three digits that count. */
export const three = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'none')
