import { type Claims, foldClaims, type Holder, noClaims, ruleClaim, ruleRelease } from '../machines/claims.ts'
import type { Json } from '../machines/events.ts'
import type { Bay } from '../machines/knowledge.ts'
import type { BayEvent } from '../machines/learn.ts'
import { holdsNothing, isHeld } from '../machines/lock.ts'
import type { Cause, Decision, Draft } from '../machines/record.ts'
import { type BaySnapshot, opened, step } from '../machines/step.ts'

/** As it was recorded, and as it is tried: two lives of one bay by the same machines. */
type Lives = { recorded: BaySnapshot; tried: BaySnapshot }

/** What one event made of each life; null where that life was not told. One and the same object while nothing tells the lives apart. */
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

  /** Tells the lives one event; `tried` null or absent where that life is told the same, `silent` where one of them is told nothing. */
  tell(bayId: string, event: BayEvent, other: BayEvent | null, silent: 'recorded' | 'tried' | null): TwinStep {
    const lives = this.#lives(bayId)
    const isOne = lives.recorded === lives.tried && other === null && silent === null
    if (isOne) {
      const { snapshot, draft } = step(lives.recorded, event)
      Object.assign(lives, { recorded: snapshot, tried: snapshot })
      return { recorded: draft, tried: draft }
    }
    const recorded = silent === 'recorded' ? null : step(lives.recorded, event)
    // Each life asks its own questions of an event of its own.
    const tried = silent === 'tried' ? null : step(lives.tried, { ...(other ?? event) })
    lives.recorded = recorded?.snapshot ?? lives.recorded
    lives.tried = tried?.snapshot ?? lives.tried
    return { recorded: recorded?.draft ?? null, tried: tried?.draft ?? null }
  }

  /** The tried life goes on from what the recorded one knows. When its own last visit ended stays as it was. */
  join(bayId: string): void {
    const lives = this.#lives(bayId)
    const { endedAt } = lives.tried.context
    const { recorded } = lives
    lives.tried =
      endedAt > recorded.context.endedAt ? { ...recorded, context: { ...recorded.context, endedAt } } : recorded
  }

  standing(bayId: string, life: 'recorded' | 'tried'): Standing {
    const bay = this.#lives(bayId)[life].context
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
    const snapshot = opened(bayId)
    const lives = { recorded: snapshot, tried: snapshot }
    this.#bays.set(bayId, lives)
    return lives
  }
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
