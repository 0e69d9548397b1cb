import type { Agenda } from '../../actors/agenda.ts'
import type { Cause, Effect } from '../../machines/record.ts'
import type { Lane, TwinLives } from './lane.ts'
import { ANSWERS, type Question, questionOf, SAME_ms } from './lane-answers.ts'
import type { TriedClaims } from './tried-claims.ts'
import type { TriedOutcomes } from './tried-outcomes.ts'
import type { TriedPayers } from './tried-payers.ts'
import type { TriedRules } from './tried-rules.ts'

/** What is due in the tried lives: a timer, an answer that comes later than recorded, or the end of waiting for one. */
export type Due = { readonly bayId: string } & (
  | { readonly timer: string }
  | { readonly answer: Cause }
  | { readonly expires: Question }
)

type TriedQuestionsParts = {
  readonly lives: TwinLives
  readonly rules: TriedRules
  readonly payers: TriedPayers
  readonly claims: TriedClaims
  readonly outcomes: TriedOutcomes
  readonly agenda: Agenda<Due>
}

/** What both lives ask of the world, held against each other; and what is known without having been asked. */
export class TriedQuestions {
  readonly #parts: TriedQuestionsParts

  constructor(parts: TriedQuestionsParts) {
    this.#parts = parts
  }

  /** Holds the questions of both lives against each other. */
  asked(lane: Lane, recorded: readonly Effect[], tried: readonly Effect[], at: number): void {
    const left = new Set(recorded)
    const own: (readonly [Effect, Question])[] = []
    for (const effect of tried) {
      if (effect.type === 'claim.plate' || effect.type === 'release.plate') {
        const twin = [...left].find((one) => one.type === effect.type && one['handle'] === effect['handle'])
        if (twin) left.delete(twin)
        this.#parts.claims.ordered(lane, effect, at, twin !== undefined)
        continue
      }
      const question = questionOf(effect, at)
      if (!question) continue
      const twin = [...left].find((one) => questionOf(one, at)?.key === question.key)
      if (twin && question.kind === 'review' && this.#isNobodyNow(lane)) {
        left.delete(twin)
        this.#answerForNobody(lane, question)
        continue
      }
      if (!twin) own.push([effect, question])
      else {
        left.delete(twin)
        lane.answers.both(questionOf(twin, at) as Question, question)
      }
    }
    for (const effect of left) this.#missed(lane, effect, at)
    for (const [effect, question] of own) this.#own(lane, effect, question)
  }

  /** People were there to be asked, and by the rules that are tried they are not. */
  #isNobodyNow(lane: Lane): boolean {
    const { change } = this.#parts.rules
    return change.reviewers === false && (lane.policy as { readonly reviewers?: unknown } | null)?.reviewers !== false
  }

  #answerForNobody(lane: Lane, question: Question): void {
    lane.answers.missed(question)
    lane.apart = true
    this.#parts.agenda.push(question.at, { bayId: lane.bayId, answer: nobody(question.id) })
  }

  #missed(lane: Lane, effect: Effect, at: number): void {
    const question = questionOf(effect, at)
    if (!question) return
    lane.apart = true
    const same = lane.answers.missed(question)
    const stops = question.kind === 'stop' && this.#isOpen(lane, question.id)
    if (same) lane.asked.delete(same)
    else if (stops)
      this.#parts.outcomes.lose(
        lane,
        at,
        'a stop would not have been ordered',
        this.#parts.outcomes.after.running(lane.bayId),
      )
    else if (question.kind === 'start')
      lane.withheld.set(question.key.slice('start '.length), { transactionId: null, open: true })
  }

  #isOpen({ bayId }: Lane, transactionId: string): boolean {
    return this.#parts.lives.standing(bayId, 'tried').openTransactions.includes(transactionId)
  }

  /** The tried life asks what was not recorded now: maybe at another moment, maybe the journal's register knows. */
  #own(lane: Lane, effect: Effect, question: Question): void {
    lane.apart = true
    const missed = lane.answers.asked(question)
    if (missed?.kind === 'start') lane.withheld.delete(missed.key.slice('start '.length))
    if (missed?.began)
      return this.#parts.outcomes.lose(
        lane,
        question.at,
        'the recorded charge had begun before',
        this.#parts.outcomes.after.running(lane.bayId),
      )
    if (missed?.answer) {
      const { cause, at } = missed.answer
      const delay = question.kind === 'ask' ? at - missed.at : Math.max(0, at - missed.at)
      const name = ANSWERS[cause.type] as string
      this.#parts.agenda.push(question.at + delay, { bayId: lane.bayId, answer: { ...cause, [name]: question.id } })
      return
    }
    if (missed) return
    const answer = this.#answer(lane, effect, question)
    if (answer) {
      lane.answers.settle(question)
      this.#parts.agenda.push(question.at, { bayId: lane.bayId, answer })
      return
    }
    if (effect.type === 'open.review' && effect['by'] === undefined) return lane.answers.settle(question)
    lane.asked.set(question, this.#parts.outcomes.after.running(lane.bayId))
    this.#parts.agenda.push(question.at + SAME_ms + 1, { bayId: lane.bayId, expires: question })
  }

  /** What berth itself answers. */
  #answer(lane: Lane, effect: Effect, { kind, id, at }: Question): Cause | null {
    if (kind === 'ask' || kind === 'other') return this.#parts.payers.answer(effect, at)
    if (kind === 'second' && this.#parts.payers.hasNoReader)
      return { type: 'second.read', id: 'tried', source: 'site', ask: id, outcome: 'unavailable', handle: null }
    const policy = this.#parts.rules.policyFor(lane.policy) as { readonly reviewers?: unknown } | null
    if (kind !== 'review' || policy?.reviewers !== false) return null
    return {
      type: 'review.answered',
      id: 'tried',
      source: 'site',
      review: id,
      verdict: 'no-reviewer',
      handle: null,
      by: 'site',
    }
  }

  /** Nobody answered in time: from when it was asked on nobody knows. */
  expire(lane: Lane, question: Question | undefined): void {
    if (!question || lane.mode !== 'lived' || !lane.answers.own.includes(question)) return
    this.#parts.outcomes.lose(lane, question.at, UNANSWERED[question.kind] ?? '', lane.asked.get(question))
  }
}

/** Berth's own word where no reviewer is. */
const nobody = (review: string): Cause => ({
  type: 'review.answered',
  id: 'tried',
  source: 'site',
  review,
  verdict: 'no-reviewer',
  handle: null,
  by: 'site',
})

/** What nobody answered, in words. */
const UNANSWERED: { readonly [kind: string]: string } = {
  ask: 'nobody who may know this vehicle was asked about it',
  other: 'nobody who may know this vehicle was asked about it',
  second: 'the second reader was not asked',
  review: 'nobody was asked to look',
  start: 'the charge point was not asked to start',
  stop: 'the charge point was not asked to stop',
}
