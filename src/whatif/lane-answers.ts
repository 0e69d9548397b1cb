import type { Cause, Effect } from '../../machines/record.ts'

/** What a bay asked that only the world can answer. `id` is the question's own name; equal keys ask the same. */
export type Question = { readonly kind: string; readonly key: string; readonly id: string; readonly at: number }

/** A question of the recorded life that the tried one has not asked, with its answer once that has come. */
type Missed = Question & { answer: { readonly cause: Cause; readonly at: number } | null; began: boolean }

/** A question asked so much earlier or later than it was recorded is still the same question, ms. */
export const SAME_ms = 10_000

/** The question that an effect is; null where nobody outside answers it, or the answer comes in any case. */
export function questionOf(effect: Effect, at: number): Question | null {
  const text = (name: string): string => String(effect[name])
  switch (effect.type) {
    case 'ask.authorizer': {
      const kind = text('ask').startsWith('other-') ? 'other' : 'ask'
      return { kind, key: `${kind} ${text('handle')}`, id: text('ask'), at }
    }
    case 'ask.second-reader':
      return { kind: 'second', key: 'second', id: text('ask'), at }
    case 'open.review':
      return { kind: 'review', key: 'review', id: text('review'), at }
    case 'start.charging':
      if (effect['leaves'] !== true) return null
      return { kind: 'start', key: `start ${text('chargePointId')}/${text('evse')}`, id: text('startId'), at }
    case 'stop.charging':
      return { kind: 'stop', key: `stop ${text('transactionId')}`, id: text('transactionId'), at }
    default:
      return null
  }
}

/** The field of an answer that names its question. */
export const ANSWERS: { readonly [type: string]: string } = {
  'authorization.granted': 'ask',
  'authorization.refused': 'ask',
  'second.read': 'ask',
  'review.answered': 'review',
  'start.accepted': 'startId',
  'start.rejected': 'startId',
  'start.unanswered': 'startId',
  'start.expired': 'startId',
}

/** Which question of one life is which of the other. */
export class LaneAnswers {
  readonly #missed = new Map<string, Missed>()
  readonly #links = new Map<string, string>()
  /** Questions of the tried life that were not recorded, oldest first. */
  own: readonly Question[] = []

  /** The tried life's name of a recorded question; null where it has not asked that. */
  nameOf(id: string): string | null {
    return this.#missed.has(id) ? null : (this.#links.get(id) ?? id)
  }

  /** The recorded life asked this and the tried one did not; answers the tried question that it is, if there is one. */
  missed(question: Question): Question | null {
    const same = this.own.find(({ key, at }) => key === question.key && question.at - at <= SAME_ms)
    if (same) {
      this.own = this.own.filter((one) => one !== same)
      this.#links.set(question.id, same.id)
      return same
    }
    this.#missed.set(question.id, { ...question, answer: null, began: false })
    return null
  }

  /** The tried life asked this and the recorded one did not, or not now: the recorded question that it is, or null. */
  asked(question: Question): Missed | null {
    const same = [...this.#missed.values()].findLast(
      ({ kind, key, at }) => key === question.key && (kind === 'ask' || question.at - at <= SAME_ms),
    )
    if (same) {
      this.#missed.delete(same.id)
      this.#links.set(same.id, question.id)
      return same
    }
    this.own = [...this.own, question]
    return null
  }

  /** Both asked it, maybe by two names. */
  both(recorded: Question, tried: Question): void {
    if (recorded.id !== tried.id) this.#links.set(recorded.id, tried.id)
  }

  /** An answer to a question that the tried life has not asked. */
  unasked(id: string, cause: Cause, at: number): void {
    const missed = this.#missed.get(id)
    if (missed) missed.answer ??= { cause, at }
  }

  /** Its transaction began, unasked. */
  began(id: string): void {
    const missed = this.#missed.get(id)
    if (missed) missed.began = true
  }

  settle(question: Question): void {
    this.own = this.own.filter((one) => one !== question)
  }

  /** Both lives go on from one knowledge: nothing asked before counts any more. */
  clear(): void {
    this.#missed.clear()
    this.#links.clear()
    this.own = []
  }
}
