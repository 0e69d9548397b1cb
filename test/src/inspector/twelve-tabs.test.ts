import { expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'
import { boardOf, shownOf } from './shown-board.ts'

test.skipIf(!there)(
  'twelve tabs of one browser are live at once, and each shows the next change',
  { timeout: 120_000 },
  async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(server.url)
    const others = await Promise.all(Array.from({ length: 11 }, () => page.context().newPage()))
    for (const other of others) await other.goto(server.url)
    const tabs = [page, ...others]
    for (const tab of tabs) await live(tab)
    await site.change('bay-6', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    for (const tab of tabs) await expect.poll(() => shownOf(tab), { timeout: 60_000 }).toEqual(boardOf(site))
    expect(tabs).toHaveLength(12)
  },
)
