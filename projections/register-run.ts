import { isOutOfReach } from '../machines/learn-transaction.ts'
import type { Row } from './row-fold.ts'
import { numberIn, wattHours } from './row-fold.ts'

/** Readings further apart than this leave a gap: what flowed meanwhile was read at its end alone. ms. */
export const GAP_ms = 600_000
/** A register that is said in rounded figures may come back by so much and has not been reset, Wh. */
const ROUNDED_Wh = 50

/** One reading: `past` ones were taken before they came. `happenedAt` null = nobody says when. Times in ms since 1970. */
export type Reading = {
  readonly register_Wh: number
  readonly at: number
  readonly happenedAt: number | null
  readonly past: boolean
}

/**
 * The register of one transaction as it ran: `metered_Wh` is what it rose by in all, over resets too; `gap_Wh` of that was read only
 * after more than `GAP_ms`; `resets` how often it began anew, `leaps` how often it showed what no charge point can have given, which
 * is left out.
 */
export type RegisterRun = {
  readonly first_Wh: number | null
  readonly last_Wh: number | null
  readonly lastAt: number
  readonly startedAt: number
  readonly metered_Wh: number
  readonly gaps: number
  readonly gap_Wh: number
  readonly resets: number
  readonly leaps: number
}

/** A run that has only begun; times in ms since 1970. */
export const newRun = (first_Wh: number | null, startedAt: number): RegisterRun => ({
  first_Wh,
  last_Wh: first_Wh,
  lastAt: startedAt,
  startedAt,
  metered_Wh: 0,
  gaps: 0,
  gap_Wh: 0,
  resets: 0,
  leaps: 0,
})

/** The run with one more reading. */
export function readOn(run: RegisterRun, { register_Wh, at, happenedAt, past }: Reading): RegisterRun {
  const when = happenedAt ?? at
  if (run.last_Wh === null) return { ...run, first_Wh: register_Wh, last_Wh: register_Wh, lastAt: when }
  // What was taken earlier and comes late says nothing that a later reading has not said.
  if (past && when < run.lastAt) return run
  if (register_Wh < run.last_Wh - ROUNDED_Wh)
    return past ? run : { ...run, last_Wh: register_Wh, lastAt: when, resets: run.resets + 1 }
  const rise = wattHours(register_Wh - run.last_Wh)
  if (rise <= 0) return { ...run, lastAt: Math.max(run.lastAt, when) }
  if (leaps(run, register_Wh, when)) return { ...run, leaps: run.leaps + 1 }
  const gap = when - run.lastAt > GAP_ms
  return {
    ...run,
    last_Wh: register_Wh,
    lastAt: Math.max(run.lastAt, when),
    metered_Wh: wattHours(run.metered_Wh + rise),
    gaps: run.gaps + (gap ? 1 : 0),
    gap_Wh: gap ? wattHours(run.gap_Wh + rise) : run.gap_Wh,
  }
}

/** By the same measure as the bill. */
function leaps({ last_Wh, lastAt }: RegisterRun, register_Wh: number, when: number): boolean {
  const since = { first_Wh: last_Wh, openedAt: lastAt, startedAt: lastAt }
  return isOutOfReach(since as Parameters<typeof isOutOfReach>[0], register_Wh, when, when)
}

/** The run in a row. */
export const runIn = (row: Row): RegisterRun => ({
  first_Wh: nullable(row['first_Wh']),
  last_Wh: nullable(row['last_Wh']),
  lastAt: numberIn(row, 'lastAt'),
  startedAt: numberIn(row, 'startedAt_ms'),
  metered_Wh: numberIn(row, 'metered_Wh'),
  gaps: numberIn(row, 'gaps'),
  gap_Wh: numberIn(row, 'gap_Wh'),
  resets: numberIn(row, 'resets'),
  leaps: numberIn(row, 'leaps'),
})

/** The fields of a row that hold the run. */
export const runFields = ({ startedAt, ...run }: RegisterRun): Row => ({ ...run, startedAt_ms: startedAt })

const nullable = (value: unknown): number | null => (typeof value === 'number' ? value : null)
