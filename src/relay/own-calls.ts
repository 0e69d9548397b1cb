import type { CallLane, OwnCall, OwnOutcome } from './call-lane.ts'
import type { ChargePointRelayParts } from './charge-point-relay-parts.ts'
import { ownStartIn } from './downward-call.ts'
import { readAcceptedStart } from './frame-reading.ts'
import type { UpwardCalls } from './upward-calls.ts'

/** Who is there to be called. */
type Presence = { readonly present: () => boolean; readonly upstream: () => boolean }

/** Calls of berth's own, to one charge point and in its name to the back end. */
export class OwnCalls {
  readonly #parts: ChargePointRelayParts
  readonly #lane: CallLane
  readonly #upward: UpwardCalls
  readonly #there: Presence
  readonly #run: string
  #made = 0

  constructor(parts: ChargePointRelayParts, lane: CallLane, upward: UpwardCalls, there: Presence) {
    this.#parts = parts
    this.#lane = lane
    this.#upward = upward
    this.#there = there
    this.#run = parts.chance.hex(6)
  }

  /** The message id of the next one. */
  nextId(): string {
    this.#made += 1
    return `${this.#parts.prefix}${this.#run}-${this.#made}`
  }

  /** Sends a call when its turn comes. */
  place(call: OwnCall, end: (outcome: OwnOutcome) => void): void {
    const { tokens, payers, chargePointId, counters, store } = this.#parts
    if (!this.#there.present()) return end({ kind: 'never', why: 'offline' })
    const { id, action, payload, deadline, answerWithin_ms, ask } = call
    const start = ownStartIn(action, payload)
    if (start) {
      tokens.noteStart(chargePointId, start.id, start.token)
      // What the charge point answers must find the note, also after a kill.
      store.flush()
    }
    const data = JSON.stringify([2, id, action, payload])
    counters.add('calls_own')
    const ends = (outcome: OwnOutcome): void => {
      const named = start && outcome.kind === 'answer' ? readAcceptedStart(outcome.text) : null
      if (start && named !== null) payers.promises(chargePointId, named, start.token.toUpperCase())
      end(outcome)
    }
    this.#lane.placeOwn({ id, data, deadline, answerWithin_ms, end: ends, ...(ask ? { ask } : {}) })
  }

  /** Calls the back end in the charge point's name; what it answers goes no further. */
  placeUpward(call: Pick<OwnCall, 'action' | 'payload' | 'answerWithin_ms'>, end: (outcome: OwnOutcome) => void): void {
    if (!this.#there.upstream()) return end({ kind: 'never', why: 'offline' })
    this.#upward.place({ ...call, id: this.nextId() }, end)
  }

  /** The answer to a call that asked. */
  letGo(id: string, may: boolean): void {
    this.#lane.letGo(id, may)
  }

  /** Takes a call back; false where it has left, or is done. */
  withdraw(id: string): boolean {
    return this.#lane.withdraw(id)
  }
}
