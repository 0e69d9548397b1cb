import type { Authorizer } from '../../actors/authorizer.ts'
import {
  AuthorizerChain,
  type ChainAnswer,
  type FarAnswer,
  type LinkRules,
  type PayerQuestion,
} from '../../actors/authorizer-chain.ts'
import { CircuitBreaker } from '../../actors/circuit-breaker.ts'
import { KeptAnswers } from '../../actors/kept-answers.ts'
import type { Draws } from './chance-streams.ts'
import type { DesignScenario } from './design-scenario.ts'

/** Hears who pays, when that is known. */
type Told = (answer: ChainAnswer, at: number) => void

/** What the simulated back end is made of. Times are ms since 1970. */
export type AskedParts = {
  readonly backEnd: DesignScenario['backEnd']
  readonly register: Authorizer
  /** The account of a vehicle or card that only the back end knows; null = it does not know it. */
  readonly accountOf: (handle: string) => string | null
  readonly now: () => number
  readonly later: (at: number, run: (at: number) => void) => void
  readonly isAway: () => boolean
}

/**
 * Who pays at a simulated site: the production chain (register, then the operator's back end) with its breaker, outages, memory of whom it
 * accepted and answers that are used again. Only the back end itself is simulated: it answers after a while, and not at all while it is away.
 */
export class AskedPayers {
  readonly #parts: AskedParts
  readonly #chain: AuthorizerChain
  readonly #breaker: CircuitBreaker
  readonly #rules: LinkRules
  readonly #kept: KeptAnswers
  #asked = 0

  constructor(parts: AskedParts) {
    const { backEnd, register, now } = parts
    this.#parts = parts
    this.#rules = { name: 'back-end', offline: backEnd.offline, knownFor_ms: backEnd.known_days * DAY_MS }
    this.#chain = new AuthorizerChain({ register, links: () => [], now })
    this.#kept = new KeptAnswers({ now }, backEnd.cache_s * 1000)
    this.#breaker = new CircuitBreaker({
      clock: { now },
      failures: backEnd.failures,
      rest_ms: backEnd.rest_s * 1000,
    })
  }

  /** Asks one after the other; where the register knows, it is told at once. `draws`: how long the back end takes, by the number of its question. */
  ask(question: PayerQuestion, draws: (number: number) => Draws, at: number, told: Told): void {
    const own = this.#chain.own(question)
    if (own) return told(own, at)
    const { backEnd, later } = this.#parts
    if (backEnd.accounts === 0) return told(NOBODY, at)
    const kept = this.#kept.of(question.handle)
    if (kept) return told(this.#heard(question, kept), at)
    const silent = (now: number): void => told(this.#silent(question), now)
    if (!this.#breaker.admit()) return silent(at)
    this.#asked += 1
    const deadline_ms = backEnd.deadline_s * 1000
    const takes_ms = Math.round(draws(this.#asked).lognormal(backEnd.answer_s * 1000, 0.5))
    // What is lost on the way there or back is waited for all the same.
    const isLost = this.#parts.isAway() || takes_ms > deadline_ms
    const failed = (now: number): void => {
      this.#breaker.failed()
      silent(now)
    }
    later(at + (isLost ? deadline_ms : takes_ms), (now) => {
      if (isLost) return failed(now)
      if (this.#parts.isAway()) return later(at + deadline_ms, failed)
      this.#breaker.succeeded()
      const said = this.#said(question.handle)
      this.#kept.keep(question.handle, said, null)
      told(this.#heard(question, said), now)
    })
  }

  #heard({ handle }: PayerQuestion, said: FarAnswer): ChainAnswer {
    return this.#chain.answered(this.#rules, handle, said) ?? NOBODY
  }

  #said(handle: string): FarAnswer {
    const accountId = this.#parts.accountOf(handle)
    return accountId === null ? { standing: 'unknown' } : { standing: 'accepted', accountId, confirm: 'never' }
  }

  #silent({ handle }: PayerQuestion): ChainAnswer {
    const said = this.#chain.unanswered(this.#rules, handle)
    return said === 'next' ? { granted: false, reason: 'unanswered', by: this.#rules.name } : said
  }
}

const DAY_MS = 86_400_000
const NOBODY: ChainAnswer = { granted: false, reason: 'unknown', by: 'register' }
