import {
  allowToken,
  endTransaction,
  reportStatus,
  sampleInterval,
  sayStatus,
  sayStatusFirst,
  sendSample,
  toyConnector,
} from './toy-connector.ts'
import { type Payload, queueCall, replyTo, type Toy } from './toy-wire.ts'

/** A call of the central system: answered in the same breath, or after a nested Authorize. */
export function hearOrder(toy: Toy, id: string, action: string, payload: Payload, now: number): void {
  const number = Number(payload['connectorId'] ?? 0)
  if (action === 'RemoteStartTransaction') remoteStart(toy, id, number, String(payload['idTag']), now)
  else if (action === 'RemoteStopTransaction') remoteStop(toy, id, Number(payload['transactionId']), now)
  else if (action === 'TriggerMessage') trigger(toy, id, String(payload['requestedMessage']), number, now)
  else if (action === 'ChangeConfiguration') configure(toy, id, String(payload['key']), String(payload['value']), now)
  else if (action === 'GetConfiguration') listConfiguration(toy, id, payload['key'])
  else toy.frames.push([4, id, 'NotImplemented', `${action} is not known here`, {}])
}

function remoteStart(toy: Toy, id: string, number: number, idTag: string, now: number): void {
  const connector = toy.connectors[number - 1]
  if (!connector || connector.transaction || connector.authorized || toy.habits.refusesStarts)
    return replyTo(toy, id, { status: 'Rejected' })
  // Its yes is a lie: only a new plug-in makes it listen.
  if (toy.habits.needsReplug && connector.status === 'Finishing') return replyTo(toy, id, { status: 'Accepted' })
  if (!toy.habits.authorizesRemote) return takeStart(toy, id, { number, idTag }, now)
  queueCall(toy, { action: 'Authorize', payload: { idTag }, about: { connector: number, idTag, remote: id } })
}

/** Says yes to a remote start and lets the token charge. */
export function takeStart(
  toy: Toy,
  id: string,
  start: { readonly number: number; readonly idTag: string },
  now: number,
): void {
  const prepares = toyConnector(toy, start.number).status === 'Available'
  if (prepares && toy.habits.preparing === 'before-answer') sayStatusFirst(toy, start.number, 'Preparing', now)
  replyTo(toy, id, { status: 'Accepted' })
  if (prepares && toy.habits.preparing === 'after-answer') sayStatus(toy, start.number, 'Preparing', now)
  allowToken(toy, start.number, start.idTag, now)
}

function remoteStop(toy: Toy, id: string, transactionId: number, now: number): void {
  const number = toy.connectors.findIndex((c) => c.transaction !== null && c.transaction.id === transactionId) + 1
  if (number === 0) return replyTo(toy, id, { status: 'Rejected' })
  if (toy.habits.statusAtStop === 'suspended-first') sayStatusFirst(toy, number, 'SuspendedEVSE', now)
  replyTo(toy, id, { status: 'Accepted' })
  endTransaction(toy, number, { reason: 'Remote', idTag: null }, now)
}

function trigger(toy: Toy, id: string, message: string, number: number, now: number): void {
  const numbers = toy.connectors.map((_, index) => index + 1).filter((n) => number === 0 || n === number)
  const known = message === 'StatusNotification' || message === 'MeterValues'
  if (numbers.length === 0) return replyTo(toy, id, { status: 'Rejected' })
  replyTo(toy, id, { status: known ? 'Accepted' : 'NotImplemented' })
  for (const n of known ? numbers : []) {
    if (message === 'MeterValues') sendSample(toy, n, 'Trigger', now)
    else reportStatus(toy, n, toyConnector(toy, n).status, now)
  }
}

function configure(toy: Toy, id: string, key: string, value: string, now: number): void {
  if (toy.configuration[key] === undefined) return replyTo(toy, id, { status: 'NotSupported' })
  if (key === 'MeterValuesSampledData' && toy.habits.current === 'none' && value.includes('Current.Import'))
    return replyTo(toy, id, { status: 'Rejected' })
  if (!toy.habits.ignoresConfiguration) toy.configuration[key] = value
  replyTo(toy, id, { status: 'Accepted' })
  for (const { transaction } of toy.connectors)
    if (transaction) transaction.nextSample = Math.min(transaction.nextSample, now + sampleInterval(toy))
}

function listConfiguration(toy: Toy, id: string, keys: unknown): void {
  const wanted = Array.isArray(keys) && keys.length > 0 ? keys.map(String) : Object.keys(toy.configuration)
  const known = wanted.filter((key) => toy.configuration[key] !== undefined)
  const configurationKey = known.map((key) => ({ key, readonly: false, value: toy.configuration[key] }))
  replyTo(toy, id, { configurationKey, unknownKey: wanted.filter((key) => !known.includes(key)) })
}
