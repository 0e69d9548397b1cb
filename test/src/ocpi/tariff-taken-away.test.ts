import { readFile, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Tariff } from '../../../projections/tariff.ts'
import { tariffAt } from '../../../projections/tariff.ts'
import { systemClock } from '../../../src/clock.ts'
import { adoptedTariffs, billsOf } from '../../../src/ocpi/bills.ts'
import { adoptTariff } from '../../../src/ocpi/site-bills.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { passingViews } from '../../../src/views/site-views.ts'
import { printedBy } from './printed-by.ts'
import { toldSite } from './told-site.ts'

test('a tariff that is taken away is on record once: what begins in the free time costs nothing, also when the tariff is back', async () => {
  const site = await toldSite()
  onTestFinished(site.close)
  const room = await openRoom(await readSiteFile(site.path), systemClock, () => {}, {})
  const views = passingViews(room.journal)
  const [first] = await adoptedTariffs(views)
  const tariff = first?.tariff as Tariff
  await adoptTariff(tariff, room.tariffs, room.site)
  await adoptTariff(null, room.tariffs, room.site)
  await adoptTariff(null, room.tariffs, room.site)
  await adoptTariff(tariff, room.tariffs, room.site)
  const adopted = await adoptedTariffs(views)
  expect(adopted.map((one) => one.tariff)).toEqual([tariff, null, tariff])
  const at = (month: number): string => `2026-0${month}-01T00:00:00.000Z`
  const dated = adopted.map((one, index) => ({ ...one, from: at(2 * index + 2) }))
  expect([3, 5, 7].map((month) => tariffAt(dated, at(month)))).toEqual([tariff, null, tariff])
  expect(tariffAt(adopted, '2000-01-01T00:00:00.000Z'), 'before `since` nothing has a price').toBeNull()
  expect(await billsOf({ views, tokenText: () => null })).toHaveLength(2)
  await room.close()
})

test('a tariff prices nothing that began before it stood in the site file, `berth cdrs` says how much that is, and `since` prices it', async () => {
  const site = await toldSite(false)
  onTestFinished(site.close)
  const bare = await readFile(site.path, 'utf8')
  const servedWith = async (tariff: string) => {
    await writeFile(site.path, `${bare}\ntariff: { currency: GBP, perKwh: 0.45${tariff} }\n`)
    const file = await readSiteFile(site.path)
    const room = await openRoom(file, systemClock, () => {}, {})
    await adoptTariff(file.tariff, room.tariffs, room.site)
    await room.close()
    return printedBy('cdrs', '--site', site.path, '--format', 'jsonl')
  }
  const none = await servedWith('')
  expect([none.code, none.out]).toEqual([0, ''])
  expect(none.err).toMatch(/^berth cdrs: 2 charges began before the site had a tariff \(2\d{3}-.*Z\) and have no price/)
  const some = await servedWith(', since: 2020-01-01')
  expect([some.out.trim().split('\n').length, some.err]).toEqual([2, ''])
  const later = await servedWith(', since: 2999-01-01')
  expect(later.out, 'what had a price keeps it').toBe(some.out)
})
