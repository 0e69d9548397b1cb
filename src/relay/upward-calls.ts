import type { Clock } from '../../actors/ports.ts'
import type { OwnCall, OwnOutcome } from './call-lane.ts'

type Waiting = { readonly end: (outcome: OwnOutcome) => void; readonly disarm: () => void }

/** A call waits so long for the charge point's own messages to be answered, ms. */
const PATIENCE_MS = 1_000
const LOOK_AGAIN_MS = 50

/** Calls of berth's own to the back end in one charge point's name: one at a time, behind what the charge point has under way. */
export class UpwardCalls {
  readonly #clock: Clock
  readonly #send: (text: string) => boolean
  readonly #waiting = new Map<string, Waiting>()

  /** `send` is false where the line is down or the charge point waits for an answer. */
  constructor(clock: Clock, send: (text: string) => boolean) {
    this.#clock = clock
    this.#send = send
  }

  place(
    call: Omit<OwnCall, 'deadline'>,
    end: (outcome: OwnOutcome) => void,
    until = this.#clock.now() + PATIENCE_MS,
  ): void {
    const { id, action, payload, answerWithin_ms } = call
    if (this.#waiting.size === 0 && this.#send(JSON.stringify([2, id, action, payload]))) {
      const disarm = this.#clock.after(answerWithin_ms, () =>
        this.#end(id, { kind: 'silent', why: 'no answer in time' }),
      )
      this.#waiting.set(id, { end, disarm })
    } else if (this.#clock.now() >= until) end({ kind: 'never', why: 'offline' })
    else this.#clock.after(LOOK_AGAIN_MS, () => this.place(call, end, until))
  }

  /** An answer to one of these calls; false where it comes too late. */
  settle(id: string, text: string): boolean {
    return this.#end(id, { kind: 'answer', text })
  }

  /** The line is gone. */
  drop(): void {
    for (const id of [...this.#waiting.keys()]) this.#end(id, { kind: 'silent', why: 'the connection was lost' })
  }

  #end(id: string, outcome: OwnOutcome): boolean {
    const waiting = this.#waiting.get(id)
    if (!waiting) return false
    this.#waiting.delete(id)
    waiting.disarm()
    waiting.end(outcome)
    return true
  }
}
