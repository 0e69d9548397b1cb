import { busySite } from './busy-site.ts'
import { FORCED, ZOOMED } from './opened-page.ts'
import { checkScreen } from './screen-check.ts'

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
    await page.selectOption('#order-reason', 'driver-asked')
    await page.click('dialog [data-order]')
    await page.waitForSelector('.second li')
  },
  shots: ['wall'],
})
checkScreen('bay-at-200-percent', { at: '/#/bays/bay-1', until: '.chart .active', sizes: ['wall'], context: ZOOMED })
checkScreen('bay-in-forced-colours', { at: '/#/bays/bay-1', until: '.chart .active', sizes: ['wall'], context: FORCED })
checkScreen('bay-absent', { at: '/#/bays/nowhere', until: '#main .card' })
