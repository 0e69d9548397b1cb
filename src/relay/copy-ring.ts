import { isLasting, type Numbered, type RelayNews } from './relay-news.ts'

const MOST_COPIES = 20_000
const MOST_BYTES = 16 * 1024 * 1024
const MOST_LASTING = 1_000
const OVERHEAD = 200

/**
 * The newest news, for a logic that is away, slow or starting anew. Older ones are dropped and counted, but for those that last; nobody
 * waits for it.
 */
export class CopyRing {
  #lines: (Numbered<RelayNews> | undefined)[] = []
  /** Index of the oldest in `#lines`. */
  #first = 0
  #bytes = 0
  #last = 0
  #heard = 0
  /** Older than the oldest, and not heard. */
  #lasting: Numbered<RelayNews>[] = []

  /** The logic has dealt with everything up to this number. */
  get heard(): number {
    return this.#heard
  }

  /** The logic has dealt with everything up to this number; a smaller one than before says nothing. */
  hear(upTo: number): void {
    this.#heard = Math.max(this.#heard, upTo)
    this.#lasting = this.#lasting.filter(({ n }) => n > this.#heard)
  }

  /** The number of the newest. */
  get last(): number {
    return this.#last
  }

  /** Number of the oldest that is still there. */
  get oldest(): number {
    return this.#last - (this.#lines.length - this.#first) + 1
  }

  /** Answers its number. */
  add(news: RelayNews, at: number): number {
    this.#last += 1
    this.#lines.push({ ...news, n: this.#last, at })
    this.#bytes += weight(news)
    while (this.#lines.length - this.#first > MOST_COPIES || this.#bytes > MOST_BYTES) this.#drop()
    return this.#last
  }

  /** At most `limit` lines after number `after`, oldest first. */
  after(after: number, limit: number): readonly Numbered<RelayNews>[] {
    const from = this.#first + Math.max(0, after + 1 - this.oldest)
    return this.#lines.slice(from, from + limit).filter((line) => line !== undefined)
  }

  /** What lasts after number `after` and stands before the oldest. */
  lastingAfter(after: number): readonly Numbered<RelayNews>[] {
    return this.#lasting.filter(({ n }) => n > after)
  }

  #drop(): void {
    const line = this.#lines[this.#first]
    this.#lines[this.#first] = undefined
    this.#first += 1
    this.#bytes -= line ? weight(line) : 0
    if (line && isLasting(line) && line.n > this.#heard) this.#lasting.push(line)
    if (this.#lasting.length > MOST_LASTING) this.#lasting.shift()
    if (this.#first < MOST_COPIES) return
    this.#lines = this.#lines.slice(this.#first)
    this.#first = 0
  }
}

function weight(news: RelayNews): number {
  return OVERHEAD + (news.event === 'frame' ? (news.text.length + (news.rewritten?.length ?? 0)) * 2 : 0)
}
