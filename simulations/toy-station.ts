import type { ToyInput } from './toy-charge-point.ts'
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
import {
  flushQueue,
  giveUpOverdue,
  loseWire,
  type Payload,
  queueCall,
  replyTo,
  sendCall,
  type ToyCall,
  type ToyFrame,
} from './toy-wire.ts'

const BOOT_AGAIN_MS = 5_000
const REFUSED_AGAIN_MS = 1_000

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

/** Tells it what happened at `now` (ms since 1970, never back); the answer is what it sends, in order. Changes `station`, which is plain data. */
export function tellStation(station: Station, input: ToyInput, now: number): readonly ToyFrame[] {
  station.frames = []
  letStationFlow(station, now)
  hear(station, input, now)
  runTimers(station, now)
  flushQueue(station, now)
  const frames = station.frames
  station.frames = []
  return station.silent ? [] : frames
}

/** When it wants its next `tick`, ms since 1970; infinity when only the world can wake it. */
export function stationWakes(station: Station): number {
  const connectors = station.connectors.map((c) =>
    Math.min(c.authorized?.until ?? Infinity, c.transaction?.nextSample ?? Infinity),
  )
  const isHeld = station.online && station.queue.length > 0 && station.holdUntil > station.advanced
  const heartbeat = station.online ? station.nextHeartbeat : Infinity
  return Math.min(...connectors, isHeld ? station.holdUntil : Infinity, heartbeat, ...station.sent.map((s) => s.giveUp))
}

function hear(station: Station, input: ToyInput, now: number): void {
  switch (input.type) {
    case 'connected':
      return connect(station, now)
    case 'disconnected':
      return loseWire(station)
    case 'frame':
      return hearFrame(station, input.frame, now)
    case 'plug':
      return plugStation(station, input.connector, now)
    case 'unplug':
      return unplugStation(station, input.connector, now)
    case 'tap':
      return tapStation(station, input.connector, input.idTag, now)
    case 'drive':
      return drawStation(station, input.connector, input.amps, now)
    case 'silence':
      station.silent = input.silent
      return
    case 'tick':
      return
  }
}

function connect(station: Station, now: number): void {
  const { afterLoss } = station.habits
  station.online = true
  if (station.booted && afterLoss === 'boot-forget')
    for (const connector of station.connectors)
      Object.assign(connector, { transaction: null, authorized: null, status: 'Available' })
  station.admitted = station.booted && afterLoss === 'resume'
  station.nextHeartbeat = now + station.heartbeat_ms
  if (!station.admitted) boot(station, now)
}

function boot(station: Station, now: number): void {
  const chargingStation = {
    model: station.habits.name,
    vendorName: 'Toy',
    firmwareVersion: '1.0',
    serialNumber: station.id,
  }
  const payload = { reason: station.booted ? 'Unknown' : 'PowerUp', chargingStation }
  sendCall(station, { action: 'BootNotification', payload, keep: false, key: null, about: null }, now)
}

function hearFrame(station: Station, frame: ToyFrame, now: number): void {
  if (frame[0] === 2) return orderStation(station, frame[1], frame[2], frame[3], now)
  const sent = station.sent.find((s) => s.id === frame[1])
  if (!sent) return
  station.sent = station.sent.filter((s) => s !== sent)
  if (frame[0] === 3) answered(station, sent.call, frame[2], now)
  else refused(station, sent.call, now)
}

function answered(station: Station, call: ToyCall, payload: Payload, now: number): void {
  if (call.action === 'BootNotification') return bootAnswered(station, payload, now)
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

/** An error to a transaction event: sent again. */
function refused(station: Station, call: ToyCall, now: number): void {
  if (call.about?.remote) replyTo(station, (JSON.parse(call.about.remote) as [string])[0], { status: 'Rejected' })
  if (!call.keep) return
  station.holdUntil = now + REFUSED_AGAIN_MS
  station.queue.unshift(call)
}

function bootAnswered(station: Station, payload: Payload, now: number): void {
  const again = payload['status'] === 'Accepted' ? null : now + BOOT_AGAIN_MS
  const resumes = station.booted && station.habits.saysResumed
  station.heartbeat_ms = Math.max(1, Number(payload['interval']) || 60) * 1_000
  station.nextHeartbeat = again ?? now + station.heartbeat_ms
  if (again !== null) return
  station.admitted = true
  station.booted = true
  // The statuses of now come before the stored events of then.
  const stored = station.queue
  station.queue = []
  station.connectors.forEach((connector, index) => void reportStation(station, index + 1, connector.status, now))
  station.queue.push(...stored)
  station.connectors.forEach(({ transaction }, index) => {
    if (!resumes || !transaction) return
    const { state } = transaction
    sendEvent(station, index + 1, transaction, { eventType: 'Updated', triggerReason: 'TxResumed', state }, now)
  })
}

function runTimers(station: Station, now: number): void {
  station.connectors.forEach((connector, index) => {
    if (connector.authorized && connector.authorized.until <= now) connector.authorized = null
    const { transaction } = connector
    if (transaction && transaction.nextSample <= now) sampleStation(station, index + 1, transaction, now)
  })
  if (giveUpOverdue(station, now)) boot(station, now)
  if (!station.online || station.nextHeartbeat > now) return
  station.nextHeartbeat = now + station.heartbeat_ms
  if (station.admitted) queueCall(station, { action: 'Heartbeat', payload: {} })
  else boot(station, now)
}
