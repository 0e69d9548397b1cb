import type { Clock } from '../../actors/ports.ts'

export type UplinkAlarmParts = {
  readonly clock: Pick<Clock, 'now'>
  /** The centre's address as people may see it. */
  readonly at: string
  /** So long may records wait before an alarm, minutes. */
  readonly silent_min: number
  /** What is wrong between the site and its centre, in one sentence; null: nothing. */
  readonly tell: (kind: 'centre-away' | 'centre-other', says: string | null) => void
  readonly log: (says: string) => void
}

/** What a person should know of the way to the centre. Nothing at the site depends on it. */
export class UplinkAlarms {
  readonly #parts: UplinkAlarmParts
  /** ms since 1970. */
  #answeredAt: number
  #why = 'was not reached yet'
  #said = ''
  #isAway = false
  #other: string | null = null

  constructor(parts: UplinkAlarmParts) {
    this.#parts = parts
    this.#answeredAt = parts.clock.now()
  }

  /** The centre answered as it should. */
  answered(): void {
    this.#answeredAt = this.#parts.clock.now()
    if (this.#said !== '') this.#parts.log(`The centre at ${this.#parts.at} takes records again.`)
    this.#said = ''
    if (this.#isAway) this.#parts.tell('centre-away', null)
    this.#isAway = false
  }

  /** The link is down: what follows on `The centre at … `. A refusal is told at once: waiting does not mend it. */
  lost(why: string, isRefused: boolean): void {
    this.#why = why
    const says = `The centre at ${this.#parts.at} ${why}`
    if (says !== this.#said) this.#parts.log(`${says}; records wait on this machine.`)
    this.#said = says
    if (isRefused) this.#away()
  }

  /** What the centre has and what this store has are not one log, in one sentence; null: they are. */
  contradicted(says: string | null): void {
    if (says === this.#other) return
    this.#other = says
    this.#parts.tell('centre-other', says)
    if (says !== null) this.#parts.log(says)
  }

  /** About once a second: `behind` records wait for the centre. */
  tick(behind: number): void {
    const { clock, silent_min } = this.#parts
    // Where nothing waits there is nothing to answer.
    if (behind === 0 && this.#said === '') this.#answeredAt = clock.now()
    if (clock.now() - this.#answeredAt >= silent_min * 60_000) this.#away()
  }

  #away(): void {
    this.#isAway = true
    const since = new Date(this.#answeredAt).toISOString()
    this.#parts.tell(
      'centre-away',
      `The centre at ${this.#parts.at} ${this.#why}; it has taken nothing since ${since}.`,
    )
  }
}
