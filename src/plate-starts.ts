import type { Clock } from '../actors/ports.ts'
import { cell, memory } from '../actors/record-memory.ts'
import { wallTime } from '../machines/opening-hours.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Register } from '../machines/register.ts'

type PlateStartsParts = {
  readonly register: () => Register
  /** What holds for accounts that have no limit of their own; null = none. */
  readonly usual: number | null
  readonly timezone: string
  readonly clock: Pick<Clock, 'now'>
}

/** A visit that the plate alone identified. `on`: the day of its first start, null before it. */
type PlateVisit = { readonly bayId: string; readonly accountId: string; readonly on: string | null }

/**
 * How many charges each account began by a plate alone on this day (the site's calendar), from the journal: a printed plate that passes
 * for somebody's pays for no more than that. Cards and people's words count for nothing here and are never refused by it.
 */
export class PlateStarts {
  readonly #parts: PlateStartsParts
  /** Running visits, by id. */
  readonly #visits = new Map<string, PlateVisit>()
  /** Started visits of the day, by account. */
  readonly #counts = new Map<string, number>()
  #day = ''
  /** Who was let charge and has not been started yet, by bay: two that ask at one moment are two. */
  readonly #granted = new Map<string, string>()
  /** What is remembered by records alone. */
  readonly memory = memory({
    visits: this.#visits,
    counts: this.#counts,
    day: cell(
      () => this.#day,
      (day) => {
        this.#day = day
      },
    ),
  })

  constructor(parts: PlateStartsParts) {
    this.#parts = parts
  }

  /** Folds one record. */
  hear(record: FactRecord): void {
    const { bayId } = record
    if (bayId === null) return
    for (const { type, visitId, accountId, identifiedBy, to, person } of record.decisions) {
      if (typeof visitId !== 'string') continue
      if (type === 'VisitAuthorized' || type === 'IdentityUpgraded') {
        const isPlate = (identifiedBy ?? to) === 'plate' && person !== true && typeof accountId === 'string'
        if (isPlate) this.#visits.set(visitId, { on: null, ...this.#visits.get(visitId), bayId, accountId })
        else this.#visits.delete(visitId)
      }
      if (type === 'StartRequested') this.#started(visitId, record.at)
      if (type === 'VisitEnded') this.#visits.delete(visitId)
      if (type === 'StartRequested' || type === 'VisitRefused' || type === 'VisitEnded') this.#granted.delete(bayId)
    }
  }

  /** This account may begin no more charges by plate today. `bayId`: where it wants to, which counts once however often it asks. */
  isSpent(accountId: string, bayId: string | null): boolean {
    const most = this.#parts.register().accounts.get(accountId)?.plateStartsPerDay ?? this.#parts.usual
    if (most === null) return false
    const today = this.#dayOf(this.#parts.clock.now())
    const own = [...this.#visits.values()].some(
      (one) => one.bayId === bayId && one.accountId === accountId && one.on === today,
    )
    const started = (today === this.#day ? (this.#counts.get(accountId) ?? 0) : 0) - (own ? 1 : 0)
    const waiting = [...this.#granted].filter(([bay, account]) => bay !== bayId && account === accountId).length
    return started + waiting >= most
  }

  /** It was let charge here. */
  granted(accountId: string, bayId: string | null): void {
    if (bayId !== null) this.#granted.set(bayId, accountId)
  }

  /** A second start of the same visit is no second charge. */
  #started(visitId: string, at: string): void {
    const visit = this.#visits.get(visitId)
    if (visit === undefined || visit.on !== null) return
    const day = this.#dayOf(Date.parse(at))
    if (day !== this.#day) this.#counts.clear()
    this.#day = day
    this.#counts.set(visit.accountId, (this.#counts.get(visit.accountId) ?? 0) + 1)
    this.#visits.set(visitId, { ...visit, on: day })
  }

  #dayOf = (at: number): string => wallTime(at, this.#parts.timezone).date
}
