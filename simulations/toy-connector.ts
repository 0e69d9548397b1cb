import { flushQueue, queueCall, type Toy, type ToyConnector, toyStamp } from './toy-wire.ts'

const VOLTS = 230

/** A connector by its number, from 1. */
export function toyConnector(toy: Toy, number: number): ToyConnector {
  const connector = toy.connectors[number - 1]
  if (!connector) throw new Error(`Broken invariant: ${toy.id} has no connector ${number}`)
  return connector
}

/** The cable goes in. */
export function plugIn(toy: Toy, number: number, now: number): void {
  const connector = toyConnector(toy, number)
  if (connector.plugged) return
  connector.plugged = true
  if (toy.habits.preparing !== 'never' && connector.status !== 'Preparing') sayStatus(toy, number, 'Preparing', now)
  if (connector.authorized) beginTransaction(toy, number, connector.authorized.idTag, now)
  else if (toy.habits.givesUp_s !== null) connector.givesUpAt = now + toy.habits.givesUp_s * 1_000
}

/** Nobody started this plug in time: it says Finishing. */
export function giveUpPlug(toy: Toy, number: number, now: number): void {
  const connector = toyConnector(toy, number)
  if (connector.givesUpAt === undefined || connector.givesUpAt > now) return
  delete connector.givesUpAt
  if (connector.plugged && !connector.transaction) sayStatus(toy, number, 'Finishing', now)
}

/** The cable comes out: a transaction ends with it. */
export function unplug(toy: Toy, number: number, now: number): void {
  const connector = toyConnector(toy, number)
  if (!connector.plugged) return
  connector.plugged = false
  delete connector.givesUpAt
  endTransaction(toy, number, { reason: 'EVDisconnected', idTag: null }, now)
  if (!toy.habits.tellsUnplug) connector.status = 'Available'
  else if (connector.status !== 'Available') sayStatus(toy, number, 'Available', now)
}

/**
 * A card: the one that started a transaction ends it; any other is authorized (or trusted, where it asks nobody or is offline), and changes
 * nothing at a connector that charges.
 */
export function tapCard(toy: Toy, number: number, idTag: string, now: number): void {
  const { transaction } = toyConnector(toy, number)
  if (transaction?.idTag === idTag) endTransaction(toy, number, { reason: 'Local', idTag }, now)
  else if (toy.habits.authorizesCards && toy.online)
    queueCall(toy, { action: 'Authorize', payload: { idTag }, about: { connector: number, idTag, remote: null } })
  else allowToken(toy, number, idTag, now)
}

/** The car takes so many amperes from now on. */
export function drawCurrent(toy: Toy, number: number, amps: number, now: number): void {
  const connector = toyConnector(toy, number)
  connector.amps = amps
  if (connector.transaction && toy.habits.suspends)
    sayStatus(toy, number, amps > 0 ? toy.habits.drawingWord : 'SuspendedEV', now)
}

/** The token may charge here: at once if the cable is in, else if it comes before ConnectionTimeOut. */
export function allowToken(toy: Toy, number: number, idTag: string, now: number): void {
  const connector = toyConnector(toy, number)
  if (connector.transaction) return
  if (connector.plugged) return beginTransaction(toy, number, idTag, now)
  connector.authorized = { idTag, until: now + toy.habits.connectionTimeout_s * 1_000 }
}

function beginTransaction(toy: Toy, number: number, token: string, now: number): void {
  const connector = toyConnector(toy, number)
  const idTag = token.slice(0, toy.habits.tokenLength)
  connector.authorized = null
  delete connector.givesUpAt
  toy.transactions += 1
  const key = toy.transactions
  connector.transaction = { key, idTag, nextSample: now + sampleInterval(toy), id: null }
  if (toy.habits.chargingStatus === 'before-start') sayStatus(toy, number, toy.habits.drawingWord, now)
  const payload = {
    connectorId: number,
    idTag,
    meterStart: Math.round(connector.register_Wh),
    timestamp: toyStamp(toy, now),
  }
  queueCall(toy, {
    action: 'StartTransaction',
    payload,
    keep: true,
    key,
    about: { connector: number, idTag, remote: null },
  })
  if (toy.habits.chargingStatus === 'before-answer') sayStatus(toy, number, toy.habits.drawingWord, now)
}

/** Ends the connector's transaction, if there is one. */
export function endTransaction(
  toy: Toy,
  number: number,
  why: { readonly reason: string; readonly idTag: string | null },
  now: number,
): void {
  const connector = toyConnector(toy, number)
  const { transaction } = connector
  if (!transaction) return
  connector.transaction = null
  const payload = {
    meterStop: Math.round(connector.register_Wh),
    timestamp: toyStamp(toy, now),
    ...(toy.habits.stopReason ? { reason: why.reason } : {}),
    ...(why.idTag === null ? {} : { idTag: why.idTag }),
  }
  const { stopId } = toy.habits
  if (stopId === 'given') queueCall(toy, { action: 'StopTransaction', payload, keep: true, key: transaction.key })
  if (stopId === 'minus-one')
    queueCall(toy, { action: 'StopTransaction', payload: { ...payload, transactionId: -1 }, keep: true })
  if (toy.habits.statusAtStop === 'available') sayStatus(toy, number, 'Available', now)
  else if (connector.plugged) sayStatus(toy, number, 'Finishing', now)
}

/** StartTransaction was answered. */
export function nameTransaction(
  toy: Toy,
  key: number,
  answer: { readonly id: number; readonly accepted: boolean },
  now: number,
): void {
  toy.ids[key] = answer.id
  const index = toy.connectors.findIndex((c) => c.transaction?.key === key)
  const connector = toy.connectors[index]
  if (!connector?.transaction) return
  connector.transaction.id = answer.id
  if (!answer.accepted) endTransaction(toy, index + 1, { reason: 'DeAuthorized', idTag: null }, now)
  else if (toy.habits.chargingStatus === 'after-answer')
    sayStatus(toy, index + 1, connector.amps > 0 ? toy.habits.drawingWord : 'SuspendedEV', now)
}

/** Takes on a status and says so. */
export function sayStatus(toy: Toy, number: number, status: string, now: number): void {
  toyConnector(toy, number).status = status
  reportStatus(toy, number, status, now)
}

/** StatusNotification; 0 is the whole charge point. */
export function reportStatus(toy: Toy, number: number, status: string, now: number): void {
  const payload = { connectorId: number, status, errorCode: 'NoError', timestamp: toyStamp(toy, now) }
  queueCall(toy, { action: 'StatusNotification', payload })
}

/** A status that must be out before what is answered next. */
export function sayStatusFirst(toy: Toy, number: number, status: string, now: number): void {
  sayStatus(toy, number, status, now)
  flushQueue(toy, now)
}

/** Lets the energy flow up to `now`. */
export function letEnergyFlow(toy: Toy, now: number): void {
  const hours = Math.max(0, now - toy.advanced) / 3_600_000
  toy.advanced = now
  for (const connector of toy.connectors)
    if (connector.transaction) connector.register_Wh += connector.amps * VOLTS * hours
}

/** MeterValues as this charge point measures them. */
export function sendSample(toy: Toy, number: number, context: string, now: number): void {
  const connector = toyConnector(toy, number)
  const { habits } = toy
  if (habits.silentWhenSuspended && connector.status === 'SuspendedEV') return
  const amps = connector.transaction ? connector.amps : 0
  const one = (measurand: string, unit: string | null, value: string, phase?: string): object => ({
    value,
    context,
    location: 'Outlet',
    measurand,
    ...(unit === null ? {} : { unit }),
    ...(phase === undefined ? {} : { phase }),
  })
  const total = habits.current === 'total' || habits.current === 'total-and-phases'
  const phases = habits.current === 'phases' || habits.current === 'total-and-phases'
  const slip = habits.registerSlips && Math.floor(now / 10_000) % 2 === 1 ? 1_000 : 1
  const register_Wh = connector.register_Wh / slip
  const energy =
    habits.energyUnit === 'kWh' ? (register_Wh / 1_000).toFixed(4) : register_Wh.toFixed(4 - (slip === 1 ? 3 : 0))
  const watts = amps * VOLTS
  const sampledValue = [
    ...(total ? [one('Current.Import', 'A', amps.toFixed(1))] : []),
    // One phase is used; the others show the noise of a clamp.
    ...(phases
      ? [
          one('Current.Import', 'A', amps.toFixed(1), 'L1'),
          one('Current.Import', 'A', '0.02', 'L2'),
          one('Current.Import', 'A', '0.01', 'L3'),
        ]
      : []),
    ...(habits.current === 'exported'
      ? [one('Current.Import', 'A', '0.0'), one('Current.Export', 'A', amps.toFixed(2))]
      : []),
    ...(habits.current === 'neutral'
      ? [one('Current.Import', 'A', '0.0', 'L1'), one('Current.Import', 'A', amps.toFixed(1), 'N')]
      : []),
    ...(habits.power && habits.powerUnit === 'kW-as-W'
      ? [one('Power.Active.Import', 'W', (watts / 1_000).toFixed(4))]
      : []),
    ...(habits.power && habits.powerUnit !== 'kW-as-W'
      ? [one('Power.Active.Import', habits.powerUnit === 'W' ? 'W' : null, watts.toFixed(1))]
      : []),
    one('Energy.Active.Import.Register', habits.energyUnit, energy),
  ]
  const key = connector.transaction?.key ?? null
  const payload = { connectorId: number, meterValue: [{ timestamp: toyStamp(toy, now), sampledValue }] }
  queueCall(toy, { action: 'MeterValues', payload, keep: key !== null, key })
}

/** Milliseconds between samples: as configured, or as its habit is where that is more often. */
export function sampleInterval(toy: Toy): number {
  const configured_s = Number(toy.configuration['MeterValueSampleInterval']) || 60
  return Math.max(0.1, Math.min(configured_s, toy.habits.meterInterval_s)) * 1_000
}
