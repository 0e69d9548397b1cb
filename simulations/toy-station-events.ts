import type { StationHabits } from './toy-station-habits.ts'
import { type Payload, queueCall, toyStamp, type Wired } from './toy-wire.ts'

/** A token as it was shown. `remoteStartId`: it came with a start of the central system's. */
export type StationToken = { readonly idTag: string; readonly type: string; readonly remoteStartId: number | null }

export type StationTransaction = {
  /** Its own name; the same at every station. */
  readonly id: string
  token: StationToken | null
  seqNo: number
  state: string
  nextSample: number
}

/** One EVSE with one connector. Times in ms since 1970 by the true clock. */
export type StationConnector = {
  plugged: boolean
  status: string
  /** What the car takes once it may, in A over one phase of 230 V. */
  amps: number
  register_Wh: number
  authorized: (StationToken & { readonly until: number }) | null
  transaction: StationTransaction | null
}

/** The whole station as plain data. */
export type Station = Wired & {
  readonly habits: StationHabits
  readonly connectors: StationConnector[]
  /** By `component.variable`. */
  readonly variables: Record<string, string>
  booted: boolean
  silent: boolean
  transactions: number
  nextHeartbeat: number
  heartbeat_ms: number
  /** Up to when the energy has flowed. */
  advanced: number
}

const VOLTS = 230

/** A connector by its number, from 1. */
export function stationConnector(station: Station, evse: number): StationConnector {
  const connector = station.connectors[evse - 1]
  if (!connector) throw new Error(`Broken invariant: ${station.id} has no EVSE ${evse}`)
  return connector
}

/** Energy flows to a plugged car that somebody pays for. */
export const flows = ({ plugged, transaction }: StationConnector): boolean => plugged && transaction?.token != null

type Event = {
  readonly eventType: 'Started' | 'Updated' | 'Ended'
  readonly triggerReason: string
  /** What is said of the vehicle; absent = nothing. */
  readonly state?: string
  readonly reason?: string
  readonly token?: StationToken
  readonly meterValue?: readonly Payload[]
}

/** One TransactionEvent of the EVSE's transaction, kept until it is answered. */
export function sendEvent(
  station: Station,
  evse: number,
  transaction: StationTransaction,
  event: Event,
  now: number,
): void {
  const { habits } = station
  const payload = {
    eventType: event.eventType,
    timestamp: toyStamp(station, now),
    triggerReason: habits.names === 'causes' ? event.triggerReason : 'Authorized',
    seqNo: habits.seqNo === 'zero' ? 0 : transaction.seqNo,
    ...(station.online ? {} : { offline: true }),
    transactionInfo: {
      transactionId: transaction.id,
      ...(event.state === undefined || habits.chargingState === 'never' ? {} : { chargingState: event.state }),
      ...(event.reason === undefined || !habits.stopReason ? {} : { stoppedReason: event.reason }),
      ...(event.eventType === 'Ended' || event.token?.remoteStartId == null
        ? {}
        : { remoteStartId: event.token.remoteStartId }),
    },
    evse: { id: evse, connectorId: 1 },
    ...tokenOf(habits, event),
    ...(event.meterValue ? { meterValue: event.meterValue } : {}),
  }
  transaction.seqNo += 1
  const idTag = event.token?.idTag ?? ''
  queueCall(station, {
    action: 'TransactionEvent',
    payload,
    keep: true,
    about: { connector: evse, idTag, remote: null },
  })
}

function tokenOf({ token: habit }: StationHabits, { token }: Event): { idToken?: Payload } {
  if (!token || (habit === 'none' && token.remoteStartId !== null)) return {}
  return { idToken: { idToken: token.idTag, type: habit === 'retyped' ? 'ISO14443' : token.type } }
}

/** StatusNotification of an EVSE's connector. */
export function reportStation(station: Station, evse: number, connectorStatus: string, now: number): void {
  stationConnector(station, evse).status = connectorStatus
  const payload = { timestamp: toyStamp(station, now), connectorStatus, evseId: evse, connectorId: 1 }
  queueCall(station, { action: 'StatusNotification', payload })
}

/** Lets the energy flow up to `now`. */
export function letStationFlow(station: Station, now: number): void {
  const hours = Math.max(0, now - station.advanced) / 3_600_000
  station.advanced = now
  for (const connector of station.connectors)
    if (flows(connector)) connector.register_Wh += connector.amps * VOLTS * hours
}

/** The register alone, as it begins and ends a transaction: whole Wh. */
export function registerOf(station: Station, evse: number, context: string, now: number): readonly Payload[] {
  return moment(station, now, [energy(station, context, Math.round(stationConnector(station, evse).register_Wh))])
}

/** Everything that this station measures. */
export function sampleOf(station: Station, evse: number, context: string, now: number): readonly Payload[] {
  const connector = stationConnector(station, evse)
  const { habits } = station
  const amps = flows(connector) ? connector.amps : 0
  const one = (measurand: string, unit: string, value: number, phase?: string): Payload => ({
    value,
    context,
    measurand,
    location: 'Outlet',
    unitOfMeasure: { unit },
    ...(phase === undefined ? {} : { phase }),
  })
  const phases = habits.current === 'total-and-phases'
  return moment(station, now, [
    ...(habits.current === 'none' ? [] : [one('Current.Import', 'A', amps)]),
    // One phase is used; the others show the noise of a clamp.
    ...(phases ? [one('Current.Import', 'A', amps, 'L1'), one('Current.Import', 'A', 0.02, 'L2')] : []),
    ...(habits.power ? [one('Power.Active.Import', 'W', amps * VOLTS)] : []),
    energy(station, context, Math.round(connector.register_Wh * 10_000) / 10_000),
  ])
}

const moment = (station: Station, now: number, sampledValue: readonly Payload[]): readonly Payload[] => [
  { timestamp: toyStamp(station, now), sampledValue },
]

/** Kilowatt-hours, where they are its unit, as a power of ten. */
function energy({ habits }: Station, context: string, register_Wh: number): Payload {
  const measurand = 'Energy.Active.Import.Register'
  return habits.energyUnit === 'Wh'
    ? { value: register_Wh, context, measurand, unitOfMeasure: { unit: 'Wh' } }
    : { value: register_Wh / 1_000, context, measurand, unitOfMeasure: { unit: 'kWh', multiplier: 0 } }
}

/** Milliseconds between samples: as set, or as its habit is where that is more often. */
export function stationInterval(station: Station): number {
  const set_s = Number(station.variables['SampledDataCtrlr.TxUpdatedInterval']) || 60
  return Math.max(0.1, Math.min(set_s, station.habits.meterInterval_s)) * 1_000
}
