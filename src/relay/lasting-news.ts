import type { CopyRing } from './copy-ring.ts'
import { isLasting, type RelayNews } from './relay-news.ts'
import type { RelayStore } from './relay-store.ts'

const MOST_KEPT = 1_000

/** News that nobody says twice, in the relay's file until a logic has dealt with them: a relay that is killed says them again. */
export class LastingNews {
  readonly #store: RelayStore
  readonly #ring: CopyRing
  readonly #insert
  readonly #delete
  /** Row of each in the file, by its number in the ring; oldest first. */
  readonly #rows = new Map<number, number>()
  #last = 0

  /** Puts what a former relay left into the ring, before everything else. */
  constructor(store: RelayStore, ring: CopyRing) {
    this.#store = store
    this.#ring = ring
    this.#insert = store.prepare('INSERT INTO news (id, text, at) VALUES (?, ?, ?)')
    this.#delete = store.prepare('DELETE FROM news WHERE id <= ?')
    for (const row of store.prepare('SELECT id, text, at FROM news ORDER BY id').all()) {
      this.#last = Number(row['id'])
      this.#rows.set(ring.add(JSON.parse(String(row['text'])) as RelayNews, Number(row['at'])), this.#last)
    }
  }

  /** Puts it into the ring, and where it lasts on disk with this turn's commit. `at`: ms since 1970. */
  tell(news: RelayNews, at: number): void {
    const n = this.#ring.add(news, at)
    if (!isLasting(news)) return
    this.#last += 1
    const id = this.#last
    this.#rows.set(n, id)
    // What it was given up with bears an alias: that is not kept here.
    const text = JSON.stringify('text' in news ? { ...news, text: '' } : news)
    this.#store.write(() => void this.#insert.run(id, text, at))
    const oldest = this.#rows.keys().next().value
    if (this.#rows.size > MOST_KEPT && oldest !== undefined) this.#drop(oldest)
  }

  /** The logic has dealt with more of the ring. */
  heard(): void {
    this.#drop(this.#ring.heard)
  }

  #drop(upTo: number): void {
    let done: number | null = null
    for (const [n, id] of this.#rows) {
      if (n > upTo) break
      done = id
      this.#rows.delete(n)
    }
    if (done === null) return
    const last = done
    this.#store.writeLater(() => void this.#delete.run(last))
  }
}
