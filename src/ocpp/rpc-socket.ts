import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import ocppRpc from 'ocpp-rpc'
import { WebSocket } from 'ws'
import { CallErrorAnswer } from '../../actors/ocpp/call-queue.ts'
import type { CallAnswer, ChargePointLink, Connection, Dialect } from '../../actors/ocpp/charge-point-link.ts'
import type { OcppCounters, OcppLog } from '../../actors/ocpp/ocpp-counters.ts'

/** The part of ocpp-rpc's server-side client that is used (the package does not export its type). */
export type RpcPeer = {
  readonly handshake: { readonly request: IncomingMessage }
  readonly state: number
  call(action: string, payload: object): Promise<unknown>
  close(how: { code: number; reason: string }): Promise<unknown>
  handle(handler: (call: { method: string; params: unknown }) => Promise<unknown>): void
  on(event: 'close', listener: () => void): void
  on(event: 'socketError', listener: (error: unknown) => void): void
  on(event: 'badMessage', listener: (bad: { error: unknown }) => void): void
}

const OPEN = 1
const CLOSE_GRACE_MS = 500
/** So many frames in a row that are no OCPP: the other end is no charge point. */
const MOST_BAD_IN_A_ROW = 50

/** A call as it came in: its frame is read once, here, and answered without the library's detours. */
type RawCall = {
  readonly id: string | number
  readonly action: string
  readonly payload: unknown
  readonly data: Buffer
}
type CallTaker = (call: RawCall, socket: WebSocket) => void

/** Who takes the calls of a connection, by its TCP socket. */
export type CallTakers = WeakMap<Duplex, CallTaker>

/**
 * A WebSocket that hands calls to whoever takes them, and keeps CALLRESULTERROR and SEND of OCPP 2.1 from the library, which would answer
 * them with an error although they want no answer; `dropped` is called for each. All else is the library's: answers, and what is no OCPP.
 */
export function quietSocket(dropped: () => void, takers: CallTakers): typeof WebSocket {
  return class QuietSocket extends WebSocket {
    override emit(event: string | symbol, ...about: unknown[]): boolean {
      const [data] = about
      if (event !== 'message' || !Buffer.isBuffer(data)) return super.emit(event as string, ...about)
      const frame = readArray(data)
      if (frame?.[0] === 5 || frame?.[0] === 6) {
        dropped()
        return true
      }
      const call = frame === null ? null : readCall(frame, data)
      // Its type says nothing of the TCP socket below.
      const raw = (this as unknown as { readonly _socket: Duplex | null })._socket
      const taker = call && raw ? takers.get(raw) : undefined
      if (!call || !taker) return super.emit(event as string, ...about)
      taker(call, this)
      return true
    }
  }
}

function readArray(data: Buffer): readonly unknown[] | null {
  try {
    const frame: unknown = JSON.parse(data.toString())
    return Array.isArray(frame) ? frame : null
  } catch {
    return null
  }
}

/** Null where it is no call. Some charge points number their messages: they get the number back. */
function readCall([type, id, action, payload]: readonly unknown[], data: Buffer): RawCall | null {
  if (type !== 2 || typeof action !== 'string') return null
  return typeof id === 'string' || typeof id === 'number' ? { id, action, payload, data } : null
}

/** Plugs an accepted ocpp-rpc socket to its charge point's link. */
export function serveSocket(
  peer: RpcPeer,
  link: ChargePointLink,
  dialect: Dialect,
  takers: CallTakers,
  { counters, log }: { readonly counters: OcppCounters; readonly log: OcppLog },
): void {
  const raw = peer.handshake.request.socket
  const connection: Connection = {
    buffered: () => raw.writableLength,
    send: (action, payload) => send(peer, action, payload),
    close: (code, reason) => closeSocket(peer, code, reason),
    destroy: () => raw.destroy(),
  }
  const ends = link.connect(connection, dialect)
  const underWay = new Set<string | number>()
  let bad = 0
  takers.set(raw, ({ id, action, payload, data }, socket) => {
    bad = 0
    if (peer.state !== OPEN) return
    // The same message once more, while it is still being dealt with: one answer is on its way.
    if (underWay.has(id)) return counters.add('calls_twice')
    underWay.add(id)
    void ends
      .hear(action, payload, () => data.toString())
      .then((answer) => {
        underWay.delete(id)
        const text = answerText(id, answer, counters)
        if (text !== null && socket.readyState === OPEN) socket.send(text)
      })
  })
  // What came in before this was plugged in comes by the library.
  peer.handle(async ({ method, params }) => words(await ends.hear(method, params), counters))
  peer.on('close', () => ends.gone())
  peer.on('badMessage', ({ error }) => {
    counters.add('bad_messages')
    const says = 'A frame that is no OCPP message came in; it was answered with an error where the protocol has one.'
    log({ level: 'warn', says, about: { peer: raw.remoteAddress, error: String(error).slice(0, 200) } })
    bad += 1
    if (bad > MOST_BAD_IN_A_ROW) closeSocket(peer, 1002, 'too many frames that are no OCPP')
  })
}

/** The frame of an answer; null where none is sent. */
function answerText(id: string | number, answer: CallAnswer, counters: OcppCounters): string | null {
  if (answer.kind === 'none') return null
  if (answer.kind === 'result') return JSON.stringify([3, id, answer.payload])
  counters.add('call_errors_out')
  return JSON.stringify([4, id, answer.code, answer.says, {}])
}

/** Closes with a code; a peer that does not play along is cut off after half a second. */
export function closeSocket(peer: RpcPeer, code: number, reason: string): void {
  peer.close({ code, reason }).catch(() => undefined)
  const raw = peer.handshake.request.socket
  setTimeout(() => raw.destroy(), CLOSE_GRACE_MS).unref()
}

/** Nobody may wait for a naked `call`: it rejects when the socket closes. */
async function send(peer: RpcPeer, action: string, payload: object): Promise<unknown> {
  if (peer.state !== OPEN) throw new Error('the socket is closing')
  try {
    return await peer.call(action, payload)
  } catch (error) {
    const code = error instanceof Error && 'rpcErrorCode' in error ? String(error.rpcErrorCode) : null
    throw code === null ? error : new CallErrorAnswer(code, error instanceof Error ? error.message.slice(0, 200) : '')
  }
}

function words(answer: CallAnswer, counters: OcppCounters): unknown {
  if (answer.kind === 'result') return answer.payload
  if (answer.kind === 'none') return ocppRpc.NOREPLY
  counters.add('call_errors_out')
  throw ocppRpc.createRPCError(answer.code, answer.says)
}
