import { systemClock } from '../clock.ts'

/** Of the time that work beside a site takes, it rests so many times as long: bays go first. */
const RESTS = 4

/** Such work of all sites of this process: one after the other, however many a node takes over at once. */
let turn: Promise<unknown> = Promise.resolve()

/** Work beside a site, slowly and in its turn, until the site closes. */
export class Pacer {
  #from = performance.now()
  #wake: (() => void) | null = null
  #running: Promise<void> | null = null
  isClosed = false

  /** Does it once it is its turn; nothing where the site has closed by then. Rejects as the work does. */
  run(work: () => Promise<void>): Promise<void> {
    const done = turn.then(async () => {
      if (this.isClosed) return
      this.#from = performance.now()
      this.#running = work()
      await this.#running
    })
    turn = done.catch(() => {})
    return done
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
