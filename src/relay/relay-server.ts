import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { OcppCounters, type OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { Clock } from '../../actors/ports.ts'
import { type DoorEntry, DoorKeeper } from '../ocpp/door-keeper.ts'
import { MOST_FRAME } from '../ocpp/frame-limit.ts'
import { OcppListener, type OcppTls } from '../ocpp/ocpp-listener.ts'
import { sendRefusal } from '../ocpp/upgrade-gate.ts'
import type { ChargePointMemory } from './charge-point-memory.ts'
import type { ChargePointRelay } from './charge-point-relay.ts'
import type { RelayCounters } from './relay-counters.ts'
import type { FirstDial, UpstreamLine } from './upstream-line.ts'

export type RelayServerOptions = {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly relays: ReadonlyMap<string, ChargePointRelay>
  /** TLS towards charge points; null = none. */
  readonly tls: OcppTls | null
  /** What each must show here; a charge point that needs to show nothing is the back end's to check. */
  readonly doors: readonly Pick<DoorEntry, 'id' | 'password' | 'security'>[]
  readonly log: OcppLog
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
  readonly #listener: OcppListener
  readonly #keeper: DoorKeeper
  #proven: ReadonlySet<string>
  /** The newest handshake that came in, by charge point. */
  readonly #newest = new Map<string, number>()
  #knocks = 0
  readonly #protocols = new WeakMap<IncomingMessage, string>()
  readonly #sockets: WebSocketServer

  /** Throws an Error with one sentence where the certificate's files do not hold. */
  constructor(options: RelayServerOptions) {
    this.#options = options
    const { host, port, tls, clock, log, counters, doors } = options
    this.#keeper = new DoorKeeper({ entries: doors.map((door) => ({ ...door, versions: PREFERRED })), clock, log })
    this.#proven = provenBy(doors)
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MOST_FRAME,
      perMessageDeflate: false,
      clientTracking: false,
      handleProtocols: (_offered, request) => this.#protocols.get(request) || false,
    })
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      socket.on('error', () => socket.destroy())
      this.#upgrade(request, socket, head).catch(() => {
        counters.add('surprises')
        socket.destroy()
      })
    }
    this.#listener = new OcppListener({ host, port, tls, counters: new OcppCounters(), log, upgrade })
  }

  get port(): number {
    return this.#listener.port ?? this.#listener.tlsPort ?? 0
  }

  get tlsPort(): number | null {
    return this.#listener.tlsPort
  }

  /** Takes the passwords of now, by charge point; who is connected stays. */
  adopt(passwords: { readonly [id: string]: string }): void {
    const doors = this.#options.doors.map(({ password: _former, ...door }) => {
      const password = passwords[door.id]
      return password === undefined ? door : { ...door, password }
    })
    this.#proven = provenBy([...doors, ...this.#options.doors])
    this.#keeper.adopt(doors)
  }

  /** Rejects with the system's error where the port cannot be taken. */
  listen(): Promise<void> {
    return this.#listener.listen()
  }

  close(): Promise<void> {
    return this.#listener.close()
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { relays, dialWithin_ms, memory } = this.#options
    const admitted = await this.#keeper.admit(request)
    if (!admitted.let) return this.#refuse(socket, admitted)
    const relay = relays.get(admitted.id)
    if (!relay) return this.#refuse(socket, { status: 404, says: 'This charge point is not known here.' })
    this.#knocks += 1
    const knock = this.#knocks
    const { authorization } = request.headers
    const offered = offeredBy(request)
    const line = await relay.newLine(authorization, offered)
    const dial = await line.dial(dialWithin_ms)
    const answer = this.#answer(admitted.id, authorization, offered, dial)
    // Only who comes in takes another's place: a knock that the back end refuses is nobody's.
    const isNewest = knock > (this.#newest.get(admitted.id) ?? 0)
    if (typeof answer !== 'string' || socket.destroyed || !isNewest) {
      line.close(1001, 'the charge point did not come in')
      relay.turnedAway()
      return typeof answer === 'string' ? void socket.destroy() : this.#refuse(socket, answer)
    }
    this.#newest.set(admitted.id, knock)
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
    socket.once('close', () => {
      if (taken) return
      to.line.close(1001, 'the charge point did not come in')
      to.relay.turnedAway()
    })
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      taken = true
      to.relay.connect(opened, socket, to.line, to.protocol)
    })
  }

  /** The subprotocol to go on with, or why the charge point may not come in. */
  #answer(
    id: string,
    authorization: string | undefined,
    offered: readonly string[],
    dial: FirstDial,
  ): string | Refusal {
    const { memory } = this.#options
    if (dial.kind === 'open') return dial.protocol
    if (dial.kind === 'refused') return { status: dial.status, says: 'The back end refuses this charge point.' }
    // Nobody is there to check it: who has come in before comes in again.
    if (!this.#proven.has(id) && !memory.knows(id, authorization))
      return {
        status: 503,
        says: 'The back end cannot be reached, and has not let this charge point in before; try again later.',
      }
    const last = memory.protocol(id)
    return last !== null && offered.includes(last) ? last : (offered[0] ?? '')
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    this.#options.counters.add('upgrades_refused')
    sendRefusal(socket, refusal)
  }
}

/** Charge points that have proven here who they are, once they are in. */
function provenBy(doors: RelayServerOptions['doors']): ReadonlySet<string> {
  return new Set(doors.flatMap(({ id, password, security }) => (password !== undefined || security === 3 ? id : [])))
}

/** Names that the gate has found readable. */
function offeredBy(request: IncomingMessage): readonly string[] {
  const header = request.headers['sec-websocket-protocol']
  return header === undefined ? [] : header.split(',').map((name) => name.trim())
}
