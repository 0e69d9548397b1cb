import type { Json } from '../machines/events.ts'
import type { Decision, Draft, Effect } from '../machines/record.ts'
import { numberOf, textOf } from './projection.ts'

/** One bill of a visit; energy in Wh, the idle time in s. */
export type OutcomeSession = {
  readonly accountId: string | null
  readonly startedAt: string | null
  readonly energy_Wh: number
  readonly idle_s: number
}

/** What came of one visit, as its driver, its payer and the site's people would say it. Times are ISO 8601 UTC. */
export type VisitOutcome = {
  readonly visitId: string
  readonly bayId: string
  readonly openedAt: string
  readonly accountId: string | null
  readonly identifiedBy: string | null
  /** Starts that left berth: when, why, and at which connector. */
  readonly starts: readonly { readonly at: string; readonly reason: string; readonly connector: string }[]
  /** When somebody was first asked to look; null where nobody was. */
  readonly reviewAt: string | null
  /** When the bay first locked. */
  readonly lockedAt: string | null
  readonly sessions: readonly OutcomeSession[]
  readonly endedAt: string | null
  readonly exit: string | null
}

type Said = Pick<Draft, 'bayId' | 'at' | 'decisions' | 'effects'>

/** Folds records into outcomes, by visit. */
export class VisitOutcomes {
  readonly visits = new Map<string, VisitOutcome>()
  /** Of which visit a session is. */
  readonly #sessions = new Map<string, { readonly visitId: string; readonly index: number }>()
  /** The visit that runs in each bay. */
  readonly #running = new Map<string, string>()

  /** The running visit of a bay; null where none runs. */
  running(bayId: string): VisitOutcome | null {
    return this.visits.get(this.#running.get(bayId) ?? '') ?? null
  }

  /** Puts what is known of a visit, or takes it out. */
  put(visitId: string, outcome: VisitOutcome | null): void {
    if (outcome) this.visits.set(visitId, outcome)
    else this.visits.delete(visitId)
  }

  /** Which visit runs in a bay is another one, or none. */
  follow(bayId: string, visitId: string | null): void {
    if (visitId === null) this.#running.delete(bayId)
    else this.#running.set(bayId, visitId)
  }

  hear(record: Said): void {
    const { bayId } = record
    if (bayId === null || (record.decisions.length === 0 && record.effects.length === 0)) return
    for (const decision of record.decisions) this.#decided(bayId, record.at, decision)
    for (const effect of record.effects) this.#ordered(bayId, record.at, effect)
  }

  #decided(bayId: string, at: string, decision: Decision): void {
    if (decision.type === 'SessionCorrected') return this.#corrected(decision)
    const visitId = textOf(decision['visitId'])
    if (visitId === null) return
    if (decision.type === 'VisitOpened') {
      this.visits.set(visitId, opened(visitId, bayId, at))
      this.#running.set(bayId, visitId)
    }
    const before = this.visits.get(visitId)
    if (!before) return
    if (decision.type === 'SessionBilled')
      this.#sessions.set(String(decision['sessionId']), { visitId, index: before.sessions.length })
    this.visits.set(visitId, withDecision(before, at, decision))
    if (decision.type === 'VisitEnded' && this.#running.get(bayId) === visitId) this.#running.delete(bayId)
  }

  #corrected(decision: Decision): void {
    const place = this.#sessions.get(String(decision['sessionId']))
    const before = this.visits.get(place?.visitId ?? '')
    if (!place || !before || decision['billed'] !== true) return
    const sessions = before.sessions.map((one, index) =>
      index === place.index ? { ...one, energy_Wh: wh(one.energy_Wh + numberOf(decision['difference_Wh'])) } : one,
    )
    this.visits.set(before.visitId, { ...before, sessions })
  }

  #ordered(bayId: string, at: string, effect: Effect): void {
    const visitId = textOf(effect['visitId']) ?? this.#running.get(bayId)
    const before = this.visits.get(visitId ?? '')
    if (!before) return
    if (effect.type === 'open.review' && before.reviewAt === null)
      this.visits.set(before.visitId, { ...before, reviewAt: at })
    if (effect.type !== 'start.charging' || effect['leaves'] !== true) return
    const connector = `${String(effect['chargePointId'])}/${String(effect['evse'])}`
    const start = { at, reason: String(effect['reason']), connector }
    this.visits.set(before.visitId, { ...before, starts: [...before.starts, start] })
  }
}

const wh = (value: number): number => Math.round(value * 1000) / 1000

const opened = (visitId: string, bayId: string, openedAt: string): VisitOutcome => ({
  visitId,
  bayId,
  openedAt,
  accountId: null,
  identifiedBy: null,
  starts: [],
  reviewAt: null,
  lockedAt: null,
  sessions: [],
  endedAt: null,
  exit: null,
})

function withDecision(before: VisitOutcome, at: string, decision: Decision): VisitOutcome {
  const who = (rank: Json | undefined) => ({ accountId: textOf(decision['accountId']), identifiedBy: textOf(rank) })
  switch (decision.type) {
    case 'VisitAuthorized':
      return { ...before, ...who(decision['identifiedBy']) }
    case 'IdentityUpgraded':
      return { ...before, ...who(decision['to']) }
    case 'BayLocked':
      return before.lockedAt === null ? { ...before, lockedAt: at } : before
    case 'SessionBilled':
      return { ...before, sessions: [...before.sessions, sessionOf(decision)] }
    case 'VisitEnded':
      return { ...before, endedAt: at, exit: textOf(decision['exit']) }
    default:
      return before
  }
}

const sessionOf = (decision: Decision): OutcomeSession => ({
  accountId: textOf(decision['accountId']),
  startedAt: textOf(decision['startedAt']),
  energy_Wh: wh(numberOf(decision['energy_Wh'])),
  idle_s: numberOf(decision['idle_s']),
})
