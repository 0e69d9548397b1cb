import type { OwnOutcome } from './call-lane.ts'
import type { ChargePointRelay } from './charge-point-relay.ts'
import type { CallEnd, LogicWord, RelayAnswer, RelayState } from './relay-news.ts'
import type { RelayStore } from './relay-store.ts'
import type { TokenTable } from './token-table.ts'
import type { TransactionPayers } from './transaction-payers.ts'

type Answer = RelayAnswer extends infer One ? (One extends RelayAnswer ? Omit<One, 'ref'> : never) : never

export type LogicDeskParts = {
  readonly relays: ReadonlyMap<string, ChargePointRelay>
  readonly tokens: TokenTable
  readonly payers: TransactionPayers
  readonly store: RelayStore
  readonly state: () => RelayState
  readonly adopt: (passwords: { readonly [id: string]: string }) => void
  /** The logic has dealt with more news. */
  readonly heard: () => void
  /** Ends the relay cleanly. */
  readonly stop: () => void
}

const FAILED: Answer = { ok: false, says: 'The relay could not write its file; it knows the token until it stops.' }

/** Does what the logic asks for. */
export class LogicDesk {
  readonly #parts: LogicDeskParts
  /** Calls under way, by the logic's own name for them. */
  readonly #calls = new Map<string, { readonly relay: ChargePointRelay; readonly id: string }>()

  constructor(parts: LogicDeskParts) {
    this.#parts = parts
  }

  state(): RelayState {
    return this.#parts.state()
  }

  /** Hears one word; `answer` is called once, for a token when it is durable, for a call when it has ended; `turn` when a call that asks may leave. */
  hear(word: Exclude<LogicWord, { do: 'hello' }>, answer: (answer: Answer) => void, turn: () => void): void {
    const { tokens, adopt, stop } = this.#parts
    switch (word.do) {
      case 'token.put':
        return tokens.put(word, (durable) => answer(durable ? { ok: true } : FAILED))
      case 'token.dead':
        return tokens.bury(word.token, (durable) => answer(durable ? { ok: true } : FAILED))
      case 'subject.forget':
        return void this.#forget(word.subject).then((isDone) => answer(isDone ? { ok: true } : FAILED))
      case 'passwords':
        adopt(word.passwords)
        return answer({ ok: true })
      case 'call':
        return this.#call(word, answer, turn)
      case 'upward': {
        const end = (outcome: OwnOutcome): void => answer({ ok: true, end: endOf(outcome) })
        const relay = this.#parts.relays.get(word.chargePointId)
        return relay ? relay.calls.placeUpward(word, end) : end({ kind: 'never', why: 'offline' })
      }
      case 'go': {
        const call = this.#calls.get(word.call)
        call?.relay.calls.letGo(call.id, word.go)
        return answer({ ok: true })
      }
      case 'heard':
        this.#parts.heard()
        return answer({ ok: true })
      case 'withdraw':
        return answer({ ok: true, withdrawn: this.forsake(word.call) })
      case 'state':
        return answer({ ok: true, state: this.state() })
      case 'stop':
        answer({ ok: true })
        return stop()
    }
  }

  /** Takes a call back; false where it has left, has ended, or was never made. */
  forsake(ref: string): boolean {
    const call = this.#calls.get(ref)
    return call?.relay.calls.withdraw(call.id) ?? false
  }

  #forget(subject: string): Promise<boolean> {
    const { relays, tokens, payers, store } = this.#parts
    return store.forget(() => {
      payers.forget(tokens.of(subject))
      for (const alias of tokens.forget(subject)) for (const relay of relays.values()) relay.forget(alias)
    })
  }

  #call(word: Extract<LogicWord, { do: 'call' }>, answer: (answer: Answer) => void, turn: () => void): void {
    const relay = this.#parts.relays.get(word.chargePointId)
    if (!relay) return answer({ ok: true, end: { kind: 'never', why: 'unknown' } })
    const id = relay.calls.nextId()
    this.#calls.set(word.ref, { relay, id })
    const end = (outcome: OwnOutcome): void => {
      this.#calls.delete(word.ref)
      answer({ ok: true, end: endOf(outcome) })
    }
    relay.calls.place({ ...word, id, ...(word.asks ? { ask: turn } : {}) }, end)
  }
}

function endOf(outcome: OwnOutcome): CallEnd {
  if (outcome.kind !== 'answer') return outcome
  const frame = parse(outcome.text)
  if (frame?.[0] === 3) return { kind: 'result', payload: frame[2] }
  if (frame?.[0] === 4) return { kind: 'error', code: String(frame[2]), says: String(frame[3] ?? '') }
  return { kind: 'error', code: 'FormationViolation', says: 'The answer cannot be read.' }
}

function parse(text: string): readonly unknown[] | null {
  try {
    const frame: unknown = JSON.parse(text)
    return Array.isArray(frame) ? frame : null
  } catch {
    return null
  }
}
