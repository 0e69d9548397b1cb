import type { FactRecord } from '../../machines/record.ts'
import { type Adopted, costOf, tariffAt, tariffIn } from '../../projections/tariff.ts'
import type { OutcomeSession, VisitOutcome } from '../../projections/visit-outcomes.ts'
import { alike, type Parting, type Unknown } from './lane.ts'
import type { TriedSite } from './tried-site.ts'

/** What is another at a visit. */
export type Change =
  | 'visit gained'
  | 'visit lost'
  | 'start gained'
  | 'start lost'
  | 'start at another time'
  | 'payer'
  | 'review gained'
  | 'review lost'
  | 'locked at another time'
  | 'release'
  | 'bill'

/** A visit whose outcome is another, or not known. `unknown`: what stands in `after` is as far as anybody can know. */
export type ChangedVisit = {
  readonly bayId: string
  readonly openedAt: string
  readonly changes: readonly Change[]
  readonly unknown: Unknown | null
  readonly before: VisitOutcome | null
  readonly after: VisitOutcome | null
  readonly parting: Parting | null
}

/** Minor units by currency. */
export type Amounts = { readonly [currency: string]: number }

export type WhatIfTotals = {
  readonly visits: number
  readonly changed: number
  readonly unknown: number
  readonly startsGained: number
  readonly startsLost: number
  readonly otherPayers: number
  readonly reviewsGained: number
  readonly reviewsLost: number
  /** Billed, of visits of which all is known; before and after. Wh. */
  readonly energy_Wh: { readonly before: number; readonly after: number; readonly unknown: number }
  readonly money: { readonly before: Amounts; readonly after: Amounts; readonly unknown: Amounts }
}

export type WhatIfReport = { readonly totals: WhatIfTotals; readonly visits: readonly ChangedVisit[] }

/** Tariffs as the journal has them. */
export class Tariffs {
  readonly #adopted: Adopted[] = []

  hear({ stream, cause, at }: FactRecord): void {
    if (stream === 'site' && cause.type === 'tariff.adopted')
      this.#adopted.push({ from: at, tariff: tariffIn(cause['tariff']) })
  }

  /** What these sessions cost before taxes. */
  of(sessions: readonly OutcomeSession[]): Amounts {
    const sums: { [currency: string]: number } = {}
    for (const session of sessions) {
      const tariff = session.accountId === null ? null : tariffAt(this.#adopted, session.startedAt ?? '')
      if (tariff) sums[tariff.currency] = (sums[tariff.currency] ?? 0) + costOf(tariff, session).net
    }
    return sums
  }
}

/** Every visit that the other rules change, in the order in which they began, and what they come to. */
export function reportOf(site: TriedSite, tariffs: Tariffs): WhatIfReport {
  const pairs = pairsOf(site)
  const all = pairs.map(([before, after]) => changedVisit(site, before, after))
  const visits = all
    .filter(({ changes, unknown }) => changes.length > 0 || unknown !== null)
    .sort((a, b) => compare(a.openedAt, b.openedAt) || compare(a.bayId, b.bayId))
  return { totals: totalsOf(all, tariffs), visits }
}

type Pair = readonly [before: VisitOutcome | null, after: VisitOutcome | null]

/** Visits of the two lives that are one: by name, else those of one bay whose times overlap most simply, in order. */
function pairsOf({ outcomes: { before, after } }: TriedSite): readonly Pair[] {
  const pairs: Pair[] = []
  const left = new Map<string, VisitOutcome[]>()
  for (const visit of after.visits.values())
    if (!before.visits.has(visit.visitId)) left.set(visit.bayId, [...(left.get(visit.bayId) ?? []), visit])
  for (const visit of before.visits.values()) {
    const same = after.visits.get(visit.visitId)
    const others = left.get(visit.bayId) ?? []
    const other = same ?? others.find((one) => overlap(one, visit)) ?? null
    if (!same && other) others.splice(others.indexOf(other), 1)
    pairs.push([visit, other])
  }
  for (const others of left.values()) for (const visit of others) pairs.push([null, visit])
  return pairs
}

const overlap = (one: VisitOutcome, other: VisitOutcome): boolean =>
  (one.endedAt === null || one.endedAt >= other.openedAt) && (other.endedAt === null || other.endedAt >= one.openedAt)

function changedVisit(site: TriedSite, before: VisitOutcome | null, after: VisitOutcome | null): ChangedVisit {
  const visit = (before ?? after) as VisitOutcome
  const lane = site.lanes.get(visit.bayId)
  const names = [before, after].flatMap((one) => one?.visitId ?? [])
  const first = <T>(known: ReadonlyMap<string, T> | undefined): T | null =>
    names.map((name) => known?.get(name)).find((one) => one !== undefined) ?? null
  const unknown = first(lane?.unknown)
  const changes = changesOf(before, after, unknown)
  const parting = changes.length > 0 || unknown ? first(lane?.partings) : null
  return { bayId: visit.bayId, openedAt: visit.openedAt, changes, unknown, before, after, parting }
}

const LOST: readonly Change[] = ['start lost']
const GAINED: readonly Change[] = ['start gained']

/** Of a visit that is not known to its end only what had come by then is told. */
function changesOf(
  before: VisitOutcome | null,
  after: VisitOutcome | null,
  unknown: Unknown | null,
): readonly Change[] {
  if (after === null) return unknown || before === null ? [] : ['visit lost', ...(before.starts[0] ? LOST : [])]
  if (before === null) return ['visit gained', ...(after.starts[0] ? GAINED : [])]
  const changes: Change[] = []
  const [was, is] = [before.starts.length > 0, after.starts.length > 0]
  if (is && !was) changes.push('start gained')
  const lost = before.starts[0]
  if (lost && !is && (unknown === null || unknown.since > lost.at)) changes.push('start lost')
  const names = (one: VisitOutcome) => ({ accountId: one.accountId, identifiedBy: one.identifiedBy })
  const decided = !unknown || after.accountId !== null
  if (decided && !alike(names(before), names(after))) changes.push('payer')
  if (after.reviewAt !== null && before.reviewAt === null) changes.push('review gained')
  if (unknown !== null) return changes
  if (was && is && !alike(before.starts, after.starts)) changes.push('start at another time')
  if (before.reviewAt !== null && after.reviewAt === null) changes.push('review lost')
  if (before.lockedAt !== after.lockedAt) changes.push('locked at another time')
  if (before.exit !== after.exit || before.endedAt !== after.endedAt) changes.push('release')
  if (!alike(before.sessions, after.sessions)) changes.push('bill')
  return changes
}

function totalsOf(all: readonly ChangedVisit[], tariffs: Tariffs): WhatIfTotals {
  const count = (change: Change): number => all.filter(({ changes }) => changes.includes(change)).length
  const sessions = (of: readonly ChangedVisit[], side: 'before' | 'after') =>
    of.flatMap((one) => one[side]?.sessions ?? [])
  const known = all.filter(({ unknown }) => unknown === null)
  const dark = all.filter(({ unknown }) => unknown !== null)
  const [before, after, unknown] = [sessions(known, 'before'), sessions(known, 'after'), sessions(dark, 'before')]
  return {
    visits: all.filter((one) => one.before !== null).length,
    changed: all.filter(({ changes, unknown: lost }) => changes.length > 0 || lost !== null).length,
    unknown: dark.length,
    startsGained: count('start gained'),
    startsLost: count('start lost'),
    otherPayers: all.filter(
      ({ before: was, after: is }) => was?.accountId && is?.accountId && was.accountId !== is.accountId,
    ).length,
    reviewsGained: count('review gained'),
    reviewsLost: count('review lost'),
    energy_Wh: { before: energy(before), after: energy(after), unknown: energy(unknown) },
    money: { before: tariffs.of(before), after: tariffs.of(after), unknown: tariffs.of(unknown) },
  }
}

const energy = (sessions: readonly OutcomeSession[]): number =>
  Math.round(sessions.reduce((sum, one) => sum + one.energy_Wh, 0) * 1000) / 1000

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
