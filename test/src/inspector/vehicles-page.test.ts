import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { registeredSite } from '../server/registered-site.ts'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { live, openPage, PHONE, there, WALL } from './opened-page.ts'

/** The screen of vehicles as this role sees it. */
async function opened(role: string, size: typeof WALL | typeof PHONE = WALL) {
  const ground = await registeredSite({ busy: true })
  const started = await startServer({ site: ground.site, tokens: ROLE_TOKENS })
  const { server, send } = started
  const login = await send('POST', '/api/login', { token: `${role}-token` })
  const [name = '', value = ''] = (login.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? []
  const { page } = await openPage(`${server.url}/#/vehicles`, size, (fresh) =>
    fresh.context().addCookies([{ name, value, url: server.url }]),
  )
  await live(page)
  return { ...ground, ...started, page }
}

const rows = (page: Page) =>
  page.locator('.vehicle').evaluateAll((all) => all.map((one) => (one as HTMLElement).textContent))
const plates = (page: Page) => page.locator('.vehicle .plate').allInnerTexts()
const until = (page: Page, text: string) => page.locator('#main', { hasText: text }).waitFor({ timeout: 60_000 })
const csv = (text: string) => ({ name: 'fleet.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })

describe.skipIf(!there)('the screen of vehicles', { timeout: 180_000 }, () => {
  test('plates are masked until somebody asks to see them, and that they looked is on record', async () => {
    const { page, site } = await opened('operator')
    await until(page, '5 vehicles')
    expect(await plates(page)).toEqual(['AB•••DE', 'XY•••ZZ', 'KL•••NP', 'HH•••KL', 'QR•••TU'])
    const looked = () => site.seen.filter(({ what }) => what === 'vehicles')
    expect(looked()).toEqual([])
    await page.keyboard.press('p')
    await page.locator('.vehicle .plate', { hasText: 'AB12 CDE' }).waitFor()
    expect(looked()).toMatchObject([{ by: 'the operator', role: 'operator' }])
    expect(looked()[0]?.subjects).toHaveLength(5)
    await page.keyboard.press('p')
    await page.locator('.vehicle .plate', { hasText: 'AB•••DE' }).waitFor()
    // An operator looks, and changes nothing here.
    expect(await page.locator('[data-deed], #vehicle-file').count()).toBe(0)
  })

  test('what a vehicle is stands there in a word: valid, ended, not yet, blocked and why', async () => {
    const { page } = await opened('auditor')
    await until(page, '5 vehicles')
    const [valid, over, later, , blocked] = await rows(page)
    expect(valid).toContain('✓ valid')
    expect(valid).toContain('account acc-1 · fleet Post Noord · token UP-1')
    expect(over).toContain('◌ ended 20')
    expect(over).toContain('Mo-Fr 06:00-18:00')
    expect(later).toContain('◔ from 20')
    expect(blocked).toContain('✖ blocked: stolen (the desk)')
    await page.click('.vehicles summary')
    await page.check('#only-blocked')
    await page.click('details .vehicle-filter button')
    await until(page, 'One vehicle')
    expect(await rows(page)).toHaveLength(1)
  })

  test('a search by a part of a plate shows who fits, and is on record', async () => {
    const { page, site } = await opened('operator')
    await until(page, '5 vehicles')
    await page.keyboard.press('/')
    await page.keyboard.type('34j')
    await page.keyboard.press('Enter')
    await page.locator('.vehicle .plate', { hasText: 'HH34JKL' }).waitFor()
    expect(await plates(page)).toEqual(['HH34JKL'])
    expect(site.seen.at(-1)).toMatchObject({ what: 'findVehicles', by: 'the operator', about: 'search' })
  })

  test('a vehicle is added, changed, blocked with its reason, opened again and removed by keyboard and two presses each', async () => {
    const { page, room } = await opened('supervisor')
    await until(page, '5 vehicles')
    await page.waitForTimeout(700)
    await page.keyboard.press('a')
    await page.fill('#vehicle-plate', 'NW10 NEW')
    await page.fill('#vehicle-accountId', 'acc-9')
    await page.keyboard.press('Enter')
    await until(page, 'NW10 NEW: on record'.slice(-9))
    expect(room.desk.vehicle('NW10NEW')).toMatchObject({ accountId: 'acc-9', fleet: null })
    const deed = async (name: string) => {
      await page.locator('.vehicle', { hasText: 'NW•••EW' }).locator(`[data-deed=${name}]`).click()
      await page.locator('dialog[open] h3').waitFor()
    }
    await deed('change')
    await page.fill('#vehicle-hours', 'Mo-Su 06:00-20:00')
    await page.keyboard.press('Enter')
    await until(page, 'Mo-Su 06:00-20:00')
    await deed('block')
    await page.selectOption('#vehicle-reason', 'lost')
    await page.click('dialog [type=submit]')
    await until(page, 'blocked: lost (the supervisor)')
    expect(room.desk.vehicle('NW10NEW')).toMatchObject({ hours: 'Mo-Su 06:00-20:00', block: { reason: 'lost' } })
    await deed('open')
    await page.click('dialog [type=submit]')
    expect(await page.textContent('dialog .says')).toBe('Choose a reason first: it goes on record with your name.')
    await page.selectOption('#vehicle-reason', 'mistake')
    await page.click('dialog [type=submit]')
    await page.locator('.vehicle', { hasText: 'NW•••EW' }).locator('[data-deed=block]').waitFor()
    await deed('remove')
    expect(room.desk.vehicle('NW10NEW')).not.toBeNull()
    await page.click('dialog [type=submit]')
    await until(page, '5 vehicles')
    expect(room.desk.vehicle('NW10NEW')).toBeNull()
  })

  test('a file is shown line by line before anything of it is taken, and taken only when no line is refused', async () => {
    const { page, room } = await opened('supervisor', PHONE)
    await until(page, '5 vehicles')
    await page.waitForTimeout(700)
    const take = page.locator('.vehicle-file .buttons button').first()
    await page.setInputFiles(
      '#vehicle-file',
      csv('plate,accountId,validTo\nMN12OPQ,acc-3,2026-02-30\nQR77STU,acc-2,\n'),
    )
    await until(page, 'One line is refused')
    expect(await page.textContent('.refused-lines')).toMatch(/Line 2: .*date that exists/)
    expect(await page.textContent('.note-lines')).toBe('Line 3: lifts the block of a vehicle.')
    expect(await take.isDisabled()).toBe(true)
    expect(room.desk.vehicles()).toHaveLength(5)
    await page.setInputFiles('#vehicle-file', csv('plate,accountId\nMN12OPQ,acc-3\nMN13OPQ,acc-3\n'))
    await until(page, 'No line is refused. Nothing has been taken in yet.')
    expect(await page.textContent('.vehicle-file')).toContain('2 lines: 2 new, 0 changed, 0 as they are.')
    expect(await page.textContent('.note-lines')).toContain('one misread character makes it the plate of line 2')
    expect(room.desk.vehicles()).toHaveLength(5)
    await take.click()
    await until(page, '2 vehicles stand in the register as the file says.')
    await until(page, '7 vehicles')
    expect(room.desk.vehicle('MN13OPQ')).toMatchObject({ accountId: 'acc-3' })
  })

  test('a file that is no UTF-8 text is refused with what to do, and nothing is sent', async () => {
    const { page } = await opened('supervisor')
    await until(page, '5 vehicles')
    await page.setInputFiles('#vehicle-file', { ...csv(''), buffer: Buffer.from([0x70, 0xfc, 0x72]) })
    await until(page, 'no UTF-8 text')
  })

  test('a fleet sees its own vehicles alone, masked, blocks one, and is told where a block is not its to lift', async () => {
    const { page, room } = await opened('fleet')
    await until(page, '3 vehicles')
    await page.waitForTimeout(700)
    expect(await plates(page)).toEqual(['AB•••DE', 'XY•••ZZ', 'KL•••NP'])
    expect(await page.locator('button', { hasText: 'Show plates' }).count()).toBe(0)
    await page.locator('.vehicle', { hasText: 'KL•••NP' }).locator('[data-deed=block]').click()
    await page.selectOption('#vehicle-reason', 'lost')
    await page.click('dialog [type=submit]')
    await until(page, 'blocked: lost (the fleet)')
    await room.desk.blockVehicle('AB12CDE', { blocked: true, reason: 'unpaid' }, { name: 'x', role: 'admin' })
    await page.locator('.vehicle', { hasText: 'AB•••DE' }).locator('[data-deed=change]').click()
    await page.locator('dialog[open] h3').waitFor()
    await page.click('dialog [type=submit]')
    await until(page, 'blocked: bills are unpaid (x)')
    await page.locator('.vehicle', { hasText: 'AB•••DE' }).locator('[data-deed=open]').click()
    await page.selectOption('#vehicle-reason', 'other')
    await page.click('dialog [type=submit]')
    await page.locator('dialog .says', { hasText: 'only they lift that block' }).waitFor()
    expect(room.desk.vehicle('AB12CDE')?.blocked).toBe(true)
  })

  test('who may not see the register is told so', async () => {
    const { page } = await opened('viewer')
    await until(page, 'Vehicles: not for your role (viewer).')
  })
})
