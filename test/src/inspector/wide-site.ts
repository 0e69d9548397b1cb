import type { BayView } from '../../../projections/bay-view.ts'
import { systemClock } from '../../../src/clock.ts'
import type { SiteLayout } from '../../../src/server/live-message.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import type { Starting } from '../server/plain-server.ts'

const HALF = 12
const ROW = 24
/** Two and two rows of bays with a lane between, parted in the middle by a way for people. */
const LAYOUT: SiteLayout = [0, 1, null, 2, 3].map((row) =>
  row === null
    ? []
    : Array.from({ length: ROW + 1 }, (_, at) => (at === HALF ? null : `bay-${row * ROW + at + (at < HALF ? 1 : 0)}`)),
)

/** A site of 96 bays at seven in the morning: most charge or are free, and four things need somebody. */
export async function wideSite(): Promise<Starting> {
  const site = openArrayDesk({ clock: systemClock, count: ROW * 4 })
  const now = Date.now()
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()
  for (const [at, { bayId, chargers }] of site.desk.bays().entries()) {
    const view = viewOf(at, chargers, ago((at * 37) % 240))
    if (view !== null) await site.change(bayId, { type: 'meter.values' }, view)
  }
  const alarm = (bayId: string | null, type: string, minutes: number, says: string, todo: string) =>
    site.alarms.push({ alarmId: `${type}-${bayId}`, bayId, type, says, do: todo, since: ago(minutes) })
  alarm('bay-31', 'offline', 14, 'Charge point CP-31 is not connected.', 'Look at its power and its network.')
  alarm(
    'bay-58',
    'blocked',
    41,
    'The vehicle is charged and still here.',
    'Speak to the driver or have the bay cleared.',
  )
  alarm(
    'bay-77',
    'camera-empty',
    2,
    'The camera sees an empty bay while the charge point reports a charge.',
    'Look at the bay: snow, glare or a van may hide the vehicle.',
  )
  const fields = { visitId: 'visit-17', by: null, reason: 'reads disagree', candidates: [] }
  site.reviews.push({ reviewId: 'review-1', bayId: 'bay-17', since: ago(1), ...fields })
  return { site, layout: LAYOUT }
}

function viewOf(at: number, chargers: BayView['chargers'], since: string): Partial<BayView> | null {
  const drawing = chargers.map((one) => ({
    ...one,
    status: 'Charging',
    current_A: 6 + ((at * 7) % 26),
    power_W: 11_000,
  }))
  const locked = { locked: true, reasons: ['transaction-open'] }
  const chance = (at * 29) % 10
  if (at === 30)
    return {
      chargers: chargers.map((one) => ({ ...one, online: false })),
      since,
      state: 'charging-locked',
      detail: 'frozen',
      lock: locked,
    }
  if (at === 16) return { state: 'detecting', detail: 'in-review', since }
  if (at === 44 || at === 45) return { service: 'out-of-service', since }
  if (chance < 5) return { state: 'charging-locked', detail: 'charging', since, lock: locked, chargers: drawing }
  if (chance === 5) return { state: 'exiting', detail: 'still-plugged', since }
  if (chance === 6) return { state: 'authorizing', detail: 'awaiting-plug', since }
  if (chance === 7) return { state: 'detecting', detail: 'collecting', since }
  return null
}
