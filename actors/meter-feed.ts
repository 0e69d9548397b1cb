import type { ConnectorKey, MeterValues, Policy } from '../machines/events.ts'
import { PHASE_V } from '../machines/learn-signals.ts'
import type { DrawingSignal } from '../machines/site-news.ts'
import type { Clock, Ids, MeterSample } from './ports.ts'

/** News about the same flow, at most one in this time. */
const SLOW_MS = 60_000
/** Power above this is a vehicle drawing; below it may be a meter's own noise or a fan. Watts. */
const DRAWING_W = 150
/** Register steps are looked at over at least this long and at most `SLOPE_LONG_MS`: a meter that speaks each minute may be early by some seconds. */
const SLOPE_MS = 55_000
const SLOPE_LONG_MS = 600_000

/** A meter value without its name and origin. */
export type ThinnedValues = Pick<
  MeterValues,
  | 'transactionId'
  | 'when'
  | 'current_A'
  | 'power_W'
  | 'register_Wh'
  | 'verdict'
  | 'max_A'
  | 'thinned'
  | 'happenedAt'
  | 'sent_A'
>

/** One sample as it comes in. `edge`: of the begin or the end of a transaction, told in any case. */
export type TakenSample = MeterSample & { readonly transactionId: string | null; readonly edge?: boolean }

/** What was told of one kind of sample (live or past) and what has gathered since. Times in ms since 1970. */
type Line = {
  readonly toldAt: number
  readonly heardAt: number
  readonly thinned: number
  readonly max_A: number | null
  readonly register_Wh: number | null
  readonly transactionId: string | null
  readonly verdict: MeterSample['verdict']
}

/** One connector's meter as told so far: plain data. */
export type MeterState = {
  readonly live: Line | null
  readonly past: Line | null
  /** Between `lock.on_A` and `lock.off_A` it stays what it was. */
  readonly drawing: boolean
  /** The register that the slope is measured from. */
  readonly anchor: {
    readonly at: number
    readonly register_Wh: number
    readonly transactionId: string | null
    readonly current_A: number | null
  } | null
}

export const UNMETERED: MeterState = { live: null, past: null, drawing: false, anchor: null }

/** Power as current-like evidence, one phase of 230 V: only said to be flow above 150 W, for noise must not lock. */
const amperes = (power_W: number): number =>
  Math.abs(power_W) > DRAWING_W ? Math.round((Math.abs(power_W) / PHASE_V) * 100) / 100 : 0

/**
 * The current of a live sample by the signal that is trusted, else by the next one that was sent: as sent; from power; from the
 * register's slope over one to ten minutes. A trusted register stands alone. What was worked out has the verdict `repaired`.
 * Unusable samples and past ones show no flow.
 */
function flowOf(
  state: MeterState,
  sample: TakenSample,
  at: number,
  trusts: DrawingSignal,
): Pick<MeterState, 'anchor'> & Pick<MeterSample, 'current_A' | 'verdict'> {
  const { current_A, power_W, verdict } = sample
  if (verdict === 'unusable') return { anchor: null, current_A, verdict }
  if (trusts === 'register') return slopeOf(state, sample, at)
  const byPower = power_W !== null && (trusts === 'power' || current_A === null)
  if (byPower) return { anchor: null, current_A: amperes(power_W), verdict: 'repaired' }
  return current_A === null ? slopeOf(state, sample, at) : { anchor: null, current_A, verdict }
}

/** The register's slope as current-like evidence; null until there is one. */
function slopeOf(
  state: MeterState,
  { register_Wh, transactionId, verdict }: TakenSample,
  at: number,
): Pick<MeterState, 'anchor'> & Pick<MeterSample, 'current_A' | 'verdict'> {
  if (register_Wh === null) return { anchor: state.anchor, current_A: null, verdict }
  const anchor = state.anchor
  const restarted =
    anchor === null ||
    anchor.transactionId !== transactionId ||
    register_Wh < anchor.register_Wh ||
    at - anchor.at > SLOPE_LONG_MS
  if (restarted) return { anchor: { at, register_Wh, transactionId, current_A: null }, current_A: null, verdict }
  const last = { current_A: anchor.current_A, verdict: anchor.current_A === null ? verdict : ('repaired' as const) }
  if (at - anchor.at < SLOPE_MS) return { anchor, ...last }
  const slope_A = amperes(((register_Wh - anchor.register_Wh) * 3_600_000) / (at - anchor.at))
  return { anchor: { at, register_Wh, transactionId, current_A: slope_A }, current_A: slope_A, verdict: 'repaired' }
}

/** Whether the connector draws after this current, with the lock's hysteresis. */
function draws(before: boolean, current_A: number | null, lock: Policy['lock']): boolean {
  if (current_A === null) return before
  const amount = Math.abs(current_A)
  return before ? amount > lock.off_A : amount >= lock.on_A
}

/**
 * Whether a minute's news is due. A device whose next sample would come after most of `lock.stale_s` is told early, so that thinning
 * never lets a lock's evidence go stale.
 */
function due(line: Line, at: number, policy: Policy): boolean {
  const waited = at - line.toldAt
  return waited >= SLOW_MS || waited + (at - line.heardAt) > 0.9 * policy.lock.stale_s * 1_000
}

const greater = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b)

/** Folds one sample into a line and says whether it is told; `at` orders the line (arrival, or the device's time of a past sample). */
function fold(
  line: Line | null,
  sample: TakenSample & { readonly sent_A?: number },
  at: number,
  edge: boolean,
  policy: Policy,
): { readonly line: Line; readonly told: ThinnedValues | null } {
  const { transactionId, when, current_A, power_W, verdict, happenedAt } = sample
  // A device may send current and register in turns: the newest register of the same transaction is told.
  const register_Wh = sample.register_Wh ?? (line?.transactionId === transactionId ? line.register_Wh : null)
  const max_A = greater(
    line?.max_A ?? null,
    verdict === 'unusable' ? null : current_A === null ? null : Math.abs(current_A),
  )
  const changed = line === null || line.transactionId !== transactionId || line.verdict !== verdict
  if (!changed && !edge && !due(line, at, policy))
    return { line: { ...line, heardAt: at, thinned: line.thinned + 1, max_A, register_Wh }, told: null }
  return {
    line: { toldAt: at, heardAt: at, thinned: 0, max_A: null, register_Wh: null, transactionId, verdict },
    told: {
      transactionId,
      when,
      current_A,
      power_W,
      register_Wh,
      verdict,
      max_A,
      thinned: line?.thinned ?? 0,
      happenedAt,
      ...(sample.sent_A === undefined ? {} : { sent_A: sample.sent_A }),
    },
  }
}

/**
 * One sample at arrival `at`: told at once where flow starts or stops, the verdict or the transaction changes, or the sample is of a
 * begin or an end; else at most one a minute, with the interval's maximum, the newest register and how many were thinned.
 * Past samples never touch flow, and are thinned by the device's own time. `trusts` is the signal that the charge point's profile trusts.
 */
export function thin(
  state: MeterState,
  sample: TakenSample,
  at: number,
  policy: Policy,
  trusts: DrawingSignal = 'current',
): { readonly state: MeterState; readonly observation: ThinnedValues | null } {
  if (sample.when === 'past') {
    const { line, told } = fold(state.past, sample, sample.happenedAt ?? at, sample.edge === true, policy)
    return { state: { ...state, past: line }, observation: told }
  }
  const { anchor, current_A, verdict } = flowOf(state, sample, at, trusts)
  const drawing = verdict === 'unusable' ? state.drawing : draws(state.drawing, current_A, policy.lock)
  const edge = sample.edge === true || drawing !== state.drawing
  const sent = (trusts === 'register' || trusts === 'power') && sample.current_A !== null
  const taken = { ...sample, current_A, verdict, ...(sent ? { sent_A: sample.current_A } : {}) }
  const { line, told } = fold(state.live, taken, at, edge, policy)
  return { state: { ...state, live: line, drawing, anchor }, observation: told }
}

export type MeterFeed = {
  /** One sample of one connector: the observation to deliver, or null where nothing is worth telling. */
  take(connector: ConnectorKey, sample: TakenSample): MeterValues | null
  /** Something casts doubt on the flow: the connector's next live sample is told in any case. */
  doubted(connector: ConnectorKey): void
  /** What was taken could not be committed: the connector's next sample is told in any case. */
  failed(connector: ConnectorKey): void
  counters(): { readonly taken: number; readonly told: number }
}

/** Thins each connector's samples. `policy` is the one of the bay that the connector belongs to; `trusts` the signal that its profile trusts (absent: the current). */
export function meterFeed(options: {
  readonly clock: Clock
  readonly ids: Ids
  readonly policy: (connector: ConnectorKey) => Policy
  readonly trusts?: (connector: ConnectorKey) => DrawingSignal | undefined
}): MeterFeed {
  const states = new Map<ConnectorKey, MeterState>()
  const counts = { taken: 0, told: 0 }
  let newest = 0
  return {
    take(connector, sample) {
      newest = Math.max(newest, options.clock.now())
      counts.taken += 1
      const before = states.get(connector) ?? UNMETERED
      const trusts = options.trusts?.(connector)
      const { state, observation } = thin(before, sample, newest, options.policy(connector), trusts)
      states.set(connector, state)
      if (observation === null) return null
      counts.told += 1
      return { type: 'meter.values', id: options.ids.next('observation'), source: connector, connector, ...observation }
    },
    doubted(connector) {
      const state = states.get(connector)
      if (state) states.set(connector, { ...state, live: null })
    },
    failed: (connector) => void states.delete(connector),
    counters: () => ({ ...counts }),
  }
}
