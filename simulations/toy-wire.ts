import type { ToyHabits } from './toy-habits.ts'

/** A sent or received OCPP-J frame, without its JSON. */
export type ToyFrame =
  | readonly [2, string, string, Payload]
  | readonly [3, string, Payload]
  | readonly [4, string, string, string, Payload]
export type Payload = { readonly [key: string]: unknown }

/** One connector. Times in ms since 1970 by the true clock; the skew is only put on what is sent. */
export type ToyConnector = {
  plugged: boolean
  status: string
  /** What the car takes once it may, in A over one phase of 230 V. */
  amps: number
  register_Wh: number
  authorized: { readonly idTag: string; readonly until: number } | null
  transaction: ToyTransaction | null
  /** When it says Finishing to a plug that nobody started; absent = not waiting. */
  givesUpAt?: number
}
/** `key` is the charge point's own count; `id` what the central system gave it. */
type ToyTransaction = { readonly key: number; readonly idTag: string; nextSample: number; id: number | null }

/** A call to be sent. `keep`: survives a lost connection, and is sent again until answered. The transaction id is filled in when it is sent. */
export type ToyCall = {
  readonly action: string
  readonly payload: Payload
  readonly keep: boolean
  readonly key: number | null
  /** What an answer is awaited for; `remote` is the message id of the remote start that waits for it. */
  readonly about: { readonly connector: number; readonly idTag: string; readonly remote: string | null } | null
}

/** The whole charge point as plain data. */
export type Toy = {
  readonly id: string
  readonly habits: ToyHabits
  readonly connectors: ToyConnector[]
  readonly configuration: Record<string, string>
  online: boolean
  /** It may send: its boot was accepted, or it needs none. */
  admitted: boolean
  booted: boolean
  /** Answers nothing and sends nothing. */
  silent: boolean
  calls: number
  transactions: number
  ids: Record<number, number>
  queue: ToyCall[]
  sent: { readonly id: string; readonly call: ToyCall; readonly giveUp: number }[]
  nextHeartbeat: number
  /** Nothing leaves the queue before this: a refused message is not sent again at once. */
  holdUntil: number
  heartbeat_ms: number
  /** Up to when the energy has flowed. */
  advanced: number
  frames: ToyFrame[]
}

/** What the wire needs of a charge point, in whichever version it speaks. */
export type Wired = Pick<
  Toy,
  'id' | 'online' | 'admitted' | 'calls' | 'ids' | 'queue' | 'sent' | 'holdUntil' | 'frames'
> & { readonly habits: Pick<ToyHabits, 'overlaps' | 'callTimeout_s' | 'clockSkew_ms'> }

/** Puts a call in line; offline, only what must be kept. */
export function queueCall(toy: Wired, call: Pick<ToyCall, 'action' | 'payload'> & Partial<ToyCall>): void {
  const whole = { keep: false, key: null, about: null, ...call }
  if (toy.online || whole.keep) toy.queue.push(whole)
}

/** Sends what may be sent: nothing before the boot is accepted, one call at a time (two for those that overlap), a transaction's calls once it has its id. */
export function flushQueue(toy: Wired, now: number): void {
  const most = toy.habits.overlaps ? 2 : 1
  while (toy.online && toy.admitted && now >= toy.holdUntil && toy.sent.length < most) {
    const call = toy.queue[0]
    if (!call || (belongs(call) && toy.ids[call.key ?? 0] === undefined)) return
    toy.queue.shift()
    sendCall(toy, call, now)
  }
}

/** Sends at once, whatever waits. */
export function sendCall(toy: Wired, call: ToyCall, now: number): void {
  toy.calls += 1
  const id = `${toy.id}-${toy.calls}`
  toy.sent.push({ id, call, giveUp: now + toy.habits.callTimeout_s * 1_000 })
  const payload = belongs(call) ? { ...call.payload, transactionId: toy.ids[call.key ?? 0] } : call.payload
  toy.frames.push([2, id, call.action, payload])
}

export function replyTo(toy: Wired, id: string, payload: Payload): void {
  toy.frames.push([3, id, payload])
}

/** The connection is gone: what was sent and not answered goes first again if it must be kept. */
export function loseWire(toy: Wired): void {
  toy.online = false
  toy.admitted = false
  toy.queue = [...toy.sent.map((s) => s.call), ...toy.queue].filter((call) => call.keep)
  toy.sent = []
}

/** Gives up what was not answered in time; what must be kept goes first again. True when a boot was among it. */
export function giveUpOverdue(toy: Wired, now: number): boolean {
  const overdue = toy.sent.filter((s) => s.giveUp <= now).map((s) => s.call)
  toy.sent = toy.sent.filter((s) => s.giveUp > now)
  toy.queue.unshift(...overdue.filter((call) => call.keep))
  return overdue.some((call) => call.action === 'BootNotification')
}

/** The charge point's own time, ISO 8601. */
export function toyStamp(toy: Wired, now: number): string {
  return new Date(now + toy.habits.clockSkew_ms).toISOString()
}

function belongs(call: ToyCall): boolean {
  return call.key !== null && call.action !== 'StartTransaction'
}
