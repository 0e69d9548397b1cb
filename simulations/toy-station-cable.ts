import {
  registerOf,
  reportStation,
  type Station,
  type StationToken,
  type StationTransaction,
  sampleOf,
  sendEvent,
  stationConnector,
  stationInterval,
} from './toy-station-events.ts'
import { queueCall } from './toy-wire.ts'

/** The cable goes in. */
export function plugStation(station: Station, evse: number, now: number): void {
  const connector = stationConnector(station, evse)
  if (connector.plugged) return
  connector.plugged = true
  const { occupied, startsOn } = station.habits
  if (occupied !== 'after-started') reportStation(station, evse, 'Occupied', now)
  if (occupied === 'repeated') reportStation(station, evse, 'Occupied', now)
  const { transaction, authorized } = connector
  if (transaction?.token) return goOn(station, evse, transaction, now)
  if (authorized) beginStation(station, evse, authorized, 'CablePluggedIn', now)
  else if (startsOn === 'cable') beginStation(station, evse, null, 'CablePluggedIn', now)
}

/** The cable comes out: a transaction ends with it. */
export function unplugStation(station: Station, evse: number, now: number): void {
  const connector = stationConnector(station, evse)
  if (!connector.plugged) return
  connector.plugged = false
  endStation(station, evse, { reason: 'EVDisconnected', triggerReason: 'EVCommunicationLost' }, now)
  if (connector.status !== 'Available') reportStation(station, evse, 'Available', now)
}

/**
 * A card: the one that started a transaction ends it; any other is authorized (or trusted, where it asks nobody or is offline), and changes
 * nothing at an EVSE that charges.
 */
export function tapStation(station: Station, evse: number, idTag: string, now: number): void {
  const token = stationConnector(station, evse).transaction?.token
  const card = { idTag, type: 'ISO14443', remoteStartId: null }
  if (token?.idTag === idTag)
    endStation(station, evse, { reason: 'Local', triggerReason: 'StopAuthorized', token: card }, now)
  else if (station.habits.authorizesCards && station.online)
    queueCall(station, {
      action: 'Authorize',
      payload: { idToken: { idToken: idTag, type: card.type } },
      about: { connector: evse, idTag, remote: null },
    })
  else allowStation(station, evse, card, now)
}

/** The car takes so many amperes from now on. */
export function drawStation(station: Station, evse: number, amps: number, now: number): void {
  const connector = stationConnector(station, evse)
  connector.amps = amps
  const { transaction } = connector
  const state = amps > 0 ? 'Charging' : 'SuspendedEV'
  if (!transaction?.token || !connector.plugged || transaction.state === state) return
  transaction.state = state
  if (station.habits.chargingState !== 'never') changed(station, evse, transaction, now)
}

/** The token may charge here: at once if the cable is in, else if it comes before EVConnectionTimeOut. */
export function allowStation(station: Station, evse: number, token: StationToken, now: number): void {
  const connector = stationConnector(station, evse)
  const { transaction } = connector
  const triggerReason = token.remoteStartId === null ? 'Authorized' : 'RemoteStart'
  if (transaction?.token) return
  if (transaction) {
    transaction.token = token
    sendEvent(station, evse, transaction, { eventType: 'Updated', triggerReason, state: transaction.state, token }, now)
    return goOn(station, evse, transaction, now)
  }
  if (connector.plugged || station.habits.startsOn === 'token')
    return beginStation(station, evse, token, triggerReason, now)
  connector.authorized = { ...token, until: now + station.habits.connectionTimeout_s * 1_000 }
}

function beginStation(
  station: Station,
  evse: number,
  token: StationToken | null,
  triggerReason: string,
  now: number,
): void {
  const connector = stationConnector(station, evse)
  const { habits } = station
  connector.authorized = null
  station.transactions += 1
  const state = !connector.plugged
    ? 'Idle'
    : token && habits.chargingState === 'in-started'
      ? 'Charging'
      : 'EVConnected'
  const transaction = {
    id: `tx-${station.transactions}`,
    token,
    seqNo: 0,
    state,
    nextSample: now + stationInterval(station),
  }
  connector.transaction = transaction
  const meterValue = registerOf(station, evse, 'Transaction.Begin', now)
  const started = { eventType: 'Started', triggerReason, state, meterValue, ...(token ? { token } : {}) } as const
  sendEvent(station, evse, transaction, started, now)
  if (habits.occupied === 'after-started' && connector.plugged) reportStation(station, evse, 'Occupied', now)
  if (token && connector.plugged) goOn(station, evse, transaction, now)
}

/** Energy may flow from now on. */
function goOn(station: Station, evse: number, transaction: StationTransaction, now: number): void {
  const state = stationConnector(station, evse).amps > 0 ? 'Charging' : 'SuspendedEV'
  if (transaction.state === state) return
  transaction.state = state
  if (station.habits.chargingState === 'in-updated') changed(station, evse, transaction, now)
}

function changed(station: Station, evse: number, transaction: StationTransaction, now: number): void {
  const { state } = transaction
  sendEvent(station, evse, transaction, { eventType: 'Updated', triggerReason: 'ChargingStateChanged', state }, now)
}

/** Ends the EVSE's transaction, if there is one. */
export function endStation(
  station: Station,
  evse: number,
  why: { readonly reason: string; readonly triggerReason: string; readonly token?: StationToken },
  now: number,
): void {
  const connector = stationConnector(station, evse)
  const { transaction } = connector
  if (!transaction) return
  connector.transaction = null
  const state = connector.plugged ? 'EVConnected' : 'Idle'
  const meterValue = registerOf(station, evse, 'Transaction.End', now)
  sendEvent(station, evse, transaction, { eventType: 'Ended', state, meterValue, ...why }, now)
  if (station.habits.endsLate) {
    const late = sampleOf(station, evse, 'Sample.Periodic', now)
    const event = { eventType: 'Updated', triggerReason: 'MeterValuePeriodic', meterValue: late } as const
    sendEvent(station, evse, transaction, event, now)
  }
  if (!connector.plugged) return
  reportStation(station, evse, station.habits.statusAtStop === 'available' ? 'Available' : 'Occupied', now)
}

/** Where a transaction event was answered: a token that may not charge ends it. */
export function standingHeard(station: Station, evse: number, accepted: boolean, now: number): void {
  if (!accepted) endStation(station, evse, { reason: 'DeAuthorized', triggerReason: 'Deauthorized' }, now)
}

/** A periodic sample of the running transaction. */
export function sampleStation(station: Station, evse: number, transaction: StationTransaction, now: number): void {
  transaction.nextSample = now + stationInterval(station)
  const meterValue = sampleOf(station, evse, 'Sample.Periodic', now)
  const state = station.habits.chargingState === 'in-sample' ? { state: transaction.state } : {}
  sendEvent(
    station,
    evse,
    transaction,
    { eventType: 'Updated', triggerReason: 'MeterValuePeriodic', ...state, meterValue },
    now,
  )
}
