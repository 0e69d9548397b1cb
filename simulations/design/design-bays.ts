import { adoptions } from '../../actors/adoptions.ts'
import { Agenda } from '../../actors/agenda.ts'
import type { ChainAnswer, PayerQuestion } from '../../actors/authorizer-chain.ts'
import type { BayPlan } from '../../actors/bay-plan.ts'
import { entryDraft } from '../../actors/recorder.ts'
import { foldClaims, type Holder, noClaims, ruleClaim, ruleRelease } from '../../machines/claims.ts'
import type { Observation } from '../../machines/events.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { mayHold } from '../../machines/lock.ts'
import { isNoise } from '../../machines/noise.ts'
import type { Cause, Decision, Draft, Effect } from '../../machines/record.ts'
import type { BayEngine } from './bay-engine.ts'

/** Who hears what the bays decide and ask. Times are ms since 1970. */
export type BayEars = {
  /** An effect that acts on the simulated world: starts, stops, words to drivers, reviews, alarms. */
  readonly carryOut: (bay: number, effect: Effect, at: number) => void
  readonly decided: (bay: number, decision: Decision, at: number) => void
  /** Something became of a bay. */
  readonly stepped: (bay: number, at: number) => void
  /** Each record, where somebody keeps a journal. */
  readonly record?: (draft: Draft) => void
}

/** Whom a bay asks who pays. It may be told later, when a far end has answered or its time is over. */
export type AskPayer = (question: PayerQuestion, at: number, told: (answer: ChainAnswer, at: number) => void) => void

type Host = {
  readonly index: number
  readonly bayId: string
  readonly timers: Map<string, number>
  standing: unknown
  version: number
  thinned: number
}

/**
 * The bays of a simulated site, deciding by the production machine: each observation is one step of the chart, timers fire in order
 * before anything that comes later, claims are ruled and payers looked up by the production functions. What a live site does between
 * asking and hearing takes no time here.
 */
export class DesignBays {
  readonly hosts: readonly Host[]
  readonly #byId = new Map<string, Host>()
  readonly #engine: BayEngine
  readonly #ears: BayEars
  readonly #askPayer: AskPayer
  readonly #agenda = new Agenda<{ readonly host: Host; readonly id: string }>()
  readonly #claims = noClaims()
  readonly #waiting: { readonly host: Host; readonly effect: Effect; readonly at: number }[] = []
  #siteVersion = 0
  #named = 0
  #busy = false
  /** Steps of the machine so far. */
  steps = 0

  constructor(engine: BayEngine, plans: readonly BayPlan[], askPayer: AskPayer, ears: BayEars, at: number) {
    this.#engine = engine
    this.#askPayer = askPayer
    this.#ears = ears
    this.hosts = plans.map(({ bayId }, index) => ({
      index,
      bayId,
      timers: new Map(),
      standing: engine.open(bayId),
      version: 0,
      thinned: 0,
    }))
    for (const [index, plan] of plans.entries()) {
      const host = this.hosts[index] as Host
      this.#byId.set(host.bayId, host)
      const ids = { next: () => this.#id() }
      for (const told of adoptions(engine.bay(host.standing), plan, ids)) this.#step(host, told, at)
    }
  }

  /** When the next timer is due, Infinity where none is set. */
  get next(): number {
    return this.#agenda.next
  }

  bay(index: number): Bay {
    return this.#engine.bay((this.hosts[index] as Host).standing)
  }

  /** Names an observation. */
  origin(source: string): { readonly id: string; readonly source: string } {
    return { id: this.#id(), source }
  }

  #id(): string {
    this.#named += 1
    return `o-${this.#named}`
  }

  /** Tells a bay what happened at `at`. What only repeats what is known is passed over, as on a live site. */
  tell(index: number, told: Observation, at: number): void {
    this.advance(at)
    const host = this.hosts[index] as Host
    if (isNoise(this.#engine.bay(host.standing), told, at)) host.thinned += 1
    else {
      this.#step(host, told, at)
      this.#ears.stepped(index, at)
    }
    this.#settle()
  }

  /** Fires every timer that is due up to `at`, in order. */
  advance(at: number): void {
    while (this.#agenda.next <= at) {
      const { due, item } = this.#agenda.pop()
      if (item.host.timers.get(item.id) !== due) continue
      this.#step(item.host, { type: item.id, id: `timer-${due}`, source: 'timer' }, due)
      this.#ears.stepped(item.host.index, due)
      this.#settle()
    }
  }

  #step(host: Host, told: Observation | { type: string; id: string; source: string }, at: number): void {
    host.version += 1
    this.steps += 1
    const { version, thinned: dropped } = host
    host.thinned = 0
    const event = (dropped > 0 ? { ...told, at, version, dropped } : { ...told, at, version }) as BayEvent
    const { standing, outcome, draft } = this.#engine.step(host.standing, event)
    host.standing = standing
    host.timers.delete(event.type)
    for (const id of outcome.cleared) host.timers.delete(id)
    for (const { id, due } of outcome.set) {
      host.timers.set(id, due)
      this.#agenda.push(due, { host, id })
    }
    this.#ears.record?.(draft())
    for (const decision of outcome.decisions) this.#ears.decided(host.index, decision, at)
    for (const effect of outcome.effects) this.#waiting.push({ host, effect, at })
  }

  /** Carries out what was asked, in order; what that leads to comes behind it. */
  #settle(): void {
    if (this.#busy) return
    this.#busy = true
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#carryOut(next)
    this.#busy = false
  }

  #carryOut({ host, effect, at }: { readonly host: Host; readonly effect: Effect; readonly at: number }): void {
    switch (effect.type) {
      case 'claim.plate':
        return this.#claim(host, effect, at)
      case 'release.plate':
        return this.#release(host, effect, at)
      case 'ask.authorizer':
        return this.#asked(host, effect, at)
      case 'ask.second-reader':
        return this.tell(
          host.index,
          {
            type: 'second.read',
            ...this.origin('site'),
            ask: String(effect['ask']),
            outcome: 'unavailable',
            handle: null,
          },
          at,
        )
      default:
        return this.#ears.carryOut(host.index, effect, at)
    }
  }

  #asked(host: Host, effect: Effect, at: number): void {
    const [handle, ask] = [String(effect['handle']), String(effect['ask'])]
    const where = { bayId: host.bayId, chargePointId: null, evse: null }
    this.#askPayer({ id: ask, handle, presented: 'plate', idToken: null, ...where }, at, (answer, now) => {
      const origin = this.origin(answer.by)
      const by = answer.by === 'register' ? {} : { by: answer.by }
      this.tell(
        host.index,
        answer.granted
          ? {
              type: 'authorization.granted',
              ...origin,
              ask,
              handle,
              accountId: answer.accountId,
              confirm: false,
              ...by,
              ...(answer.kept ? { kept: true as const } : {}),
            }
          : { type: 'authorization.refused', ...origin, ask, reason: answer.reason, ...by },
        now,
      )
    })
  }

  #claim(host: Host, effect: Effect, at: number): void {
    const asked = this.#holder(host, effect)
    const holder = this.#claims.held.get(asked.handle)
    const held = holder ? this.#byId.get(holder.bayId) : undefined
    const bay = held && this.#engine.bay(held.standing)
    const holderHolds = bay !== undefined && bay.visit?.visitId === holder?.visitId && mayHold(bay)
    this.#rule({ type: 'claim.asked', ...asked, holderHolds }, ruleClaim(this.#claims, asked, holderHolds), at)
  }

  #release(host: Host, effect: Effect, at: number): void {
    const released = this.#holder(host, effect)
    this.#rule({ type: 'claim.released', ...released }, ruleRelease(this.#claims, released), at)
  }

  #holder = ({ bayId }: Host, effect: Effect): Holder => ({
    handle: String(effect['handle']),
    bayId,
    visitId: String(effect['visitId']),
  })

  #rule(cause: Cause, ruling: ReturnType<typeof ruleClaim>, at: number): void {
    foldClaims(this.#claims, { cause, decisions: ruling.decisions })
    if (this.#ears.record) {
      this.#siteVersion += 1
      const effects = ruling.told.map(({ news, ...about }) => ({ type: 'tell.bay', news, ...about }))
      const entry = { stream: 'site', cause, decisions: ruling.decisions, personal: {} }
      this.#ears.record(entryDraft(entry, this.#siteVersion, at, effects))
    }
    for (const { news, bayId, handle, visitId, rival } of ruling.told) {
      const host = this.#byId.get(bayId)
      if (host) this.tell(host.index, { type: news, ...this.origin('site'), handle, visitId, rival }, at)
    }
  }
}
