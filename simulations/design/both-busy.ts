import { erlangB, offeredFromCarried } from './closed-forms.ts'
import type { Demand } from './demand.ts'
import { byKind, demandOf } from './demand-figures.ts'
import { fitDemand, type PastSession } from './demand-fit.ts'
import { offeredLoad } from './offered-load.ts'
import type { QueueRow, QueueRun } from './queue-run.ts'
import { queueSums, shareBusy, type Window } from './queue-sums.ts'

/** A session of a site with several charge points. */
export type SiteSession = PastSession & { readonly chargePointId: string }

/** Share of time in which both charge points of a site were taken, on average over the sites: as it was, by theory, and by simulation. */
export type BothBusy = {
  readonly sites: number
  readonly seen: number
  /** Erlang B from the load that each site carried. */
  readonly erlang: number
  readonly simulated: number
}

const DAY = 86_400_000
/** Stays that began before the first day are not in the data; by then nearly all of them are over. */
const SETTLED_DAYS = 2

/**
 * Sites of two charge points, each simulated with two bays, its own load and the stays of all: does a site that turns drivers away come
 * out as full as it was? Null where the data have no such sites, or fewer than a week of days.
 */
export function bothBusy(
  sessions: readonly SiteSession[],
  run: QueueRun,
  effort: { readonly seed: number; readonly replications: number },
): BothBusy | null {
  const [firstDay, lastDay] = [least(sessions.map(({ day }) => day)), -least(sessions.map(({ day }) => -day))]
  const days = lastDay - firstDay - SETTLED_DAYS
  const pairs = [...sitesOf(sessions).values()].filter((own) => new Set(own.map((one) => one.chargePointId)).size === 2)
  if (days < 7 || pairs.length === 0) return null
  const shape = demandOf(fitDemand(sessions, { ...FIT, firstDay, lastDay }), { bays: 1, dispersion: 1 })
  const { present } = offeredLoad(shape)
  const whole = present.reduce((sum, one) => sum + one, 0) / present.length
  const window: Window = { fromMs: (firstDay + SETTLED_DAYS) * DAY, toMs: lastDay * DAY }
  const sums = { seen: 0, erlang: 0, simulated: 0 }
  for (const [site, own] of pairs.entries()) {
    const rows = own.map(rowOf)
    const offered = offeredFromCarried(2, Math.min(1.99, queueSums(rows, window).inBays))
    sums.seen += shareBusy(rows, 2, window)
    sums.erlang += erlangB(2, offered)
    const demand = { ...shape, visits: byKind((kind) => (shape.visits[kind] * offered) / whole) }
    sums.simulated += simulated(demand, site, run, effort)
  }
  const share = (sum: number): number => sum / pairs.length
  return { sites: pairs.length, seen: share(sums.seen), erlang: share(sums.erlang), simulated: share(sums.simulated) }
}

const FIT = {
  keep: 'figures',
  chargePoints: 1,
  visitsOf: 'site',
  name: 'all sites',
  source: '',
  licence: '',
  from: '',
  to: '',
} as const

/** Mean over the replications of the share in which both bays of one site were taken, over whole weeks after the first. */
function simulated(
  demand: Demand,
  site: number,
  run: QueueRun,
  { seed, replications }: { seed: number; replications: number },
): number {
  const [week, weeks] = [7 * DAY, 3]
  let sum = 0
  for (let replication = 0; replication < replications; replication++) {
    const span = { seed: seed + site, replication, days: 7 * weeks }
    const rows = run({ demand, ...span, bays: 2, queuePlaces: 0, grid: null })
    sum += shareBusy(rows, 2, { fromMs: week, toMs: weeks * week })
  }
  return sum / replications
}

function sitesOf(sessions: readonly SiteSession[]): Map<string, SiteSession[]> {
  const sites = new Map<string, SiteSession[]>()
  for (const session of sessions) sites.set(session.siteId, [...(sites.get(session.siteId) ?? []), session])
  return sites
}

/** A session as a row of a run whose time counts from the Monday of day 0. */
export function rowOf({ day, minute, stay_min }: PastSession): QueueRow {
  const arrivedMs = Math.round(day * DAY + minute * 60_000)
  const leftMs = arrivedMs + Math.round(stay_min * 60_000)
  return { arrivedMs, enteredMs: arrivedMs, leftMs, powerMs: arrivedMs, fullMs: null }
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
