import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { RPCServer } from 'ocpp-rpc'
import type { ClockEstimate } from '../../actors/clock-watch.ts'
import { CallQueue } from '../../actors/ocpp/call-queue.ts'
import { ChargePointLink } from '../../actors/ocpp/charge-point-link.ts'
import { ChargePointVoice, OCPP_VERSIONS, type OcppVersion } from '../../actors/ocpp/charge-point-voice.ts'
import type { FrameBox } from '../../actors/ocpp/frame-box.ts'
import { OcppCounters, type OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { ChargePointProfile } from '../../actors/ocpp/profiles/charge-point-profile.ts'
import { DEFAULT_PROFILE } from '../../actors/ocpp/profiles/default.ts'
import type { SettingsHeard } from '../../actors/ocpp/wanted-settings.ts'
import type { ChargePointDesk, ChargePointDisplays, ChargePoints, Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { DoorKeeper, type SecurityProfile } from './door-keeper.ts'
import { isTooLarge, MOST_FRAME } from './frame-limit.ts'
import { OcppListener, type OcppTls } from './ocpp-listener.ts'
import { type CallTakers, closeSocket, quietSocket, type RpcPeer, serveSocket } from './rpc-socket.ts'
import { type GateAnswer, type Refused, sendRefusal } from './upgrade-gate.ts'

/** One charge point of the site file. */
export type ChargePointEntry = {
  readonly id: string
  /** Basic auth; absent = none asked. Clear, `hex:…` for a binary one, or hashed. */
  readonly password?: string
  /** What it must show; absent = 1 with a password, 0 without. */
  readonly security?: SecurityProfile
  readonly profile?: ChargePointProfile
  /** EVSEs (1.6: connectors) of the site's bays, asked for their state after connecting; default [1]. */
  readonly evses?: readonly number[]
  /** Versions that it may speak; absent = all. */
  readonly versions?: readonly OcppVersion[]
}

export type OcppServerOptions = {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly tls?: OcppTls
  readonly chargePoints: readonly ChargePointEntry[]
  readonly clock: Clock
  readonly desk: ChargePointDesk
  readonly log: OcppLog
  /** Hears what a charge point took and does not keep of its settings, after each boot. */
  readonly settled?: SettingsHeard
  /** Hears of a charge point that began a frame over 1 MiB: its connection is closed with 1009. */
  readonly tooLarge?: (chargePointId: string) => void
  /** Keeps frames as evidence; absent = nobody does. */
  readonly frames?: FrameBox
  /** Seconds that a charge point has for an answer; default 30. */
  readonly answerWithin_s?: number
  /** How often a silent socket is asked whether it is still there; one that does not answer until the next time is closed. Default 30. */
  readonly ping_s?: number
}

export type OcppServer = {
  /** Without TLS; where there is only TLS, its port. */
  readonly port: number
  /** With TLS; null where there is none. */
  readonly tlsPort: number | null
  /** The server without TLS; null where there is only TLS. */
  readonly server: Server | null
  readonly chargePoints: ChargePoints
  readonly displays: ChargePointDisplays
  /** Counters by name, monotonic since start. */
  counters(): { readonly [name: string]: number }
  /** How far each charge point's clock is off, as far as it is learnt on its present connection. */
  clocks(): readonly ClockEstimate[]
  /** Reads the certificate anew, and takes these passwords; no connection is touched. */
  reload(chargePoints: readonly Pick<ChargePointEntry, 'id' | 'password'>[]): void
  /** Closes every connection with 1001 and resolves when the port is free. */
  close(): Promise<void>
}

type Speaker = {
  readonly entry: ChargePointEntry
  readonly link: ChargePointLink
  readonly voice: ChargePointVoice
}

const PING_s = 30

/**
 * Opens the central system at `ws://host:port/ocpp/{chargePointId}`. Rejects with the system's error where the port cannot be taken.
 * Everything that a charge point or a stranger sends is answered, refused or counted; nothing of it ends the process.
 */
export async function openOcppServer(options: OcppServerOptions): Promise<OcppServer> {
  const counters = new OcppCounters()
  const speakers = new Map(options.chargePoints.map((entry) => [entry.id, speaker(entry, options, counters)]))
  const rpc = openRpc(speakers, counters, options)
  const { clock, log, chargePoints } = options
  const entries = chargePoints.map((entry) => ({ ...entry, versions: versionsOf(entry) }))
  const keeper = new DoorKeeper({ entries, clock, log })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    keeper.admit(request).then(
      (answer) => {
        if (!answer.let) refuse(socket, answer, counters)
        else if (!socket.destroyed) rpc.admit(request, socket, head, answer)
      },
      () => socket.destroy(),
    )
  }
  const { host, port, tls = null } = options
  const listener = new OcppListener({ host, port, tls, counters, log, upgrade })
  try {
    await listener.listen()
  } catch (cause) {
    await listener.close()
    throw cause
  }
  return {
    port: listener.port ?? listener.tlsPort ?? 0,
    tlsPort: listener.tlsPort,
    server: listener.server,
    ...orders(speakers),
    counters: () => counters.read(),
    clocks: () =>
      [...speakers].map(([device, { voice }]) => ({ kind: 'charge-point', device, offset_ms: voice.behind_ms })),
    reload: (passwords) => {
      keeper.adopt(passwords)
      listener.reload()
    },
    close: async () => {
      const closed = listener.close()
      for (const { voice } of speakers.values()) voice.close()
      await Promise.all([...speakers.values()].map((s) => s.link.close()))
      rpc.close()
      await closed
    },
  }
}

function speaker(entry: ChargePointEntry, options: OcppServerOptions, counters: OcppCounters): Speaker {
  const { clock, desk, log, frames, settled } = options
  const queue = new CallQueue(clock, entry.id, counters)
  const chargePointId = entry.id
  const answerWithin_ms = (options.answerWithin_s ?? 30) * 1_000
  const profile = entry.profile ?? DEFAULT_PROFILE
  const evses = entry.evses ?? [1]
  const parts = {
    chargePointId,
    evses,
    profile,
    clock,
    desk,
    queue,
    counters,
    log,
    answerWithin_ms,
    ...(frames ? { frames } : {}),
    ...(settled ? { settled } : {}),
  }
  const voice = new ChargePointVoice(parts, versionsOf(entry))
  const link = new ChargePointLink({ chargePointId, clock, desk, queue, counters, log })
  return { entry, link, voice }
}

const versionsOf = ({ versions }: ChargePointEntry): readonly OcppVersion[] => versions ?? OCPP_VERSIONS

function refuse(socket: Duplex, answer: Refused, counters: OcppCounters): void {
  counters.add(answer.count)
  sendRefusal(socket, answer)
}

type Admission = GateAnswer & { readonly let: true }

function openRpc(
  speakers: ReadonlyMap<string, Speaker>,
  counters: OcppCounters,
  { log, ping_s = PING_s, tooLarge }: Pick<OcppServerOptions, 'log' | 'ping_s' | 'tooLarge'>,
): {
  admit(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void
  close(): void
} {
  const takers: CallTakers = new WeakMap()
  const server = new RPCServer({
    wssOptions: {
      maxPayload: MOST_FRAME,
      perMessageDeflate: false,
      // Its type says the whole module where it means the class.
      WebSocket: quietSocket(() => counters.add('sends_dropped'), takers) as never,
    },
    protocols: [...OCPP_VERSIONS],
    // The queue before it keeps one call outstanding and its own deadlines; the library only has to remember whose answer is whose.
    callTimeoutMs: 600_000,
    callConcurrency: Number.POSITIVE_INFINITY,
    pingIntervalMs: ping_s * 1000,
    // Counted where calls are taken.
    maxBadMessages: Number.POSITIVE_INFINITY,
    strictMode: false,
  })
  const admissions = new WeakMap<IncomingMessage, Admission>()
  server.auth((accept, reject, handshake) => {
    const admission = admissions.get(handshake.request)
    if (!admission) reject(404, 'Not found')
    else accept({ id: admission.id }, admission.protocol ?? false)
  })
  server.on('error', (error) =>
    log({ level: 'warn', says: 'A WebSocket could not be opened.', about: { error: String(error) } }),
  )
  server.on('client', (peer: RpcPeer) => {
    const admission = admissions.get(peer.handshake.request)
    const speaker = admission ? speakers.get(admission.id) : undefined
    const version = OCPP_VERSIONS.find((one) => one === admission?.protocol)
    peer.on('socketError', (error) => admission && isTooLarge(error) && tooLarge?.(admission.id))
    if (version && speaker)
      return serveSocket(peer, speaker.link, speaker.voice.speak(version), takers, { counters, log })
    // A foreign subprotocol: OCPP-J wants the handshake finished without one, then closed at once.
    counters.add('refused_protocol')
    if (admission)
      log({
        level: 'warn',
        says: 'The charge point offers no subprotocol that is spoken here; set it to OCPP 1.6J, 2.0.1 or 2.1.',
        about: { chargePointId: admission.id },
      })
    closeSocket(peer, 1002, 'no common subprotocol')
  })
  return {
    admit: (request, socket, head, admission) => {
      admissions.set(request, admission)
      server.handleUpgrade(request, socket as never, head).catch(() => socket.destroy())
    },
    close: () => void server.close({ code: 1001, force: true }).catch(() => undefined),
  }
}

function orders(speakers: ReadonlyMap<string, Speaker>): Pick<OcppServer, 'chargePoints' | 'displays'> {
  const voice = (chargePointId: string): ChargePointVoice => {
    const speaker = speakers.get(chargePointId)
    if (!speaker) throw new Fault('NOT_FOUND', { chargePointId })
    return speaker.voice
  }
  return {
    chargePoints: {
      online: (chargePointId) => speakers.get(chargePointId)?.link.online ?? false,
      start: async (order) => voice(order.chargePointId).start(order),
      stop: async (order) => voice(order.chargePointId).stop(order.transactionId),
      ask: async (order) => voice(order.chargePointId).ask(order.evse, order.about),
    },
    displays: { show: async (order) => voice(order.chargePointId).show(order) },
  }
}
