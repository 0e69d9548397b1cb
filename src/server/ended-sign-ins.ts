import { randomBytes } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'
import type { LastingNote } from '../lasting-note.ts'

/** Ended ones that are known by name; for more the oldest are ended by the time at which they began. */
const MOST = 5_000
/** An ended one is forgotten after so long, ms: no cookie of it lives a third of that, however clocks are set meanwhile. */
const KEPT_MS = 30 * 24 * 3_600_000

/** As it is written down: `before` ms since 1970, `ended` with the time of each end. */
type Noted = { readonly before: number; readonly ended: readonly (readonly [name: string, at: number])[] }

/** Names of sign-ins, and which of them somebody ended before their time: known over restarts, and by whoever serves next. */
export class EndedSignIns {
  readonly #note: LastingNote
  readonly #clock: Pick<Clock, 'now'>
  readonly #ended: Map<string, number>
  /** Whatever began until then has ended, ms since 1970. */
  #before: number
  #isWritten = true
  #turn: Promise<unknown> = Promise.resolve()

  constructor(note: LastingNote, clock: Pick<Clock, 'now'>) {
    this.#note = note
    this.#clock = clock
    const { before, ended } = notedIn(note.text, clock.now())
    this.#before = before
    this.#ended = new Map(ended)
  }

  /** The name of a new sign-in: when it began, and chance. */
  name(): string {
    return `${Math.max(this.#clock.now(), this.#before + 1)}-${randomBytes(16).toString('base64url')}`
  }

  has(name: string): boolean {
    return this.#ended.has(name) || !(beganAt(name) > this.#before)
  }

  /** Resolves once these are ended for good. Rejects as the note does: then they are ended here, and the next call writes them down too. */
  async end(names: readonly string[]): Promise<void> {
    const now = this.#clock.now()
    for (const [name, at] of this.#ended) if (at < now - KEPT_MS) this.#ended.delete(name)
    for (const name of names) {
      this.#ended.set(name, now)
      this.#isWritten = false
    }
    this.#bound()
    const written = this.#turn.then(() => this.#write())
    this.#turn = written.catch(() => {})
    await written
  }

  async #write(): Promise<void> {
    if (this.#isWritten) return
    this.#isWritten = true
    const noted: Noted = { before: this.#before, ended: [...this.#ended] }
    await this.#note.write(JSON.stringify(noted)).catch((cause: unknown) => {
      this.#isWritten = false
      throw cause
    })
  }

  #bound(): void {
    if (this.#ended.size <= MOST) return
    const oldest = [...this.#ended.keys()].map(beganAt).sort((one, other) => one - other)
    this.#before = oldest[oldest.length - MOST / 2] as number
    for (const name of this.#ended.keys()) if (beganAt(name) <= this.#before) this.#ended.delete(name)
  }
}

/** Where it cannot be read, everything from before now has ended: people sign in once more. */
function notedIn(text: string | null, now: number): Noted {
  try {
    return text === null ? { before: 0, ended: [] } : (JSON.parse(text) as Noted)
  } catch {
    return { before: now, ended: [] }
  }
}

const beganAt = (name: string): number => Number(name.split('-', 1)[0])
