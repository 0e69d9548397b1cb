import { generateKeyPairSync, sign } from 'node:crypto'
import { systemClock } from '../../../src/clock.ts'
import { CommissioningDesk } from '../../../src/commissioning/commissioning-desk.ts'
import { checkScreen } from '../inspector/screen-check.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import type { Starting } from '../server/plain-server.ts'
import { closeAfterwards } from '../server/running-server.ts'

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
    await page.waitForSelector('[data-step=plate].is-shown', { timeout: 15_000 })
    await page.waitForSelector('[data-step=plug].is-wrong', { timeout: 15_000 })
  },
  shots: ['phone'],
})
checkScreen('commissioning-in-german', {
  at: '/#/commission',
  until: '#commission-bay',
  over,
  context: { locale: 'de' },
})
