import { type Claims, foldClaims, type Holder, noClaims, ruleClaim, ruleRelease } from '../machines/claims.ts'
import type { Json, Policy } from '../machines/events.ts'
import type { Bay } from '../machines/knowledge.ts'
import type { BayEvent } from '../machines/learn.ts'
import { holdsNothing, isHeld } from '../machines/lock.ts'
import type { Cause, Decision, Draft } from '../machines/record.ts'
import { type BaySnapshot, evidence, opened, step } from '../machines/step.ts'

/**
 * As it was recorded, and as it is tried: two lives of one bay by the same machines. `recorded` null: it differs from the tried one by its
 * policy alone, so that it need not be lived apart.
 */
type Lives = { recorded: Life | null; tried: Life; policy: Policy }

/** A bay between two events: XState's snapshot, or what else steps it calls so. */
export type Life = Pick<BaySnapshot, 'value' | 'context'>

/** What opens a bay and takes its events. The chart itself, unless tables of it do the same sooner. */
export type LifeSteps = {
  readonly opened: (bayId: string) => Life
  readonly step: (life: Life, event: BayEvent) => { readonly snapshot: Life; readonly draft: Draft }
}
const BY_CHART: LifeSteps = { opened, step: (life, event) => step(life as BaySnapshot, event) }

/** What one event made of each life; null where that life was not told, or need not be lived. */
export type TwinStep = { readonly recorded: Draft | null; readonly tried: Draft | null }

/** What of one life decides how it is told of the rest. `quiet`: vacant, and nothing left open at its charge points. */
export type Standing = {
  readonly quiet: boolean
  readonly held: boolean
  readonly holds: boolean
  readonly visitId: string | null
  readonly claim: { readonly handle: string } | null
  readonly liveStarts: readonly string[]
  readonly openTransactions: readonly string[]
}

/** A ruling on a claim among the tried lives. */
export type TwinRuling = {
  readonly decisions: readonly Decision[]
  readonly told: readonly (Holder & { readonly news: string; readonly rival: string | null })[]
}

/** Every bay of a site in two lives, told apart by what each is told; and the claims among the tried ones. */
export class TwinBays {
  readonly #bays = new Map<string, Lives>()
  readonly #claims: Claims = noClaims()
  readonly #steps: LifeSteps

  constructor(steps: LifeSteps = BY_CHART) {
    this.#steps = steps
  }

  /**
   * Tells the lives one event: `other` where the tried life is told something else, `silent` where one of them is told nothing. `said` is
   * what was recorded: where the tried life says the same, the recorded one is what it is under its own policy.
   */
  tell(
    bayId: string,
    event: BayEvent,
    other: BayEvent | null,
    silent: 'recorded' | 'tried' | null,
    said: Json = null,
  ): TwinStep {
    const lives = this.#lives(bayId)
    if (lives.recorded === null && other === null && silent === null) {
      const { snapshot, draft } = this.#steps.step(lives.tried, event)
      if (lives.tried.context.policy === lives.policy || sameJson(evidence(draft), said)) {
        const isOne = lives.tried.context.policy === lives.policy
        Object.assign(lives, { tried: snapshot, ...(isOne ? { policy: snapshot.context.policy } : {}) })
        return { recorded: isOne ? draft : null, tried: draft }
      }
    }
    const before = recordedOf(lives)
    // Each life asks its own questions of an event of its own.
    const recorded = silent === 'recorded' ? null : this.#steps.step(before, { ...event })
    const tried = silent === 'tried' ? null : this.#steps.step(lives.tried, { ...(other ?? event) })
    lives.recorded = recorded?.snapshot ?? before
    lives.tried = tried?.snapshot ?? lives.tried
    meet(lives)
    return { recorded: recorded?.draft ?? null, tried: tried?.draft ?? null }
  }

  /** The tried life goes on from what the recorded one knows. When its own last visit ended stays as it was. */
  join(bayId: string): void {
    const lives = this.#lives(bayId)
    const endedAt = Math.max(lives.tried.context.endedAt, recordedOf(lives).context.endedAt)
    const known = recordedOf(lives)
    lives.recorded = known
    lives.tried = endedAt > known.context.endedAt ? { ...known, context: { ...known.context, endedAt } } : known
    meet(lives)
  }

  standing(bayId: string, life: 'recorded' | 'tried'): Standing {
    const lives = this.#lives(bayId)
    const bay = (life === 'tried' ? lives.tried : recordedOf(lives)).context
    const { visit } = bay
    return {
      quiet: visit === null && isSettled(bay),
      held: isHeld(bay),
      holds: mayHold(bay),
      visitId: visit?.visitId ?? null,
      claim: visit?.claim ? { handle: visit.claim.handle } : null,
      liveStarts: (visit?.starts ?? []).filter(({ state }) => LIVE.includes(state)).map(({ startId }) => startId),
      openTransactions: Object.values(bay.connectors).flatMap(({ transaction }) => transaction?.transactionId ?? []),
    }
  }

  /** Who holds and who waits for a vehicle, among the tried lives. */
  claimed(handle: string): { readonly holder: Holder | null; readonly waiting: readonly Holder[] } {
    const waiting = this.#claims.waiting.filter((one) => one.handle === handle)
    return { holder: this.#claims.held.get(handle) ?? null, waiting }
  }

  /** Claims of this bay's visits. */
  claimsOf(bayId: string): readonly Holder[] {
    return [...this.#claims.waiting, ...this.#claims.held.values()].filter((one) => one.bayId === bayId)
  }

  /** Rules on a claim, or on a vehicle that is given back, among the tried lives. */
  rule(asks: 'asked' | 'released', about: Holder, holderHolds: boolean): TwinRuling {
    const ruling = asks === 'asked' ? ruleClaim(this.#claims, about, holderHolds) : ruleRelease(this.#claims, about)
    foldClaims(this.#claims, { cause: { type: `claim.${asks}` } as Cause, decisions: ruling.decisions })
    return ruling
  }

  #lives(bayId: string): Lives {
    const known = this.#bays.get(bayId)
    if (known) return known
    const snapshot = this.#steps.opened(bayId)
    const lives: Lives = { recorded: null, tried: snapshot, policy: snapshot.context.policy }
    this.#bays.set(bayId, lives)
    return lives
  }
}

/** The recorded life, lived apart or not. */
const recordedOf = ({ recorded, tried, policy }: Lives): Life =>
  recorded ?? (tried.context.policy === policy ? tried : { ...tried, context: { ...tried.context, policy } })

/**
 * Where both lives are vacant and know the same, they need not be lived apart. What a lock takes for flow is known for longer than a visit:
 * other limits of it are always lived apart.
 */
function meet(lives: Lives): void {
  const { recorded, tried } = lives
  if (recorded === null) return
  const [one, other] = [recorded.context, tried.context]
  lives.policy = one.policy
  if (one.visit !== null || other.visit !== null || !sameJson(one.policy.lock, other.policy.lock)) return
  if (sameJson(recorded.value, tried.value) && sameJson(one, other, ['policy', 'version', 'zones']))
    lives.recorded = null
}

/**
 * Whether two values are written alike: the order of members does not count, nor does one without a value, nor those named in `but`.
 * Its own, though machines/relived.ts has one: this file is loaded beside machines of any age, which have only what they had.
 */
export function sameJson(one: unknown, other: unknown, but: readonly string[] = []): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => sameJson(item, other[at], but))
    )
  const [left, right] = [one as { [name: string]: unknown }, other as { [name: string]: unknown }]
  for (const name in left) if (!but.includes(name) && !sameJson(left[name], right[name], but)) return false
  for (const name in right)
    if (right[name] !== undefined && left[name] === undefined && !but.includes(name)) return false
  return true
}

const LIVE: readonly string[] = ['asked', 'accepted', 'unanswered']

/** Something of the charge point's keeps the visit, or may. Older machines have no such question: it is asked in their words. */
const mayHold = (bay: Bay): boolean =>
  !holdsNothing(bay) || Object.values(bay.connectors).some((one) => one.status === 'preparing' && one.cable !== 'out')

/** No transaction is open, and of none the end is awaited. */
const isSettled = ({ connectors, owed = [] }: Bay): boolean =>
  owed.length === 0 &&
  Object.values(connectors).every(
    ({ transaction, orphan, flow }) => transaction === null && orphan === null && !flow.drawing,
  )

/** Methods of TwinBays that are called across the wall. */
const CALLS = ['tell', 'join', 'standing', 'claimed', 'claimsOf', 'rule'] as const
export type TwinCall = (typeof CALLS)[number]

/** The same across a wall that lets only texts through: `call` is given a method and its arguments as JSON and answers JSON. */
export function twinTexts(): { call(name: TwinCall, args: string): string } {
  const twins = new TwinBays()
  return {
    call(name, args) {
      if (!CALLS.includes(name)) throw new Error(`there is no ${name}`)
      const method = twins[name] as (...args: readonly unknown[]) => unknown
      const answer = method.apply(twins, JSON.parse(args) as unknown[])
      return JSON.stringify((answer ?? null) as Json)
    },
  }
}
