import { checkScreen } from '../inspector/screen-check.ts'
import { drawingOver } from './array-drawing.ts'
import { box, drawn } from './zone-scene.ts'

const over = async () => {
  const drawn = await drawingOver()
  const told = { cameraId: 'cam-1', reads: [], frame: null, capturedAt: null, reader: 'device' } as const
  drawn.vehicles.hear({ ...told, vehicles: [{ box: [0.07, 0.29, 0.32, 0.38] }] })
  return drawn
}

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

checkScreen('zones-second-person', {
  at: '/#/zones',
  until: '.stage-name',
  over: async () => {
    const over = await drawingOver({ twoForZones: true })
    const bays = drawn('bay-2', box(0.36, 0.45, 0.63, 0.66))
    const order = { id: 'draft-1', expectVersion: 1, reason: 'reads-missed', bays }
    await over.drawing.desk.order(order, { name: 'ann', role: 'installer' })
    return over
  },
  further: async (page) => {
    await page.waitForSelector('.live-image:not([hidden])')
    await page.getByRole('button', { name: 'Show it in the picture' }).click()
    await page.waitForSelector(
      '[data-zone-bay=bay-2][data-standing=changed], [data-zone-bay=bay-2][data-standing=warned]',
    )
  },
  shots: ['wall', 'phone'],
})

/** Corners on the ground of the middle bay, as somebody left them in this browser. */
const ON_THE_GROUND = {
  site: 'depot-north',
  base: 1,
  step: {
    putBack: null,
    bays: {
      'bay-2': [
        {
          cameraId: 'cam-1',
          ground: [
            [0.35, 0.745],
            [0.67, 0.745],
            [0.6, 0.52],
            [0.41, 0.52],
          ],
          side_m: 2.6,
        },
      ],
    },
  },
}
checkScreen('zones-on-the-ground', {
  at: '/#/zones',
  until: '.stage-name',
  over,
  context: { locale: 'de' },
  further: async (page) => {
    await page.evaluate((draft) => localStorage.setItem('berth-zones-draft', JSON.stringify(draft)), ON_THE_GROUND)
    await page.reload()
    await page.waitForSelector('.live-image:not([hidden])')
    await page.click('[data-zone-bay=bay-2]')
    await page.waitForSelector('.stage-ground.is-chosen')
    await page.waitForSelector('.zone-facts :text("Kennzeichen")')
  },
  shots: ['wall'],
})
