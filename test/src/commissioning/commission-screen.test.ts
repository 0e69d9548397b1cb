import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { CommissioningDesk } from '../../../src/commissioning/commissioning-desk.ts'
import { live, openPage, PHONE, there } from '../inspector/opened-page.ts'
import { checkScreen } from '../inspector/screen-check.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import type { Starting } from '../server/plain-server.ts'
import { closeAfterwards, startServer } from '../server/running-server.ts'

/** A site whose plates bay-1 and its neighbour read, and whose plug nobody put in yet. */
async function over(): Promise<Starting> {
  const site = openArrayDesk({ clock: systemClock })
  const { privateKey } = generateKeyPairSync('ed25519')
  const commissioning = new CommissioningDesk({
    siteId: 'depot-north',
    journal: site.desk.journal,
    scribe: { write: async () => [] },
    signer: () => ({ publicKey: '00'.repeat(32), sign: (message) => sign(null, message, privateKey) }),
  })
  const read = { type: 'plate.agreed', cameraId: 'cam-1', leader: 'veh-1', tally: [{ handle: 'veh-1', witnesses: 3 }] }
  const plug = { type: 'connector.status', connector: 'CP-1#1', status: 'preparing', errorCode: null }
  // Again and again: somebody begins at any moment.
  const again = setInterval(async () => {
    await site.change('bay-1', read, {})
    await site.change('bay-2', plug, {})
  }, 500)
  closeAfterwards(async () => clearInterval(again))
  return { site, commissioning }
}

checkScreen('commissioning', {
  at: '/#/commission',
  until: '#commission-bay',
  over,
  further: async (page) => {
    await page.waitForSelector('#commission-bay option', { state: 'attached' })
    await page.waitForTimeout(700)
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.waitForSelector('[data-step=plate].is-shown', { timeout: 60_000 })
    await page.waitForSelector('[data-step=plug].is-wrong', { timeout: 60_000 })
  },
  shots: ['phone'],
})
checkScreen('commissioning-in-german', {
  at: '/#/commission',
  until: '#commission-bay',
  over,
  context: { locale: 'de' },
})

describe.skipIf(!there)('commissioning on a phone', { timeout: 180_000 }, () => {
  test('a step can be skipped, and what was signed is signed once, however late an answer of before comes', async () => {
    const { server } = await startServer(await over())
    const { page } = await openPage(`${server.url}/#/commission`, PHONE)
    await live(page)
    await page.waitForSelector('#commission-bay option', { state: 'attached' })
    await page.waitForTimeout(700)
    await page.getByRole('button', { name: 'Begin' }).click()
    for (const step of ['plate', 'plug', 'start', 'stop', 'night'])
      expect((await page.locator(`#skip-${step}`).boundingBox())?.width).toBeGreaterThan(100)
    for (const step of ['plate', 'plug', 'start', 'stop', 'night'])
      await page.locator(`#skip-${step}`).fill('no car today')
    let signed = 0
    let later = () => {}
    const held = new Promise<void>((resolve) => {
      later = resolve
    })
    const asked = new Promise<void>((resolve) => {
      void page.route('**/commissioning**', async (route) => {
        if (route.request().method() === 'POST') {
          signed += 1
          return route.continue()
        }
        const answer = await route.fetch()
        resolve()
        await held
        return route.fulfill({ response: answer })
      })
    })
    await asked
    const close = page.getByRole('button', { name: 'Sign and close' })
    await close.dblclick()
    await close.waitFor({ state: 'hidden' })
    later()
    await page.waitForTimeout(2_500)
    expect(await close.isVisible()).toBe(false)
    expect(signed).toBe(1)
  })
})
