import type { RawData, WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'

/** What happens on a link. */
export type LinkEars = {
  /** A text frame; the next one comes after it is dealt with. */
  text(text: string): Promise<void> | void
  gone(code: number, reason: string): void
}

const PING_MS = 30_000
const CLOSE_GRACE_MS = 500
/** Bytes of a close’s reason, by the protocol. */
const MOST_REASON = 123
/** Close codes beyond those of the protocol itself. */
export const CLOSED = {
  unreadable: 4400,
  refused: 4403,
  replaced: 4409,
  takenOver: 4410,
  silent: 4408,
  leaving: 1001,
  later: 1013,
} as const

/** One end of a link: pinged, read one message at a time, closed with a sentence. */
export class LinkSocket {
  readonly #socket: WebSocket
  readonly #clock: Clock
  #alive = true
  /** This end closes it: nothing more is heard. */
  #isLeft = false
  #disarm: () => void = () => {}

  constructor(socket: WebSocket, clock: Clock, ears: LinkEars, ping_ms = PING_MS) {
    this.#socket = socket
    this.#clock = clock
    let turn: Promise<void> = Promise.resolve()
    let inWork = 0
    socket.on('message', (data: RawData, isBinary: boolean) => {
      this.#alive = true
      if (isBinary) return this.close(CLOSED.unreadable, 'a link has no binary frames')
      // Nothing piles up: what comes meanwhile waits in the network, until the last one that came along with this is dealt with.
      inWork++
      socket.pause()
      turn = turn
        // What the other end said before it closed is heard: it says why in full, a close has room for 123 bytes.
        .then(() => (this.#isLeft ? undefined : ears.text(String(data))))
        .catch(() => this.close(1011, 'a message broke something'))
        .finally(() => {
          if (--inWork === 0) socket.resume()
        })
    })
    socket.on('pong', () => {
      this.#alive = true
    })
    // `close` follows every error.
    socket.on('error', () => {})
    socket.on('close', (code, reason) => {
      this.#disarm()
      const gone = (): void => ears.gone(code, reason.toString())
      if (inWork === 0) gone()
      else void turn.then(gone)
    })
    this.#watch(ping_ms)
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  send(text: string): void {
    if (this.open) this.#socket.send(text)
  }

  /** Closes with a code and a sentence, and without the other end's help after half a second. */
  close(code: number, reason: string): void {
    this.#isLeft = true
    this.#socket.close(code, shortened(reason))
    this.#socket.resume()
    const cut = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS)
    cut.unref()
    this.#socket.once('close', () => clearTimeout(cut))
  }

  #watch(ping_ms: number): void {
    this.#disarm = this.#clock.after(ping_ms, () => {
      // A message that is dealt with holds the socket up: it cannot hear its pong.
      if (!this.#alive && !this.#socket.isPaused) return this.#socket.terminate()
      this.#alive = false
      if (this.open) this.#socket.ping()
      this.#watch(ping_ms)
    })
  }
}

/** What fits into a close, whole words: a sentence that must be read to its end goes before it as a message. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason)
  if (bytes.length <= MOST_REASON) return reason
  const cut = bytes
    .subarray(0, MOST_REASON - 3)
    .toString()
    .replaceAll('\ufffd', '')
  return `${cut.slice(0, cut.lastIndexOf(' ')).trimEnd()}…`
}
