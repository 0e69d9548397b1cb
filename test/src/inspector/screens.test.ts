import { aCamera, aFault } from '../server/array-cameras.ts'
import type { ArrayDesk } from '../server/array-desk.ts'
import { registeredSite } from '../server/registered-site.ts'
import { busySite } from './busy-site.ts'
import { plateCrop } from './crop-picture.ts'
import { figuredSite } from './figured-site.ts'
import { checkScreen } from './screen-check.ts'

const cameras = async () => {
  const blocked = aFault('blocked', new Date(Date.now() - 75 * 60_000).toISOString())
  const blind = aCamera('cam-2', { bays: ['bay-6'], status: 'lost', blind: blocked, faults: [blocked] })
  const all = [aCamera('cam-1', { bays: ['bay-1', 'bay-2'] }), blind]
  return { site: await busySite(), sights: { all: () => all, confirmView: async () => null } }
}

checkScreen('audit', {
  at: '/#/audit',
  until: '.audit-rows tbody tr',
  further: async (page) => {
    await page.click('section[aria-label=Chain] button')
    await page.waitForSelector('.audit-chain:has-text("Whole")')
  },
  shots: ['wall', 'phone'],
})
const registered = async () => ({ site: (await registeredSite({ busy: true })).site })
checkScreen('vehicles', {
  at: '/#/vehicles',
  until: '.vehicle',
  over: registered,
  further: async (page) => {
    const text = 'plate,accountId,validTo\nMN12OPQ,acc-3,2026-02-30\nQR77STU,acc-2,\nMN13OPQ,acc-3,\nMN14OPQ,acc-3,\n'
    await page.setInputFiles('#vehicle-file', { name: 'f.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.waitForSelector('.refused-lines li')
  },
  shots: ['wall', 'phone'],
})
checkScreen('vehicles-in-german', {
  at: '/#/vehicles',
  until: '.vehicle',
  over: registered,
  further: async (page) => {
    await page.waitForTimeout(700)
    await page.click('[data-deed=block]')
  },
  context: { locale: 'de' },
})
checkScreen('reports', { at: '/#/reports', until: '.audit-rows td', over: figuredSite })
/** Two reads with their crops: whoever looks at one keeps it for a minute, and the next page finds the other. */
const withCrops = async () => {
  const site = await busySite()
  const [first] = site.reviews
  if (first) site.reviews.push({ ...first, reviewId: 'review-2' })
  for (const { reviewId } of site.reviews) await addCrops(site, reviewId)
  return { site }
}
const addCrops = async (site: ArrayDesk, reviewId: string) => {
  site.crops.set(reviewId, [await plateCrop('A812 CDE'), await plateCrop('AB12 CDE')])
  site.details.set(reviewId, {
    shown: [
      { plate: 'v-2', at: new Date().toISOString() },
      { plate: 'v-1', at: new Date().toISOString() },
    ],
    opinions: [{ reader: 'berth', text: 'A812CDE', witnesses: 3, of: 4, confidence: 0.93, outcome: 'read' }],
    votes: [{ plate: 'v-1', witnesses: 2, registered: true, accountId: 'acc-1', charges: 14 }],
  })
}
checkScreen('reviews', {
  at: '/#/reviews',
  until: '.review',
  over: withCrops,
  further: async (page) => {
    await page.waitForTimeout(700)
    await page.click('.look')
    await page.waitForSelector('.pick')
  },
  shots: ['wall', 'phone'],
})
checkScreen('reviews-untouched', { at: '/#/reviews', until: '.review', context: { locale: 'de' } })
checkScreen('cameras', { at: '/#/cameras', until: '[data-camera=cam-2]', over: cameras })
checkScreen('login', { at: '/login', until: '#token', live: false })
