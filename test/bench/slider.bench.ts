import type { Page } from 'playwright-core'
import { isThere, launchChromium } from '../src/inspector/chromium.ts'
import { type Figure, times } from './figure-table.ts'
import { openLongSite } from './long-site.ts'
import { longPast } from './replay.bench.ts'

const STEPS = 150
const OPENED = 5
const WALL = { viewport: { width: 1920, height: 1080 } }

/** What a person waits for in a replay of 20,000 records in a real browser, until it is painted: opening it, steps of the slider and jumps, on the board and on a bay. */
export async function sliderBench(): Promise<Figure[]> {
  if (!isThere) return [{ name: 'slider: no Chromium here', value: 0 }]
  const site = await openLongSite(await longPast())
  // What simulated the past is no part of a site.
  globalThis.gc?.()
  const browser = await launchChromium()
  try {
    const lines: Figure[] = []
    for (const [name, path] of [
      ['board', '#/replay'],
      ['bay', '#/bays/bay-1'],
    ] as const) {
      const middle = Math.floor(site.records * 0.73)
      const opened: number[] = []
      for (let time = 0; time < OPENED; time += 1) {
        const context = await browser.newContext(WALL)
        const page = await context.newPage()
        await page.goto(`${site.url}/login`)
        const begin = performance.now()
        await page.goto(`${site.url}/${path}?at=seq:${middle - time * 97}`)
        await shows(page, middle - time * 97)
        opened.push(performance.now() - begin)
        await context.close()
      }
      const context = await browser.newContext(WALL)
      const page = await context.newPage()
      await page.goto(`${site.url}/${path}?at=seq:${middle}`)
      await shows(page, middle)
      const steps = await walk(
        page,
        Array.from({ length: STEPS }, (_, step) => middle + (step < STEPS / 2 ? step + 1 : STEPS - step)),
      )
      const still = middleOf(await walk(page, []))
      const jumps = await walk(
        page,
        Array.from({ length: STEPS }, (_, jump) => ((jump * 7919) % site.records) + 1),
      )
      lines.push(
        {
          name: `slider, ${name}: opened, ms, median`,
          ...times(middleOf(opened), still),
          note: `floor: a frame painted; ${site.records} records, worst ${told(opened)}; wanted 1000`,
        },
        {
          name: `slider, ${name}: a step, ms, median`,
          ...times(middleOf(steps), still),
          note: `95 % and worst ${told(steps)}; wanted 50`,
        },
        {
          name: `slider, ${name}: a jump to anywhere, ms, median`,
          ...times(middleOf(jumps), still),
          note: `95 % and worst ${told(jumps)}`,
        },
      )
      await context.close()
    }
    return lines
  } finally {
    await browser.close()
    await site.close()
  }
}

/** Waits until a record is shown. */
const shows = (page: Page, seq: number) => page.waitForSelector(`.replay-says:has-text("Record ${seq} ")`)

/** Moves the slider as a hand does, place after place, each once the one before is painted. Answers ms for each; of no places what painting a frame takes. */
const walk = (page: Page, places: readonly number[]): Promise<number[]> =>
  page.evaluate(async (all) => {
    const slider = document.querySelector('.replay-slider') as HTMLInputElement
    const says = document.querySelector('.replay-says') as HTMLElement
    const painted = () =>
      new Promise<void>((go) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => go()
          port2.postMessage(null)
        })
      })
    const times: number[] = []
    const timed = async (act: () => Promise<void>) => {
      await painted()
      const begin = performance.now()
      await act()
      await painted()
      times.push(performance.now() - begin)
    }
    for (const place of all)
      await timed(async () => {
        slider.value = String(place)
        slider.dispatchEvent(new Event('input', { bubbles: true }))
        while (!says.textContent?.startsWith(`Record ${place} `)) await new Promise((go) => setTimeout(go, 1))
      })
    if (all.length === 0) for (let turn = 0; turn < 60; turn++) await timed(async () => {})
    return times
  }, places as number[])

const at = (times: readonly number[], share: number): number => {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
const middleOf = (times: readonly number[]): number => at(times, 0.5)
const told = (times: readonly number[]): string => `${at(times, 0.95).toFixed(0)} / ${at(times, 1).toFixed(0)}`
