import type { Numbered, RelayNews } from './relay-news.ts'

const MOST_COPIES = 20_000
const MOST_BYTES = 16 * 1024 * 1024
const OVERHEAD = 200

/** The newest news, for a logic that is away, slow or starting anew. Older ones are dropped and counted; nobody waits for it. */
export class CopyRing {
  #lines: (Numbered<RelayNews> | undefined)[] = []
  /** Index of the oldest in `#lines`. */
  #first = 0
  #bytes = 0
  #last = 0
  /** The logic has dealt with everything up to this number. */
  heard = 0

  /** The number of the newest. */
  get last(): number {
    return this.#last
  }

  /** Number of the oldest that is still there. */
  get oldest(): number {
    return this.#last - (this.#lines.length - this.#first) + 1
  }

  add(news: RelayNews, at: number): void {
    this.#last += 1
    this.#lines.push({ ...news, n: this.#last, at })
    this.#bytes += weight(news)
    while (this.#lines.length - this.#first > MOST_COPIES || this.#bytes > MOST_BYTES) this.#drop()
  }

  /** At most `limit` lines after number `after`, oldest first. */
  after(after: number, limit: number): readonly Numbered<RelayNews>[] {
    const from = this.#first + Math.max(0, after + 1 - this.oldest)
    return this.#lines.slice(from, from + limit).filter((line) => line !== undefined)
  }

  #drop(): void {
    const line = this.#lines[this.#first]
    this.#lines[this.#first] = undefined
    this.#first += 1
    this.#bytes -= line ? weight(line) : 0
    if (this.#first < MOST_COPIES) return
    this.#lines = this.#lines.slice(this.#first)
    this.#first = 0
  }
}

function weight(news: RelayNews): number {
  return OVERHEAD + (news.event === 'frame' ? (news.text.length + (news.rewritten?.length ?? 0)) * 2 : 0)
}
