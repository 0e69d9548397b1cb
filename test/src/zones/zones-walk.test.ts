import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { live, openPage, there, WALL } from '../inspector/opened-page.ts'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { drawingOver } from './array-drawing.ts'
import { box, drawn, zoneScene } from './zone-scene.ts'

const times = async (page: Page, count: number, key: string) => {
  for (let at = 0; at < count; at += 1) await page.keyboard.press(key)
}
const open = async (url: string) => {
  const opened = await openPage(`${url}/#/zones`)
  await live(opened.page)
  await opened.page.waitForSelector('.stage-name')
  await opened.page.waitForTimeout(700)
  return opened
}
/** Where a corner is drawn, as the page says it. */
const corner = (page: Page, at: number) => page.getAttribute(`[data-corner="${at}"]`, 'aria-label')

describe.skipIf(!there)('the screen of zones', { timeout: 120_000 }, () => {
  test('by keyboard alone a zone is drawn and published, and the next read at a place inside goes to the bay', async () => {
    const scene = await zoneScene({ token: '' })
    const { page, complaints } = await open(scene.url)
    const place = [0.16, 0.15] as const
    const from = await scene.seq()
    await scene.read('AB12CDE', place)
    expect(await scene.heard(from)).toEqual([])

    await page.keyboard.press('ArrowDown')
    await page.waitForSelector('[data-zone-bay=bay-1][aria-pressed=true]')
    await page.keyboard.press('.')
    await times(page, 25, 'Shift+ArrowUp')
    expect(await corner(page, 0)).toContain('5.0 % down')
    await page.keyboard.press('.')
    await times(page, 25, 'Shift+ArrowUp')
    expect(await corner(page, 1)).toContain('5.0 % down')
    await page.keyboard.press('a')
    expect(await page.locator('[data-corner]').count()).toBe(5)
    await page.keyboard.press('Delete')
    await page.keyboard.press('z')
    expect(await page.locator('[data-corner]').count()).toBe(5)
    await page.keyboard.press('z')
    expect(await page.locator('[data-corner]').count()).toBe(4)
    await page.keyboard.press('Escape')
    await page.waitForSelector('[data-zone-bay=bay-1]:focus')
    await page.waitForSelector('[data-zones=publish]:enabled')

    await page.keyboard.press('p')
    await page.waitForSelector('#zone-reason:focus')
    await page.keyboard.type('plates were')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=Version 2 counts now')
    expect((await scene.zones()).bays[0]?.zones[0]).toMatchObject({
      cameraId: 'cam-1',
      polygon: expect.arrayContaining([[0.0167, 0.05]]),
    })
    await scene.read('AB12CDE', place)
    expect(await scene.heard(from)).toEqual(['bay-1'])
    expect(await page.locator('[data-version="2"]').textContent()).toContain('plates were missed')
    expect(complaints).toEqual([])
  })

  test('a pointer moves a corner, which comes to lie on its neighbour’s; Escape puts it back, and one step of undo is one drag', async () => {
    const { server } = await startServer(await drawingOver())
    const { page } = await open(server.url)
    await page.click('[data-zone-bay=bay-2]')
    const before = await corner(page, 1)
    const [hand, wanted] = await Promise.all(
      ['[data-corner="1"]', '[data-corner="0"]'].map(
        async (name) => (await page.locator(name).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 },
      ),
    )
    const middle = (one: typeof hand) =>
      [(one?.x ?? 0) + (one?.width ?? 0) / 2, (one?.y ?? 0) + (one?.height ?? 0) / 2] as const
    await page.mouse.move(...middle(hand))
    await page.mouse.down()
    await page.mouse.move(middle(hand)[0] + 60, middle(hand)[1] + 40, { steps: 4 })
    expect(await corner(page, 1)).not.toBe(before)
    await page.keyboard.press('Escape')
    expect(await corner(page, 1)).toBe(before)
    await page.mouse.up()
    // bay-1 has its corner where bay-2 has its first: four pixels beside it is near enough.
    const to = middle(wanted)
    await page.mouse.move(...middle(hand))
    await page.mouse.down()
    await page.mouse.move(to[0] + 30, to[1] + 30, { steps: 3 })
    await page.mouse.move(to[0] + 4, to[1] + 4, { steps: 3 })
    await page.mouse.up()
    const places = await Promise.all([corner(page, 0), corner(page, 1)])
    expect(places[1]?.replace('corner 2', 'corner 1')).toBe(places[0])
    await page.keyboard.press('z')
    expect(await corner(page, 1)).toBe(before)
  })

  test('a zone that crosses itself is marked and cannot be published; the draft outlives a reload, and can be given up', async () => {
    const { server } = await startServer(await drawingOver())
    const { page } = await open(server.url)
    await page.click('[data-zone-bay=bay-6]')
    await page.click('[data-tool=new]')
    await page.locator('[data-corner="0"]').focus()
    await times(page, 40, 'Shift+ArrowRight')
    await times(page, 10, 'Shift+ArrowDown')
    await page.waitForSelector('[data-zone-bay=bay-6][data-standing=bad]')
    await page.waitForSelector('.zone-problems :text("Its edges cross each other")')
    expect(await page.locator('.stage-zone.is-bad').count()).toBe(1)
    expect(await page.isDisabled('[data-zones=publish]')).toBe(true)
    await page.reload()
    await live(page)
    await page.waitForSelector('[data-zone-bay=bay-6][data-standing=bad]')
    await page.waitForTimeout(700)
    await page.getByRole('button', { name: 'Give the draft up' }).click()
    await page.waitForSelector('[data-zone-bay=bay-6][data-standing=none]')
  })

  test('who drew over a version that is not the newest any more keeps the draft, is told who was first, and goes on over it', async () => {
    const scene = await zoneScene({ token: '' })
    const { page } = await open(scene.url)
    await page.click('[data-zone-bay=bay-1]')
    await page.locator('[data-corner="0"]').focus()
    await times(page, 5, 'Shift+ArrowUp')
    await page.waitForSelector('[data-zones=publish]:enabled')
    await scene.publish(drawn('bay-1', box(0.02, 0.1, 0.3, 0.9)))
    await page.click('[data-zones=publish]')
    await page.selectOption('#zone-reason', 'test')
    await page.click('[data-zones=send]')
    await page.waitForSelector('.zone-newer:has-text("Version 2 of the zones came into force")')
    expect(await page.locator('.zone-newer').textContent()).toContain('Both changed: bay-1')
    expect((await scene.zones()).version).toBe(2)
    expect(await page.isDisabled('[data-zones=publish]')).toBe(true)
    await page.getByRole('button', { name: 'Draw on over the new version' }).click()
    await page.waitForSelector('[data-zones=publish]:enabled')
    await page.click('[data-zones=publish]')
    await page.selectOption('#zone-reason', 'test')
    await page.click('[data-zones=send]')
    await page.waitForSelector('text=Version 3 counts now')
  })

  test('who drew nothing is shown the new zones as soon as somebody published them', async () => {
    const scene = await zoneScene({ token: '' })
    const { page } = await open(scene.url)
    await page.click('[data-zone-bay=bay-1]')
    const before = await corner(page, 0)
    await page.waitForTimeout(3_000)
    await scene.publish(drawn('bay-1', box(0.02, 0.1, 0.3, 0.9)))
    await page.waitForSelector('[data-version="2"]')
    await expect.poll(() => corner(page, 0)).not.toBe(before)
    expect(await page.isHidden('.zone-newer')).toBe(true)
  })

  test('an old version is put back through the draft, and who may only look draws nothing and sees no picture', async () => {
    const over = await drawingOver()
    const { server } = await startServer(over)
    await over.drawing.desk.publish(
      { id: 'o-1', expectVersion: 1, reason: 'a trial', bays: drawn('bay-1', box(0.1, 0.4, 0.3, 0.9)) },
      { name: 'ann', role: 'admin' },
    )
    const { page } = await open(server.url)
    await page.locator('[data-version="1"] button').click()
    await page.waitForSelector('[data-zone-bay=bay-1]:has-text("drawn anew")')
    await page.waitForSelector('[data-zones=publish]:enabled')
    await page.keyboard.press('p')
    await page.selectOption('#zone-reason', 'test')
    await page.click('[data-zones=send]')
    await page.waitForSelector('text=Version 3 counts now')
    expect(await page.locator('[data-version="3"]').textContent()).toContain('puts version 1 back')

    const locked = await startServer({ ...(await drawingOver()), tokens: ROLE_TOKENS })
    const viewer = await openPage(`${locked.server.url}/login`, WALL)
    await viewer.page.fill('#token', 'viewer-token')
    await viewer.page.click('button[type=submit]')
    await viewer.page.waitForSelector('body.live')
    await viewer.page.goto(`${locked.server.url}/#/zones`)
    await viewer.page.waitForSelector('.stage-name')
    await viewer.page.waitForSelector('text=Your role sees no pictures')
    await viewer.page.click('[data-zone-bay=bay-1]')
    expect(await viewer.page.locator('[data-corner], [data-zones], [data-tool=undo]').count()).toBe(0)
  })
})
