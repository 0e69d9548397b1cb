import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { ConnectionRate } from '../ocpp/connection-rate.ts'
import { judgeUpgrade } from '../ocpp/upgrade-gate.ts'
import type { ChargePointMemory } from './charge-point-memory.ts'
import type { ChargePointRelay } from './charge-point-relay.ts'
import type { RelayCounters } from './relay-counters.ts'
import { MOST_FRAME } from './relay-socket.ts'
import type { FirstDial, UpstreamLine } from './upstream-line.ts'

export type RelayServerOptions = {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly relays: ReadonlyMap<string, ChargePointRelay>
  /** Passwords that the relay checks itself; a charge point without one is the back end's to check. */
  readonly passwords: ReadonlyMap<string, string>
  readonly memory: ChargePointMemory
  readonly clock: Clock
  readonly counters: RelayCounters
  /** How long an upgrade waits for the back end, ms. */
  readonly dialWithin_ms: number
}

type Refusal = { readonly status: number; readonly says: string }

const PREFERRED = ['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6']

/** The door for charge points: `ws://host:port/ocpp/{chargePointId}`. Who comes in is decided before any WebSocket code sees the request. */
export class RelayServer {
  readonly #options: RelayServerOptions
  readonly #http: Server
  readonly #rate: ConnectionRate
  readonly #newest = new Map<string, IncomingMessage>()
  readonly #protocols = new WeakMap<IncomingMessage, string>()
  readonly #sockets: WebSocketServer

  constructor(options: RelayServerOptions) {
    this.#options = options
    this.#rate = new ConnectionRate(options.clock)
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MOST_FRAME,
      perMessageDeflate: false,
      clientTracking: false,
      handleProtocols: (_offered, request) => this.#protocols.get(request) || false,
    })
    this.#http = createServer(
      { noDelay: true, headersTimeout: 10_000, requestTimeout: 10_000 },
      (request, response) => {
        const known = (request.url ?? '').startsWith('/ocpp/')
        response.writeHead(known ? 426 : 404, { 'content-type': 'text/plain; charset=utf-8' })
        response.end('Charge points connect here with a WebSocket to /ocpp/{chargePointId}.\n')
      },
    )
    this.#http.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
      else socket.destroy()
    })
    this.#http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      this.#upgrade(request, socket, head).catch(() => {
        options.counters.add('surprises')
        socket.destroy()
      })
    })
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  /** Rejects with the system's error where the port cannot be taken. */
  async listen(): Promise<void> {
    const { host, port, counters } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject)
      this.#http.listen(port, host, () => {
        this.#http.off('error', reject)
        resolve()
      })
    })
    this.#http.on('error', () => counters.add('surprises'))
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()))
    this.#http.closeAllConnections()
    await closed
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { relays, dialWithin_ms, memory } = this.#options
    const admitted = this.#judge(request)
    if ('status' in admitted) return this.#refuse(socket, admitted)
    const relay = relays.get(admitted.id)
    if (!relay) return this.#refuse(socket, { status: 404, says: 'This charge point is not known here.' })
    this.#newest.set(admitted.id, request)
    const { authorization } = request.headers
    const offered = offeredBy(request)
    const line = relay.newLine(authorization, offered)
    const dial = await line.dial(dialWithin_ms)
    const answer = this.#answer(admitted.id, authorization, offered, dial)
    const isNewest = this.#newest.get(admitted.id) === request
    if (isNewest) this.#newest.delete(admitted.id)
    if (typeof answer !== 'string' || socket.destroyed || !isNewest) {
      line.close(1001, 'the charge point did not come in')
      return typeof answer === 'string' ? void socket.destroy() : this.#refuse(socket, answer)
    }
    if (dial.kind === 'open') memory.letIn(admitted.id, authorization, answer)
    this.#let(request, socket, head, { relay, line, protocol: answer })
  }

  #let(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    to: { readonly relay: ChargePointRelay; readonly line: UpstreamLine; readonly protocol: string },
  ): void {
    this.#protocols.set(request, to.protocol)
    let taken = false
    // A handshake that `ws` itself refuses ends the socket without calling back.
    socket.once('close', () => taken || to.line.close(1001, 'the charge point did not come in'))
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      taken = true
      to.relay.connect(opened, to.line, to.protocol)
    })
  }

  #judge(request: IncomingMessage): { readonly id: string } | Refusal {
    const { relays, passwords } = this.#options
    const address = request.socket.remoteAddress ?? ''
    if (!this.#rate.admit(address))
      return { status: 429, says: 'Too many connections from this address; wait a minute.' }
    const passwordOf = (id: string): string | null | undefined =>
      relays.has(id) ? (passwords.get(id) ?? null) : undefined
    const answer = judgeUpgrade(request, passwordOf, PREFERRED)
    if (answer.let) return { id: answer.id }
    this.#rate.penalize(address)
    return { status: answer.status, says: answer.says }
  }

  /** The subprotocol to go on with, or why the charge point may not come in. */
  #answer(
    id: string,
    authorization: string | undefined,
    offered: readonly string[],
    dial: FirstDial,
  ): string | Refusal {
    const { memory, passwords } = this.#options
    if (dial.kind === 'open') return dial.protocol
    if (dial.kind === 'refused') return { status: dial.status, says: 'The back end refuses this charge point.' }
    // Nobody is there to check it: who has come in before comes in again.
    if (!passwords.has(id) && !memory.knows(id, authorization))
      return {
        status: 503,
        says: 'The back end cannot be reached, and has not let this charge point in before; try again later.',
      }
    const last = memory.protocol(id)
    return last !== null && offered.includes(last) ? last : (offered[0] ?? '')
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    this.#options.counters.add('upgrades_refused')
    const body = `${refusal.says}\n`
    const lines = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(refusal.status === 401 ? ['WWW-Authenticate: Basic realm="ocpp"'] : []),
    ]
    socket.once('finish', () => socket.destroy())
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
  }
}

/** Names that the gate has found readable. */
function offeredBy(request: IncomingMessage): readonly string[] {
  const header = request.headers['sec-websocket-protocol']
  return header === undefined ? [] : header.split(',').map((name) => name.trim())
}
