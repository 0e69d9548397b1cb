import type { CommandType } from '../../../machines/events.ts'
import { systemClock } from '../../../src/clock.ts'
import { type ArrayDesk, openArrayDesk } from '../server/array-desk.ts'

const visit = {
  visitId: 'visit-1',
  plate: 'v-1',
  identifiedBy: 'plate',
  evidence: [],
  erasurePending: false,
  accountId: 'acc-1',
  startedAt: '2026-11-22T10:00:00.000Z',
} as const

/** A site where most things are going on. */
export async function busySite(
  options: { epoch?: number; twoPeople?: readonly CommandType[]; twoForZones?: boolean } = {},
): Promise<ArrayDesk> {
  const site = openArrayDesk({ clock: systemClock, count: 6, ...options })
  site.plates.set('v-1', 'AB12CDE')
  site.plates.set('v-2', 'A812CDE')
  const guards = [
    { name: 'orphanRevives', ok: false, value: false, need: 'an orphan draws again' },
    { name: 'drawing', ok: true, value: 6.1, need: '>= 0.2 A' },
  ]
  await site.change(
    'bay-1',
    { type: 'meter.values' },
    {
      state: 'charging-locked',
      detail: 'charging',
      visit,
      lock: { locked: true, reasons: ['transaction-open', 'current-6.1A'] },
      chargers: [
        { chargePointId: 'CP-1', evse: 1, online: true, status: 'Charging', current_A: 6.1, power_W: 1400, at: null },
      ],
      why: {
        event: 'meter.values',
        seq: 1,
        at: '2026-11-22T10:00:00.000Z',
        rule: 'drawing',
        guards,
        evidence: ['frame 12'],
      },
      next: { expect: 'transaction ends or cable out', by: null, what: null, others: [] },
    },
  )
  await site.change(
    'bay-2',
    { type: 'plate.contested' },
    {
      state: 'detecting',
      detail: 'in-review',
      visit: { ...visit, plate: null },
      next: {
        expect: 'a person reads the plate, or the driver presents a card',
        by: new Date(Date.now() + 100_000).toISOString(),
        what: 'nobody has looked: card and QR remain',
        others: [],
      },
    },
  )
  await site.change('bay-3', { type: 'plate.agreed' }, { state: 'authorizing', detail: 'awaiting-plug', visit })
  await site.change('bay-4', { type: 'transaction.ended' }, { state: 'exiting', detail: 'still-plugged', visit })
  await site.change('bay-5', { type: 'operator.commanded' }, { service: 'out-of-service' })
  site.reviews.push({
    reviewId: 'review-1',
    bayId: 'bay-2',
    visitId: 'visit-2',
    since: new Date().toISOString(),
    by: null,
    reason: 'reads disagree',
    candidates: [
      { plate: 'v-1', witnesses: 2 },
      { plate: 'v-2', witnesses: 1 },
    ],
  })
  site.alarms.push({
    alarmId: 'a',
    bayId: 'bay-4',
    type: 'offline',
    says: 'Charge point CP-4 is not connected: nothing can be started or stopped there, and its meter is not heard.',
    do: 'Look at its power and its network; what it stored comes in by itself when it is back.',
    since: new Date(Date.now() - 60_000).toISOString(),
  })
  return site
}
