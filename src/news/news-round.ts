import type { Clock } from '../../actors/ports.ts'
import type { Row } from '../../projections/row-fold.ts'
import type { Views } from '../views/site-views.ts'
import { type Away, AwayWatch } from './away-watch.ts'
import type { NewsReceiver } from './news-receiver.ts'
import type { Parked, Position, PositionBook } from './position-book.ts'

export type RoundParts = {
  readonly receiver: NewsReceiver
  readonly views: Pick<Views, 'read'>
  readonly book: PositionBook
  readonly clock: Clock
  /** A receiver that was never told anything begins with what happens from now on, or with all there is. */
  readonly from: 'now' | 'start'
  /** Seq of the newest record. */
  readonly newest: () => number
  readonly count: (name: string) => void
  /** One line for people. */
  readonly log: (line: string) => void
  /** It is told nothing more until a person says so, and why; null: it is told again. */
  readonly parked: (receiver: string, parked: Parked | null) => void
  /** It has taken nothing for a while, and how much waits for it; null: that is over. */
  readonly away: (receiver: string, away: Away | null) => void
}

/** How far a receiver is, and since when it has taken nothing (null = it takes what it is told). */
export type RoundPlace = Position & { readonly away: Away | null }

const PAGE = 200
/** First pause before a piece of news is told again, ms; doubles up to the longest. */
const FIRST_PAUSE_ms = 1_000
const LONGEST_PAUSE_ms = 60_000
/** A receiver that answers nothing but a refusal for so long is not asked any more, ms. */
const GIVE_UP_ms = 24 * 3_600_000
/** What a person is told besides, of a receiver that did not take a piece. */
const WAITS = '; what it has not taken waits for it.'
/** Behind every piece of news of the record `seq`, and before any of the next. */
export const behind = (seq: number): string => `${String(seq).padStart(12, '0')} ~`

/**
 * One receiver, told one piece of news after the other in the order of the journal, each at least once and the next only after it was
 * taken: a receiver that is away is waited for, by nobody but its own round. One that says it is gone, or refuses for a day, is parked: its
 * place stays, and a person lets it go on from there or from elsewhere. How far it is lies on disk.
 */
export class NewsRound {
  readonly #parts: RoundParts
  readonly #away: AwayWatch
  #after: string
  #wake: () => void = () => {}
  /** Ends any rest. */
  #stir: () => void = () => {}
  #closed = false
  readonly #run: Promise<void>
  #said = ''
  #parked: Parked | null
  /** Counts up when a person moves its place: what is under way counts no more. */
  #turn = 0
  /** Since when it has answered nothing but refusals, ms since 1970. */
  #refusesSince: number | null = null

  constructor(parts: RoundParts) {
    this.#parts = parts
    const { book, receiver, from, newest, views, clock, away } = parts
    const wants = (news: Row): boolean => receiver.wants(news)
    this.#away = new AwayWatch({ wants, views, clock, away: (state) => away(receiver.id, state) })
    const known = book.of(receiver.id)
    this.#after = known ?? (from === 'start' ? '' : behind(newest()))
    if (known === null) book.note(receiver.id, this.#after)
    this.#parked = book.parked(receiver.id)
    if (this.#parked) parts.parked(receiver.id, this.#parked)
    this.#run = this.#go()
  }

  /** Something may be new. */
  wake(): void {
    this.#wake()
  }

  /** How far it is. */
  get position(): RoundPlace {
    return { receiver: this.#parts.receiver.id, after: this.#after, parked: this.#parked, away: this.#away.state }
  }

  /** It is told again: from where it stopped, or what comes after the record `seq`. Durable when it returns. Throws Fault STORE_UNWRITABLE. */
  resume(seq: number | null): void {
    const { book, receiver, parked } = this.#parts
    if (seq !== null) book.note(receiver.id, behind(seq))
    book.free(receiver.id)
    if (seq !== null) this.#after = behind(seq)
    this.#parked = null
    this.#refusesSince = null
    this.#said = ''
    this.#turn += 1
    this.#away.forget()
    parked(receiver.id, null)
    this.#stir()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stir()
    await this.#parts.receiver.close()
    await this.#run
  }

  async #go(): Promise<void> {
    while (!this.#closed) {
      try {
        const turn = this.#turn
        const page = this.#parked ? [] : await this.#parts.views.read('news', {}, this.#after, PAGE)
        for (const [key, news] of page) if (this.#goesOn(turn)) await this.#tell(key, news, turn)
        if (page.length === 0) await this.#rest(null)
      } catch (cause) {
        this.#complain(
          `News for ${this.#parts.receiver.id} wait: ${cause instanceof Error ? cause.message : String(cause)}`,
        )
        await this.#rest(LONGEST_PAUSE_ms)
      }
    }
  }

  #goesOn(turn: number): boolean {
    return !this.#closed && this.#parked === null && turn === this.#turn
  }

  async #tell(key: string, news: Row, turn: number): Promise<void> {
    const { receiver, book, count } = this.#parts
    for (
      let pause = FIRST_PAUSE_ms;
      this.#goesOn(turn) && receiver.wants(news);
      pause = Math.min(LONGEST_PAUSE_ms, pause * 2)
    ) {
      const answer = await receiver.take(news)
      if (answer.taken) {
        this.#took(key)
        break
      }
      count('news_refused')
      if (!this.#goesOn(turn)) return
      if (this.#givesUp(answer.refuses)) return this.#park(answer.why)
      this.#complain(`${answer.why}${WAITS}`)
      await this.#away.missed(this.#after, answer.why)
      if (!this.#goesOn(turn)) return
      await this.#rest(pause)
    }
    if (!this.#goesOn(turn)) return
    this.#after = key
    book.note(receiver.id, key)
  }

  #took(key: string): void {
    const { receiver, count, log } = this.#parts
    count('news_taken')
    if (this.#said !== '') log(`${receiver.id} takes news again.`)
    this.#said = ''
    this.#refusesSince = null
    this.#away.took(key)
  }

  /** It says that it is gone, or has refused for long: asking it again helps nobody. One that is away is waited for. */
  #givesUp(refuses: 'now' | 'for-ever' | undefined): boolean {
    if (refuses === undefined) return false
    const now = this.#parts.clock.now()
    this.#refusesSince ??= now
    return refuses === 'for-ever' || now - this.#refusesSince >= GIVE_UP_ms
  }

  #park(why: string): void {
    const { receiver, book, clock, parked, log } = this.#parts
    const says = `${why}${WAITS}`
    this.#away.forget()
    this.#parked = { at: new Date(clock.now()).toISOString(), says }
    book.park(receiver.id, this.#parked)
    log(`${says} It is told nothing more until \`berth news resume ${receiver.id}\`.`)
    parked(receiver.id, this.#parked)
  }

  /** Said once, until it is another sentence or over. */
  #complain(says: string): void {
    if (this.#closed || says === this.#said) return
    this.#said = says
    this.#parts.log(says)
  }

  /** Until something may be new, for so long at most (ms; null = as long as it takes), or berth stops. */
  #rest(ms: number | null): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise((resolve) => {
      const disarm = ms === null ? () => {} : this.#parts.clock.after(ms, resolve)
      this.#stir = () => {
        disarm()
        resolve()
      }
      // What is refused is not told again sooner because something else happened.
      this.#wake = ms === null ? this.#stir : () => {}
    })
  }
}
