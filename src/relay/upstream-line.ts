import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { MOST_FRAME } from '../ocpp/frame-limit.ts'
import type { RedialBell } from './redial-bell.ts'
import type { RelayCounters } from './relay-counters.ts'
import { RelaySocket } from './relay-socket.ts'

export type UpstreamEars = {
  /** A connection is there; `epoch` tells one from the next. */
  open(epoch: number): void
  frame(data: Buffer, isText: boolean, epoch: number): void
  lost(epoch: number): void
  /** The back end has let the line in with another subprotocol than the charge point speaks; it is dialled again. */
  other(protocol: string): void
  /** The back end began a frame that is too large. */
  tooLarge(): void
}

/** PEM files: authorities that are trusted instead of the public ones, and a client certificate with its key. */
export type UpstreamTlsFiles = { readonly ca?: string; readonly cert?: string; readonly key?: string }

export type UpstreamOptions = {
  /** With the charge point's id behind it. */
  readonly url: string
  readonly authorization: string | undefined
  readonly tls?: UpstreamTlsFiles
  /** Subprotocols that the charge point offers, best first. */
  readonly protocols: readonly string[]
  readonly clock: Clock
  /** 0..1, for the jitter of redials. */
  readonly chance: () => number
  readonly counters: RelayCounters
  readonly ears: UpstreamEars
  readonly nextEpoch: () => number
  /** First pause before a redial, ms; doubles up to a quarter of a minute, where the back end refused to a whole one. */
  readonly redial_ms: number
  /** Rings when another line to the same back end gets through; absent = none does. */
  readonly bell?: RedialBell
}

/** How the first dial ended: with the subprotocol that the back end chose, with its refusal, or not (it is tried on). */
export type FirstDial =
  | { readonly kind: 'open'; readonly protocol: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'away' }

const LONGEST_REDIAL_MS = 15_000
const REFUSED_REDIAL_MS = 60_000
const HANDSHAKE_MS = 10_000
/** Answers that say no; any other status is a back end that is not well. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 410])

/**
 * The connection to the back end in the name of one charge point: dialled with its credentials and subprotocols, dialled again for
 * as long as it is wanted. The first connect that fails is retried like any other.
 */
export class UpstreamLine {
  readonly #options: UpstreamOptions
  #protocols: readonly string[]
  /** What the charge point speaks, once it is in. */
  #given: string | null = null
  #live: { readonly socket: RelaySocket; readonly epoch: number } | null = null
  #dialling: WebSocket | null = null
  #pause: number
  #closed = false
  #disarm: () => void = () => undefined
  #first: ((dial: FirstDial) => void) | null = null

  constructor(options: UpstreamOptions) {
    this.#options = options
    this.#protocols = options.protocols
    this.#pause = options.redial_ms
  }

  /** The credentials that it is dialled with. */
  get authorization(): string | undefined {
    return this.#options.authorization
  }

  get open(): boolean {
    return this.#live?.socket.open ?? false
  }

  get epoch(): number {
    return this.#live?.epoch ?? 0
  }

  get socket(): RelaySocket | null {
    return this.#live?.socket ?? null
  }

  /** Dials; resolves after `patience_ms` at the latest. Frames of the back end wait until `start`. */
  dial(patience_ms: number): Promise<FirstDial> {
    return new Promise((resolve) => {
      const disarm = this.#options.clock.after(patience_ms, () => this.#first?.({ kind: 'away' }))
      this.#first = (dial) => {
        this.#first = null
        disarm()
        resolve(dial)
      }
      this.#dial()
    })
  }

  /** The charge point is in, with this subprotocol: from now on frames flow, and redials offer no other one. */
  start(protocol: string): void {
    this.#protocols = protocol === '' ? [] : [protocol]
    this.#given = protocol
    this.#live?.socket.release()
  }

  /** Dials until it is closed; a refusal is asked again, slowly. */
  keepDialling(): void {
    this.#dial()
  }

  /** Sends; false where the line is down. */
  send(data: string | Buffer, isText = true): boolean {
    return this.#live?.socket.send(data, isText) ?? false
  }

  /** Not wanted any more. */
  close(code: number, reason: string): void {
    this.#closed = true
    this.#disarm()
    this.#dialling?.terminate()
    this.#live?.socket.close(code, reason)
    this.#first?.({ kind: 'away' })
  }

  #dial(): void {
    const { url, authorization, counters, tls } = this.#options
    const files = readTls(tls)
    if (typeof files === 'string') {
      counters.add('upstream_dial_failed')
      // Like a line that cannot be dialled: the file may be on its way.
      queueMicrotask(() => {
        this.#redial(false)
        this.#first?.({ kind: 'away' })
      })
      return
    }
    const socket = new WebSocket(url, [...this.#protocols], {
      ...files,
      headers: authorization === undefined ? {} : { authorization },
      maxPayload: MOST_FRAME,
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      followRedirects: false,
    })
    this.#dialling = socket
    socket.once('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0
      request.destroy()
      this.#failed(socket, REFUSALS.has(status) ? { kind: 'refused', status } : { kind: 'away' })
    })
    socket.on('error', () => {
      counters.add('upstream_dial_failed')
      this.#failed(socket, { kind: 'away' })
    })
    socket.once('open', () => this.#opened(socket))
  }

  #failed(socket: WebSocket, how: FirstDial): void {
    if (this.#dialling !== socket) return
    this.#dialling = null
    // One that has refused us is asked again, slowly: a charge point's registration may come later than its first call.
    if (how.kind === 'refused') this.#pause = REFUSED_REDIAL_MS
    const first = this.#first
    if (first && how.kind === 'refused') this.#closed = true
    this.#redial(how.kind === 'away')
    first?.(how)
  }

  #opened(socket: WebSocket): void {
    const { clock, counters, ears, nextEpoch } = this.#options
    this.#dialling = null
    if (this.#closed) return socket.terminate()
    if (this.#given !== null && socket.protocol !== this.#given) return this.#spoke(socket)
    socket.removeAllListeners('error')
    const epoch = nextEpoch()
    const live = new RelaySocket(socket, null, clock, counters, {
      frame: (data, isText) => ears.frame(data, isText, epoch),
      gone: () => this.#lost(epoch),
      tooLarge: () => ears.tooLarge(),
    })
    this.#live = { socket: live, epoch }
    counters.add('upstream_opened')
    const opened_at = clock.now()
    this.#calm(epoch, opened_at)
    if (this.#first) {
      // Nobody can take its frames before the charge point is in.
      live.hold()
      this.#first({ kind: 'open', protocol: socket.protocol })
    }
    ears.open(epoch)
    this.#options.bell?.ring()
  }

  /** A slow handshake ended after the charge point was let in, and otherwise than was guessed. */
  #spoke(socket: WebSocket): void {
    socket.terminate()
    this.#options.counters.add('upstream_dial_failed')
    this.#redial(false)
    this.#options.ears.other(socket.protocol)
  }

  /** A line that held for a while is redialled soon again; one that is thrown out at once is not. */
  #calm(epoch: number, since: number): void {
    const { clock, redial_ms } = this.#options
    clock.after(5_000, () => {
      if (this.#live?.epoch === epoch && clock.now() >= since) this.#pause = redial_ms
    })
  }

  #lost(epoch: number): void {
    if (this.#live?.epoch !== epoch) return
    this.#live = null
    this.#options.counters.add('upstream_lost')
    // One that gets in and is thrown out wakes nobody and is not woken: two of them would never rest.
    this.#redial(false)
    this.#options.ears.lost(epoch)
  }

  /** `wakes`: it dials sooner where another line gets through. */
  #redial(wakes: boolean): void {
    if (this.#closed) return
    const { chance, bell } = this.#options
    // Between half and all of it: a thousand charge points must not come back in the same second.
    const leave = this.#dialIn(this.#pause * (0.5 + chance() / 2))
    this.#pause = Math.min(Math.max(LONGEST_REDIAL_MS, this.#pause), this.#pause * 2)
    if (!wakes || !bell) return
    const quit = bell.wait((within_ms) => this.#dialIn(chance() * within_ms))
    this.#disarm = () => {
      leave()
      quit()
    }
  }

  #dialIn(pause_ms: number): () => void {
    this.#disarm()
    const leave = this.#options.clock.after(pause_ms, () => {
      this.#disarm()
      this.#dial()
    })
    this.#disarm = leave
    return leave
  }
}

/** The first of these files that cannot be read now: with it missing nothing is dialled. Null where all can. */
export function unreadableFile(files: UpstreamTlsFiles | undefined): string | null {
  const read = readTls(files)
  return typeof read === 'string' ? read : null
}

/** The files as they are now: one that was renewed counts from the next dial on. The path of one that cannot be read instead. */
function readTls(files: UpstreamTlsFiles | undefined): { readonly [what: string]: Buffer } | string {
  const content: { [what: string]: Buffer } = {}
  for (const [what, path] of Object.entries(files ?? {}))
    try {
      content[what] = readFileSync(path)
    } catch {
      return path
    }
  return content
}
