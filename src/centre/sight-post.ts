import type { Clock } from '../../actors/ports.ts'
import { PLATE_DOUBT, type Sighting } from '../plausibility/sighting.ts'
import type { CentreLinks } from './centre-links.ts'
import { CLOCKS_MIN, type DoubtOfSite, SightBook } from './sight-book.ts'

type SightPostParts = {
  readonly links: Pick<CentreLinks, 'request' | 'onSighting' | 'onAway'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: (says: string) => void
  readonly book?: SightBook
}

/** Words of one site in one minute; a gateway says 120 at most, and the two clocks begin their minutes apart. */
const MOST_A_MINUTE = 300
/** Longest wait for a gateway's answer, ms. */
const ANSWER_MS = 10_000
/** What is wrong with a site's words is told once in so long, min. */
const SAY_AGAIN_MIN = 60

/**
 * Hears where plates are that no one here can read, and tells both sites at once where one of them cannot be true. What comes too late,
 * too often, or beyond what is kept, is passed over: then the two sites know as much as without a centre. Nothing is kept or logged of a plate.
 */
export class SightPost {
  readonly #parts: SightPostParts
  readonly #book: SightBook
  /** Words of the present minute, by site. */
  readonly #heard = new Map<string, number>()
  readonly #said = new Map<string, number>()
  #minute = 0

  constructor(parts: SightPostParts) {
    this.#parts = parts
    this.#book = parts.book ?? new SightBook()
    parts.links.onSighting((site, sighting) => this.#hear(site, sighting))
    parts.links.onAway((site) => this.#book.away(site, this.#now()))
  }

  /** Forgets what is over; now and then. */
  async look(): Promise<void> {
    this.#now()
  }

  #hear(site: string, sighting: Sighting): void {
    const now = this.#now()
    const heard = (this.#heard.get(site) ?? 0) + 1
    this.#heard.set(site, heard)
    if (heard > MOST_A_MINUTE)
      return this.#say(site, `${site} tells of more plates than ${MOST_A_MINUTE} a minute; the rest is not heard.`)
    const off = sighting.minute - now
    // That somebody left counts from when they did; nobody is ahead of the clock.
    if (off > CLOCKS_MIN || (sighting.what === 'stands' && off < -CLOCKS_MIN))
      return this.#say(
        site,
        `The clock of ${site} is ${Math.abs(off)} min from this one: its plates are compared with no other site until it is set right.`,
      )
    const doubts = this.#book.take(site, sighting, now)
    if (doubts === 'full')
      return this.#say(
        site,
        `${site} tells of more plates than are kept here; the rest is compared with no other site.`,
      )
    for (const one of doubts) this.#tell(one)
  }

  /** A gateway that is not there, or does not take it, is not asked; what it says to it changes nothing. */
  #tell({ of, doubt }: DoubtOfSite): void {
    void this.#parts.links.request(of, PLATE_DOUBT, { ...doubt }, ANSWER_MS).catch(() => {})
  }

  /** Whole minutes since 1970; a new one begins a new count. */
  #now(): number {
    const now = Math.floor(this.#parts.clock.now() / 60_000)
    if (now !== this.#minute) {
      this.#minute = now
      this.#heard.clear()
      this.#book.tick(now)
    }
    return now
  }

  #say(site: string, says: string): void {
    const last = this.#said.get(site)
    if (last !== undefined && Math.abs(this.#minute - last) < SAY_AGAIN_MIN) return
    this.#said.set(site, this.#minute)
    this.#parts.log(says)
  }
}
