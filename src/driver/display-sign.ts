import type { DriverLanguage } from '../../actors/card-words.ts'
import type { Sign, SignAnswer } from '../../actors/driver-signs.ts'
import { driverText } from '../../actors/driver-words-table.ts'
import type { ChargePointDisplays, Clock, DriverWord } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'

export type DisplayParts = {
  readonly chargePointId: string
  /** Its EVSEs by the bays that they serve; `shared`: other bays reach the same one, so a text has to say whose it is. */
  readonly connectors: readonly { readonly bayId: string; readonly evse: number; readonly shared: boolean }[]
  readonly language: DriverLanguage
  readonly displays: ChargePointDisplays
  readonly clock: Clock
}

/** How long a text waits for its charge point before it counts as a failure and is placed anew, ms. */
const PATIENCE_MS = 60_000

/** The displays of one charge point, told through its own call queue behind everything else. */
export class DisplaySign implements Sign {
  readonly kind = 'display'
  readonly name: string
  readonly #parts: DisplayParts
  /** It takes no texts: nothing is sent to it any more. */
  #unable = false

  constructor(parts: DisplayParts) {
    this.#parts = parts
    this.name = `The display of ${parts.chargePointId}`
  }

  get bayIds(): readonly string[] {
    return this.#parts.connectors.map(({ bayId }) => bayId)
  }

  serves(bayId: string): boolean {
    return !this.#unable && this.#parts.connectors.some((one) => one.bayId === bayId)
  }

  async show(word: DriverWord, superseded: () => boolean): Promise<SignAnswer> {
    for (const { bayId, evse, shared } of this.#parts.connectors) {
      if (bayId !== word.bayId) continue
      const answer = await this.#showAt(word, evse, shared, superseded)
      if (answer.outcome !== 'shown') return answer
    }
    return { outcome: 'shown' }
  }

  async #showAt(word: DriverWord, evse: number, shared: boolean, superseded: () => boolean): Promise<SignAnswer> {
    const { chargePointId, language, displays, clock } = this.#parts
    const { short } = driverText(word.message, word.reason, language)
    try {
      const answer = await displays.show({
        chargePointId,
        evse,
        message: word.message,
        reason: word.reason,
        language,
        text: shared ? `${word.bayId}: ${short}` : short,
        deadline: clock.now() + PATIENCE_MS,
        withdrawn: superseded,
      })
      if (answer === 'none') return { outcome: 'superseded' }
      return answer === 'shown' ? { outcome: 'shown' } : this.#refused(answer)
    } catch (cause) {
      return this.#failed(cause)
    }
  }

  #refused(answer: 'rejected' | 'unable'): SignAnswer {
    if (answer === 'rejected')
      return { outcome: 'never', says: `${this.name} rejects a text; the next one is sent all the same.` }
    this.#unable = true
    const says = `${this.name} does not know the call for texts: it gets none until berth starts again; check its \`display\` in the site file.`
    return { outcome: 'never', says }
  }

  #failed(cause: unknown): SignAnswer {
    if (!(cause instanceof Fault)) throw cause
    if (cause.code === 'CALL_CANCELLED' || cause.about['because'] === 'berth stops') return { outcome: 'superseded' }
    if (cause.code === 'CHARGE_POINT_REFUSED')
      return { outcome: 'never', says: `${this.name} answers a text with an error; the next one is sent all the same.` }
    return { outcome: 'not-now', says: `${this.name} is not reached; the text is sent again while it is true.` }
  }
}
