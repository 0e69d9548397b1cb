import { eventId, linkStream, type NewEvent, ownerStream, siteStream } from './kurrent-event.ts'
import type { KurrentLine } from './kurrent-line.ts'
import type { KurrentLog } from './kurrent-log.ts'

/** Links of one append. */
const BATCH = 256
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000

/** The type by which KurrentDB knows a link; its data is `REVISION@STREAM`. */
const LINK = '$>'

/**
 * Makes links from each stream of the log (bays, site, register, audit) to its records, after the records and never in their way: on a
 * line of its own, at its own pace. How far it came is what the link streams hold, so nothing is noted elsewhere and nothing made twice.
 */
export class KurrentLinks {
  readonly #log: KurrentLog
  readonly #line: KurrentLine
  /** Newest version that is linked, by stream, as the server last said. */
  readonly #made = new Map<string, number>()
  #work: Promise<void> | null = null
  #again = false
  #closed = false
  #rest: (() => void) | null = null

  /** `line` is this one's own; it is closed with it. */
  constructor(log: KurrentLog, line: KurrentLine) {
    this.#log = log
    this.#line = line
  }

  /** There may be something to link. Returns at once. */
  wake(): void {
    this.#again = true
    if (this.#closed || this.#work !== null) return
    this.#work = this.#run().finally(() => {
      this.#work = null
    })
  }

  /** What is not linked yet is linked at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    this.#rest?.()
    await this.#line.close()
    await this.#work
  }

  async #run(): Promise<void> {
    let wait = FIRST_WAIT_MS
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        for (const stream of this.#log.streams()) await this.#follow(stream)
        wait = FIRST_WAIT_MS
      } catch {
        // The server is away, or took no link: nobody depends on links, so they come when it is back.
        this.#made.clear()
        this.#again = true
        await this.#pause(wait)
        wait = Math.min(wait * 2, LONGEST_WAIT_MS)
      }
    }
  }

  async #follow(stream: string): Promise<void> {
    let made = this.#made.get(stream) ?? (await this.#found(stream))
    for (;;) {
      const places = this.#log.places(stream, made, BATCH)
      if (places.length === 0 || this.#closed) break
      const links = places.map((seq, index) => this.#link(stream, seq, made + index + 1))
      const outcome = await this.#line.append(linkStream(this.#log.siteId, stream), links, made - 1)
      if (outcome.is !== 'done') throw new Error(`links of ${stream}: ${outcome.is}`)
      made += places.length
      this.#made.set(stream, made)
    }
    this.#made.set(stream, made)
  }

  async #found(stream: string): Promise<number> {
    const asked = { from: 'newest', count: 1 } as const
    const [newest] = (await this.#line.read(linkStream(this.#log.siteId, stream), asked)) ?? []
    return newest === undefined ? 0 : newest.revision + 1
  }

  #link(stream: string, seq: number, version: number): NewEvent {
    const { siteId } = this.#log
    const id = eventId(ownerStream(siteId), 'link', stream, version, seq)
    return { id, type: LINK, link: `${seq - 1}@${siteStream(siteId)}` }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((go) => {
      const timer = setTimeout(go, ms)
      this.#rest = () => {
        clearTimeout(timer)
        go()
      }
    })
  }
}
