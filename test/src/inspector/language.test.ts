import { describe, expect, test } from 'vitest'
import { words } from '../../../src/inspector/page/language.ts'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there, WALL } from './opened-page.ts'

test('a text that a language lacks, has alone, or takes other arguments for does not compile', () => {
  const en = { board: 'Board', found: (count: number) => `${count} found` }
  const whole = words({ en, de: { board: 'Übersicht', found: (count) => `${count} gefunden` } })
  expect(whole.found(3)).toBe('3 found')
  // The compiler refuses each of these; were one of them fine, this file would not compile.
  // @ts-expect-error: German lacks `found`.
  words({ en, de: { board: 'Übersicht' } })
  // @ts-expect-error: `more` is German only.
  words({ en, de: { board: 'Übersicht', found: (count) => `${count}`, more: 'mehr' } })
  // @ts-expect-error: `found` is told a number.
  words({ en, de: { board: 'Übersicht', found: (name: string) => name } })
})

describe.skipIf(!there)('the language of the page', { timeout: 180_000 }, () => {
  test('is the browser’s, and another one by a press, which stays for the next visit', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(server.url, { ...WALL, locale: 'de-AT' })
    await live(page)
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await expect
      .poll(() => page.locator('#counts').textContent())
      .toBe('1 lädt · 1 erkennt · 1 fragt an · 1 fährt ab · 1 frei · 1 außer Betrieb · 2 brauchen Sie')
    expect(await page.locator('[data-bay=bay-1]').getAttribute('aria-label')).toBe('bay-1, lädt, 6,1 A')
    await page.goto(`${server.url}/#/bays/bay-2`)
    const next = page.getByRole('region', { name: 'Als Nächstes' })
    await expect.poll(() => next.textContent()).toContain('ein Mensch liest das Kennzeichen')
    expect(await next.textContent()).toContain('niemand hat hingesehen: Karte und Code bleiben')
    await page.getByRole('button', { name: 'English' }).click()
    await live(page)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.goto(`${server.url}/login`)
    expect(await page.getByRole('button', { name: 'Sign in' }).isVisible()).toBe(true)
  })

  test('why a bay is as it is, what it was asked and what it needs is German on a German page, with the site’s own figures', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/#/bays/bay-1`, { ...WALL, locale: 'de' })
    await live(page)
    const why = page.getByRole('region', { name: 'Warum' })
    await expect.poll(() => why.textContent()).toContain('Zählerwerte: Eintrag 1')
    expect(await why.locator('.why-line').textContent()).toBe('Es fließt Strom: 6,1 A, und ab 0,2 A gilt es als Laden.')
    await why.locator('summary').first().click()
    await expect
      .poll(() => why.locator('.guards li').allTextContents())
      .toEqual(['✗ Keine Transaktion, die offen blieb, zieht wieder Strom.'])
    await page.goto(`${server.url}/#/bays/bay-3`)
    await expect.poll(() => page.locator('.bay-head .detail').textContent()).toBe('wartet auf Stecker')
    const records = page.locator('.timeline, section').filter({ hasText: 'Kennzeichen einig' })
    await records.first().waitFor()
    expect(await page.locator('main').textContent()).not.toMatch(/awaiting plug|plate agreed|orphan revives/)
  })
})
