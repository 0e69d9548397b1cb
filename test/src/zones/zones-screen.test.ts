import { checkScreen } from '../inspector/screen-check.ts'
import { drawingOver } from './array-drawing.ts'

const over = () => drawingOver()

checkScreen('bay-picture', {
  at: '/#/bays/bay-1',
  until: '[data-fold=picture] summary',
  over,
  further: async (page) => {
    await page.click('[data-fold=picture] summary')
    await page.waitForSelector('.sight-plates .is-mine canvas')
    await page.waitForSelector('.sight-votes .plate')
  },
  shots: ['wall', 'phone'],
})
checkScreen('zones', {
  at: '/#/zones',
  until: '.stage-name',
  over,
  further: async (page) => {
    await page.waitForSelector('.live-image:not([hidden])')
    await page.click('[data-zone-bay=bay-2]')
    await page.locator('[data-corner="1"]').focus()
    await page.keyboard.press('Shift+ArrowRight')
    await page.waitForSelector('[data-zone-bay=bay-2][data-standing=warned]')
  },
  shots: ['wall', 'phone'],
})
