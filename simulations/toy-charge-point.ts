import {
  allowToken,
  drawCurrent,
  giveUpPlug,
  letEnergyFlow,
  nameTransaction,
  plugIn,
  reportStatus,
  sampleInterval,
  sayStatus,
  sendSample,
  tapCard,
  unplug,
} from './toy-connector.ts'
import { type ToyHabits, toyHabits } from './toy-habits.ts'
import { hearOrder, takeStart } from './toy-orders.ts'
import {
  flushQueue,
  giveUpOverdue,
  loseWire,
  type Payload,
  queueCall,
  replyTo,
  sendCall,
  type Toy,
  type ToyCall,
  type ToyFrame,
} from './toy-wire.ts'

/** What can happen to a charge point. Connectors count from 1. */
export type ToyInput =
  | { readonly type: 'connected' | 'disconnected' | 'tick' }
  | { readonly type: 'frame'; readonly frame: ToyFrame }
  | { readonly type: 'plug' | 'unplug'; readonly connector: number }
  | { readonly type: 'tap'; readonly connector: number; readonly idTag: string }
  | { readonly type: 'drive'; readonly connector: number; readonly amps: number }
  | { readonly type: 'silence'; readonly silent: boolean }

const BOOT_AGAIN_MS = 5_000
const REFUSED_AGAIN_MS = 1_000

/** A new OCPP 1.6 charge point under power, without a connection. */
export function makeToy(id: string, connectors: number, habits: Partial<ToyHabits> = {}): Toy {
  const all = toyHabits(habits)
  return {
    id,
    habits: all,
    connectors: Array.from({ length: connectors }, () => ({
      plugged: false,
      status: 'Available',
      amps: 16,
      register_Wh: 1_000,
      authorized: null,
      transaction: null,
    })),
    configuration: {
      MeterValueSampleInterval: String(all.meterInterval_s),
      MeterValuesSampledData: 'Energy.Active.Import.Register',
      NumberOfConnectors: String(connectors),
      ConnectionTimeOut: String(all.connectionTimeout_s),
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

/** Tells it what happened at `now` (ms since 1970, never back); the answer is what it sends, in order. Changes `toy`, which is plain data. */
export function tellToy(toy: Toy, input: ToyInput, now: number): readonly ToyFrame[] {
  toy.frames = []
  letEnergyFlow(toy, now)
  hear(toy, input, now)
  runTimers(toy, now)
  flushQueue(toy, now)
  const frames = toy.frames
  toy.frames = []
  return toy.silent ? [] : frames
}

/** When it wants its next `tick`, ms since 1970; infinity when only the world can wake it. */
export function toyWakes(toy: Toy): number {
  const connectors = toy.connectors.map((c) =>
    Math.min(c.authorized?.until ?? Infinity, c.transaction?.nextSample ?? Infinity, c.givesUpAt ?? Infinity),
  )
  const held = toy.online && toy.queue.length > 0 && toy.holdUntil > toy.advanced ? toy.holdUntil : Infinity
  return Math.min(...connectors, held, toy.online ? toy.nextHeartbeat : Infinity, ...toy.sent.map((s) => s.giveUp))
}

function hear(toy: Toy, input: ToyInput, now: number): void {
  switch (input.type) {
    case 'connected':
      return connect(toy, now)
    case 'disconnected':
      return loseWire(toy)
    case 'frame':
      return hearFrame(toy, input.frame, now)
    case 'plug':
      return plugIn(toy, input.connector, now)
    case 'unplug':
      return unplug(toy, input.connector, now)
    case 'tap':
      return tapCard(toy, input.connector, input.idTag, now)
    case 'drive':
      return drawCurrent(toy, input.connector, input.amps, now)
    case 'silence':
      toy.silent = input.silent
      return
    case 'tick':
      return
  }
}

function connect(toy: Toy, now: number): void {
  toy.online = true
  if (toy.booted && toy.habits.afterLoss === 'boot-forget')
    for (const connector of toy.connectors)
      Object.assign(connector, { transaction: null, authorized: null, status: 'Available' })
  toy.admitted = toy.booted && toy.habits.afterLoss === 'resume'
  toy.nextHeartbeat = now + toy.heartbeat_ms
  if (!toy.admitted) boot(toy, now)
}

function boot(toy: Toy, now: number): void {
  const payload = {
    chargePointVendor: 'Toy',
    chargePointModel: toy.habits.name,
    firmwareVersion: '1.0',
    chargePointSerialNumber: toy.id,
  }
  sendCall(toy, { action: 'BootNotification', payload, keep: false, key: null, about: null }, now)
}

function hearFrame(toy: Toy, frame: ToyFrame, now: number): void {
  if (frame[0] === 2) return hearOrder(toy, frame[1], frame[2], frame[3], now)
  const sent = toy.sent.find((s) => s.id === frame[1])
  if (!sent) return
  toy.sent = toy.sent.filter((s) => s !== sent)
  if (frame[0] === 3) answered(toy, sent.call, frame[2], now)
  else refused(toy, sent.call, now)
}

function answered(toy: Toy, call: ToyCall, payload: Payload, now: number): void {
  if (call.action === 'BootNotification') return bootAnswered(toy, payload, now)
  if (call.action === 'StartTransaction' && call.key !== null)
    return nameTransaction(toy, call.key, { id: Number(payload['transactionId']), accepted: isAccepted(payload) }, now)
  if (call.action !== 'Authorize' || !call.about) return
  const { connector, idTag, remote } = call.about
  if (!isAccepted(payload)) return remote === null ? undefined : replyTo(toy, remote, { status: 'Rejected' })
  if (remote === null) allowToken(toy, connector, idTag, now)
  else takeStart(toy, remote, { number: connector, idTag }, now)
}

/** An error to a transaction message: sent again, or (by habit) dropped, and its followers go on with -1. */
function refused(toy: Toy, call: ToyCall, now: number): void {
  if (call.about?.remote) replyTo(toy, call.about.remote, { status: 'Rejected' })
  if (!call.keep) return
  toy.holdUntil = now + REFUSED_AGAIN_MS
  if (!toy.habits.dropsRefused) toy.queue.unshift(call)
  else if (call.key !== null) toy.ids[call.key] ??= -1
}

function bootAnswered(toy: Toy, payload: Payload, now: number): void {
  const again = payload['status'] === 'Accepted' ? null : now + BOOT_AGAIN_MS
  toy.heartbeat_ms = Math.max(1, Number(payload['interval']) || 60) * 1_000
  toy.nextHeartbeat = again ?? now + toy.heartbeat_ms
  if (again !== null) return
  toy.admitted = true
  toy.booted = true
  // The statuses of now come before the stored events of then.
  const stored = toy.queue
  toy.queue = []
  reportStatus(toy, 0, 'Available', now)
  toy.connectors.forEach((connector, index) => void reportStatus(toy, index + 1, connector.status, now))
  toy.queue.push(...stored)
}

function runTimers(toy: Toy, now: number): void {
  toy.connectors.forEach((connector, index) => {
    giveUpPlug(toy, index + 1, now)
    if (connector.authorized && connector.authorized.until <= now) {
      connector.authorized = null
      if (connector.status !== 'Available') sayStatus(toy, index + 1, 'Available', now)
    }
    if (!connector.transaction || connector.transaction.nextSample > now) return
    connector.transaction.nextSample = now + sampleInterval(toy)
    sendSample(toy, index + 1, 'Sample.Periodic', now)
  })
  if (giveUpOverdue(toy, now)) boot(toy, now)
  if (!toy.online || toy.nextHeartbeat > now) return
  toy.nextHeartbeat = now + toy.heartbeat_ms
  if (toy.admitted) queueCall(toy, { action: 'Heartbeat', payload: {} })
  else boot(toy, now)
}

function isAccepted(payload: Payload): boolean {
  const info = payload['idTagInfo']
  return typeof info === 'object' && info !== null && 'status' in info && info.status === 'Accepted'
}
