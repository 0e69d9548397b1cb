import { authorizer } from '../../actors/authorizer.ts'
import type { Cause, Effect, FactRecord } from '../../machines/record.ts'
import { emptyRegister, foldRegister, type Register } from '../../machines/register.ts'
import { KnownVehicles } from '../known-vehicles.ts'

/** Who pays, by the register as the journal has it at each moment: so a question that was not recorded has its answer all the same. */
export class TriedPayers {
  readonly #register: Register = emptyRegister()
  readonly #known = new KnownVehicles()
  readonly #timezone: string
  #now = 0
  /** Somebody besides the register was asked at this site. */
  #others = false

  /** No second reader is set up: berth itself answers for it. */
  hasNoReader: boolean

  /** `timezone`: the site's (IANA name). `hasNoReader`: the site file says that there is none. */
  constructor(timezone: string, hasNoReader = false) {
    this.#timezone = timezone
    this.hasNoReader = hasNoReader
  }

  hear(record: FactRecord): void {
    const { stream, cause } = record
    if (stream === 'register') foldRegister(this.#register, record)
    if (cause.type === 'authorizer.adopted') this.#others = cause['rules'] !== null
    if (cause.type.startsWith('authorization.') && cause['by'] !== undefined) this.#others = true
    if (cause.type === 'second.read' && cause['source'] === 'site')
      this.hasNoReader = cause['outcome'] === 'unavailable'
    this.#known.hear(record)
  }

  /** The register's word on the vehicle that is asked about; null where others might know it, and nobody asked them. */
  answer(effect: Effect, at: number): Cause | null {
    this.#now = at
    const ask = authorizer({
      register: () => this.#register,
      timezone: this.#timezone,
      clock: { now: () => this.#now },
    })
    const handle = String(effect['handle'])
    const about = { id: 'tried', source: 'register', ask: String(effect['ask']) }
    if (this.#register.objections.has(handle)) return { type: 'authorization.refused', ...about, reason: 'objected' }
    const said = ask({ handle })
    if (!said.granted) {
      if (said.reason === 'unknown' && this.#others) return null
      return { type: 'authorization.refused', ...about, reason: said.reason }
    }
    const rivals = Array.isArray(effect['rivals']) ? effect['rivals'] : []
    const isRivalled = rivals.some((one) => {
      const stand = ask({ handle: String(one) })
      return stand.granted && stand.accountId !== said.accountId
    })
    const confirm =
      isRivalled || said.confirm === 'always' || (said.confirm === 'first-visit' && !this.#known.has(handle))
    return { type: 'authorization.granted', ...about, handle, accountId: said.accountId, confirm }
  }
}
