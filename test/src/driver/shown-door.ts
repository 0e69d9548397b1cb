import { createHash } from 'node:crypto'
import type { Scribe } from '../../../actors/ports.ts'
import type { BayView } from '../../../projections/bay-view.ts'
import { systemClock } from '../../../src/clock.ts'
import { DoorBook } from '../../../src/driver/door/door-book.ts'
import { Doorway } from '../../../src/driver/door/doorway.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import type { Starting } from '../server/plain-server.ts'

/** Keys that the codes of these doors are made with. */
export const keys = { mark: (text: string) => createHash('sha256').update(text).digest('base64url') }
/** The code of bay-1. */
export const CODE = keys.mark('bay code|depot-north|bay-1').slice(0, 16)
const visit = {
  visitId: 'visit-77',
  plate: 'handle-1',
  identifiedBy: null,
  accountId: null,
  startedAt: '2026-11-22T10:33:00.000Z',
  evidence: [],
  erasurePending: false,
}
/** A vehicle that waits for whoever pays, and one that charges for somebody who paid. */
export const WAITS: Partial<BayView> = { state: 'authorizing', detail: 'fallback', visit }
export const CHARGES: Partial<BayView> = {
  state: 'charging-locked',
  detail: 'charging',
  since: '2026-11-22T10:41:07.000Z',
  lock: { locked: true, reasons: ['transaction-open'] },
  visit: { ...visit, accountId: 'pay-1', identifiedBy: 'operator' },
  session: {
    sessionId: 'ses-visit-77',
    transactionId: '4711',
    idToken: 'ABC',
    energy_Wh: 12_345,
    startedAt: '2026-11-22T10:40:00.000Z',
  },
}

const PAYS = {
  payment: {
    kind: 'webhook',
    url: 'https://pay.example/berth',
    secret: 'a long enough secret',
    hold: '40.00',
    currency: 'EUR',
    valid_min: 10,
  },
  publicUrl: 'https://charge.example',
} as const

/** A server over bays of which the first is as said, with a payment page behind its code. */
export const over = (view: Partial<BayView>) => async (): Promise<Starting> => {
  const site = openArrayDesk({ clock: systemClock })
  await site.change('bay-1', { type: 'meter.values' }, view)
  const doorway = new Doorway({
    desk: site.desk,
    keys,
    scribe: { write: async () => [] },
    clock: systemClock,
    book: new DoorBook(),
    alarms: { raise: () => {}, calm: () => {} },
    ...PAYS,
  })
  return { site, doorway }
}
/** A vehicle whose plate could not be read for sure: one of two, of which acc-1 has the first and the PIN 4711. */
export const unread = async () => {
  const site = openArrayDesk({ clock: systemClock })
  site.plates.set('v-1', 'AB12CDE')
  site.plates.set('v-2', 'A812CDE')
  await site.desk.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, { name: 'x', role: 'admin' })
  await site.change('bay-2', { type: 'plate.contested' }, { ...WAITS, state: 'detecting', detail: 'in-review' })
  const candidates = ['v-1', 'v-2'].map((plate) => ({ plate, witnesses: 1 }))
  const asked = { since: new Date().toISOString(), by: null, reason: 'reads disagree', candidates }
  site.reviews.push({ reviewId: 'review-1', bayId: 'bay-2', visitId: 'visit-1', ...asked })
  const book = new DoorBook()
  const scribe: Scribe = {
    write: async (entries) => {
      for (const { stream, cause } of entries) book.hear({ stream, cause, bayId: null, decisions: [] } as never)
      return []
    },
  }
  const alarms = { raise: () => {}, calm: () => {} }
  const doorway = new Doorway({ desk: site.desk, keys, scribe, clock: systemClock, book, alarms, ...PAYS })
  await doorway.secrets.setPin('acc-1', '4711', 'x')
  return { site, doorway, at: `/b/${doorway.codes.codeOf('bay-2')}` }
}
