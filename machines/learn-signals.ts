import type { ConnectorKey, MeterValues, Stamped } from './events.ts'
import { type Bay, type Connector, connectorsOf, withConnector } from './knowledge.ts'

/** What two signals of one connector say against each other, in a word. */
export type SignalQuarrel = {
  readonly kind: 'register-still' | 'register-runs' | 'suspended-but-drawing' | 'charging-but-idle'
  /** Arrival of the sample that showed it, ms since 1970. */
  readonly since: number
}

/**
 * A connector's signals compared, over a window in which enough energy would have shown. Times are arrivals, ms since 1970.
 * `expected_Wh` is what the claimed current would have given since `from`.
 */
export type Signals = {
  readonly transactionId: string | null
  readonly from: { readonly at: number; readonly register_Wh: number } | null
  readonly sampledAt: number | null
  readonly claimed_A: number
  readonly expected_Wh: number
  /** Since when it says Charging and nothing flows. */
  readonly restsFrom: number | null
  readonly quarrel: SignalQuarrel | null
}

/** Phase voltage: what makes amperes of watts, and watt-hours of amperes. Volts. */
export const PHASE_V = 230
/** So much must be claimed or counted before the register and the current are held against each other. */
const ENOUGH_Wh = 100

/** What must be claimed before a register that stands at `register_Wh` had to move: one that steps by kWh stands still for a long while. */
export const enough_Wh = (register_Wh: number): number =>
  Math.max(ENOUGH_Wh, 2 * ([1_000, 100].find((step) => register_Wh % step === 0) ?? 0))
/** One is still while the other moves: less than this share of it. */
const STILL = 0.1
/** No window is shorter, ms: a register may lag. */
const WINDOW_ms = 120_000
/** A silence counts for no more than this, ms: nobody knows what flowed in it. */
const SILENCE_ms = 120_000
/** A status may come this much later than the flow it is about, ms. */
const SETTLES_ms = 30_000
/** Charging without any flow for so long is noticed, ms: a vehicle may take minutes to begin. */
const RESTS_ms = 300_000

const NOTHING: Signals = {
  transactionId: null,
  from: null,
  sampledAt: null,
  claimed_A: 0,
  expected_Wh: 0,
  restsFrom: null,
  quarrel: null,
}

/** Signals are compared where a profile says which one to trust, and where that one is measured. */
const compares = ({ drawingBy }: Connector): boolean =>
  drawingBy === 'current' || drawingBy === 'power' || drawingBy === 'register'

/** Folds a live sample, after the flow has learnt it. */
export function learnSignals(bay: Bay, key: ConnectorKey, event: Stamped<MeterValues>): Bay {
  const connector = bay.connectors[key]
  if (!connector || !compares(connector)) return bay
  const transactionId = connector.transaction?.transactionId ?? null
  const known = connector.signals ?? NOTHING
  const before = known.transactionId === transactionId ? known : { ...NOTHING, transactionId, quarrel: known.quarrel }
  const counted = count(before, claimOf(connector, event), event)
  const verdict = compared(counted, event)
  const restsFrom =
    connector.status === 'charging' && connector.transaction && !connector.flow.drawing
      ? (before.restsFrom ?? event.at)
      : null
  const quarrel = judged({ ...connector, signals: { ...counted, restsFrom } }, verdict, event)
  const closed = verdict === 'open' ? counted : opened(counted, event)
  return withConnector(bay, key, { signals: { ...closed, restsFrom, quarrel } })
}

/** The current that is held against the register: as trusted, or (where the register is trusted) as sent. */
const claimOf = ({ drawingBy }: Connector, { current_A, sent_A }: MeterValues): number | null =>
  drawingBy === 'register' ? (sent_A ?? null) : current_A

const opened = (signals: Signals, { at, register_Wh }: Stamped<MeterValues>): Signals => ({
  ...signals,
  from: register_Wh === null ? null : { at, register_Wh },
  expected_Wh: 0,
})

function count(before: Signals, claimed_A: number | null, event: Stamped<MeterValues>): Signals {
  const { at, register_Wh } = event
  const passed = Math.min(SILENCE_ms, at - (before.sampledAt ?? at))
  const signals: Signals = {
    ...before,
    sampledAt: at,
    claimed_A: claimed_A ?? before.claimed_A,
    expected_Wh: before.expected_Wh + (before.claimed_A * PHASE_V * passed) / 3_600_000,
  }
  const restarted = signals.from === null || (register_Wh !== null && register_Wh < signals.from.register_Wh)
  return restarted ? opened(signals, event) : signals
}

/** What the window shows so far. */
function compared(
  { from, expected_Wh }: Signals,
  { at, register_Wh }: Stamped<MeterValues>,
): 'open' | 'agree' | 'still' | 'runs' {
  if (from === null || register_Wh === null || at - from.at < WINDOW_ms) return 'open'
  const moved = register_Wh - from.register_Wh
  if (expected_Wh < enough_Wh(register_Wh) && moved < enough_Wh(register_Wh)) return 'open'
  if (moved < STILL * expected_Wh) return 'still'
  return expected_Wh < STILL * moved ? 'runs' : 'agree'
}

/** The quarrel after this sample: one at a time, the first stays until what it is about is over. */
function judged(
  connector: Connector,
  verdict: ReturnType<typeof compared>,
  { at }: Stamped<MeterValues>,
): SignalQuarrel | null {
  const { signals, flow } = connector
  if (!signals) return null
  const standing = signals.quarrel && goesOn(connector, signals.quarrel, verdict) ? signals.quarrel : null
  if (standing) return standing
  if (verdict === 'still') return { kind: 'register-still', since: at }
  if (verdict === 'runs') return { kind: 'register-runs', since: at }
  if (suspended(connector) && flow.drawing && flow.low === 0 && at - (connector.statusAt ?? at) >= SETTLES_ms)
    return { kind: 'suspended-but-drawing', since: at }
  if (signals.restsFrom !== null && at - signals.restsFrom >= RESTS_ms) return { kind: 'charging-but-idle', since: at }
  return null
}

function goesOn(connector: Connector, { kind }: SignalQuarrel, verdict: ReturnType<typeof compared>): boolean {
  const claimed_A = connector.signals?.claimed_A ?? 0
  switch (kind) {
    case 'register-still':
      return verdict !== 'agree' && verdict !== 'runs' && claimed_A > 0
    case 'register-runs':
      return verdict !== 'agree' && verdict !== 'still' && claimed_A === 0
    case 'suspended-but-drawing':
      return suspended(connector) && connector.flow.drawing
    case 'charging-but-idle':
      return connector.signals?.restsFrom != null
  }
}

const suspended = ({ status, suspendedEvse }: Connector): boolean =>
  status === 'suspended-ev' || (status === 'suspended-evse' && suspendedEvse !== 'may-draw')

/** A new status, or the end of what was compared, ends the quarrels that were about it. */
export function settledSignals(bay: Bay): Bay {
  return connectorsOf(bay).reduce((next, connector) => {
    const { signals } = connector
    if (!signals?.quarrel) return next
    const over =
      (!connector.transaction && !connector.flow.drawing) ||
      (signals.quarrel.kind === 'suspended-but-drawing' && !suspended(connector)) ||
      (signals.quarrel.kind === 'charging-but-idle' && connector.status !== 'charging')
    if (!over) return next
    return withConnector(next, connector.connector, { signals: { ...signals, restsFrom: null, quarrel: null } })
  }, bay)
}
