import { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { makeToy, tellToy } from '../../simulations/toy-charge-point.ts'
import type { ToyHabits } from '../../simulations/toy-habits.ts'
import { type ToyInput, wakesOf } from '../../simulations/toy-life.ts'
import { makeStation, tellStation } from '../../simulations/toy-station.ts'
import type { Station } from '../../simulations/toy-station-events.ts'
import type { StationHabits } from '../../simulations/toy-station-habits.ts'
import type { Toy, ToyFrame } from '../../simulations/toy-wire.ts'

export type ChargePointClientOptions = {
  /** `ws://127.0.0.1:9220/ocpp`; the id is put behind it. */
  readonly url: string
  readonly id: string
  readonly password?: string
  readonly connectors?: number
  readonly habits?: Partial<ToyHabits>
  /** It speaks OCPP 2 with these habits, instead of 1.6. */
  readonly station?: Partial<StationHabits>
  readonly clock: Clock
  /** First pause before it connects again, ms; doubles up to 10 s. Default 500. */
  readonly reconnect_ms?: number
  /** Told each frame as it goes over the wire. */
  readonly heard?: (seen: FrameSeen) => void
  /** Frames that it remembers, the newest; default 2,000. */
  readonly keptFrames?: number
}

/** What it looks like from outside. */
type ConnectorView = {
  readonly plugged: boolean
  readonly status: string
  readonly amps: number
  readonly register_Wh: number
  readonly transactionId: number | string | null
  readonly idTag: string | null
}

/** A frame that went over the wire. */
export type FrameSeen = { readonly way: 'in' | 'out'; readonly at: number; readonly frame: ToyFrame }

/** A charge point of its own: speaks OCPP 1.6J (or 2) over a WebSocket, keeps what belongs to a transaction while offline, connects again by itself. */
export type ChargePointClient = {
  readonly id: string
  plug(connector: number): void
  unplug(connector: number): void
  tapCard(connector: number, idTag: string): void
  /** What the car takes from now on, A over one phase of 230 V. */
  drive(connector: number, amps: number): void
  /** Hears everything and says nothing: a box that hangs. */
  silence(silent: boolean): void
  connector(connector: number): ConnectorView
  readonly online: boolean
  /** The newest frames, oldest first, at most as many as it remembers. */
  readonly frames: readonly FrameSeen[]
  /** Cuts the connection without a close; it comes back by itself, after `offline_ms` if given. */
  drop(offline_ms?: number): void
  /** Sends this as it is (for tests of the other side). */
  sendRaw(data: string | Uint8Array): void
  /** Ends it for good; resolves when the socket is closed. */
  close(): Promise<void>
}

const MOST_FRAMES = 2_000
const LONGEST_PAUSE_MS = 10_000
const CLOSE_GRACE_MS = 500

/** Puts a charge point under power. It connects in the background, and again whenever it must. */
export function openChargePointClient(options: ChargePointClientOptions): ChargePointClient {
  return new LiveChargePoint(options)
}

/** A toy charge point with a socket plugged to it. */
class LiveChargePoint implements ChargePointClient {
  readonly #options: ChargePointClientOptions
  readonly #clock: Clock
  readonly #toy: Toy | Station
  readonly #frames: FrameSeen[] = []
  #socket: WebSocket | null = null
  #pause: number
  #closed = false
  #disarmWake: () => void = () => undefined
  #disarmConnect: () => void = () => undefined

  constructor(options: ChargePointClientOptions) {
    this.#options = options
    this.#clock = options.clock
    const { id, connectors = 1, habits, station } = options
    this.#toy = station ? makeStation(id, connectors, station) : makeToy(id, connectors, habits)
    this.#pause = this.#firstPause()
    this.#connect()
  }

  get id(): string {
    return this.#toy.id
  }

  get online(): boolean {
    return this.#toy.online && !this.#closed
  }

  get frames(): readonly FrameSeen[] {
    return this.#frames
  }

  plug(connector: number): void {
    this.#tell({ type: 'plug', connector })
  }

  unplug(connector: number): void {
    this.#tell({ type: 'unplug', connector })
  }

  tapCard(connector: number, idTag: string): void {
    this.#tell({ type: 'tap', connector, idTag })
  }

  drive(connector: number, amps: number): void {
    this.#tell({ type: 'drive', connector, amps })
  }

  silence(silent: boolean): void {
    this.#tell({ type: 'silence', silent })
  }

  connector(number: number): ConnectorView {
    const connector = this.#toy.connectors[number - 1]
    if (!connector) throw new RangeError(`${this.id} has ${this.#toy.connectors.length} connectors`)
    const { plugged, status, amps, register_Wh, transaction } = connector
    return {
      plugged,
      status,
      amps,
      register_Wh,
      transactionId: transaction?.id ?? null,
      idTag: idTagOf(transaction),
    }
  }

  drop(offline_ms?: number): void {
    if (offline_ms !== undefined) this.#pause = offline_ms
    const gone = this.#socket
    gone?.terminate()
    if (gone) this.#lost(gone)
  }

  sendRaw(data: string | Uint8Array): void {
    this.#socket?.send(data)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#disarmWake()
    this.#disarmConnect()
    const last = this.#socket
    if (!last || last.readyState === WebSocket.CLOSED) return
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => last.terminate(), CLOSE_GRACE_MS)
      last.once('close', () => {
        clearTimeout(force)
        resolve()
      })
      last.close(1000)
    })
  }

  #firstPause(): number {
    return this.#options.reconnect_ms ?? 500
  }

  #tell(input: ToyInput): void {
    if (this.#closed) return
    for (const frame of tellEither(this.#toy, input, this.#clock.now())) {
      this.#note('out', frame)
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
    }
    this.#disarmWake()
    const wakes = wakesOf(this.#toy)
    if (!Number.isFinite(wakes)) return
    this.#disarmWake = this.#clock.after(Math.max(1, wakes - this.#clock.now()), () => this.#tell({ type: 'tick' }))
  }

  #note(way: 'in' | 'out', frame: ToyFrame): void {
    const seen = { way, at: this.#clock.now(), frame }
    this.#frames.push(seen)
    if (this.#frames.length > (this.#options.keptFrames ?? MOST_FRAMES)) this.#frames.shift()
    this.#options.heard?.(seen)
  }

  #connect(): void {
    const opening = openSocket(this.#options)
    this.#socket = opening
    opening.on('open', () => {
      this.#pause = this.#firstPause()
      this.#tell({ type: 'connected' })
    })
    opening.on('message', (data) => {
      const frame = readFrame(data.toString())
      if (this.#socket !== opening || !frame) return
      this.#note('in', frame)
      this.#tell({ type: 'frame', frame })
    })
    // `close` follows every error.
    opening.on('error', () => undefined)
    opening.on('close', () => this.#lost(opening))
  }

  #lost(gone: WebSocket): void {
    if (this.#socket !== gone || this.#closed) return
    this.#socket = null
    this.#tell({ type: 'disconnected' })
    this.#disarmConnect()
    this.#disarmConnect = this.#clock.after(this.#pause, () => this.#connect())
    this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2)
  }
}

const tellEither = (toy: Toy | Station, input: ToyInput, now: number): readonly ToyFrame[] =>
  'variables' in toy ? tellStation(toy, input, now) : tellToy(toy, input, now)

type Running = (Toy | Station)['connectors'][number]['transaction']
const idTagOf = (transaction: Running): string | null =>
  transaction === null ? null : 'idTag' in transaction ? transaction.idTag : (transaction.token?.idTag ?? null)

function openSocket(options: ChargePointClientOptions): WebSocket {
  const { id, password, station } = options
  const version = station ? (station.version ?? 'ocpp2.0.1') : 'ocpp1.6'
  const basic =
    password === undefined ? {} : { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` }
  return new WebSocket(`${options.url}/${encodeURIComponent(id)}`, [version], {
    headers: basic,
    perMessageDeflate: false,
  })
}

/** The frame in a text, or null for what a charge point would ignore. */
function readFrame(text: string): ToyFrame | null {
  try {
    const frame: unknown = JSON.parse(text)
    return Array.isArray(frame) && [2, 3, 4].includes(frame[0] as number) ? (frame as unknown as ToyFrame) : null
  } catch {
    return null
  }
}
