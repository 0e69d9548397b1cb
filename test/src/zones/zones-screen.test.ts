import { checkScreen } from '../inspector/screen-check.ts'
import { drawingOver } from './array-drawing.ts'

const over = () => drawingOver()

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
