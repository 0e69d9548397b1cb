import { allowStation, endStation } from './toy-station-cable.ts'
import {
  reportStation,
  type Station,
  type StationToken,
  sampleOf,
  sendEvent,
  stationConnector,
  stationInterval,
} from './toy-station-events.ts'
import { type Payload, queueCall, replyTo } from './toy-wire.ts'

/** A call of the central system: answered in the same breath, or after a nested Authorize. */
export function orderStation(station: Station, id: string, action: string, payload: Payload, now: number): void {
  if (action === 'RequestStartTransaction') remoteStart(station, id, payload, now)
  else if (action === 'RequestStopTransaction') remoteStop(station, id, String(payload['transactionId']), now)
  else if (action === 'TriggerMessage') trigger(station, id, payload, now)
  else if (action === 'GetTransactionStatus') tellTransaction(station, id, String(payload['transactionId']))
  else if (action === 'SetVariables') setVariables(station, id, payload['setVariableData'], now)
  else if (action === 'GetVariables') getVariables(station, id, payload['getVariableData'])
  else station.frames.push([4, id, 'NotImplemented', `${action} is not known here`, {}])
}

function remoteStart(station: Station, id: string, payload: Payload, now: number): void {
  const evse = Number(payload['evseId'])
  const connector = station.connectors[evse - 1]
  if (!connector || connector.transaction?.token || connector.authorized || station.habits.refusesStarts)
    return replyTo(station, id, { status: 'Rejected' })
  const { idToken, type } = payload['idToken'] as { idToken: string; type: string }
  const token = { idTag: idToken, type, remoteStartId: Number(payload['remoteStartId']) }
  if (!station.habits.authorizesRemote) return takeStation(station, id, evse, token, now)
  const authorize = { idToken: { idToken, type } }
  const remote = JSON.stringify([id, token])
  queueCall(station, { action: 'Authorize', payload: authorize, about: { connector: evse, idTag: idToken, remote } })
}

/** The nested Authorize of a remote start was answered. */
export function remoteAuthorized(station: Station, evse: number, remote: string, accepted: boolean, now: number): void {
  const [id, token] = JSON.parse(remote) as [string, StationToken]
  if (accepted) takeStation(station, id, evse, token, now)
  else replyTo(station, id, { status: 'Rejected' })
}

/** Says yes to a remote start and lets the token charge. */
function takeStation(station: Station, id: string, evse: number, token: StationToken, now: number): void {
  const { transaction } = stationConnector(station, evse)
  replyTo(station, id, { status: 'Accepted', ...(transaction ? { transactionId: transaction.id } : {}) })
  allowStation(station, evse, token, now)
}

const runsAt = (station: Station, transactionId: string): number =>
  station.connectors.findIndex((connector) => connector.transaction?.id === transactionId) + 1

function remoteStop(station: Station, id: string, transactionId: string, now: number): void {
  const evse = runsAt(station, transactionId)
  replyTo(station, id, { status: evse === 0 ? 'Rejected' : 'Accepted' })
  if (evse > 0) endStation(station, evse, { reason: 'Remote', triggerReason: 'RemoteStop' }, now)
}

function trigger(station: Station, id: string, payload: Payload, now: number): void {
  const wanted = (payload['evse'] as { id: number } | undefined)?.id ?? 0
  const evses = station.connectors.map((_, index) => index + 1).filter((n) => wanted === 0 || n === wanted)
  const message = String(payload['requestedMessage'])
  const known = ['StatusNotification', 'MeterValues', 'TransactionEvent'].includes(message)
  if (evses.length === 0) return replyTo(station, id, { status: 'Rejected' })
  replyTo(station, id, { status: known ? 'Accepted' : 'NotImplemented' })
  for (const evse of known ? evses : []) {
    const { status, transaction } = stationConnector(station, evse)
    const meterValue = sampleOf(station, evse, 'Trigger', now)
    if (message === 'StatusNotification') reportStation(station, evse, status, now)
    else if (message === 'MeterValues')
      queueCall(station, { action: 'MeterValues', payload: { evseId: evse, meterValue } })
    else if (transaction) {
      const { state } = transaction
      sendEvent(station, evse, transaction, { eventType: 'Updated', triggerReason: 'Trigger', state, meterValue }, now)
    }
  }
}

function tellTransaction(station: Station, id: string, transactionId: string): void {
  const isIts = ({ payload }: { readonly payload: Payload }): boolean =>
    (payload['transactionInfo'] as Payload | undefined)?.['transactionId'] === transactionId
  const messagesInQueue = station.queue.some(isIts) || station.sent.some(({ call }) => isIts(call))
  replyTo(station, id, { ongoingIndicator: runsAt(station, transactionId) > 0, messagesInQueue })
}

type Named = { readonly component: { readonly name: string }; readonly variable: { readonly name: string } }
const nameOf = ({ component, variable }: Named): string => `${component.name}.${variable.name}`

function setVariables(station: Station, id: string, data: unknown, now: number): void {
  const wanted = data as readonly (Named & { readonly attributeValue: string })[]
  const setVariableResult = wanted.map((one) => ({
    attributeStatus: take(station, nameOf(one), one.attributeValue),
    component: one.component,
    variable: one.variable,
  }))
  replyTo(station, id, { setVariableResult })
  for (const { transaction } of station.connectors)
    if (transaction) transaction.nextSample = Math.min(transaction.nextSample, now + stationInterval(station))
}

function take({ variables, habits }: Station, name: string, value: string): string {
  if (variables[name] === undefined) return 'UnknownVariable'
  if (habits.current === 'none' && value.includes('Current.Import')) return 'Rejected'
  if (!habits.ignoresVariables) variables[name] = value
  return 'Accepted'
}

function getVariables(station: Station, id: string, data: unknown): void {
  const getVariableResult = (data as readonly Named[]).map(({ component, variable }) => {
    const value = station.variables[nameOf({ component, variable })]
    return value === undefined
      ? { attributeStatus: 'UnknownVariable', component, variable }
      : { attributeStatus: 'Accepted', attributeValue: value, component, variable }
  })
  replyTo(station, id, { getVariableResult })
}
