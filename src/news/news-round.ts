import type { Clock } from '../../actors/ports.ts'
import type { Row } from '../../projections/row-fold.ts'
import type { Views } from '../views/site-views.ts'
import type { NewsReceiver } from './news-receiver.ts'
import type { PositionBook } from './position-book.ts'

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
}

const PAGE = 200
/** First pause before a piece of news is told again, ms; doubles up to the longest. */
const FIRST_PAUSE_ms = 1_000
const LONGEST_PAUSE_ms = 60_000
/** Behind every piece of news of the record `seq`, and before any of the next. */
const behind = (seq: number): string => `${String(seq).padStart(12, '0')} ~`

/**
 * One receiver, told one piece of news after the other in the order of the journal, each at least once and the next only after it was
 * taken: a receiver that is away is waited for, by nobody but its own round. How far it is lies on disk.
 */
export class NewsRound {
  readonly #parts: RoundParts
  #after: string
  #wake: () => void = () => {}
  #closed = false
  readonly #run: Promise<void>
  #said = ''

  constructor(parts: RoundParts) {
    this.#parts = parts
    const { book, receiver, from, newest } = parts
    const known = book.of(receiver.id)
    this.#after = known ?? (from === 'start' ? '' : behind(newest()))
    if (known === null) book.note(receiver.id, this.#after)
    this.#run = this.#go()
  }

  /** Something may be new. */
  wake(): void {
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    await this.#parts.receiver.close()
    await this.#run
  }

  async #go(): Promise<void> {
    while (!this.#closed) {
      try {
        const page = await this.#parts.views.read('news', {}, this.#after, PAGE)
        for (const [key, news] of page) await this.#tell(key, news)
        if (page.length === 0) await this.#rest(null)
      } catch (cause) {
        this.#complain(
          `News for ${this.#parts.receiver.id} wait: ${cause instanceof Error ? cause.message : String(cause)}`,
        )
        await this.#rest(LONGEST_PAUSE_ms)
      }
    }
  }

  async #tell(key: string, news: Row): Promise<void> {
    const { receiver, book, count, log } = this.#parts
    for (
      let pause = FIRST_PAUSE_ms;
      !this.#closed && receiver.wants(news);
      pause = Math.min(LONGEST_PAUSE_ms, pause * 2)
    ) {
      const answer = await receiver.take(news)
      if (answer.taken) {
        count('news_taken')
        if (this.#said !== '') log(`${receiver.id} takes news again.`)
        this.#said = ''
        break
      }
      count('news_refused')
      this.#complain(answer.says)
      await this.#rest(pause)
    }
    if (this.#closed) return
    this.#after = key
    book.note(receiver.id, key)
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
      // What is refused is not told again sooner because something else happened.
      this.#wake = () => {
        if (ms !== null && !this.#closed) return
        disarm()
        resolve()
      }
    })
  }
}
