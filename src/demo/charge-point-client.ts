import { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { makeToy, tellToy, type ToyInput, toyWakes } from '../../simulations/toy-charge-point.ts'
import type { ToyHabits } from '../../simulations/toy-habits.ts'
import type { ToyFrame } from '../../simulations/toy-wire.ts'

export type ChargePointClientOptions = {
  /** `ws://127.0.0.1:9220/ocpp`; the id is put behind it. */
  readonly url: string
  readonly id: string
  readonly password?: string
  readonly connectors?: number
  readonly habits?: Partial<ToyHabits>
  readonly clock: Clock
  /** First pause before it connects again, ms; doubles up to 10 s. Default 500. */
  readonly reconnect_ms?: number
}

/** What it looks like from outside. */
export type ConnectorView = {
  readonly plugged: boolean
  readonly status: string
  readonly amps: number
  readonly register_Wh: number
  readonly transactionId: number | null
  readonly idTag: string | null
}

/** A frame that went over the wire. */
export type FrameSeen = { readonly way: 'in' | 'out'; readonly at: number; readonly frame: ToyFrame }

/** A charge point of its own: speaks OCPP 1.6J over a WebSocket, keeps what belongs to a transaction while offline, connects again by itself. */
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
  /** The newest frames, oldest first, at most 2,000. */
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

/** Puts a charge point under power. It connects in the background, and again whenever it must. */
export function openChargePointClient(options: ChargePointClientOptions): ChargePointClient {
  const { clock, id } = options
  const toy = makeToy(id, options.connectors ?? 1, options.habits)
  const frames: FrameSeen[] = []
  const first = options.reconnect_ms ?? 500
  let socket: WebSocket | null = null
  let pause = first
  let closed = false
  let disarm: () => void = () => undefined
  let disarmConnect: () => void = () => undefined

  const note = (way: 'in' | 'out', frame: ToyFrame): void => {
    frames.push({ way, at: clock.now(), frame })
    if (frames.length > MOST_FRAMES) frames.shift()
  }
  const tell = (input: ToyInput): void => {
    if (closed) return
    for (const frame of tellToy(toy, input, clock.now())) {
      note('out', frame)
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
    }
    disarm()
    const wakes = toyWakes(toy)
    if (Number.isFinite(wakes)) disarm = clock.after(Math.max(1, wakes - clock.now()), () => tell({ type: 'tick' }))
  }
  const lost = (gone: WebSocket): void => {
    if (socket !== gone) return
    socket = null
    tell({ type: 'disconnected' })
    again()
  }
  const again = (): void => {
    if (closed) return
    disarmConnect()
    disarmConnect = clock.after(pause, connect)
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
  }
  const connect = (): void => {
    const opening = openSocket(options)
    socket = opening
    opening.on('open', () => {
      pause = first
      tell({ type: 'connected' })
    })
    opening.on('message', (data) => {
      const frame = readFrame(data.toString())
      if (socket !== opening || !frame) return
      note('in', frame)
      tell({ type: 'frame', frame })
    })
    // `close` follows every error.
    opening.on('error', () => undefined)
    opening.on('close', () => lost(opening))
  }
  connect()

  return {
    id,
    plug: (connector) => tell({ type: 'plug', connector }),
    unplug: (connector) => tell({ type: 'unplug', connector }),
    tapCard: (connector, idTag) => tell({ type: 'tap', connector, idTag }),
    drive: (connector, amps) => tell({ type: 'drive', connector, amps }),
    silence: (silent) => tell({ type: 'silence', silent }),
    connector: (number) => {
      const connector = toy.connectors[number - 1]
      if (!connector) throw new RangeError(`${id} has ${toy.connectors.length} connectors`)
      const { plugged, status, amps, register_Wh, transaction } = connector
      return { plugged, status, amps, register_Wh, transactionId: transaction?.id ?? null, idTag: transaction?.idTag ?? null }
    },
    get online() {
      return toy.online
    },
    get frames() {
      return frames
    },
    drop: (offline_ms) => {
      if (offline_ms !== undefined) pause = offline_ms
      const gone = socket
      gone?.terminate()
      if (gone) lost(gone)
    },
    sendRaw: (data) => socket?.send(data),
    close: async () => {
      closed = true
      disarm()
      disarmConnect()
      const last = socket
      if (!last || last.readyState === WebSocket.CLOSED) return
      await new Promise<void>((resolve) => {
        const force = setTimeout(() => last.terminate(), 500)
        last.once('close', () => {
          clearTimeout(force)
          resolve()
        })
        last.close(1000)
      })
    },
  }
}

function openSocket(options: ChargePointClientOptions): WebSocket {
  const { id, password } = options
  const basic = password === undefined ? {} : { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` }
  return new WebSocket(`${options.url}/${encodeURIComponent(id)}`, ['ocpp1.6'], { headers: basic, perMessageDeflate: false })
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
