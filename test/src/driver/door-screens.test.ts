import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { BayView } from '../../../projections/bay-view.ts'
import { systemClock } from '../../../src/clock.ts'
import { DoorBook } from '../../../src/driver/door/door-book.ts'
import { Doorway } from '../../../src/driver/door/doorway.ts'
import { openPage, PHONE, there } from '../inspector/opened-page.ts'
import { checkScreen } from '../inspector/screen-check.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import type { Starting } from '../server/plain-server.ts'
import { startServer } from '../server/running-server.ts'

const keys = { mark: (text: string) => createHash('sha256').update(text).digest('base64url') }
const CODE = keys.mark('bay code|depot-north|bay-1').slice(0, 16)
const visit = {
  visitId: 'visit-77',
  plate: 'handle-1',
  identifiedBy: null,
  accountId: null,
  startedAt: '2026-11-22T10:33:00.000Z',
  evidence: [],
  erasurePending: false,
}
const WAITS: Partial<BayView> = { state: 'authorizing', detail: 'fallback', visit }
const CHARGES: Partial<BayView> = {
  state: 'charging-locked',
  detail: 'charging',
  since: '2026-11-22T10:41:07.000Z',
  visit: { ...visit, accountId: 'pay-1', identifiedBy: 'operator' },
  session: {
    sessionId: 'ses-visit-77',
    transactionId: '4711',
    idToken: 'ABC',
    energy_Wh: 12_345,
    startedAt: '2026-11-22T10:40:00.000Z',
  },
}

/** A server over bays of which the first is as said, with a payment page behind its code. */
const over = (view: Partial<BayView>) => async (): Promise<Starting> => {
  const site = openArrayDesk({ clock: systemClock })
  await site.change('bay-1', { type: 'meter.values' }, view)
  const doorway = new Doorway({
    desk: site.desk,
    keys,
    scribe: { write: async () => [] },
    clock: systemClock,
    book: new DoorBook(),
    alarms: { raise: () => {}, calm: () => {} },
    payment: {
      kind: 'webhook',
      url: 'https://pay.example/berth',
      secret: 'a long enough secret',
      hold: '40.00',
      currency: 'EUR',
      valid_min: 10,
    },
    publicUrl: 'https://charge.example',
  })
  return { site, doorway }
}
const at = `/b/${CODE}`
const forms = '#door button, #door summary'

checkScreen('driver-pay', { at, until: forms, over: over(WAITS), live: false, shots: ['phone'] })
checkScreen('driver-pay-in-german', { at: `${at}?lang=de&said=wrong`, until: forms, over: over(WAITS), live: false })
checkScreen('driver-account', {
  at,
  until: forms,
  over: over(WAITS),
  live: false,
  further: (page) => page.locator('#door summary').click(),
  shots: ['phone'],
})
checkScreen('driver-charging', {
  at: `${at}?said=starting`,
  until: forms,
  over: over(CHARGES),
  live: false,
  shots: ['phone'],
})

test.skipIf(!there)(
  'on a phone every target is 48 px high, what is typed is not moved by news, and a page that hears nothing lets nobody pay',
  async () => {
    const { server, site } = await startServer(await over(WAITS)())
    const { page } = await openPage(`${server.url}${at}`, PHONE)
    await page.locator('#door summary').click()
    const sizes = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, input, summary')].map((one) => one.getBoundingClientRect().height),
    )
    expect(sizes.length).toBeGreaterThan(4)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(48)
    await page.fill('[name=plate]', 'AB12')
    await site.change('bay-1', { type: 'plate.seen' }, { detail: 'denied' })
    await page.waitForTimeout(3_500)
    expect(await page.inputValue('[name=plate]')).toBe('AB12')
    await server.close()
    await page.waitForSelector('#old:visible', { timeout: 20_000 })
    expect(await page.locator('#door button').first().isDisabled()).toBe(true)
  },
  60_000,
)
