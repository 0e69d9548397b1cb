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
import { type ToyInput, tellAlive, type Version } from './toy-life.ts'
import { hearOrder, takeStart } from './toy-orders.ts'
import { type Payload, replyTo, type Toy, type ToyCall, type ToyFrame } from './toy-wire.ts'

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

const VERSION: Version<Toy> = {
  flow: letEnergyFlow,
  plug: plugIn,
  unplug,
  tap: tapCard,
  draw: drawCurrent,
  boots: (toy) => ({
    chargePointVendor: 'Toy',
    chargePointModel: toy.habits.name,
    firmwareVersion: '1.0',
    chargePointSerialNumber: toy.id,
  }),
  ordered: (toy, [, id, action, payload], now) => hearOrder(toy, id, action, payload, now),
  answered,
  orderOf: (remote) => remote,
  keepsRefused,
  report(toy, now) {
    reportStatus(toy, 0, 'Available', now)
    toy.connectors.forEach((connector, index) => void reportStatus(toy, index + 1, connector.status, now))
  },
  resume: () => undefined,
  tick,
}

/** Tells it what happened at `now` (ms since 1970, never back); the answer is what it sends, in order. Changes `toy`, which is plain data. */
export const tellToy = (toy: Toy, input: ToyInput, now: number): readonly ToyFrame[] =>
  tellAlive(VERSION, toy, input, now)

function answered(toy: Toy, call: ToyCall, payload: Payload, now: number): void {
  if (call.action === 'StartTransaction' && call.key !== null)
    return nameTransaction(toy, call.key, { id: Number(payload['transactionId']), accepted: isAccepted(payload) }, now)
  if (call.action !== 'Authorize' || !call.about) return
  const { connector, idTag, remote } = call.about
  if (!isAccepted(payload)) return remote === null ? undefined : replyTo(toy, remote, { status: 'Rejected' })
  if (remote === null) allowToken(toy, connector, idTag, now)
  else takeStart(toy, remote, { number: connector, idTag }, now)
}

/** By habit a refused message is dropped, and what followed it goes on with -1. */
function keepsRefused(toy: Toy, call: ToyCall): boolean {
  if (toy.habits.dropsRefused && call.key !== null) toy.ids[call.key] ??= -1
  return !toy.habits.dropsRefused
}

function tick(toy: Toy, now: number): void {
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
}

function isAccepted(payload: Payload): boolean {
  const info = payload['idTagInfo']
  return typeof info === 'object' && info !== null && 'status' in info && info.status === 'Accepted'
}
