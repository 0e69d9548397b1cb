import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { type Taken, takenSays } from './register-taking.ts'
import { type SourceAnswer, SourceAway } from './source-call.ts'

/** What people are told of: no answer for long, or an answer that cannot be taken. */
export type SourceAlarm = 'register-away' | 'register-refused'

export type RegisterSourceParts = {
  /** The source's host, for people. */
  readonly at: string
  /** Asks once; rejects with SourceAway. */
  readonly call: (etag: string | null, closing: AbortSignal) => Promise<SourceAnswer>
  /** Takes a text for the register. Rejects with Fault where nothing can be written now. */
  readonly take: (text: string) => Promise<Taken>
  /** Minutes between two calls, and after how many without an answer an alarm is raised. */
  readonly every_min: number
  readonly silent_min: number
  readonly clock: Clock
  /** 0..1, for the jitter between calls. */
  readonly chance: () => number
  /** One sentence; null: it is over. */
  readonly tell: (kind: SourceAlarm, says: string | null) => void
  readonly log: (says: string) => void
}

const MINUTE_MS = 60_000
/** After a failure, ms: sooner than the next turn, and ever later. */
const FIRST_RETRY_MS = 10_000

/** Asks a source for the register again and again. Whatever comes back, the site goes on with the register that it has. */
export class RegisterSource {
  readonly #parts: RegisterSourceParts
  readonly #closing = new AbortController()
  #etag: string | null = null
  /** ms since 1970. */
  #answeredAt: number
  #retry_ms = FIRST_RETRY_MS
  #said = ''
  #disarm: () => void = () => {}
  #running: Promise<void> = Promise.resolve()

  constructor(parts: RegisterSourceParts) {
    this.#parts = parts
    this.#answeredAt = parts.clock.now()
    this.#turn()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#disarm()
    await this.#running
  }

  #turn(): void {
    this.#running = this.#ask().then((wait_ms) => {
      if (this.#closing.signal.aborted) return
      // Not all gateways in the same second.
      const { clock, chance } = this.#parts
      this.#disarm = clock.after(wait_ms * (0.9 + chance() / 5), () => this.#turn())
    })
  }

  /** ms until the next call. */
  async #ask(): Promise<number> {
    const { call, every_min } = this.#parts
    const usual_ms = every_min * MINUTE_MS
    try {
      const answer = await call(this.#etag, this.#closing.signal)
      this.#answered()
      if (answer === 'none')
        this.#say(`No register lies ready at ${this.#parts.at}; the site goes on with the one that it has.`)
      else if (answer !== 'same') await this.#take(answer)
      this.#retry_ms = FIRST_RETRY_MS
      return usual_ms
    } catch (cause) {
      if (this.#closing.signal.aborted) return usual_ms
      this.#missed(cause)
      const wait_ms = Math.min(this.#retry_ms, usual_ms)
      this.#retry_ms *= 2
      return wait_ms
    }
  }

  async #take({ text, etag }: Exclude<SourceAnswer, 'same' | 'none'>): Promise<void> {
    const { take, tell, at } = this.#parts
    const taken = await take(text)
    if ('refused' in taken) {
      // Asked whole again: what is wrong may be mended here as well as there.
      this.#etag = null
      const says = `The register that ${at} sends is not taken: ${taken.refused}`
      this.#say(says)
      return tell('register-refused', says)
    }
    this.#etag = etag
    tell('register-refused', null)
    if (taken.isNew) this.#say(`From ${at}: ${takenSays(taken)}`)
    this.#said = ''
  }

  #answered(): void {
    this.#answeredAt = this.#parts.clock.now()
    this.#parts.tell('register-away', null)
  }

  #missed(cause: unknown): void {
    const { clock, silent_min, tell, at } = this.#parts
    const isKnown = cause instanceof SourceAway || cause instanceof Fault
    const why = isKnown ? cause.message : String(cause)
    const says =
      cause instanceof SourceAway ? `The register’s source at ${at} ${why}` : `The register from ${at} waits: ${why}`
    this.#say(`${says}; the site goes on with the register that it has.`)
    if (cause instanceof SourceAway && clock.now() - this.#answeredAt >= silent_min * MINUTE_MS)
      tell('register-away', `${says}; it was last heard at ${new Date(this.#answeredAt).toISOString()}.`)
  }

  /** Said once, until it is another sentence. */
  #say(says: string): void {
    if (says !== this.#said) this.#parts.log(says)
    this.#said = says
  }
}
