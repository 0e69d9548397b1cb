import type { MeterValues, Stamped } from './events.ts'
import type { Bay, Connector, Transaction } from './knowledge.ts'
import type { LastEnded } from './open-questions.ts'

/** Samples that come so soon after an end are accounting only: they never lock a bay (E22). ms. */
const LATE_ms = 15_000
/** Later ones that say so often that current flows are believed; one is, where its register has risen since the end. */
const ENOUGH = 2
/** The highest voltage of a cable, all phases of it together. */
const MOST_V = 1_000
/** Ends that nobody reported: berth or a person took the transaction for dead. */
const PRESUMED = new Set(['dead', 'declared dead'])

/** What a connector keeps of a transaction that is over. `last_Wh` its register at the end; `at` ms since 1970. */
export function overAt(bay: Bay, transaction: Transaction, reason: string, last_Wh: number | null, at: number) {
  const payer = transaction.unpaid ? null : (transaction.payer ?? bay.visit?.payer ?? null)
  return {
    lastEnded: { transactionId: transaction.transactionId, at, register_Wh: last_Wh, draws: 0, drawsOn: false },
    presumed: PRESUMED.has(reason) ? { transaction, payer, billed_Wh: transaction.last_Wh, since: at } : null,
  } satisfies Partial<Connector>
}

/** What a sample under the name of a transaction that is over makes of its connector: late, a first hint of a draw, or a draw. */
export type AfterEnd = { readonly flows: boolean; readonly connector: Connector }

/** Null where the sample is not of a transaction that is over, or comes too long after its end to be late. */
export function afterEnd(bay: Bay, connector: Connector, event: Stamped<MeterValues>): AfterEnd | null {
  const { lastEnded, transaction } = connector
  const { transactionId } = event
  if (lastEnded === null || transaction?.transactionId === transactionId) return null
  if (transactionId !== null && connector.orphan?.transaction.transactionId === transactionId) return null
  const isSoon = transaction === null && event.at - lastEnded.at < LATE_ms
  const isOver =
    transactionId === lastEnded.transactionId ||
    (transactionId !== null && bay.visit?.closed.some((one) => one.transactionId === transactionId) === true)
  if (!isSoon && !isOver) return null
  // Where the status or the transaction alone is trusted, what is measured proves nothing.
  const isTrusted = connector.drawingBy !== 'status' && connector.drawingBy !== 'transaction'
  if (isSoon || transaction !== null || event.when === 'past' || !isTrusted) return { flows: false, connector }
  return draws(bay, connector, lastEnded, event)
}

function draws(bay: Bay, connector: Connector, before: LastEnded, event: Stamped<MeterValues>): AfterEnd {
  if (before.drawsOn) return { flows: true, connector }
  const current_A = event.current_A ?? 0
  if (current_A < bay.policy.lock.on_A) {
    const isOver = event.current_A !== null && current_A <= bay.policy.lock.off_A
    return { flows: false, connector: isOver ? { ...connector, lastEnded: { ...before, draws: 0 } } : connector }
  }
  const count = (before.draws ?? 0) + 1
  if (count < ENOUGH && !hasRisen(before, event))
    return { flows: false, connector: { ...connector, lastEnded: { ...before, draws: count } } }
  const { presumed = null } = connector
  // It was only taken for dead: left open at the charge point, like an orphan, and as an orphan it comes back.
  if (presumed !== null && presumed.transaction.transactionId === event.transactionId)
    return { flows: true, connector: { ...connector, orphan: presumed, presumed: null, cable: 'in' } }
  return { flows: true, connector: { ...connector, lastEnded: { ...before, draws: count, drawsOn: true } } }
}

/** Its register has gone on since the end, by no more than its current can have given. */
function hasRisen({ at, register_Wh = null }: LastEnded, event: Stamped<MeterValues>): boolean {
  if (register_Wh === null || event.register_Wh === null || event.register_Wh <= register_Wh) return false
  return event.register_Wh - register_Wh <= ((event.current_A ?? 0) * MOST_V * (event.at - at)) / 3_600_000
}

/** The charge point gives energy here under the name of a transaction whose end it reported. */
export const drawsOn = (connector: Connector): boolean =>
  connector.transaction === null && connector.flow.drawing && connector.lastEnded?.drawsOn === true

/** Current flows here, or one sample says so and the next decides: no start goes to this cable. */
export const mayDraw = (connector: Connector): boolean =>
  connector.transaction === null && (connector.flow.drawing || (connector.lastEnded?.draws ?? 0) > 0)

/** A sample of `current_A` at `at` (ms since 1970) may show that energy flows after an end, and is not to be thinned. */
export function awaitsSamples(bay: Bay, key: string, current_A: number | null, at: number): boolean {
  const { transaction = null, lastEnded = null, flow } = bay.connectors[key] ?? {}
  if (transaction !== null || lastEnded === null || flow?.drawing === true) return false
  return at - lastEnded.at >= LATE_ms && (current_A ?? 0) >= bay.policy.lock.on_A
}
