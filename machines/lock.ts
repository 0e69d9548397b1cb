import type { MeterValues, Policy } from './events.ts'
import { type Bay, type Connector, connectorsOf, type Flow } from './knowledge.ts'
import type { DrawingSignal } from './site-news.ts'

/** The connector with this bay's open transaction, if any. */
export const openConnector = (bay: Bay): Connector | null =>
  connectorsOf(bay).find((connector) => connector.transaction !== null) ?? null

/** A connector through which energy flows, by hysteresis. */
export const drawingConnector = (bay: Bay): Connector | null =>
  connectorsOf(bay).find((connector) => connector.flow.drawing) ?? null

/** Locked: a transaction is open, or flow rose to `lock.on_A` and has not fallen to `lock.off_A`. */
export function isHeld(bay: Bay): boolean {
  const by = bay.policy.lock.by
  return (
    (by.includes('transaction') && openConnector(bay) !== null) ||
    (by.includes('current') && drawingConnector(bay) !== null)
  )
}

/** Energy flows now, by a live sample that is not older than `lock.stale_s`. */
export function flowsFresh(bay: Bay, at: number): boolean {
  return connectorsOf(bay).some(
    ({ flow }) => flow.drawing && flow.at !== null && at - flow.at <= bay.policy.lock.stale_s * 1000,
  )
}

/** A cable of this bay is known to be in. */
export const cableIn = (bay: Bay): boolean =>
  connectorsOf(bay).some(
    (connector) => connector.cable === 'in' && (connector.retired !== true || connector.transaction !== null),
  )

/** Every cable of this bay is known to be out, and the words are from a live link. */
export const cableOut = (bay: Bay): boolean => {
  const all = connectorsOf(bay).filter((connector) => connector.retired !== true)
  return all.length > 0 && all.every((connector) => connector.cable === 'out' && connector.link === 'online')
}

/** Nothing of the charge point's keeps a visit: no transaction, no cable, no flow. */
export const holdsNothing = (bay: Bay): boolean =>
  openConnector(bay) === null && !cableIn(bay) && drawingConnector(bay) === null

/** Why the bay is locked, for people: `transaction-open`, `current-6.1A`. */
export function lockReasons(bay: Bay): string[] {
  const reasons: string[] = []
  if (openConnector(bay)) reasons.push('transaction-open')
  const flow = drawingConnector(bay)?.flow
  if (flow) reasons.push(flow.current_A === null ? 'current' : `current-${Math.round(flow.current_A * 10) / 10}A`)
  return reasons
}

/**
 * Folds one live sample. A sample without current says nothing new about drawing. One low sample never ends it:
 * a meter's noise and a single lost phase do that many times a day. Where the status or the transaction alone is trusted, what is
 * measured is only shown.
 */
export function learnFlow(
  flow: Flow,
  sample: MeterValues & { readonly at: number },
  lock: Policy['lock'],
  drawingBy: DrawingSignal = 'current',
): Flow {
  const current_A = sample.current_A
  if (current_A === null) return { ...flow, power_W: sample.power_W ?? flow.power_W }
  if (drawingBy === 'status' || drawingBy === 'transaction')
    return { ...flow, current_A, power_W: sample.power_W, at: sample.at }
  const seen = { current_A, power_W: sample.power_W, at: sample.at, withheldBy: flow.withheldBy }
  if (current_A >= lock.on_A) return { ...seen, drawing: true, low: 0 }
  if (current_A > lock.off_A) return { ...seen, drawing: flow.drawing, low: 0 }
  const low = flow.low + 1
  return { ...seen, drawing: flow.drawing && low < 2, low }
}

/** Something of the charge point's keeps the visit, or may: a connector that prepares has a cable or only waits for one. */
export const mayHold = (bay: Bay): boolean =>
  !holdsNothing(bay) || connectorsOf(bay).some((one) => one.status === 'preparing' && one.cable !== 'out')
