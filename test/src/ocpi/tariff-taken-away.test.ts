import { expect, onTestFinished, test } from 'vitest'
import type { Tariff } from '../../../projections/tariff.ts'
import { tariffAt } from '../../../projections/tariff.ts'
import { systemClock } from '../../../src/clock.ts'
import { adoptedTariffs, billsOf } from '../../../src/ocpi/bills.ts'
import { adoptTariff } from '../../../src/ocpi/site-bills.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { passingViews } from '../../../src/views/site-views.ts'
import { toldSite } from './told-site.ts'

test('a tariff that is taken away is on record once: what begins in the free time costs nothing, also when the tariff is back', async () => {
  const site = await toldSite()
  onTestFinished(site.close)
  const room = await openRoom(await readSiteFile(site.path), systemClock, () => {}, {})
  const views = passingViews(room.journal)
  const [first] = await adoptedTariffs(views)
  const tariff = first?.tariff as Tariff
  await adoptTariff(tariff, views, room.site)
  await adoptTariff(null, views, room.site)
  await adoptTariff(null, views, room.site)
  await adoptTariff(tariff, views, room.site)
  const adopted = await adoptedTariffs(views)
  expect(adopted.map((one) => one.tariff)).toEqual([tariff, null, tariff])
  const at = (month: number): string => `2026-0${month}-01T00:00:00.000Z`
  const dated = adopted.map((one, index) => ({ ...one, from: at(2 * index + 2) }))
  expect([3, 5, 7].map((month) => tariffAt(dated, at(month)))).toEqual([tariff, null, tariff])
  expect(tariffAt(adopted, '2000-01-01T00:00:00.000Z'), 'what began before the first gets the first').toEqual(tariff)
  expect(await billsOf({ views, tokenText: () => null })).toHaveLength(2)
  await room.close()
})
