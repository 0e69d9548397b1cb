import { readdirSync, rmSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { E10 } from '../../../simulations/scenarios/e10-silent-swap.ts'
import { inspectStory } from '../../../src/commands/recorded-story.ts'
import { ScenarioShelf } from '../../../src/commands/scenario-shelf.ts'
import { ReportShelf } from '../../../src/commands/sim/report-shelf.ts'
import { DOOR_WORDS, DRIVER_WORKS } from '../../../src/driver/door/door-words.ts'
import { CHARGES, CODE, over, unread, WAITS } from '../driver/shown-door.ts'
import { aCamera, aFault } from '../server/array-cameras.ts'
import { registeredSite } from '../server/registered-site.ts'
import { closeAfterwards, startServer } from '../server/running-server.ts'
import { simulatedFolder } from '../sim/simulated-folder.ts'
import { busySite } from './busy-site.ts'
import { englishOf, englishOnly, textsIn, textsOf } from './english-left.ts'
import { figuredSite } from './figured-site.ts'
import { openPage, there, WALL } from './opened-page.ts'
import { followed } from './still-page.ts'

type Catalogue = {
  readonly en: { readonly [name: string]: unknown }
  readonly de: { readonly [name: string]: unknown }
}
const catalogues: Catalogue[] = []
vi.mock('../../../src/inspector/page/language.ts', async (original) => {
  const real = await original<typeof import('../../../src/inspector/page/language.ts')>()
  const words = (texts: Catalogue) => {
    catalogues.push(texts)
    return texts.en
  }
  return { ...real, words }
})

/** Texts that the catalogues have in English alone. */
const english = new Set<string>()
beforeAll(async () => {
  const folder = new URL('../../../src/inspector/page/', import.meta.url)
  const named = readdirSync(folder).filter((name) => name.endsWith('-words.ts'))
  for (const name of named) await import(new URL(name, folder).href)
  for (const { en, de } of catalogues) for (const text of englishOnly(en, de)) english.add(text)
  for (const text of englishOnly(DOOR_WORDS.en, DOOR_WORDS.de)) english.add(text)
  for (const { de } of catalogues) for (const text of textsIn(de)) english.delete(text)
})

/** English that is left on these screens, with where it stands. */
async function left(url: string, places: readonly string[], isLive = true): Promise<readonly string[]> {
  let still = async (): Promise<void> => {}
  const { page } = await openPage(`${url}/${isLive ? '' : places[0]}`, { ...WALL, locale: 'de' }, async (fresh) => {
    still = followed(fresh)
  })
  if (isLive) await page.waitForSelector('body.live')
  const found: string[] = []
  for (const place of places) {
    await page.goto(`${url}/${place}`)
    await settled(page, still)
    for (const { where, text } of await textsOf(page)) {
      const what = englishOf(text, english)
      if (what !== null) found.push(`${place}: “${what}” in “${text}”, ${where}`)
    }
  }
  await page.context().close()
  return [...new Set(found)]
}

/** What is loaded late is there, and every fold is open. */
async function settled(page: Page, still: () => Promise<void>): Promise<void> {
  await still()
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true
  })
  await still()
}

const FIGURES = ['#/figures', '#/figures/sessions', '#/figures/cameras', '#/figures/charge-points', '#/reports']
const BAYS = [1, 2, 3, 4, 5, 6].map((one) => `#/bays/bay-${one}`)

describe.skipIf(!there)('a page in German', { timeout: 240_000 }, () => {
  test('the catalogues have hundreds of texts by which English is found', () => {
    expect(english.size).toBeGreaterThan(300)
    expect(englishOf('Open the bay and answer.', english)).toBe('Open the bay and answer.')
    expect(englishOf('Eintrag 3: transaction open', english)).toBe('open')
    expect(englishOf('Plug and Charge an CP-1', english)).toBeNull()
  })

  test('no English is left on the board, a bay in any state, and what is opened from there', async () => {
    const blocked = aFault('blocked', new Date(Date.now() - 75 * 60_000).toISOString())
    const blind = aCamera('cam-2', { bays: ['bay-6'], status: 'lost', blind: blocked, faults: [blocked] })
    const sights = { all: () => [aCamera('cam-1', { bays: ['bay-1', 'bay-2'] }), blind], confirmView: async () => null }
    const { server } = await startServer({ site: await busySite(), sights })
    const others = ['#/reviews', '#/commission', '#/cameras', '#/zones', '#/audit', '#/scenarios', '#/replay']
    expect(await left(server.url, ['', ...BAYS, ...others, '#/bays/bay-1?at=seq:1', 'login'])).toEqual([])
  })

  test('no English is left in figures and reports', async () => {
    const { server } = await startServer(await figuredSite())
    expect(await left(server.url, FIGURES)).toEqual([])
  })

  test('no English is left in the register', async () => {
    const { server } = await startServer({ site: (await registeredSite({ busy: true })).site })
    expect(await left(server.url, ['#/vehicles', '#/audit'])).toEqual([])
  })

  test('the audit says in German where a record stands and what was looked at', async () => {
    const site = await busySite()
    for (const what of ['cameraPicture', 'somethingNewer'])
      await site.note('audit', {
        type: 'personal.seen',
        by: 'anna',
        role: 'admin',
        what,
        subjects: ['cam-1'],
        count: 1,
      })
    await site.note('audit', { type: 'operator.commanded', command: 'autonomy', level: 'act', by: 'anna' })
    await site.note('audit', { type: 'order.withdrawn', command: 'out-of-service', why: 'time-over', by: 'site' })
    await site.note('register', { type: 'account.changed', status: 'active', confirm: 'first-visit', deleted: true })
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/audit`, { ...WALL, locale: 'de' })
    await page.getByText('Wie weit er von selbst handelt; handelt von selbst').waitFor()
    await page.getByText('Außer Betrieb; ihre Zeit war um').waitFor()
    await page.getByText('aktiv; beim ersten Besuch zu bestätigen; entfernt').waitFor()
    await page.getByText('sah das Bild einer Kamera an; cam-1').waitFor()
    await page.getByText('sah Persönliches an (somethingNewer); cam-1').waitFor()
    expect(new Set(await page.locator('td[data-name=wo]').allTextContents())).toContain('Protokoll')
    expect(await page.locator('td[data-name=wo]').allTextContents()).not.toContain('audit')
  })

  test('no English is left on the report of a simulated site', async () => {
    const folder = await simulatedFolder()
    const shelf = new ReportShelf(folder)
    closeAfterwards(async () => {
      await shelf.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const { http } = await shelf.inspect(0)
    expect(await left(http.url, ['#/design-report'])).toEqual([])
  })

  test('no English is left on the page of a driver: free, waiting, charging, and whatever is said of a press', async () => {
    const free = await startServer()
    expect(await left(free.server.url, ['d/bay-1', 'd/no-such-bay', 'b/nocode'], false)).toEqual([])
    const said = [...DRIVER_WORKS.map((word) => `b/${CODE}?said=${word}`)]
    const waits = await startServer(await over(WAITS)())
    expect(await left(waits.server.url, [`b/${CODE}`, ...said], false)).toEqual([])
    const charges = await startServer(await over(CHARGES)())
    expect(await left(charges.server.url, [`b/${CODE}`, `b/${CODE}?said=stopping`, 'd/bay-1'], false)).toEqual([])
    const { site, doorway, at } = await unread()
    const asks = await startServer({ site, doorway })
    expect(await left(asks.server.url, [at.slice(1)], false)).toEqual([])
  })

  test('no English is left in a recording and in the cases of the field', async () => {
    const [story] = E10.stories
    if (!story) throw new Error('E10 has no story')
    const { http, close } = await inspectStory({ scenario: E10, story, seed: 0 }, 0, new ScenarioShelf(SCENARIOS, 0))
    closeAfterwards(close)
    expect(await left(http.url, ['#/scenarios', '#/bays/bay-1?at=seq:16', '#/bays/bay-1?at=seq:30'])).toEqual([])
  })
})
