import type { WantedVisit } from './demand.ts'

/** What a visit came to. */
export type VisitOutcome = 'charged' | 'not-charged' | 'parked' | 'turned-away' | 'gave-up'
/** By what berth knew who pays: the plate alone, a person’s word on it, a card, the code on the bay; null = it never did. */
export type KnownBy = 'plate' | 'review' | 'card' | 'code'

/** What went badly with one visit, worst first. */
export const TROUBLES = [
  'wrong-payer',
  'wrong-bay',
  'misread-accepted',
  'false-release',
  'not-charged',
  'late-release',
  'slow',
] as const
export type Trouble = (typeof TROUBLES)[number]

/** One visit in the end. Times are ms from the run's beginning; null where it never came to that. */
export type VisitRow = {
  readonly index: number
  readonly arrivedMs: number
  enteredMs: number | null
  bay: number | null
  powerMs: number | null
  leftMs: number | null
  outcome: VisitOutcome
  knownBy: KnownBy | null
  readonly wanted_Wh: number
  energy_Wh: number
  /** What it could have drawn besides if the grid had no limit. */
  withheld_Wh: number
  fullMs: number | null
  reviewed: boolean
  fellBack: boolean
  /** It drove in in the dark, and on a day of snow. */
  dark: boolean
  snows: boolean
  /** A fault of the site cost it its place, its charge or its read. */
  hit: boolean
  readonly troubles: Set<Trouble>
  readonly letGoBy: Set<PlainRule>
}

/** A visit that has only arrived. */
export const newRow = ({ index, arriveMs, energyWh }: WantedVisit): VisitRow => ({
  index,
  arrivedMs: arriveMs,
  enteredMs: null,
  bay: null,
  powerMs: null,
  leftMs: null,
  outcome: 'turned-away',
  knownBy: null,
  wanted_Wh: energyWh,
  energy_Wh: 0,
  withheld_Wh: 0,
  fullMs: null,
  reviewed: false,
  fellBack: false,
  dark: false,
  snows: false,
  hit: false,
  troubles: new Set(),
  letGoBy: new Set(),
})

/** Rules simpler than berth's, asked while cameras wrongly saw nobody: let go by the picture alone, unless current flows, unless a transaction is open. */
export type PlainRule = 'picture' | 'current' | 'transaction'

/** Longer from driving in to the first current is slow, ms. */
const SLOW_MS = 180_000

/** What one replication counted within the days that count. Lists hold one value a visit; sums of time are in ms. */
export class VisitLedger {
  readonly rows: VisitRow[] = []
  readonly from: number
  readonly to: number
  busyMs = 0
  chargingMs = 0
  overstayMs = 0
  parkedMs = 0
  reviews = 0
  reviewMs = 0
  alarms = 0
  lostMs = 0
  peak_A = 0
  limitMs = 0

  readonly #limit_A: number | null
  #load = { at: 0, load_A: 0 }

  /** `from` and `to`: what counts, ms from the run's beginning. `limit_A`: the grid's, per phase. */
  constructor(from: number, to: number, limit_A: number | null) {
    this.from = from
    this.to = to
    this.#limit_A = limit_A
  }

  /** From `at` on the site draws so much. */
  load(at: number, load_A: number): void {
    const { at: since, load_A: before } = this.#load
    const counted = this.part(since, at)
    if (counted > 0) this.peak_A = Math.max(this.peak_A, before)
    // To a hundredth: what is shared comes to the limit with a rounding.
    if (this.#limit_A !== null && before > this.#limit_A - 0.01) this.limitMs += counted
    this.#load = { at, load_A }
  }

  review(handlingMs: number): void {
    this.reviews += 1
    this.reviewMs += handlingMs
  }

  /** A vehicle drove off: the time that it took a bay, and what of it was no charging. */
  stayed(row: VisitRow, ice: boolean): void {
    const [from, to] = [row.enteredMs ?? 0, row.leftMs ?? 0]
    const stay = this.part(from, to)
    if (row.outcome === 'not-charged') row.troubles.add('not-charged')
    if (row.powerMs !== null && row.powerMs - from > SLOW_MS) row.troubles.add('slow')
    this.busyMs += stay
    if (ice) this.parkedMs += stay
    else if (row.fullMs !== null) this.overstayMs += this.part(row.fullMs, to)
  }

  charging(from: number, to: number): void {
    this.chargingMs += this.part(from, to)
  }

  /** A bay gave nothing for a while: out of order, or without power. */
  lost(from: number, to: number): void {
    this.lostMs += this.part(from, to)
  }

  counts(ms: number): boolean {
    return ms >= this.from && ms < this.to
  }

  /** The part of a span that counts, ms. */
  part(fromMs: number, toMs: number): number {
    return Math.max(0, Math.min(toMs, this.to) - Math.max(fromMs, this.from))
  }

  add(row: VisitRow): VisitRow {
    this.rows.push(row)
    return row
  }
}
