import type { Clock, DriverSigns, DriverWord } from './ports.ts'

/**
 * How a sign took a word: `not-now` is worth another try, `never` is not, `superseded` did not need to be sent any more. `says` is
 * one sentence: what, where, what to do.
 */
export type SignAnswer =
  | { readonly outcome: 'shown' | 'superseded' }
  | { readonly outcome: 'not-now' | 'never'; readonly says: string }

/** One sign, or one kind of display. */
export interface Sign {
  /** Its name in counters: `webhook`, `display`. */
  readonly kind: string
  /** Its name in sentences and logs; unique. */
  readonly name: string
  /** The only bays whose drivers may see it; absent = it is asked of every bay. */
  readonly bayIds?: readonly string[]
  /** Whether drivers of this bay see it. */
  serves(bayId: string): boolean
  /** Shows one word. `superseded()` once a newer word of the bay waits, or berth stops: nothing more needs to be sent then. */
  show(word: DriverWord, superseded: () => boolean): Promise<SignAnswer>
  /** Gives up what is under way. */
  close?(): void
}

export type SignBoardParts = {
  readonly signs: readonly Sign[]
  readonly clock: Clock
  /** Counts by name: `sign_shown_webhook`. */
  readonly count: (name: string) => void
  /** One line for people. */
  readonly log: (line: string) => void
}

/** First pause before a word is tried again, ms; doubles up to the longest. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 60_000
/** Different sentences kept, so that each is logged once. */
const MOST_SENTENCES = 1_000

/** One bay at one sign: what shall be shown (`seq`: the newest record that was told), and whether somebody is at it. */
type Lane = { newest: DriverWord | null; seq: number; busy: boolean; wake: () => void }

/** All signs of a site: each bay's newest word to every sign that serves it, each at its own pace. */
export class SignBoard implements DriverSigns {
  readonly #parts: SignBoardParts
  readonly #lanes = new Map<string, Lane>()
  /** Signs that are asked of every bay, and those of single bays. */
  readonly #everywhere: readonly Sign[]
  readonly #at = new Map<string, Sign[]>()
  readonly #said = new Set<string>()
  #closed = false

  constructor(parts: SignBoardParts) {
    this.#parts = parts
    this.#everywhere = parts.signs.filter(({ bayIds }) => bayIds === undefined)
    for (const sign of parts.signs)
      for (const bayId of new Set(sign.bayIds)) this.#at.set(bayId, [...(this.#at.get(bayId) ?? []), sign])
  }

  async tell(word: DriverWord): Promise<void> {
    if (this.#closed) return
    for (const sign of [...this.#everywhere, ...(this.#at.get(word.bayId) ?? [])])
      if (this.#serves(sign, word.bayId)) this.#place(sign, word)
  }

  /** Berth stops: nothing more is tried. */
  close(): void {
    this.#closed = true
    for (const lane of this.#lanes.values()) {
      lane.newest = null
      lane.wake()
    }
    for (const sign of this.#parts.signs) sign.close?.()
  }

  #serves(sign: Sign, bayId: string): boolean {
    try {
      return sign.serves(bayId)
    } catch (cause) {
      this.#failed(sign, this.#broke(sign, cause).says)
      return false
    }
  }

  #place(sign: Sign, word: DriverWord): void {
    const key = `${sign.name}\n${word.bayId}`
    const lane = this.#lanes.get(key) ?? { newest: null, seq: 0, busy: false, wake: () => {} }
    this.#lanes.set(key, lane)
    // An older record never takes the place of a newer one.
    if (lane.seq > word.seq) return
    lane.newest = word
    lane.seq = word.seq
    lane.wake()
    if (lane.busy) return
    lane.busy = true
    void this.#run(sign, lane)
  }

  /** Shows what is newest until nothing waits. */
  async #run(sign: Sign, lane: Lane): Promise<void> {
    // All words of one commit are placed first: only the last of them is shown.
    await null
    let pause = FIRST_PAUSE
    while (lane.newest !== null && !this.#closed) {
      const word: DriverWord = lane.newest
      const answer = await this.#show(sign, word, () => lane.newest !== word || this.#closed)
      if (answer.outcome === 'shown') this.#parts.count(`sign_shown_${sign.kind}`)
      else if ('says' in answer) this.#failed(sign, answer.says)
      if (answer.outcome !== 'not-now') {
        pause = FIRST_PAUSE
        if (lane.newest === word) lane.newest = null
      } else if (lane.newest === word) {
        await this.#sleep(pause, lane)
        pause = Math.min(LONGEST_PAUSE, pause * 2)
      }
    }
    lane.busy = false
  }

  async #show(sign: Sign, word: DriverWord, superseded: () => boolean): Promise<SignAnswer> {
    try {
      return await sign.show(word, superseded)
    } catch (cause) {
      return this.#broke(sign, cause)
    }
  }

  #broke(sign: Sign, cause: unknown): Extract<SignAnswer, { says: string }> {
    const why = cause instanceof Error ? cause.message : String(cause)
    return { outcome: 'never', says: `${sign.name} broke over a word to the driver: ${why}` }
  }

  /** Counted each time, said once: a sign that is away for a night fills no log. */
  #failed(sign: Sign, says: string): void {
    this.#parts.count(`sign_failed_${sign.kind}`)
    if (this.#closed || this.#said.has(says) || this.#said.size >= MOST_SENTENCES) return
    this.#said.add(says)
    this.#parts.log(says)
  }

  /** Until the time is over, a newer word waits or berth stops. */
  #sleep(ms: number, lane: Lane): Promise<void> {
    return new Promise((resolve) => {
      const disarm = this.#parts.clock.after(ms, resolve)
      lane.wake = () => {
        disarm()
        resolve()
      }
    })
  }
}
