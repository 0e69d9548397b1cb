import { systemClock } from '../clock.ts'

/** Of the time that work beside a site takes, it rests so many times as long: bays go first. */
const RESTS = 4

/** Work of one kind of all sites of this process: one after the other, however many a node takes over at once. */
class Lane {
  #turn: Promise<unknown> = Promise.resolve()

  /** Resolves or rejects as the work does, once it had its turn. */
  take(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }
}

/** A long past is checked for hours: what is kept meanwhile does not wait for that. */
const LANES = { check: new Lane(), keep: new Lane() }

/** Work beside a site, slowly and in its turn, until the site closes. */
export class Pacer {
  readonly #lane: Lane
  #from = performance.now()
  #wake: (() => void) | null = null
  #running: Promise<void> | null = null
  isClosed = false

  constructor(kind: keyof typeof LANES) {
    this.#lane = LANES[kind]
  }

  /** Does it once it is its turn; nothing where the site has closed by then. Rejects as the work does. */
  run(work: () => Promise<void>): Promise<void> {
    return this.#lane.take(async () => {
      if (this.isClosed) return
      this.#from = performance.now()
      this.#running = work()
      await this.#running
    })
  }

  /** Rests after what was done since the last rest. Rejects once the site closes. */
  rest = async (): Promise<void> => {
    const ms = Math.ceil((performance.now() - this.#from) * RESTS)
    await new Promise<void>((wake) => {
      const disarm = systemClock.after(ms, wake)
      this.#wake = () => {
        disarm()
        wake()
      }
      if (this.isClosed) this.#wake()
    })
    this.#from = performance.now()
    if (this.isClosed) throw new Error('The site closes.')
  }

  /** Resolves when nothing of it runs any more. */
  async close(): Promise<void> {
    this.isClosed = true
    this.#wake?.()
    await this.#running?.catch(() => {})
  }
}
