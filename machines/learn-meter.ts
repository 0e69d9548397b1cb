import { afterEnd } from './after-end.ts'
import type { MeterValues, Stamped } from './events.ts'
import { type Bay, type Transaction, withConnector, withHeard, withVisit } from './knowledge.ts'
import { learnIdle } from './learn-connector.ts'
import { learnSignals } from './learn-signals.ts'
import { isOutOfReach } from './learn-transaction.ts'
import { learnFlow } from './lock.ts'

/** A meter sample: register for the bill, current for the lock. */
export function learnMeter(bay: Bay, event: Stamped<MeterValues>): Bay {
  const known = bay.connectors[event.connector]
  if (!known || event.verdict === 'unusable') return bay
  const own =
    known.transaction !== null &&
    ((event.transactionId === null && !known.transaction.rivalled) ||
      event.transactionId === known.transaction.transactionId)
  const after = own ? null : afterEnd(bay, known, event)
  const connector = after?.connector ?? known
  // Under an id that nobody announced energy still locks, for nobody; beside an open transaction it says nothing.
  const stranger = event.transactionId !== null && !own && connector.transaction !== null
  const transaction = own && connector.transaction ? readRegister(connector.transaction, event) : connector.transaction
  if (event.when === 'past' || after?.flows === false || stranger)
    return transaction === known.transaction && connector === known
      ? bay
      : withConnector(bay, event.connector, { ...connector, transaction })
  const flow = learnFlow(connector.flow, event, bay.policy.lock, connector.drawingBy)
  const risen = flow.drawing && (event.current_A ?? 0) >= bay.policy.lock.on_A
  const next = withHeard(bay, event.connector, event.at, {
    ...connector,
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
  if (isOutOfReach(transaction, register, event.at, event.happenedAt ?? event.at)) return transaction
  return {
    ...transaction,
    first_Wh: transaction.first_Wh ?? register,
    last_Wh: register,
    lastAt: event.happenedAt ?? event.at,
  }
}
