import { describe, expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there, WALL } from './opened-page.ts'

describe.skipIf(!there)('the statechart in German', { timeout: 180_000 }, () => {
  test('holds each word within its box', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/#/bays/bay-1`, { ...WALL, locale: 'de' })
    await live(page)
    await page.waitForSelector('.chart .active')
    const boxes = await page.evaluate(() =>
      [...document.querySelectorAll('.chart [data-state]')].map((state) => {
        const box = state.querySelector('rect')?.getBoundingClientRect()
        const word = state.querySelector('text')?.getBoundingClientRect()
        return {
          name: state.querySelector('text')?.textContent,
          left: (word?.left ?? 0) - (box?.left ?? 0),
          right: (box?.right ?? 0) - (word?.right ?? 0),
        }
      }),
    )
    expect(boxes.map(({ name }) => name)).toContain('in Rückfrage')
    expect(boxes.filter(({ left, right }) => left < 0 || right < 0)).toEqual([])
  })
})
