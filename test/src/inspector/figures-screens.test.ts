import type { Page } from 'playwright-core'
import { figuredSite } from './figured-site.ts'
import { FORCED } from './opened-page.ts'
import { checkScreen } from './screen-check.ts'

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
  context: FORCED,
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
