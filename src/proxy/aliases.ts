import type { Keys } from '../../actors/ports.ts'
import { startLives } from '../../actors/routing.ts'
import type { Handle } from '../../machines/events.ts'
import { type Bay, connectorsOf, type Payer } from '../../machines/knowledge.ts'
import type { Register } from '../../machines/register.ts'
import type { RegisterTexts } from '../register-texts.ts'

type AliasPorts = {
  readonly bays: () => Iterable<Bay>
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly keys: Pick<Keys, 'findCard'>
}

/** What the back end knows vehicles by: who has an alias, and whose is in a session already. OCPP 1.6 says that case does not matter. */
export class Aliases {
  readonly #ports: AliasPorts

  constructor(ports: AliasPorts) {
    this.#ports = ports
  }

  /** The token that a payer is billed by at the back end: the vehicle's alias, or the card itself; null = none. */
  of(handle: Handle): string | null {
    const { texts } = this.#ports
    return texts.vehicles.get(handle)?.alias ?? texts.cards.get(handle) ?? null
  }

  /** Who pays a start that lives, by which alias, and at which EVSEs of a charge point; null where nobody pays, or is not known there. */
  ofStart(
    startId: string,
    chargePointId: string,
  ): { readonly alias: string; readonly subject: Handle; readonly evses: readonly number[] } | null {
    for (const bay of this.#ports.bays()) {
      const handle = startLives(bay, startId) ? bay.visit?.payer?.handle : null
      const alias = handle ? this.of(handle) : null
      if (!handle || alias === null) continue
      const reached = connectorsOf(bay).filter((one) => one.chargePointId === chargePointId)
      return { alias, subject: handle, evses: reached.map(({ evse }) => evse) }
    }
    return null
  }

  /** The account of the vehicle with this alias; null where none has it. */
  accountOf(idToken: string): string | null {
    const { texts, register } = this.#ports
    const alias = idToken.toUpperCase()
    for (const [handle, one] of texts.vehicles)
      if (one.alias?.toUpperCase() === alias) return register().vehicles.get(handle)?.accountId ?? null
    return null
  }

  /** Another vehicle, or the card itself, is in a session under this vehicle's alias, or about to begin one: the back end would refuse a second. */
  isBusy(handle: Handle): boolean {
    const alias = this.of(handle)?.toUpperCase()
    if (alias === undefined) return false
    const card = this.#ports.keys.findCard(alias)
    const same = (payer: Payer | null | undefined): boolean =>
      payer?.handle != null && (payer.handle === card || this.of(payer.handle)?.toUpperCase() === alias)
    for (const bay of this.#ports.bays()) {
      const { visit } = bay
      const open = connectorsOf(bay).some(
        ({ transaction, orphan }) =>
          (transaction && !transaction.unpaid && same(transaction.payer ?? visit?.payer)) ||
          (orphan && same(orphan.transaction.payer ?? orphan.payer)),
      )
      const begins = visit?.payer?.handle !== handle && same(visit?.payer) && visit?.starts.some(lives(bay))
      if (open || begins) return true
    }
    return false
  }

  /** Why the back end cannot bill a vehicle that may charge: without an alias, or with one that is in a session, a plate starts nothing. Null where it can. */
  refusal(handle: Handle): 'no-alias' | 'alias-busy' | null {
    if (this.of(handle) === null) return 'no-alias'
    return this.isBusy(handle) ? 'alias-busy' : null
  }
}

const lives = (bay: Bay) => (start: { readonly startId: string }) => startLives(bay, start.startId)
