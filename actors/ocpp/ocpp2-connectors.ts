import type { ConnectorNotice } from './ocpp2-reading.ts'
import { type ChargingState, STATE_WORDS } from './ocpp2-words.ts'

/** Strongest first: what one connector of an EVSE says for the whole of it. */
const STRENGTH = ['Occupied', 'Reserved', 'Available', 'Faulted', 'Unavailable']

/** No EVSE has more plugs. */
const MOST_CONNECTORS = 16

/**
 * What the EVSEs of one station are in the words that bays know. A 2.x connector only says whether it is occupied; what the vehicle
 * does there stands in the transaction's events, and that its charge is over only follows from both.
 */
export class Connectors2 {
  readonly #evses: readonly number[]
  readonly #words = new Map<number, Map<number, string>>()
  /** EVSEs whose transaction ended while the cable was in. */
  readonly #rests = new Set<number>()

  /** `evses`: those that the site file names; of others nothing is remembered. */
  constructor(evses: readonly number[]) {
    this.#evses = evses
  }

  /** A connector's own word; answers the EVSE's. `state`: what the vehicle does in the transaction that runs there. */
  notice({ evse, connector, word }: ConnectorNotice & { word: string }, state: ChargingState | null): string {
    if (!this.#evses.includes(evse)) return word === 'Occupied' ? 'Preparing' : word
    const words = this.#words.get(evse) ?? new Map<number, string>()
    this.#words.set(evse, words.set(Math.min(connector, MOST_CONNECTORS), word))
    const strongest = STRENGTH.find((one) => [...words.values()].includes(one)) ?? word
    if (strongest === 'Available') this.#rests.delete(evse)
    return strongest === 'Occupied' ? this.#occupied(evse, state) : strongest
  }

  /** The word for a charging state (`Ended`: the cable stays in after the end), or null where it says nothing. */
  stirred(evse: number, state: ChargingState | 'Ended'): string | null {
    if (!this.#evses.includes(evse)) return null
    if (state === 'Ended') {
      const words = [...(this.#words.get(evse)?.values() ?? [])]
      if (!words.includes('Occupied')) return null
      this.#rests.add(evse)
    } else this.#rests.delete(evse)
    return state === 'Ended' ? 'Finishing' : STATE_WORDS[state]
  }

  #occupied(evse: number, state: ChargingState | null): string {
    if (this.#rests.has(evse)) return 'Finishing'
    return (state === null ? null : STATE_WORDS[state]) ?? 'Preparing'
  }
}
