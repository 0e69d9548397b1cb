import { type ToyInput, tellAlive, type Version } from './toy-life.ts'
import {
  allowStation,
  drawStation,
  plugStation,
  sampleStation,
  standingHeard,
  tapStation,
  unplugStation,
} from './toy-station-cable.ts'
import { letStationFlow, reportStation, type Station, sendEvent } from './toy-station-events.ts'
import { type StationHabits, stationHabits } from './toy-station-habits.ts'
import { orderStation, remoteAuthorized } from './toy-station-orders.ts'
import type { Payload, ToyCall, ToyFrame } from './toy-wire.ts'

/** A new OCPP 2 charge point under power, without a connection. It lives as the 1.6 toy does: the same inputs, other words. */
export function makeStation(id: string, evses: number, habits: Partial<StationHabits> = {}): Station {
  const all = stationHabits(habits)
  return {
    id,
    habits: all,
    connectors: Array.from({ length: evses }, () => ({
      plugged: false,
      status: 'Available',
      amps: 16,
      register_Wh: 1_000,
      authorized: null,
      transaction: null,
    })),
    variables: {
      'SampledDataCtrlr.TxStartedMeasurands': 'Energy.Active.Import.Register',
      'SampledDataCtrlr.TxUpdatedMeasurands': 'Energy.Active.Import.Register',
      'SampledDataCtrlr.TxEndedMeasurands': 'Energy.Active.Import.Register',
      'SampledDataCtrlr.TxUpdatedInterval': String(all.meterInterval_s),
      'TxCtrlr.EVConnectionTimeOut': String(all.connectionTimeout_s),
      'TxCtrlr.TxStartPoint':
        all.startsOn === 'cable' ? 'EVConnected' : all.startsOn === 'token' ? 'Authorized' : 'PowerPathClosed',
      'TxCtrlr.TxStopPoint': 'EVConnected,Authorized',
    },
    online: false,
    admitted: false,
    booted: false,
    silent: false,
    calls: 0,
    transactions: 0,
    ids: {},
    queue: [],
    sent: [],
    nextHeartbeat: Number.POSITIVE_INFINITY,
    holdUntil: 0,
    heartbeat_ms: 60_000,
    advanced: 0,
    frames: [],
  }
}

const VERSION: Version<Station> = {
  flow: letStationFlow,
  plug: plugStation,
  unplug: unplugStation,
  tap: tapStation,
  draw: drawStation,
  boots: ({ id, habits, booted }) => ({
    reason: booted ? 'Unknown' : 'PowerUp',
    chargingStation: { model: habits.name, vendorName: 'Toy', firmwareVersion: '1.0', serialNumber: id },
  }),
  ordered: (station, [, id, action, payload], now) => orderStation(station, id, action, payload, now),
  answered,
  orderOf: (remote) => (JSON.parse(remote) as [string])[0],
  keepsRefused: () => true,
  report: (station, now) =>
    station.connectors.forEach((connector, index) => void reportStation(station, index + 1, connector.status, now)),
  resume,
  tick,
}

/** Tells it what happened at `now` (ms since 1970, never back); the answer is what it sends, in order. Changes `station`, which is plain data. */
export const tellStation = (station: Station, input: ToyInput, now: number): readonly ToyFrame[] =>
  tellAlive(VERSION, station, input, now)

function answered(station: Station, call: ToyCall, payload: Payload, now: number): void {
  const info = payload['idTokenInfo'] as { readonly status: string } | undefined
  const accepted = info?.status === 'Accepted'
  if (!call.about) return
  const { connector, idTag, remote } = call.about
  if (call.action === 'TransactionEvent' && info && isOf(station, connector, call))
    standingHeard(station, connector, accepted, now)
  if (call.action !== 'Authorize') return
  if (remote !== null) remoteAuthorized(station, connector, remote, accepted, now)
  else if (accepted) allowStation(station, connector, { idTag, type: 'ISO14443', remoteStartId: null }, now)
}

/** The answer is about the transaction that runs there now. */
const isOf = (station: Station, evse: number, { payload }: ToyCall): boolean =>
  station.connectors[evse - 1]?.transaction?.id === (payload['transactionInfo'] as Payload)['transactionId']

function resume(station: Station, now: number): void {
  if (!station.habits.saysResumed) return
  station.connectors.forEach(({ transaction }, index) => {
    if (!transaction) return
    const { state } = transaction
    sendEvent(station, index + 1, transaction, { eventType: 'Updated', triggerReason: 'TxResumed', state }, now)
  })
}

function tick(station: Station, now: number): void {
  station.connectors.forEach((connector, index) => {
    if (connector.authorized && connector.authorized.until <= now) connector.authorized = null
    const { transaction } = connector
    if (transaction && transaction.nextSample <= now) sampleStation(station, index + 1, transaction, now)
  })
}
