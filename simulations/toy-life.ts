import type { ToyHabits } from './toy-habits.ts'
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
  type Wired,
} from './toy-wire.ts'

/** What can happen to a charge point. Connectors count from 1. */
export type ToyInput =
  | { readonly type: 'connected' | 'disconnected' | 'tick' }
  | { readonly type: 'frame'; readonly frame: ToyFrame }
  | { readonly type: 'plug' | 'unplug'; readonly connector: number }
  | { readonly type: 'tap'; readonly connector: number; readonly idTag: string }
  | { readonly type: 'drive'; readonly connector: number; readonly amps: number }
  | { readonly type: 'silence'; readonly silent: boolean }

/** A charge point under power, in whichever version it speaks. Times are ms since 1970. */
export type Alive = Wired & {
  readonly habits: Wired['habits'] & Pick<ToyHabits, 'afterLoss'>
  readonly connectors: readonly {
    status: string
    authorized: { readonly until: number } | null
    transaction: { readonly nextSample: number } | null
    readonly givesUpAt?: number | null
  }[]
  booted: boolean
  silent: boolean
  nextHeartbeat: number
  heartbeat_ms: number
  advanced: number
}

/** What differs between the versions: their words and what they do at a cable. Connectors count from 1, `now` is ms since 1970. */
export type Version<T extends Alive> = {
  readonly flow: (toy: T, now: number) => void
  readonly plug: (toy: T, connector: number, now: number) => void
  readonly unplug: (toy: T, connector: number, now: number) => void
  readonly tap: (toy: T, connector: number, idTag: string, now: number) => void
  readonly draw: (toy: T, connector: number, amps: number, now: number) => void
  /** Payload of its BootNotification. */
  readonly boots: (toy: T) => Payload
  /** A call of the central system. */
  readonly ordered: (toy: T, call: Extract<ToyFrame, readonly [2, ...unknown[]]>, now: number) => void
  /** A result for a call of its own other than BootNotification. */
  readonly answered: (toy: T, call: ToyCall, payload: Payload, now: number) => void
  /** The message id of the order that waits for this answer. */
  readonly orderOf: (remote: string) => string
  /** An error to a message that must be kept; false: it is dropped. */
  readonly keepsRefused: (toy: T, call: ToyCall) => boolean
  /** Says the statuses of now. */
  readonly report: (toy: T, now: number) => void
  /** What it says after its statuses where it had been admitted before. */
  readonly resume: (toy: T, now: number) => void
  /** What its connectors do by themselves by now. */
  readonly tick: (toy: T, now: number) => void
}

const BOOT_AGAIN_MS = 5_000
const REFUSED_AGAIN_MS = 1_000

/** Tells it what happened at `now` (never back); the answer is what it sends, in order. Changes `toy`, which is plain data. */
export function tellAlive<T extends Alive>(as: Version<T>, toy: T, input: ToyInput, now: number): readonly ToyFrame[] {
  toy.frames = []
  as.flow(toy, now)
  hear(as, toy, input, now)
  runTimers(as, toy, now)
  flushQueue(toy, now)
  const frames = toy.frames
  toy.frames = []
  return toy.silent ? [] : frames
}

/** When it wants its next `tick`, ms since 1970; infinity when only the world can wake it. */
export function wakesOf(toy: Alive): number {
  const connectors = toy.connectors.map((c) =>
    Math.min(c.authorized?.until ?? Infinity, c.transaction?.nextSample ?? Infinity, c.givesUpAt ?? Infinity),
  )
  const held = toy.online && toy.queue.length > 0 && toy.holdUntil > toy.advanced ? toy.holdUntil : Infinity
  return Math.min(...connectors, held, toy.online ? toy.nextHeartbeat : Infinity, ...toy.sent.map((s) => s.giveUp))
}

function hear<T extends Alive>(as: Version<T>, toy: T, input: ToyInput, now: number): void {
  switch (input.type) {
    case 'connected':
      return connect(as, toy, now)
    case 'disconnected':
      return loseWire(toy)
    case 'frame':
      return hearFrame(as, toy, input.frame, now)
    case 'plug':
      return as.plug(toy, input.connector, now)
    case 'unplug':
      return as.unplug(toy, input.connector, now)
    case 'tap':
      return as.tap(toy, input.connector, input.idTag, now)
    case 'drive':
      return as.draw(toy, input.connector, input.amps, now)
    case 'silence':
      toy.silent = input.silent
      return
    case 'tick':
      return
  }
}

function connect<T extends Alive>(as: Version<T>, toy: T, now: number): void {
  toy.online = true
  if (toy.booted && toy.habits.afterLoss === 'boot-forget')
    for (const connector of toy.connectors)
      Object.assign(connector, { transaction: null, authorized: null, status: 'Available' })
  toy.admitted = toy.booted && toy.habits.afterLoss === 'resume'
  toy.nextHeartbeat = now + toy.heartbeat_ms
  if (!toy.admitted) boot(as, toy, now)
}

function boot<T extends Alive>(as: Version<T>, toy: T, now: number): void {
  const call = { action: 'BootNotification', payload: as.boots(toy), keep: false, key: null, about: null }
  sendCall(toy, call, now)
}

function hearFrame<T extends Alive>(as: Version<T>, toy: T, frame: ToyFrame, now: number): void {
  if (frame[0] === 2) return as.ordered(toy, frame, now)
  const sent = toy.sent.find((s) => s.id === frame[1])
  if (!sent) return
  toy.sent = toy.sent.filter((s) => s !== sent)
  if (frame[0] !== 3) return refused(as, toy, sent.call, now)
  if (sent.call.action === 'BootNotification') bootAnswered(as, toy, frame[2], now)
  else as.answered(toy, sent.call, frame[2], now)
}

/** An error: what must be kept is sent again, unless by habit it is dropped. */
function refused<T extends Alive>(as: Version<T>, toy: T, call: ToyCall, now: number): void {
  if (call.about?.remote) replyTo(toy, as.orderOf(call.about.remote), { status: 'Rejected' })
  if (!call.keep) return
  toy.holdUntil = now + REFUSED_AGAIN_MS
  if (as.keepsRefused(toy, call)) toy.queue.unshift(call)
}

function bootAnswered<T extends Alive>(as: Version<T>, toy: T, payload: Payload, now: number): void {
  const again = payload['status'] === 'Accepted' ? null : now + BOOT_AGAIN_MS
  const wasBooted = toy.booted
  toy.heartbeat_ms = Math.max(1, Number(payload['interval']) || 60) * 1_000
  toy.nextHeartbeat = again ?? now + toy.heartbeat_ms
  if (again !== null) return
  toy.admitted = true
  toy.booted = true
  // The statuses of now come before the stored events of then.
  const stored = toy.queue
  toy.queue = []
  as.report(toy, now)
  toy.queue.push(...stored)
  if (wasBooted) as.resume(toy, now)
}

function runTimers<T extends Alive>(as: Version<T>, toy: T, now: number): void {
  as.tick(toy, now)
  if (giveUpOverdue(toy, now)) boot(as, toy, now)
  if (!toy.online || toy.nextHeartbeat > now) return
  toy.nextHeartbeat = now + toy.heartbeat_ms
  if (toy.admitted) queueCall(toy, { action: 'Heartbeat', payload: {} })
  else boot(as, toy, now)
}
