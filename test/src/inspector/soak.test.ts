import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isThere, launchChromium } from './chromium.ts'
import { firstWalk, growth, soakTab } from './soaked-tab.ts'

describe.skipIf(!isThere)('a board that is left open', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  }, 180_000)
  afterAll(() => browser?.close())

  test('for a minute at 200 changes a second, with walks to a bay and back: no heap, node or listener more than before', async () => {
    const soaked = await soakTab(browser, 60, 3)
    expect(soaked.changes).toBeGreaterThan(5_000)
    expect(growth(soaked)).toEqual([])
  }, 180_000)

  test('the first walk to a bay and to the figures leaves nothing of them behind, but their styles and scripts', async () => {
    const [before, after] = await firstWalk(browser)
    expect(before.nodes).toBeGreaterThan(100)
    expect(after.nodes - before.nodes).toBeLessThanOrEqual(30)
  }, 180_000)

  test('the measure itself says what grew', () => {
    expect(growth({ changes: 0, looks: [] })).not.toEqual([])
    const look = { heap: 1000, nodes: 10, listeners: 5 }
    expect(growth({ changes: 1, looks: [look, { heap: 1090, nodes: 12, listeners: 5 }] })).toEqual([])
    expect(growth({ changes: 1, looks: [look, { heap: 1200, nodes: 30, listeners: 6 }] })).toEqual([
      'heap 1000 → 1200',
      'nodes 10 → 30',
      'listeners 5 → 6',
    ])
  })
})
