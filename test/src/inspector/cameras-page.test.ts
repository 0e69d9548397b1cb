import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { CameraView } from '../../../src/cameras/camera-sights.ts'
import { aCamera, aFault } from '../server/array-cameras.ts'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, PHONE, there, WALL } from './opened-page.ts'

const since = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const blindOf = (fault: ReturnType<typeof aFault>) => ({ ...fault })

function cameras(): CameraView[] {
  const [moved, blocked, blurred] = [
    aFault('moved', since(4)),
    aFault('blocked', since(75)),
    aFault('blurred', since(2)),
  ]
  return [
    aCamera('cam-1', {
      bays: ['bay-1', 'bay-2', 'bay-3'],
      fps: 4.9,
      usual_fps: 5,
      readRate: { read: 19, of: 20, usual: 0.96 },
      skew_s: 0,
      calibration: {
        cases: 61,
        needed: 50,
        steps: [
          { from: 0.8, chance: 0.7123 },
          { from: 0.95, chance: 0.9512 },
        ],
      },
    }),
    aCamera('cam-2', { bays: ['bay-4'], fps: 2, faults: [blurred], skew_s: -93.2 }),
    aCamera('cam-3', {
      bays: ['bay-5'],
      status: 'lost',
      blind: blindOf(moved),
      faults: [moved, blurred],
      kind: 'snapshot',
    }),
    aCamera('cam-4', { bays: ['bay-6'], status: 'lost', blind: blindOf(blocked), faults: [blocked] }),
    aCamera('cam-5', { bays: [], status: 'unknown', lastSeenAt: null }),
  ]
}

async function started() {
  const all = cameras()
  const confirmed: string[] = []
  const confirmView = async (cameraId: string) => {
    confirmed.push(cameraId)
    all[2] = aCamera(cameraId, { bays: ['bay-5'] })
    return 9
  }
  const site = await busySite()
  return { confirmed, ...(await startServer({ site, sights: { all: () => all, confirmView } })) }
}
const shown = (page: Page) =>
  page
    .locator('[data-camera]')
    .evaluateAll((cards) =>
      cards.map((card) => `${(card as HTMLElement).dataset['camera']} ${card.querySelector('.standing')?.textContent}`),
    )

/** Everything that a person may press or fill in has a name, and headings leave out no level. */
const unnamed = (page: Page) =>
  page.evaluate(`(() => {
    const name = (e) => e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent.trim()
    const nameless = [...document.querySelectorAll('a, button, input, select')].filter((e) => name(e) === '').map((e) => e.outerHTML)
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map((e) => Number(e.tagName[1]))
    return [...nameless, ...levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1).map((level) => 'h' + level)]
  })()`)

describe.skipIf(!there)('the page of cameras', { timeout: 180_000 }, () => {
  test('shows who is blind first, why, what follows and what to do, and what a camera’s own figures are worth', async () => {
    const { server } = await started()
    const { page, complaints } = await openPage(`${server.url}/#/cameras`)
    await live(page)
    await expect
      .poll(() => shown(page))
      .toEqual(['cam-3 BLIND', 'cam-4 BLIND', 'cam-2 sees badly', 'cam-1 sees', 'cam-5 not heard yet'])
    const text = await page.locator('[data-camera=cam-4]').textContent()
    for (const part of ['Shows one grey', 'count as unseen', 'Clean its lens']) expect(text).toContain(part)
    const worth = await page.locator('[data-camera=cam-1]').textContent()
    for (const part of ['4.9 a second, used to 5', '19 of its newest 20', '95 % right from 0.95 on, by 61 plates'])
      expect(worth).toContain(part)
    expect(await page.locator('[data-camera=cam-2]').textContent()).toContain('0 of 50 plates judged')
    await expect.poll(() => page.locator('[data-camera=cam-4] time').textContent()).toBe('1 h 15')
    expect(complaints).toEqual([])
  })

  test('says by keyboard that a moved camera’s zones fit, and shows that it sees again', async () => {
    const { server, confirmed } = await started()
    const { page } = await openPage(`${server.url}/#/cameras`)
    await live(page)
    await page.waitForSelector('[data-camera=cam-3] button:enabled')
    const button = page.locator('[data-camera=cam-3] button')
    for (let at = 0; at < 120 && !(await button.evaluate((one) => one.matches(':focus'))); at += 1)
      await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Its zones fit as they are')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none')
    await page.keyboard.press('Enter')
    await expect.poll(() => confirmed).toEqual(['cam-3'])
    await expect.poll(() => shown(page)).toContain('cam-3 sees')
  })

  test('fits a wall and a phone in light and dark; everything has a name', async () => {
    const { server } = await started()
    for (const [name, options] of [
      ['wall', WALL],
      ['phone', PHONE],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const)
        for (const view of ['#/cameras', '#/reviews']) {
          const { page } = await openPage(`${server.url}/${view}`, { ...options, colorScheme })
          await live(page)
          if (view === '#/cameras') await page.waitForSelector('[data-camera=cam-5]')
          await page.waitForTimeout(600)
          const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          expect([name, view, Number(wide) <= 0, await unnamed(page)]).toEqual([name, view, true, []])
          const folder = process.env['BERTH_SCREENSHOTS']
          const path = `${folder}/${name}-${colorScheme}-${view.split('/').at(-1) || 'board'}.png`
          if (folder) await page.screenshot({ path, fullPage: true })
          await page.context().close()
        }
  })
})
