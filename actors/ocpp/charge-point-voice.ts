import { Fault } from '../../machines/faults.ts'
import type { DisplayOrder, StartOrder } from '../ports.ts'
import type { Dialect } from './charge-point-link.ts'
import { Ocpp2 } from './ocpp2.ts'
import { Ocpp16, type Ocpp16Parts } from './ocpp16.ts'

/** Subprotocols that are spoken, newest first. */
export const OCPP_VERSIONS = ['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'] as const
export type OcppVersion = (typeof OCPP_VERSIONS)[number]

/** A dialect that takes orders too. */
type Speaking = Dialect & Pick<Ocpp16, 'start' | 'stop' | 'ask' | 'show' | 'behind_ms'>

type Waiting = { readonly speaks: (dialect: Speaking) => void; readonly stops: (fault: Fault) => void }

/**
 * One charge point in the version that it speaks: it may come back with another one. Orders go out in the newest; a start for a charge
 * point that has not connected yet waits for its first word, since nobody knows in which version it will have to be said.
 */
export class ChargePointVoice {
  readonly #parts: Ocpp16Parts
  readonly #dialects = new Map<OcppVersion, Speaking>()
  readonly #waiting = new Set<Waiting>()
  #newest: Speaking | null
  #closed = false

  /** `versions`: those that it may speak; where it is one, that is known from the beginning. */
  constructor(parts: Ocpp16Parts, versions: readonly OcppVersion[]) {
    this.#parts = parts
    const only = versions.length === 1 ? versions[0] : undefined
    this.#newest = only === undefined ? null : this.#dialect(only)
  }

  /** A connection in this version begins. */
  speak(version: OcppVersion): Speaking {
    const dialect = this.#dialect(version)
    this.#newest = dialect
    for (const waiting of this.#waiting) waiting.speaks(dialect)
    this.#waiting.clear()
    return dialect
  }

  get behind_ms(): number | null {
    return this.#newest?.behind_ms ?? null
  }

  async start(order: StartOrder): Promise<'accepted' | 'rejected'> {
    const dialect = this.#newest ?? (await this.#firstWord(order.deadline))
    return dialect.start(order)
  }

  /** A transaction of another version than the one that is spoken now runs no more: there is nothing to stop. */
  async stop(transactionId: string): Promise<'accepted' | 'rejected'> {
    const dialect = this.#spoken()
    const isNumber = /^-?\d{1,10}$/.test(transactionId)
    return dialect instanceof Ocpp16 && !isNumber ? 'rejected' : dialect.stop(transactionId)
  }

  async ask(evse: number, about: 'status' | 'meter'): Promise<'accepted' | 'rejected' | 'not-implemented'> {
    return this.#spoken().ask(evse, about)
  }

  async show(order: DisplayOrder): Promise<'shown' | 'rejected' | 'unable' | 'none'> {
    return this.#spoken().show(order)
  }

  /** Berth stops: what waits for a first word fails. */
  close(): void {
    this.#closed = true
    const { chargePointId } = this.#parts
    const fault = new Fault('CHARGE_POINT_OFFLINE', { chargePointId, because: 'berth stops' })
    for (const waiting of this.#waiting) waiting.stops(fault)
    this.#waiting.clear()
  }

  #dialect(version: OcppVersion): Speaking {
    const known = this.#dialects.get(version)
    if (known) return known
    const dialect = version === 'ocpp1.6' ? new Ocpp16(this.#parts) : new Ocpp2({ ...this.#parts, version })
    this.#dialects.set(version, dialect)
    return dialect
  }

  /** Before the first word any version will do: nothing is sent to a charge point that is not there. */
  #spoken(): Speaking {
    return this.#newest ?? this.#dialect('ocpp1.6')
  }

  #firstWord(deadline: number): Promise<Speaking> {
    const { clock, chargePointId } = this.#parts
    if (this.#closed) return Promise.reject(new Fault('CALL_CANCELLED', { chargePointId, because: 'berth stops' }))
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        speaks: (dialect) => {
          disarm()
          resolve(dialect)
        },
        stops: (fault) => {
          disarm()
          reject(fault)
        },
      }
      const disarm = clock.after(Math.max(0, deadline - clock.now()), () => {
        this.#waiting.delete(waiting)
        resolve(this.#spoken())
      })
      this.#waiting.add(waiting)
    })
  }
}
