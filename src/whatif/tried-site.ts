import { Agenda } from '../../actors/agenda.ts'
import type { BayEvent } from '../../machines/learn.ts'
import type { Cause, Draft, FactRecord } from '../../machines/record.ts'
import { applyTimers, eventOf, evidence, isTimer } from '../../machines/step.ts'
import { type Lane, newLane, ownParting, type Parting, partingOf, type TwinLives } from './lane.ts'
import { type Fed, fedTo } from './lane-feed.ts'
import type { PlacedNews } from './placed-news.ts'
import { TriedClaims } from './tried-claims.ts'
import { TriedOutcomes } from './tried-outcomes.ts'
import type { TriedPayers } from './tried-payers.ts'
import { type Due, TriedQuestions } from './tried-questions.ts'
import type { TriedRules } from './tried-rules.ts'

export type TriedSiteParts = {
  readonly lives: TwinLives
  readonly rules: TriedRules
  readonly payers: TriedPayers
  /** The rules that are tried hold for a bay from the first moment on, not before this one, at which it is vacant. ms since 1970. */
  readonly from: number | null
  /** Where other zones are tried. */
  readonly placed: PlacedNews | null
}

/** A policy that is tried is told by this source. */
const TRIED = { id: 'tried', source: 'whatif' }

/**
 * A recorded site beside the same site under other rules, record by record. Observations are told to both; answers and charges only to
 * who asked for them; timers fire by each one's own rules.
 */
export class TriedSite {
  readonly outcomes = new TriedOutcomes()
  readonly lanes = new Map<string, Lane>()
  readonly #parts: TriedSiteParts
  readonly #claims: TriedClaims
  readonly #questions: TriedQuestions
  readonly #agenda = new Agenda<Due>()
  #resuming = false
  #seq = 0

  constructor(parts: TriedSiteParts) {
    this.#parts = parts
    const lane = (bayId: string): Lane => this.#lane(bayId)
    this.#claims = new TriedClaims({
      lives: parts.lives,
      lane,
      own: (of, at, cause) => this.#tellOwn(of, at, cause, 'a claim'),
    })
    const { outcomes } = this
    this.#questions = new TriedQuestions({ ...parts, claims: this.#claims, outcomes, agenda: this.#agenda })
  }

  /** Lives the next record. */
  take(record: FactRecord): void {
    this.#parts.payers.hear(record)
    if (record.stream === 'site') return this.#claims.hear(record)
    if (record.bayId === null || record.stream !== `bay:${record.bayId}`) return
    const at = Date.parse(record.at)
    const lane = this.#lane(record.bayId)
    this.#passTime(lane, record, at)
    const { placed } = this.#parts
    placed?.hear(record)
    const isRead = record.cause.type.startsWith('plate.') && lane.mode !== 'waits'
    const place = isRead && placed ? placed.place(record) : { own: record.cause, others: [] }
    this.#live(lane, record, at, place.own)
    for (const { bayId, cause } of place.others) this.#tellOwn(this.#lane(bayId), at, cause, 'read in its zone now')
    this.#meet(lane, record, at)
  }

  /** There are no more records: questions that are still open stay so. */
  close(): void {
    this.#advance(Math.max(0, ...[...this.lanes.values()].map(({ newest }) => newest)), this.#seq)
    for (const lane of this.lanes.values()) {
      this.outcomes.closeFolded(lane)
      this.#questions.expire(lane, lane.answers.own[0])
    }
  }

  #lane(bayId: string): Lane {
    const known = this.lanes.get(bayId)
    if (known) return known
    const lane = newLane(bayId)
    if (this.#parts.from === null) lane.mode = 'lived'
    this.lanes.set(bayId, lane)
    return lane
  }

  /** What is due in the tried lives before this record. After a restart nothing is, until every bay was told of it. */
  #passTime(lane: Lane, { cause, seq }: FactRecord, at: number): void {
    const resumes = cause.type === 'site.resumed'
    if (resumes && !this.#resuming) for (const one of this.lanes.values()) one.asleep = true
    const wakes = lane.asleep
    lane.asleep = false
    if (wakes) for (const [timer, due] of lane.timers) this.#agenda.push(due, { bayId: lane.bayId, timer })
    const stillResuming = resumes || (this.#resuming && cause.type.startsWith('claim.'))
    this.#resuming = stillResuming
    lane.seq = seq
    this.#seq = seq
    if (!stillResuming) this.#advance(isTimer(cause.type) ? dueOf(cause, at) - 1 : at, seq)
  }

  #advance(until: number, seq: number): void {
    while (this.#agenda.next <= until) {
      const { due, item } = this.#agenda.pop()
      const lane = this.#lane(item.bayId)
      if (lane.mode !== 'lived') continue
      lane.seq = seq
      if ('timer' in item) {
        if (lane.asleep || lane.timers.get(item.timer) !== due) continue
        const told = { type: item.timer, id: `timer-${due}`, source: 'timer' }
        this.#tellOwn(lane, Math.max(due, lane.newest), told, 'a timer that was not recorded')
      } else if ('answer' in item) this.#tellOwn(lane, Math.max(due, lane.newest), item.answer, 'a later answer')
      else this.#questions.expire(lane, item.expires)
    }
  }

  /** Both lives take the record in, each as it is told. */
  #live(lane: Lane, record: FactRecord, at: number, own: Cause | null): void {
    const event = eventOf(record)
    if (record.cause.type === 'policy.adopted') lane.policy = record.cause['policy'] ?? null
    if (record.cause.type === 'zones.published') lane.zones = record.cause
    const fed = this.#fed(lane, record, event, at, own)
    const silent = fed.event === null ? 'tried' : null
    const other = fed.same ? null : fed.event
    const { recorded, tried } = this.#parts.lives.tell(lane.bayId, event, other, silent, evidence(record))
    Object.assign(lane, { version: record.version, own: 0, newest: Math.max(lane.newest, at) })
    if (fed.apart) lane.apart = true
    applyTimers(lane.kept, recorded ?? record)
    if (lane.mode === 'waits') return
    const { outcomes } = this
    outcomes.hearCamera(record)
    const ran = outcomes.running(lane)
    outcomes.before.hear(record)
    if (lane.mode === 'lost') return outcomes.overlook(lane)
    if (tried) this.#hear(lane, tried, at)
    const part = drifted(partingOf(record, tried, fed.why), record, recorded, tried)
    if (part) outcomes.part(lane, part, ran)
    else if (lane.parting) outcomes.mark(lane, outcomes.running(lane))
    this.#questions.asked(lane, record.effects, tried?.effects ?? [], at)
    if (fed.loses) outcomes.lose(lane, at, fed.loses, outcomes.after.running(lane.bayId))
    if (part && fed.less) outcomes.less(lane, record)
  }

  #fed(lane: Lane, record: FactRecord, event: BayEvent, at: number, own: Cause | null): Fed {
    const whole = { event, same: true, apart: false, why: '' }
    if (lane.mode === 'waits') return whole
    if (lane.mode === 'lost') return { ...whole, event: null, same: false }
    const { cause } = record
    if (isTimer(cause.type)) {
      if ((lane.timers.get(cause.type) ?? Number.POSITIVE_INFINITY) <= at) return whole
      return { event: null, same: false, apart: true, why: 'this timer was not set' }
    }
    if (cause.type.startsWith('plate.')) return this.#reread(lane, record, whole, own)
    return fedTo(lane, record, event, { lives: this.#parts.lives, claims: this.#claims, rules: this.#parts.rules })
  }

  #reread(lane: Lane, record: FactRecord, whole: Fed, own: Cause | null): Fed {
    if (own === null)
      return { ...whole, event: null, same: false, apart: true, why: 'it lies in another zone, or in none' }
    const { cause, less } = this.#parts.rules.reread(own, lane.policy)
    if (cause === record.cause) return whole
    const why = cause === own ? 'its reads lie otherwise in these zones' : 'as many witnesses mean something else'
    return { event: eventOf({ ...record, cause }), same: false, apart: true, why, less }
  }

  /** The tried life did this: its timers, its outcome. */
  #hear(lane: Lane, draft: Draft, at: number): void {
    applyTimers(lane.timers, draft)
    for (const { id, due } of draft.timers.set) this.#agenda.push(Date.parse(due), { bayId: lane.bayId, timer: id })
    if (lane.newest < at) lane.newest = at
    this.outcomes.after.hear(draft)
  }

  /** Tells the tried life what was not recorded. */
  #tellOwn(lane: Lane, at: number, cause: Cause, why: string): void {
    if (lane.mode !== 'lived') return
    lane.own += 1
    const version = lane.version + lane.own / 1_000_000
    const told = eventOf({ cause, at: new Date(Math.max(at, lane.newest)).toISOString(), version })
    const { tried } = this.#parts.lives.tell(lane.bayId, told, null, 'recorded')
    if (!tried) return
    lane.apart = true
    const ran = this.outcomes.running(lane)
    this.#hear(lane, tried, told.at)
    this.outcomes.part(lane, ownParting(lane.seq, tried, why), ran)
    this.#questions.asked(lane, [], tried.effects, told.at)
  }

  /** Both lives go on from one knowledge, where nothing is left of what told them apart. */
  #meet(lane: Lane, record: FactRecord, at: number): void {
    const { lives, from } = this.#parts
    if (lane.mode === 'lived' && !lane.apart) {
      if (record.state === 'vacant' && lane.parting && lives.standing(lane.bayId, 'tried').quiet) lane.parting = null
      return
    }
    if (record.state !== 'vacant' || (lane.mode === 'waits' && (from === null || at < from))) return
    if (!lives.standing(lane.bayId, 'recorded').quiet) return
    if (lane.mode === 'lived' && (lane.answers.own.length > 0 || !lives.standing(lane.bayId, 'tried').quiet)) return
    this.#join(lane, at)
  }

  #join(lane: Lane, at: number): void {
    lane.timers.clear()
    this.#parts.lives.join(lane.bayId)
    for (const [timer, due] of lane.kept) {
      lane.timers.set(timer, due)
      this.#agenda.push(due, { bayId: lane.bayId, timer })
    }
    const wasLost = lane.mode === 'lost'
    Object.assign(lane, { mode: 'lived', lost: null, parting: null })
    lane.answers.clear()
    lane.withheld.clear()
    if (wasLost || lane.apart) this.#claims.joined(lane, at)
    this.#adopt(lane, at)
    lane.apart = false
    lane.parting = null
    this.#claims.settle()
  }

  /** The rules that are tried, for a life that goes on from what the recorded one knows. */
  #adopt(lane: Lane, at: number): void {
    const recorded: Cause = { type: 'policy.adopted', ...TRIED, policy: lane.policy }
    const policy = lane.policy === null ? recorded : this.#parts.rules.adopted(lane.bayId, recorded)
    if (policy !== recorded) this.#tellOwn(lane, at, policy, 'other rules')
    const zones = lane.zones && this.#parts.rules.adopted(lane.bayId, lane.zones)
    if (zones && zones !== lane.zones) this.#tellOwn(lane, at, zones, 'other zones')
  }
}

/** When a timer was due, by its record. */
function dueOf(cause: Cause, at: number): number {
  const due = Number(/^timer-(\d+)$/.exec(String(cause['id']))?.[1])
  return Number.isNaN(due) ? at : due
}

const OTHER_MACHINES = 'these machines decide otherwise than those that wrote it'

/** A parting is the machines' own where they take the same turn by the recorded rules. */
function drifted(
  part: Parting | null,
  record: FactRecord,
  recorded: Draft | null,
  tried: Draft | null,
): Parting | null {
  if (part === null || recorded === null || tried === null) return part
  return partingOf({ ...record, ...recorded, personal: null }, tried, '')
    ? part
    : { ...part, why: OTHER_MACHINES, drift: true }
}
