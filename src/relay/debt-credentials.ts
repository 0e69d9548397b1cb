import { readPassword } from '../ocpp/password-hash.ts'
import type { ChargePointRelayParts } from './charge-point-relay-parts.ts'

type Credentials = { readonly authorization: string | undefined; readonly protocol: string }

/**
 * What a charge point's debts are paid with while it is not there: what it showed last, in memory alone. After a restart of the relay
 * only those that the site file knows readably, or that a charge point without credentials never needed: no password is kept.
 */
export class DebtCredentials {
  readonly #parts: Pick<ChargePointRelayParts, 'chargePointId' | 'memory' | 'password'>
  #shown: Credentials | null = null

  constructor(parts: Pick<ChargePointRelayParts, 'chargePointId' | 'memory' | 'password'>) {
    this.#parts = parts
  }

  /** The charge point is in with these. */
  were(authorization: string | undefined, protocol: string): void {
    this.#shown = { authorization, protocol }
  }

  /** The back end has let this charge point in with these before. */
  are(authorization: string | undefined): boolean {
    const { memory, chargePointId } = this.#parts
    return this.#shown?.authorization === authorization || memory.knows(chargePointId, authorization)
  }

  /** What to dial with; null = only the charge point itself can. */
  known(): Credentials | null {
    if (this.#shown) return this.#shown
    const { memory, chargePointId, password } = this.#parts
    const protocol = memory.protocol(chargePointId) ?? ''
    const known = headers(chargePointId, password).find((authorization) => memory.knows(chargePointId, authorization))
    if (known !== undefined) return { authorization: known, protocol }
    return memory.knows(chargePointId, undefined) ? { authorization: undefined, protocol } : null
  }
}

/** The headers that a charge point may show whose password can be read; none where it cannot. */
function headers(chargePointId: string, password: string | undefined): readonly string[] {
  const read = password === undefined ? null : readPassword(password)
  if (read?.kind !== 'clear') return []
  return read.spellings.map(
    (bytes) => `Basic ${Buffer.concat([Buffer.from(`${chargePointId}:`), bytes]).toString('base64')}`,
  )
}
