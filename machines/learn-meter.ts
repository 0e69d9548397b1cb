import type { MeterValues, Stamped } from './events.ts'
import { type Bay, type Transaction, withConnector, withHeard, withVisit } from './knowledge.ts'
import { learnIdle } from './learn-connector.ts'
import { learnSignals } from './learn-signals.ts'
import { learnFlow } from './lock.ts'

/** Late samples of an ended transaction are accounting only: they never lock a bay (E22). */
const LATE_ms = 15_000

/** A meter sample: register for the bill, current for the lock. */
export function learnMeter(bay: Bay, event: Stamped<MeterValues>): Bay {
  const connector = bay.connectors[event.connector]
  if (!connector || event.verdict === 'unusable') return bay
  const own =
    connector.transaction !== null &&
    ((event.transactionId === null && !connector.transaction.rivalled) ||
      event.transactionId === connector.transaction.transactionId)
  const revived =
    !connector.transaction &&
    connector.orphan !== null &&
    event.transactionId === connector.orphan.transaction.transactionId
  const late =
    connector.lastEnded !== null &&
    (event.transactionId === connector.lastEnded.transactionId ||
      (event.transactionId !== null && bay.visit?.closed.some((one) => one.transactionId === event.transactionId)) ||
      (!connector.transaction && event.at - connector.lastEnded.at < LATE_ms))
  // Under an id that nobody announced energy still locks, for nobody; beside an open transaction it says nothing.
  const stranger = event.transactionId !== null && !own && !revived && connector.transaction !== null
  const transaction = own && connector.transaction ? readRegister(connector.transaction, event) : connector.transaction
  if (event.when === 'past' || late || stranger)
    return transaction === connector.transaction ? bay : withConnector(bay, event.connector, { transaction })
  const flow = learnFlow(connector.flow, event, bay.policy.lock, connector.drawingBy)
  const risen = flow.drawing && (event.current_A ?? 0) >= bay.policy.lock.on_A
  const next = withHeard(bay, event.connector, event.at, {
    transaction,
    flow,
    availableAt: risen ? null : connector.availableAt,
  })
  const compared = learnSignals(next, event.connector, event)
  return learnIdle(risen ? withVisit(compared, { lastSign: event.at }) : compared, event.at)
}

function readRegister(transaction: Transaction, event: Stamped<MeterValues>): Transaction {
  const register = event.register_Wh
  if (register === null || (transaction.last_Wh !== null && register < transaction.last_Wh)) return transaction
  return {
    ...transaction,
    first_Wh: transaction.first_Wh ?? register,
    last_Wh: register,
    lastAt: event.happenedAt ?? event.at,
  }
}
