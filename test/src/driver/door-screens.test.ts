import { expect, test } from 'vitest'
import { BayCodes } from '../../../src/driver/door/bay-codes.ts'
import { openPage, PHONE, there } from '../inspector/opened-page.ts'
import { checkScreen } from '../inspector/screen-check.ts'
import { startServer } from '../server/running-server.ts'
import { contrast } from './colour-contrast.ts'
import { CHARGES, CODE, keys, over, unread, WAITS } from './shown-door.ts'

test('a driver whose plate could not be read says which masked one is theirs, and begins with its PIN alone; the page shows neither plate', async () => {
  const { site, doorway, at } = await unread()
  const { server } = await startServer({ site, doorway })
  const page = await (await fetch(server.url + at)).text()
  expect(page).toContain('Is one of these yours?')
  expect(page).toContain('AB•••DE')
  expect(page).not.toMatch(/AB12|A812/)
  expect(page).toContain('Beside it are bay-1, bay-3.')
  const [mine = '', other = ''] = [...page.matchAll(/name="choice" value="([^"]+)"/g)].map(([, mark]) => mark)
  const press = async (choice: string, secret: string) => {
    const body = new URLSearchParams({ choice, secret })
    const answer = await fetch(`${server.url}${at}/start`, { method: 'POST', body, redirect: 'manual' })
    return /said=([a-z-]+)/.exec(answer.headers.get('location') ?? '')?.[1]
  }
  expect(await press(mine, '0000')).toBe('wrong')
  expect(await press(other, '4711')).toBe('wrong')
  expect(await press('another mark', '4711')).toBe('wrong')
  expect(site.effects).toEqual([])
  expect(await press(mine, '4711')).toBe('starting')
  expect(site.effects).toMatchObject([{ type: 'authorize', plate: 'AB12CDE', accountId: 'acc-1' }])
})

const at = `/b/${CODE}`
checkScreen('driver-unread', {
  at: `/b/${new BayCodes(keys, 'depot-north', ['bay-1', 'bay-2', 'bay-3']).codeOf('bay-2')}`,
  until: '.choice',
  over: async () => {
    const { site, doorway } = await unread()
    return { site, doorway }
  },
  live: false,
  further: (page) => page.locator('#elsewhere summary').click(),
  shots: ['phone'],
})
const forms = '#door button, #door summary'

checkScreen('driver-pay', { at, until: forms, over: over(WAITS), live: false, shots: ['phone'] })
checkScreen('driver-pay-in-german', { at: `${at}?lang=de&said=wrong`, until: forms, over: over(WAITS), live: false })
checkScreen('driver-account', {
  at,
  until: forms,
  over: over(WAITS),
  live: false,
  further: (page) => page.locator('#door summary').click(),
  shots: ['phone'],
})
checkScreen('driver-charging', {
  at: `${at}?said=starting`,
  until: forms,
  over: over(CHARGES),
  live: false,
  shots: ['phone'],
})

test.skipIf(!there)(
  'what was said of a press goes once the bay has something newer to say, and a page that is loaded anew does not say it again',
  async () => {
    const { server, site } = await startServer(await over(CHARGES)())
    const { page } = await openPage(`${server.url}${at}?lang=en&said=stopping`, PHONE)
    const said = page.locator('#said')
    expect(await said.textContent()).toContain('The charge is being stopped')
    await page.waitForTimeout(3_500)
    expect(await said.textContent()).toContain('The charge is being stopped')
    await site.change('bay-1', { type: 'transaction.ended' }, { state: 'exiting', detail: 'still-plugged' })
    await expect.poll(() => said.textContent(), { timeout: 60_000 }).toBe('')
    await page.reload()
    expect(await said.textContent()).toBe('')
    expect(new URL(page.url()).search).toBe('?lang=en')
  },
  180_000,
)

test.skipIf(!there)(
  'a wrong PIN leaves its form open with the sentence beside the fields and the plate as it was typed, and the hand where it types on',
  async () => {
    const { server } = await startServer(await over(WAITS)())
    const { page } = await openPage(`${server.url}${at}`, PHONE)
    await page.locator('#door summary').click()
    await page.fill('[name=plate]', 'AB12CDE')
    await page.fill('[name=secret]', '0000')
    await page.keyboard.press('Enter')
    const wrong = page.locator('#door details[open] [role=alert]')
    await wrong.waitFor()
    const isWhole = async () => {
      expect(await wrong.textContent()).toContain('Plate and PIN do not go together here')
      expect(await page.inputValue('[name=plate]')).toBe('AB12CDE')
      expect(await page.inputValue('[name=secret]')).toBe('')
      const [field, described] = await page.evaluate(() => {
        const one = document.activeElement
        const id = one?.getAttribute('aria-describedby') ?? ''
        return [one?.getAttribute('name'), document.getElementById(id)?.textContent]
      })
      expect([field, described]).toEqual(['secret', await wrong.textContent()])
    }
    await isWhole()
    // The page looks for news meanwhile.
    await page.waitForTimeout(3_500)
    await isWhole()
    expect(await page.locator('#said').textContent()).toBe('')
    expect(new URL(page.url()).search).toBe('?lang=en')
  },
  180_000,
)

test('without scripts, and among masked plates, the sentence stands in the form that was pressed', async () => {
  const { server } = await startServer(await over(WAITS)())
  const page = async (url: string) => await (await fetch(url)).text()
  expect(await page(`${server.url}${at}?said=wrong`)).toMatch(/<details open>.*role="alert".*autofocus/s)
  const { site, doorway, at: there } = await unread()
  const other = (await startServer({ site, doorway })).server
  const body = new URLSearchParams({ choice: 'none', secret: '0000' })
  const { headers } = await fetch(`${other.url}${there}/start`, { method: 'POST', body, redirect: 'manual' })
  const led = await page(other.url + headers.get('location'))
  expect(led).toMatch(/name="choice".*role="alert".*autofocus.*<\/form>.*<details>/s)
})

test.skipIf(!there)(
  'who charges reads how to stop on this page, by the button that is there, and the press that stops looks like one in light and dark',
  async () => {
    const { server } = await startServer(await over(CHARGES)())
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(`${server.url}${at}`, { ...PHONE, colorScheme })
      const says = await page.locator('#word p').textContent()
      const button = await page.locator('#door summary').textContent()
      expect(says).toContain(`press “${button}” below`)
      expect(says).not.toMatch(/in the vehicle/)
      await page.locator('#door summary').click()
      const [ink = '', ground = '', sheet = ''] = await page.evaluate(() => {
        const stop = getComputedStyle(document.querySelector('#door form button') as Element)
        const sheet = getComputedStyle(document.querySelector('main') as Element)
        return [stop.color, stop.backgroundColor, sheet.backgroundColor]
      })
      const [red = 0, green = 0, blue = 0] = [...ground.matchAll(/\d+/g)].map(Number)
      expect(red).toBeGreaterThan(2 * Math.max(green, blue))
      expect(contrast(ink, ground)).toBeGreaterThan(4.5)
      expect(contrast(ground, sheet)).toBeGreaterThan(3)
    }
  },
  180_000,
)

test.skipIf(!there)(
  'on a phone every target is 48 px high, what is typed is not moved by news, and a page that hears nothing lets nobody pay',
  async () => {
    const { server, site } = await startServer(await over(WAITS)())
    const { page } = await openPage(`${server.url}${at}`, PHONE)
    await page.locator('#door summary').click()
    const sizes = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, input, summary')].map((one) => one.getBoundingClientRect().height),
    )
    expect(sizes.length).toBeGreaterThan(4)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(48)
    await page.fill('[name=plate]', 'AB12')
    await site.change('bay-1', { type: 'plate.seen' }, { detail: 'denied' })
    await page.waitForTimeout(3_500)
    expect(await page.inputValue('[name=plate]')).toBe('AB12')
    await server.close()
    await page.waitForSelector('#old:visible', { timeout: 60_000 })
    expect(await page.locator('#door button').first().isDisabled()).toBe(true)
    // The reason is in sight, wherever on the page one is.
    await page.evaluate(() => scrollTo(0, 0))
    const { y = 0, height = 9999 } = (await page.locator('#old').boundingBox()) ?? {}
    expect(y + height).toBeLessThanOrEqual(PHONE.viewport.height)
  },
  180_000,
)

test('who is asked for a card reads how else to begin, as far as that can be done on the page', async () => {
  const { server } = await startServer(await over(WAITS)())
  const word = async (url: string) => /<div id="word".*?<\/div>/s.exec(await (await fetch(url)).text())?.[0]
  expect(await word(`${server.url}${at}?lang=en`)).toContain('No card? Pay below, or begin with your plate and PIN.')
  expect(await word(`${server.url}${at}?lang=de`)).toContain('Keine Karte? Bezahlen Sie unten')
  expect(await word(`${server.url}/d/bay-1?lang=en`)).not.toContain('No card?')
})

test('on a phone that did not begin the charge the form to stop it says whose plate and PIN it takes, and what helps without', async () => {
  const { server } = await startServer(await over(CHARGES)())
  const page = async (query: string) => await (await fetch(`${server.url}${at}${query}`)).text()
  expect(await page('?lang=en')).toContain('This phone did not begin it. Stop it with the plate and PIN of whoever did')
  expect(await page('?lang=de')).toContain('Dieses Telefon hat sie nicht gestartet.')
  // A refusal says the same at more length, in its place.
  expect(await page('?lang=en&said=not-yours')).not.toContain('This phone did not begin it')
})
