import type { Page } from 'playwright-core'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { E10 } from '../../../simulations/scenarios/e10-silent-swap.ts'
import { inspectStory } from '../../../src/commands/recorded-story.ts'
import { ScenarioShelf } from '../../../src/commands/scenario-shelf.ts'
import { aCamera, aFault } from '../server/array-cameras.ts'
import type { ArrayDesk } from '../server/array-desk.ts'
import { registeredSite } from '../server/registered-site.ts'
import { busySite } from './busy-site.ts'
import { plateCrop } from './crop-picture.ts'
import { figuredSite } from './figured-site.ts'
import { checkScreen } from './screen-check.ts'
import { wideSite } from './wide-site.ts'

const cameras = async () => {
  const blocked = aFault('blocked', new Date(Date.now() - 75 * 60_000).toISOString())
  const blind = aCamera('cam-2', { bays: ['bay-6'], status: 'lost', blind: blocked, faults: [blocked] })
  const all = [aCamera('cam-1', { bays: ['bay-1', 'bay-2'] }), blind]
  return { site: await busySite(), sights: { all: () => all, confirmView: async () => null } }
}

checkScreen('board', { at: '/', until: '[data-bay=bay-1]', over: wideSite, shots: ['wall', 'phone'] })
checkScreen('board-of-few', { at: '/', until: '[data-bay=bay-1]' })
checkScreen('board-in-german', { at: '/', until: '[data-bay=bay-1]', context: { locale: 'de' } })
checkScreen('board-keys', { at: '/', until: '[data-bay=bay-1]', further: (page) => page.keyboard.press('?') })
checkScreen('bay', { at: '/#/bays/bay-1', until: '.chart .active', shots: ['wall', 'phone'] })
checkScreen('bay-in-german', { at: '/#/bays/bay-2', until: '.chart .active', context: { locale: 'de-AT' } })
checkScreen('bay-order', {
  at: '/#/bays/bay-1',
  until: '[data-command=correct-plate]:enabled',
  further: (page) => page.click('[data-command=correct-plate]'),
})
checkScreen('bay-second-person', {
  at: '/#/bays/bay-6',
  until: '[data-command=out-of-service]:enabled',
  over: async () => ({ site: await busySite({ twoPeople: ['out-of-service'] }) }),
  further: async (page) => {
    await page.keyboard.press('o')
    await page.click('dialog [data-order]')
    await page.waitForSelector('.second li')
  },
  shots: ['wall'],
})
const zoomed = { viewport: { width: 960, height: 540 }, deviceScaleFactor: 2 }
checkScreen('board-at-200-percent', {
  at: '/',
  until: '[data-bay=bay-1]',
  over: wideSite,
  sizes: ['wall'],
  context: zoomed,
})
checkScreen('bay-at-200-percent', { at: '/#/bays/bay-1', until: '.chart .active', sizes: ['wall'], context: zoomed })
const forced = { forcedColors: 'active', reducedMotion: 'reduce' } as const
checkScreen('board-in-forced-colours', { at: '/', until: '[data-bay=bay-1]', sizes: ['wall'], context: forced })
checkScreen('bay-in-forced-colours', { at: '/#/bays/bay-1', until: '.chart .active', sizes: ['wall'], context: forced })
checkScreen('bay-absent', { at: '/#/bays/nowhere', until: '#main .card' })
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
checkScreen('reports', { at: '/#/reports', until: '#report-name' })
const simulated = async () => {
  const { name, edgeCase, title, given, when, wanted, stories } = E10
  const [{ promise } = { promise: '' }] = stories
  return {
    site: await busySite(),
    readOnly: 'recorded',
    scenarios: new ScenarioShelf(SCENARIOS, 0),
    simulation: { name, edgeCase, title, given, when, wanted, story: 1, promise },
  }
}
checkScreen('scenarios', { at: '/#/scenarios', until: '.scenarios .card', over: simulated, shots: ['wall', 'phone'] })
checkScreen('simulation', {
  at: '/#/bays/bay-1',
  until: '.chart .active',
  over: simulated,
  further: (page) => page.locator('.replay-case summary').click(),
  context: { locale: 'de' },
})
const openTables = async (page: Page) => {
  for (const fold of await page.locator('.plot-figure summary').all()) await fold.click()
}
checkScreen('figures-of-occupancy', {
  at: '/#/figures',
  until: '.plot canvas',
  over: figuredSite,
  shots: ['wall', 'phone'],
})
checkScreen('figures-of-sessions', {
  at: '/#/figures/sessions',
  until: '.plot canvas',
  over: figuredSite,
  shots: ['wall'],
})
checkScreen('figures-of-cameras', {
  at: '/#/figures/cameras',
  until: '.plot canvas',
  over: figuredSite,
  further: openTables,
  shots: ['wall'],
  context: { locale: 'de' },
})
checkScreen('figures-of-charge-points', {
  at: '/#/figures/charge-points',
  until: '.plot canvas',
  over: figuredSite,
  shots: ['wall', 'phone'],
})
checkScreen('figures-in-forced-colours', {
  at: '/#/figures/charge-points',
  until: '.plot canvas',
  over: figuredSite,
  sizes: ['wall'],
  context: forced,
})
checkScreen('bay-meter', {
  at: '/#/bays/bay-1',
  until: '.chart .active',
  over: figuredSite,
  further: async (page) => {
    await page.getByText('Current and energy over time').click()
    await page.waitForSelector('.meter-panel canvas')
    await page.locator('.meter-panel').scrollIntoViewIfNeeded()
  },
  shots: ['wall', 'phone'],
})
const recorded = () => {
  const [story] = E10.stories
  if (!story) throw new Error('E10 has no story')
  return inspectStory({ scenario: E10, story, seed: 0 }, 0, new ScenarioShelf(SCENARIOS, 0))
}
checkScreen('recording', {
  at: '/#/bays/bay-1?at=seq:16',
  until: '.chart .active',
  served: recorded,
  further: async (page) => {
    for (const name of ['Lanes', 'What changed']) await page.getByText(name, { exact: true }).click()
    await page.waitForSelector('.replay-bar table')
  },
  shots: ['wall', 'phone'],
})
checkScreen('replay', {
  at: '/#/bays/bay-1?at=seq:1',
  until: '.chart .active',
  further: async (page) => {
    for (const fold of await page.locator('.replay-bar summary').all()) await fold.click()
  },
  shots: ['wall', 'phone'],
})
checkScreen('replay-of-the-board', {
  at: '/#/replay',
  until: '.replay-link[href]',
  shots: ['wall'],
  context: { locale: 'de' },
})
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
    votes: [{ plate: 'v-1', witnesses: 2, registered: true, accountId: 'acc-1' }],
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
