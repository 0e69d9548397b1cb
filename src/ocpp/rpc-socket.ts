import type { IncomingMessage } from 'node:http'
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
  on(event: 'badMessage', listener: (bad: { error: unknown }) => void): void
}

const OPEN = 1
const CLOSE_GRACE_MS = 500

/** CALLRESULTERROR and SEND of OCPP 2.1: they want no answer, and the library would answer them with an error. */
const UNANSWERED = /^\s*\[\s*[56]\s*,/
/** So much of a frame says what it is. */
const HEAD = 64

/** The frame that the library is reading: it hands a call over before it reads the next one. */
export type FrameInHand = { data: Buffer | null }

/** A WebSocket that keeps frames which want no answer from the library; `dropped` is called for each. */
export function quietSocket(dropped: () => void, inHand: FrameInHand): typeof WebSocket {
  return class QuietSocket extends WebSocket {
    override emit(event: string | symbol, ...about: unknown[]): boolean {
      const [data] = about
      if (event === 'message' && Buffer.isBuffer(data) && UNANSWERED.test(data.toString('latin1', 0, HEAD))) {
        dropped()
        return true
      }
      if (event !== 'message') return super.emit(event as string, ...about)
      inHand.data = Buffer.isBuffer(data) ? data : null
      try {
        return super.emit(event, ...about)
      } finally {
        inHand.data = null
      }
    }
  }
}

/** Plugs an accepted ocpp-rpc socket to its charge point's link. */
export function serveSocket(
  peer: RpcPeer,
  link: ChargePointLink,
  dialect: Dialect,
  inHand: FrameInHand,
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
  peer.handle(async ({ method, params }) => {
    const { data } = inHand
    const text = data === null ? undefined : () => data.toString()
    return words(await ends.hear(method, params, text), counters)
  })
  peer.on('close', () => ends.gone())
  peer.on('badMessage', ({ error }) => {
    counters.add('bad_messages')
    const says = 'A frame that is no OCPP message came in; it was answered with an error where the protocol has one.'
    log({ level: 'warn', says, about: { peer: raw.remoteAddress, error: String(error).slice(0, 200) } })
  })
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
