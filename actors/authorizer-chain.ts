import type { FarAuthorizer } from '../machines/authorization-news.ts'
import type { Handle, Presented, Standing } from '../machines/events.ts'
import type { Cause } from '../machines/record.ts'
import type { Confirm } from '../machines/register.ts'
import type { Authorizer, AuthorizerAnswer } from './authorizer.ts'
import { memory } from './record-memory.ts'

/** Who may pay for this: a vehicle by its plate, or what a charge point was shown. */
export type PayerQuestion = {
  /** Names the question; the same question asked again has the same name. */
  readonly id: string
  readonly handle: Handle
  readonly presented: 'plate' | Presented
  /** What a charge point was shown; null for a plate. */
  readonly idToken: string | null
  readonly bayId: string | null
  readonly chargePointId: string | null
  readonly evse: number | null
}

export type FarAnswer =
  | { readonly standing: 'accepted'; readonly accountId: string; readonly confirm: Confirm }
  | { readonly standing: Exclude<Standing, 'accepted'> }

/** What happens while one does not answer: those whom it accepted before are accepted, nobody is, or the next is asked. */
export type OfflinePolicy = 'allow-known' | 'deny' | 'fallback'

/** By which rules a member of the chain is asked, and outages of it are lived through. */
export type LinkRules = Pick<AuthorizerLink, 'name' | 'offline' | 'knownFor_ms'>

/** One member of the chain behind the register. `ask` rejects where it cannot answer in time; `unknown` sends the question on. */
export interface AuthorizerLink {
  readonly name: FarAuthorizer
  readonly offline: OfflinePolicy
  /** How long somebody whom it accepted counts as known, ms. */
  readonly knownFor_ms: number
  ask(question: PayerQuestion): Promise<FarAnswer>
  /** Drops what it keeps of a subject. */
  forget?(handle: Handle): void
}

/** `by` says who knew; `kept` that it did not answer now, and had accepted before. */
export type ChainAnswer =
  | {
      readonly granted: true
      readonly accountId: string
      readonly confirm: Confirm
      readonly by: 'register' | FarAuthorizer
      readonly kept?: true
    }
  | {
      readonly granted: false
      readonly reason:
        | Exclude<Standing, 'accepted'>
        | 'unanswered'
        | 'no-alias'
        | 'alias-busy'
        | 'objected'
        | 'daily-limit'
      readonly by: 'register' | FarAuthorizer
    }

type Granted = {
  readonly accountId: string
  readonly confirm: Confirm
  readonly by: FarAuthorizer
  /** ms since 1970. */
  readonly at: number
}

export type ChainParts = {
  readonly register: Authorizer
  /** In the order in which they are asked. */
  readonly links: () => readonly AuthorizerLink[]
  /** ms since 1970. */
  readonly now: () => number
}

/** More subjects than a site sees in a month; the oldest are forgotten first. */
const MOST_KNOWN = 100_000

/**
 * Who pays, asked in order: the site's register, and for those whom it does not know the links behind it. A no of the register,
 * blocked or expired, is final. Whom a link accepted is remembered from the journal, for the moment of the start and for outages.
 */
export class AuthorizerChain {
  readonly #parts: ChainParts
  readonly #granted = new Map<Handle, Granted>()
  /** What is remembered by records alone. */
  readonly memory = memory({ granted: this.#granted })

  constructor(parts: ChainParts) {
    this.#parts = parts
  }

  /** What is known now, without asking anybody. */
  readonly now: Authorizer = ({ handle }) => {
    const own = this.#parts.register({ handle })
    const far = this.#granted.get(handle)
    if (own.granted || own.reason !== 'unknown' || !far) return own
    return { granted: true, accountId: far.accountId, confirm: far.confirm }
  }

  /** Asks one after the other until somebody knows. Never rejects. */
  async ask(question: PayerQuestion): Promise<ChainAnswer> {
    const own = this.own(question)
    if (own) return own
    let silent: FarAuthorizer | null = null
    for (const link of this.#parts.links()) {
      const answer = await this.#askLink(link, question)
      if (answer === 'next') silent ??= link.name
      else if (answer !== null) return answer
    }
    return silent === null
      ? { granted: false, reason: 'unknown', by: 'register' }
      : { granted: false, reason: 'unanswered', by: silent }
  }

  /** What the register says that is final; null where others must be asked. */
  own({ presented, handle }: PayerQuestion): ChainAnswer | null {
    const own: AuthorizerAnswer =
      presented === 'plate' ? this.#parts.register({ handle }) : { granted: false, reason: 'unknown' }
    return own.granted || own.reason !== 'unknown' ? { ...own, by: 'register' } : null
  }

  /** Its answer; null where it does not know, `next` where it does not answer and the next shall be asked. */
  async #askLink(link: AuthorizerLink, question: PayerQuestion): Promise<ChainAnswer | 'next' | null> {
    let said: FarAnswer
    try {
      said = await link.ask(question)
    } catch {
      return this.unanswered(link, question.handle)
    }
    return this.answered(link, question.handle, said)
  }

  /** What a link's answer means, and is remembered as; null where it does not know. */
  answered({ name: by }: LinkRules, handle: Handle, said: FarAnswer): ChainAnswer | null {
    if (said.standing === 'accepted') {
      const { accountId, confirm } = said
      this.#keep(handle, { accountId, confirm, by, at: this.#parts.now() })
      return { granted: true, accountId, confirm, by }
    }
    if (this.#granted.get(handle)?.by === by) this.#granted.delete(handle)
    return said.standing === 'unknown' ? null : { granted: false, reason: said.standing, by }
  }

  /** What it means that a link did not answer, by its rule for outages; `next` where the next shall be asked. */
  unanswered(link: LinkRules, handle: Handle): ChainAnswer | 'next' {
    const { name: by, offline } = link
    if (offline === 'fallback') return 'next'
    const known = offline === 'allow-known' ? this.#known(handle, link) : null
    return known
      ? { granted: true, accountId: known.accountId, confirm: known.confirm, by, kept: true }
      : { granted: false, reason: 'unanswered', by }
  }

  #known(handle: Handle, link: LinkRules): Granted | null {
    const known = this.#granted.get(handle)
    return known?.by === link.name && this.#parts.now() - known.at <= link.knownFor_ms ? known : null
  }

  #keep(handle: Handle, granted: Granted): void {
    this.#granted.delete(handle)
    this.#granted.set(handle, granted)
    const oldest = this.#granted.keys().next().value
    if (this.#granted.size > MOST_KNOWN && oldest !== undefined) this.#granted.delete(oldest)
  }

  /** Folds one record at a rebuild: whom a link accepted before the restart is known after it. `at` is its arrival, ISO 8601. */
  hear({ cause, at }: { readonly cause: Cause; readonly at: string }): void {
    const { handle, accountId, by, kept, confirm } = acceptedIn(cause)
    if (typeof handle !== 'string' || typeof accountId !== 'string' || (by !== 'back-end' && by !== 'upstream')) return
    // What an outage let through proves nothing anew.
    if (kept === true) return
    this.#keep(handle, { accountId, confirm: confirm === true ? 'always' : 'never', by, at: Date.parse(at) })
  }

  /** What is kept in memory of a subject that was erased. */
  forget(handle: Handle): void {
    this.#granted.delete(handle)
    for (const link of this.#parts.links()) link.forget?.(handle)
  }
}

type Fields = { readonly [field: string]: unknown }

/** Who was accepted by this news: a vehicle, a card at a bay, or a card that no bay awaited. Empty where nobody was. */
function acceptedIn(cause: Cause): Fields {
  if (cause.type === 'authorization.granted') return cause
  if (cause.type !== 'token.presented' && cause.type !== 'transaction.started') return {}
  const { token } = cause
  const told: Fields = typeof token === 'object' && token !== null && !Array.isArray(token) ? (token as Fields) : cause
  return told['standing'] === 'accepted' ? told : {}
}
