import type { Browser, CDPSession, Page } from 'playwright-core'
import type { ArrayDesk } from '../server/array-desk.ts'

/** What a tab holds after its rubbish was collected. */
export type Holding = { readonly heap: number; readonly nodes: number; readonly listeners: number }
/** How a tab fared over a while: frames a second (median of its seconds), share of one core that its main thread took. */
export type Fare = { readonly fps: number; readonly slowest_ms: number; readonly mainThread: number }

const STATES = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting'] as const

/** Changes bays of a site, so many a second, round and round. */
export class Changes {
  readonly #site: ArrayDesk
  readonly #perSecond: number
  #timer: NodeJS.Timeout | null = null
  /** How many were made. */
  made = 0

  constructor(site: ArrayDesk, perSecond: number) {
    this.#site = site
    this.#perSecond = perSecond
  }

  begin(): void {
    const ids = this.#site.desk.bays().map(({ bayId }) => bayId)
    const [begun, before] = [performance.now(), this.made]
    this.#timer = setInterval(() => {
      const due = before + Math.floor(((performance.now() - begun) / 1000) * this.#perSecond)
      for (; this.made < due; this.made += 1) {
        const state = STATES[Math.floor(this.made / ids.length + this.made) % STATES.length] ?? 'vacant'
        const since = new Date().toISOString()
        const lock = { locked: state === 'charging-locked', reasons: [] }
        const view = { state, detail: state, since, lock }
        const bayId = ids[this.made % ids.length] ?? ''
        const measured = { current_A: this.made % 16, register_Wh: this.made, verdict: 'valid' }
        void this.#site.change(bayId, { type: 'meter.values', connector: `CP-${bayId}/1`, ...measured }, view)
      }
    }, 10)
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }
}

/** A tab and its debugger. */
export class WatchedPage {
  readonly page: Page
  readonly #session: CDPSession

  private constructor(page: Page, session: CDPSession) {
    this.page = page
    this.#session = session
  }

  static async open(browser: Browser, url: string, viewport = { width: 1920, height: 1080 }): Promise<WatchedPage> {
    const page = await (await browser.newContext({ viewport })).newPage()
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.goto(url)
    await page.locator('body.live').waitFor({ timeout: 60_000 })
    return new WatchedPage(page, session)
  }

  /** Watches for so many seconds. */
  async fare(seconds: number): Promise<Fare> {
    const before = await this.#metrics()
    const begun = performance.now()
    const gaps = await this.page.evaluate(async (ms) => {
      const gaps: number[] = []
      let last = performance.now()
      const end = last + ms
      while (last < end) {
        const now = await new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())))
        gaps.push(now - last)
        last = now
      }
      return gaps
    }, seconds * 1000)
    const spent = (performance.now() - begun) / 1000
    const after = await this.#metrics()
    const sorted = gaps.toSorted((a, b) => a - b)
    return {
      fps: Math.round(median(bySecond(gaps))),
      slowest_ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
      mainThread: ((after.get('TaskDuration') ?? 0) - (before.get('TaskDuration') ?? 0)) / spent,
    }
  }

  /** What the tab holds, after a forced collection. */
  async holding(): Promise<Holding> {
    await this.#session.send('HeapProfiler.collectGarbage')
    await this.#session.send('HeapProfiler.collectGarbage')
    const metrics = await this.#metrics()
    const of = (name: string) => metrics.get(name) ?? 0
    return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') }
  }

  async #metrics(): Promise<ReadonlyMap<string, number>> {
    const { metrics } = await this.#session.send('Performance.getMetrics')
    return new Map(metrics.map(({ name, value }) => [name, value]))
  }
}

/** Frames in each second of a run of gaps (ms). */
function bySecond(gaps: readonly number[]): number[] {
  const counts: number[] = []
  let passed = 0
  for (const gap of gaps) {
    passed += gap
    const second = Math.floor(passed / 1000)
    counts[second] = (counts[second] ?? 0) + 1
  }
  return Array.from({ length: Math.max(1, counts.length - 1) }, (_, second) => counts[second] ?? 0)
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
