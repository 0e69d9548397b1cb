import type { RunCalendar } from './run-calendar.ts'
import type { VisitLedger } from './visit-ledger.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Mean vehicles in bays in each hour of the day by the site's clocks, over the days that count. */
export function presentByHour(ledger: VisitLedger, calendar: RunCalendar): number[] {
  const hours = new Array<number>(24).fill(0)
  const days = (ledger.to - ledger.from) / DAY
  for (const { enteredMs, leftMs } of ledger.rows) {
    if (enteredMs === null) continue
    const [from, to] = [Math.max(enteredMs, ledger.from), Math.min(leftMs ?? ledger.to, ledger.to)]
    for (let at = from; at < to; ) {
      const end = Math.min(to, (Math.floor(at / HOUR) + 1) * HOUR)
      const hour = Math.floor(calendar.hourAt(at))
      hours[hour] = (hours[hour] ?? 0) + (end - at) / HOUR / days
      at = end
    }
  }
  return hours
}
