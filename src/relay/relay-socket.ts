import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { isTooLarge } from '../ocpp/frame-limit.ts'
import type { RelayCounters } from './relay-counters.ts'

/** What happens on a socket. `text` is null for a binary frame. */
export type SocketEars = {
  frame(data: Buffer, isText: boolean): void
  gone(code: number, reason: string): void
  /** A frame over MOST_FRAME began to come: the socket closes with 1009. */
  tooLarge(): void
}

const PING_MS = 30_000
const HIGH_BYTES = 1024 * 1024
const LOW_BYTES = 256 * 1024
const LOOK_AGAIN_MS = 20
/** A peer that does not read: what the relay itself answers is not held back by the other side. */
const MOST_BUFFERED = 8 * 1024 * 1024
const CLOSE_GRACE_MS = 500
/** A frame up to this many bytes is written in one piece: one system call for one buffer costs half of one for two. */
const ONE_PIECE_BYTES = 16 * 1024

/** One WebSocket of the relay, to a charge point or to a back end: pinged, bounded, closed with its code. */
export class RelaySocket {
  readonly #socket: WebSocket
  readonly #raw: Duplex | null
  readonly #clock: Clock
  readonly #counters: RelayCounters
  #alive = true
  #held = false
  #open = true
  #disarm: () => void = () => undefined

  /** `raw` is what lies under a server's socket, whose frames are not masked; null for a client's. */
  constructor(
    socket: WebSocket,
    raw: Duplex | null,
    clock: Clock,
    counters: RelayCounters,
    ears: SocketEars,
    ping_ms = PING_MS,
  ) {
    this.#socket = socket
    this.#raw = raw
    this.#clock = clock
    this.#counters = counters
    socket.on('message', (data: RawData, isBinary: boolean) => {
      this.#alive = true
      if (this.#open) ears.frame(data as Buffer, !isBinary)
    })
    socket.on('pong', () => {
      this.#alive = true
    })
    // `close` follows every error.
    socket.on('error', (error) => {
      if (!isTooLarge(error)) return
      counters.add('frames_too_large')
      ears.tooLarge()
    })
    socket.on('close', (code, reason) => {
      this.#open = false
      this.#disarm()
      ears.gone(code, reason.toString())
    })
    this.#watch(ping_ms)
  }

  get open(): boolean {
    return this.#open && this.#socket.readyState === this.#socket.OPEN
  }

  /** Sends what came or was written; false where the socket is not open. */
  send(data: string | Buffer, isText = true): boolean {
    if (!this.open) return false
    if (!this.#raw || data.length > ONE_PIECE_BYTES) this.#socket.send(data, { binary: !isText })
    else this.#raw.write(inOnePiece(data, isText))
    if (this.#socket.bufferedAmount > MOST_BUFFERED) {
      this.#counters.add('stuffed')
      this.#socket.terminate()
    }
    return true
  }

  /** Stops reading from `source` while this side has too much to send. */
  throttle(source: RelaySocket): void {
    if (this.#socket.bufferedAmount < HIGH_BYTES) return
    source.holdWhile(() => this.open && this.#socket.bufferedAmount > LOW_BYTES)
  }

  /** Reads nothing for a moment, and not before `crowded` is over. */
  holdWhile(crowded: () => boolean): void {
    if (this.#held) return
    this.hold()
    this.#counters.add('pauses')
    const look = (): void => {
      if (crowded()) this.#clock.after(LOOK_AGAIN_MS, look)
      else this.release()
    }
    this.#clock.after(LOOK_AGAIN_MS, look)
  }

  /** Nothing is read until `release`. */
  hold(): void {
    this.#held = true
    this.#socket.pause()
  }

  release(): void {
    this.#held = false
    this.#alive = true
    this.#socket.resume()
  }

  /** Closes with a code that may be sent, and without the peer's help after half a second. */
  close(code: number, reason: string): void {
    this.#socket.close(sendable(code) ? code : 1001, reason.slice(0, 100))
    const cut = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS)
    cut.unref()
    this.#socket.once('close', () => clearTimeout(cut))
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #watch(ping_ms: number): void {
    this.#disarm = this.#clock.after(ping_ms, () => {
      // A paused socket cannot hear its pong.
      if (!this.#alive && !this.#held) return this.#socket.terminate()
      this.#alive = false
      if (this.open) this.#socket.ping()
      this.#watch(ping_ms)
    })
  }
}

/** A whole frame as a server writes it: final, not masked, not compressed. */
function inOnePiece(data: string | Buffer, isText: boolean): Buffer {
  const length = Buffer.byteLength(data)
  const from = length < 126 ? 2 : 4
  const frame = Buffer.allocUnsafe(from + length)
  frame[0] = isText ? 0x81 : 0x82
  frame[1] = Math.min(length, 126)
  if (from === 4) frame.writeUInt16BE(length, 2)
  if (typeof data === 'string') frame.write(data, from)
  else data.copy(frame, from)
  return frame
}

function sendable(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
}
