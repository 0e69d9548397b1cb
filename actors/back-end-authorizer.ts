import type { Handle } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import type { Confirm } from '../machines/register.ts'
import { readAccountId } from '../machines/register-fields.ts'
import type { AuthorizerLink, FarAnswer, OfflinePolicy, PayerQuestion } from './authorizer-chain.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { KeptAnswers } from './kept-answers.ts'
import type { Clock } from './ports.ts'

export type BackEndAuthorizerParts = {
  readonly clock: Clock
  readonly siteId: string
  /** Sends the question and answers its parsed JSON; rejects with Fault BACK_END_SILENT or BACK_END_REFUSED. */
  readonly post: (body: BackEndQuestion) => Promise<unknown>
  /** A new name for each request. */
  readonly nextId: () => string
  /** The vehicle's plate as people read it, masked or not as the site file says; null where it is not known or not shown. */
  readonly plateOf: (handle: Handle) => string | null
  readonly offline: OfflinePolicy
  readonly knownFor_ms: number
  /** How long an answer is used again, ms; a no at most ten seconds. */
  readonly cache_ms: number
  readonly failures: number
  readonly rest_ms: number
  /** It does not answer any more (why), or does again (null). */
  readonly troubled: (why: string | null) => void
  readonly count: (name: string) => void
}

/** What the back end is asked. `token` is what a charge point was shown, or for a plate the vehicle's stable name at this site. */
export type BackEndQuestion = {
  readonly id: string
  readonly at: string
  readonly siteId: string
  readonly bayId: string | null
  readonly chargePointId: string | null
  readonly evse: number | null
  readonly presented: PayerQuestion['presented']
  readonly token: { readonly value: string; readonly type: 'vehicle' | 'card' | 'MacAddress' | 'eMAID' }
  readonly plate: string | null
}

const TOKEN_TYPES = { plate: 'vehicle', card: 'card', autocharge: 'MacAddress', 'plug-and-charge': 'eMAID' } as const

/** The operator's own back end as a member of the chain: asked once for each subject at a time, and not while it does not answer. */
export class BackEndAuthorizer implements AuthorizerLink {
  readonly name = 'back-end'
  readonly offline: OfflinePolicy
  readonly knownFor_ms: number
  readonly #parts: BackEndAuthorizerParts
  readonly #breaker: CircuitBreaker
  readonly #kept: KeptAnswers
  readonly #asking = new Map<Handle, Promise<FarAnswer>>()
  #why = ''

  constructor(parts: BackEndAuthorizerParts) {
    this.#parts = parts
    this.offline = parts.offline
    this.knownFor_ms = parts.knownFor_ms
    const { clock, failures, rest_ms, cache_ms } = parts
    this.#kept = new KeptAnswers(clock, cache_ms)
    const turned = (isOpen: boolean): void => parts.troubled(isOpen ? this.#why : null)
    this.#breaker = new CircuitBreaker({ clock, failures, rest_ms, turned })
  }

  async ask(question: PayerQuestion): Promise<FarAnswer> {
    const { handle } = question
    const kept = this.#kept.of(handle)
    if (kept) {
      this.#parts.count('authorizer_cached')
      return kept
    }
    const asking = this.#asking.get(handle) ?? this.#askNow(question).finally(() => this.#asking.delete(handle))
    this.#asking.set(handle, asking)
    return asking
  }

  forget(handle: Handle): void {
    this.#kept.forget(handle)
  }

  async #askNow(question: PayerQuestion): Promise<FarAnswer> {
    const { clock, count } = this.#parts
    if (!this.#breaker.admit()) {
      count('authorizer_resting')
      throw new Fault('BACK_END_SILENT')
    }
    count('authorizer_asked')
    try {
      const asked = this.#question(question)
      const said = await this.#parts.post(asked)
      const { answer, until } = readAnswer(said, asked.id, clock.now())
      this.#breaker.succeeded()
      this.#kept.keep(question.handle, answer, until)
      return answer
    } catch (cause) {
      count('authorizer_failed')
      this.#why = cause instanceof Error ? cause.message : String(cause)
      this.#breaker.failed()
      throw cause
    }
  }

  #question({ handle, presented, idToken, bayId, chargePointId, evse }: PayerQuestion): BackEndQuestion {
    const { clock, siteId, nextId, plateOf } = this.#parts
    const type = TOKEN_TYPES[presented]
    return {
      id: nextId(),
      at: new Date(clock.now()).toISOString(),
      siteId,
      bayId,
      chargePointId,
      evse,
      presented,
      token: { value: idToken ?? handle, type },
      plate: presented === 'plate' ? plateOf(handle) : null,
    }
  }
}

const wrong = (what: string): Fault =>
  new Fault(
    'BACK_END_REFUSED',
    {},
    { says: `The authorizer's answer ${what}; mend the back end: docs/back-end.md says what it must be.` },
  )

const NOES = ['unknown', 'blocked', 'expired', 'out-of-hours'] as const
const CONFIRMS: readonly Confirm[] = ['never', 'first-visit', 'always']

/** Reads an answer to the question `id` at `now`; `until` is the end of its own life (both ms since 1970). Throws Fault BACK_END_REFUSED. */
function readAnswer(
  said: unknown,
  id: string,
  now: number,
): { readonly answer: FarAnswer; readonly until: number | null } {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw wrong('is no JSON object')
  const { id: its, status, accountId, confirm = 'never', expiresAt = null } = said as Readonly<Record<string, unknown>>
  if (its !== id) throw wrong('repeats another id than the question had')
  const until = expiresAt === null ? null : typeof expiresAt === 'string' ? Date.parse(expiresAt) : Number.NaN
  if (until !== null && !(until > now)) throw wrong('has an `expiresAt` that is no time to come')
  const no = NOES.find((one) => one === status)
  if (no) return { answer: { standing: no }, until }
  if (status !== 'accepted') throw wrong(`has a \`status\` that is none of: accepted, ${NOES.join(', ')}`)
  const confirms = CONFIRMS.find((one) => one === confirm)
  if (!confirms) throw wrong(`has a \`confirm\` that is none of: ${CONFIRMS.join(', ')}`)
  return { answer: { standing: 'accepted', accountId: accountOf(accountId), confirm: confirms }, until }
}

function accountOf(value: unknown): string {
  try {
    return readAccountId(typeof value === 'string' ? value : undefined)
  } catch {
    throw wrong('accepts without an `accountId` of 1 to 64 letters, digits, spaces or . _ : @ + -')
  }
}
