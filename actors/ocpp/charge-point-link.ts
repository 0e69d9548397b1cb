import { invariant } from '../../machines/faults.ts'
import type { ChargePointDesk, Clock } from '../ports.ts'
import type { CallQueue, Wire } from './call-queue.ts'
import type { OcppCounters, OcppLog } from './ocpp-counters.ts'

/** What a charge point's call is answered with: a result, the protocol's error, or nothing (it will send again). */
export type CallAnswer =
  | { readonly kind: 'result'; readonly payload: object }
  | { readonly kind: 'error'; readonly code: string; readonly says: string }
  | { readonly kind: 'none' }

/** One version's words: hears a call, and asks its first questions once the charge point has spoken. */
export interface Dialect {
  /** True for the call after which a charge point starts anew. */
  isBoot(action: string): boolean
  /** `raw` gives the frame's text as it came in. */
  hear(action: string, payload: unknown, raw?: () => string): Promise<CallAnswer>
  /** A connection begins. */
  connected(): void
  /** The connection is gone, and no other has taken its place; or berth stops. */
  disconnected?(): void
  /** The charge point may be called now; `anew` after a boot, or on the first connection that berth sees. */
  greet(anew: boolean): void
}

/** One accepted socket. */
export type Connection = {
  /** Bytes that wait to be sent. */
  buffered(): number
  send: Wire['send']
  readonly waits_ms?: number
  /** Closes with a code, and without the peer's help after half a second. */
  close(code: number, reason: string): void
  /** Ends the socket at once. */
  destroy(): void
}

type LinkParts = {
  readonly chargePointId: string
  readonly clock: Clock
  readonly desk: ChargePointDesk
  readonly queue: CallQueue
  /** What connections speak that name no other; absent = each names its own. */
  readonly dialect?: Dialect
  readonly counters: OcppCounters
  readonly log: OcppLog
}

type Live = {
  readonly connection: Connection
  readonly dialect: Dialect
  readonly epoch: number
  waiting: number
  opened: boolean
  /** It has just spoken; our first calls follow when its answer is out. */
  settling: boolean
  /** It has booted since it was last greeted. */
  booted: boolean
  disarm: () => void
}

/** What a socket is closed with when a newer one took its place: a private code, and its words. */
export const REPLACED = { code: 4001, reason: 'a newer connection took over' } as const
/** The charge point speaks first; one that says nothing is called after this. */
const FIRST_WORD_MS = 2_000
/** Lets the answer to the first words leave before our first call. */
const SETTLE_MS = 100
const MOST_WAITING = 256
const MOST_BUFFERED = 2 * 1024 * 1024
const DRAIN_MS = 1_000

/**
 * Berth's end of one charge point, over all its connections: the newest socket wins, what it says is heard strictly in order,
 * and its coming and going is news.
 */
export class ChargePointLink {
  readonly #parts: LinkParts
  #line: Promise<void> = Promise.resolve()
  #live: Live | null = null
  #epoch = 0
  #closed = false
  #wake: () => void = () => undefined

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  get online(): boolean {
    return this.#live !== null
  }

  /**
   * A new socket: the former one is closed with 4001 and can change nothing any more. `dialect`: the version that this connection
   * speaks. Returns what the socket's events call.
   */
  connect(connection: Connection, dialect = this.#parts.dialect): { hear: Dialect['hear']; gone(): void } {
    const { clock, queue, counters, log, chargePointId } = this.#parts
    invariant(dialect, 'a connection speaks some version')
    const former = this.#live
    this.#epoch += 1
    const live: Live = {
      connection,
      dialect,
      epoch: this.#epoch,
      waiting: 0,
      opened: false,
      settling: false,
      booted: false,
      disarm: () => undefined,
    }
    this.#live = live
    if (former) {
      counters.add('replaced')
      log({
        level: 'warn',
        says: `A newer connection of ${chargePointId} replaces the former one.`,
        about: { chargePointId },
      })
      if (former.dialect !== dialect) former.dialect.disconnected?.()
      void this.#retire(former, REPLACED.code, REPLACED.reason)
    }
    counters.add('connections')
    dialect.connected()
    const { waits_ms } = connection
    queue.attach({
      epoch: live.epoch,
      send: (action, payload, call) => connection.send(action, payload, call),
      ...(waits_ms === undefined ? {} : { waits_ms }),
    })
    this.#announce('online', () => this.#live === live)
    live.disarm = clock.after(FIRST_WORD_MS, () => this.#open(live))
    return { hear: (action, payload, raw) => this.#hear(live, action, payload, raw), gone: () => this.#gone(live) }
  }

  /** Berth stops: lets what was heard be answered (at most 1 s), then closes. */
  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    const live = this.#live
    this.#live = null
    this.#parts.queue.close()
    live?.dialect.disconnected?.()
    if (live) await this.#retire(live, 1001, 'berth stops')
  }

  async #hear(live: Live, action: string, payload: unknown, raw?: () => string): Promise<CallAnswer> {
    if (live !== this.#live) return { kind: 'none' }
    if (!this.#bearable(live)) return { kind: 'none' }
    live.waiting += 1
    const answered = this.#line.then(() => live.dialect.hear(action, payload, raw))
    this.#line = answered.then(
      () => undefined,
      () => undefined,
    )
    try {
      const answer = await answered
      this.#spoken(live, live.dialect.isBoot(action) && answer.kind === 'result')
      return answer
    } catch (error) {
      this.#parts.log({
        level: 'warn',
        says: 'A call was not answered.',
        about: { ...this.#about(action), error: String(error) },
      })
      return { kind: 'none' }
    } finally {
      live.waiting -= 1
    }
  }

  /** False (and the socket ended) for a peer that floods us, or that does not read what we answer. */
  #bearable(live: Live): boolean {
    const { counters, log } = this.#parts
    const flooded = live.waiting >= MOST_WAITING
    const stuffed = live.connection.buffered() > MOST_BUFFERED
    if (!flooded && !stuffed) return true
    counters.add(flooded ? 'flooded' : 'stuffed')
    const says = flooded
      ? 'The charge point sends faster than it waits for answers.'
      : 'The charge point does not read what it is sent.'
    log({ level: 'warn', says: `${says} The connection is closed.`, about: this.#about() })
    live.connection.destroy()
    return false
  }

  /** After its first words, and after a boot, our own calls may follow. */
  #spoken(live: Live, boot: boolean): void {
    if (live !== this.#live) return
    live.booted ||= boot
    if (live.settling || (live.opened && !boot)) return
    live.settling = true
    live.disarm()
    live.disarm = this.#parts.clock.after(SETTLE_MS, () => this.#open(live))
  }

  #open(live: Live): void {
    if (live !== this.#live) return
    const { opened, booted } = live
    live.opened = true
    live.settling = false
    live.booted = false
    this.#parts.queue.open(live.epoch)
    if (!opened || booted) live.dialect.greet(booted)
  }

  #gone(live: Live): void {
    live.disarm()
    if (live !== this.#live) return
    this.#live = null
    this.#parts.queue.detach(live.epoch)
    live.dialect.disconnected?.()
    if (!this.#closed) this.#announce('offline', () => this.#live === null)
  }

  async #retire(live: Live, code: number, reason: string): Promise<void> {
    live.disarm()
    const drained = new Promise<void>((resolve) => {
      const disarm = this.#parts.clock.after(DRAIN_MS, resolve)
      void this.#line.then(() => {
        disarm()
        resolve()
      })
    })
    if (live.waiting > 0) await drained
    live.connection.close(code, reason)
  }

  /** Tells the desk in line with everything else; tries again until it is durable or no longer true. */
  #announce(type: 'online' | 'offline', holds: () => boolean): void {
    this.#line = this.#line.then(async () => {
      for (let pause = 1_000; holds() && !this.#closed; pause = Math.min(30_000, pause * 2)) {
        try {
          await this.#parts.desk.hear({ type, chargePointId: this.#parts.chargePointId })
          return
        } catch (error) {
          this.#parts.log({
            level: 'warn',
            says: `That the charge point is ${type} could not be recorded.`,
            about: { ...this.#about(), error: String(error) },
          })
          await this.#sleep(pause)
        }
      }
    })
  }

  /** Until the time is over or berth stops. */
  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const disarm = this.#parts.clock.after(ms, resolve)
      this.#wake = () => {
        disarm()
        resolve()
      }
    })
  }

  #about(action?: string): { readonly [key: string]: unknown } {
    return {
      chargePointId: this.#parts.chargePointId,
      ...(action === undefined ? {} : { action: action.slice(0, 50) }),
    }
  }
}
