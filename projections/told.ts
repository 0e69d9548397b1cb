import { isTold, type Row, type RowFold, textIn } from './row-fold.ts'
import { toldAlarms } from './told-alarms.ts'
import { toldAudit } from './told-audit.ts'
import { toldBoard } from './told-board.ts'
import { toldFleets } from './told-fleets.ts'
import { NEWS_TYPES, toldNews } from './told-news.ts'
import { toldOccupancy } from './told-occupancy.ts'
import { toldReviews } from './told-reviews.ts'
import { toldSessions } from './told-sessions.ts'
import { toldTariffs } from './told-tariffs.ts'
import { toldVisits } from './told-visits.ts'

/** Everything that is told of the past as rows. */
export const TOLD: readonly RowFold[] = [
  toldBoard,
  toldVisits,
  toldSessions,
  toldFleets,
  toldOccupancy,
  toldReviews,
  toldAlarms,
  toldAudit,
  toldTariffs,
  toldNews,
]

/** A report: rows of one fold as people and scripts ask for them. */
export type Report = {
  readonly name: ReportName
  readonly says: string
  /** Columns in their order; what a row holds besides is for machines. */
  readonly columns: readonly string[]
  /** The field by which `from` and `to` choose, ISO 8601 UTC or a day; null = they do not. */
  readonly time: string | null
}

export const REPORT_NAMES = [
  'board',
  'visits',
  'sessions',
  'fleets',
  'occupancy',
  'reviews',
  'alarms',
  'audit',
  'tariffs',
  'news',
] as const
export type ReportName = (typeof REPORT_NAMES)[number]

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Every report by name. */
export const REPORTS: { readonly [name in ReportName]: Report } = {
  board: {
    name: 'board',
    says: 'What stands in each bay now.',
    time: null,
    columns: words(
      `bayId state detail since visitId visitSince accountId identifiedBy handle transactionId connector energy_Wh power_W blocked
       version seq at`,
    ),
  },
  visits: {
    name: 'visits',
    says: 'Every visit: who it was, what was started, charged and billed, and how it ended.',
    time: 'openedAt',
    columns: words(
      `visitId bayId openedAt endedAt openedBy accountId identifiedBy handle person authorizedAt upgrades refused fallback starts
       startsFailed lockedAt transactions sessions energy_Wh idle_s contradictions blocked_s exit firstSeq lastSeq`,
    ),
  },
  sessions: {
    name: 'sessions',
    says: 'Charging sessions: what the registers say, what was billed, who withheld energy, and what is disputed.',
    time: 'startedAt',
    columns: words(
      `sessionId visitId bayId status accountId identifiedBy idToken connector transactions evidence startedAt endedAt energy_Wh
       metered_Wh idle_s paused_vehicle_s paused_chargePoint_s paused_unknown_s gaps gap_Wh resets leaps disputed_Wh disputes settled
       exit billedAt seq`,
    ),
  },
  fleets: {
    name: 'fleets',
    says: 'What each fleet and account charged on each day (UTC).',
    time: 'day',
    columns: words('day fleet accountId sessions energy_Wh idle_s disputed_Wh'),
  },
  occupancy: {
    name: 'occupancy',
    says: 'How long each bay was in which state in each hour (UTC), in ms; hours in which it was vacant are left out.',
    time: 'hour',
    columns: words('hour bayId visits detecting_ms authorizing_ms charging_ms exiting_ms unknown_ms blocked_ms'),
  },
  reviews: {
    name: 'reviews',
    says: 'What people were asked, what they answered, and how long it took.',
    time: 'openedAt',
    columns: words(
      'reviewId kind bayId cameraId visitId openedAt by reason candidates verdict handle answeredBy answeredAt took_s',
    ),
  },
  alarms: {
    name: 'alarms',
    says: 'Every alarm that was raised, and how long it stood.',
    time: 'raisedAt',
    columns: words('alarmId bayId type says do raisedAt clearedAt stood_s seq'),
  },
  audit: {
    name: 'audit',
    says: 'What people and the site file decided: who, when, what about, and the record’s hash.',
    time: 'at',
    columns: words('seq at stream bayId what by about decisions hash'),
  },
  tariffs: {
    name: 'tariffs',
    says: 'Every tariff that was in force, from when on, and back to when it prices charges of before the first one (`since`).',
    time: 'from',
    columns: words('from currency perKwh perSession idlePerMinute idleGrace_min tax since seq'),
  },
  news: {
    name: 'news',
    says: `What webhooks and brokers are told, in the order of the journal: ${NEWS_TYPES.join(', ')}.`,
    time: 'at',
    columns: words('id type siteId seq at bayId'),
  },
}

/** Which rows: at or after `from`, before `to` (ISO 8601 UTC), of one bay, of one account; `accounts`: of these alone. */
export type RowFilter = {
  readonly from?: string
  readonly to?: string
  readonly bay?: string
  readonly account?: string
  readonly accounts?: readonly string[]
}

/** True where the report tells this row to who asked. A day or an hour that `from` lies in counts. */
export function isAsked({ time }: Report, filter: RowFilter, key: string, row: Row): boolean {
  if (!isTold(key)) return false
  if (filter.bay !== undefined && row['bayId'] !== filter.bay) return false
  if (filter.account !== undefined && row['accountId'] !== filter.account) return false
  if (filter.accounts !== undefined && !filter.accounts.includes(textIn(row, 'accountId') ?? '')) return false
  const at = time === null ? null : textIn(row, time)
  if (at === null) return time === null || (filter.from === undefined && filter.to === undefined)
  const from = at.length === 10 ? filter.from?.slice(0, 10) : filter.from
  return (from === undefined || at >= from) && (filter.to === undefined || at < filter.to)
}
