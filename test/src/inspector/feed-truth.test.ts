import { describe, expect, test } from 'vitest'
import type { ReviewView } from '../../../projections/bay-view.ts'
import type { Orders } from '../../../src/inspector/page/screen.ts'
import { emptyReplay, isTrueNow } from '../../../src/inspector/page/store.ts'
import { openLiveFeed } from '../../../src/server/live-feed.ts'
import { openDresser } from '../../../src/server/plate-mask.ts'
import { fc } from '../../seeded-check.ts'
import { type ArrayDesk, openArrayDesk } from '../server/array-desk.ts'
import { HandClock, type Tear, TornFeed } from './torn-feed.ts'

type Step =
  | { readonly kind: 'change'; readonly bay: number; readonly alarm: boolean }
  | { readonly kind: 'review' }
  /** Who works on it, which no record says: the seq stays. */
  | { readonly kind: 'claim'; readonly on: boolean }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'tear'; readonly how: Tear }
  | { readonly kind: 'stall'; readonly on: boolean }
  | { readonly kind: 'restart' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('change'), bay: fc.integer({ min: 1, max: 3 }), alarm: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('review') }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('claim'), on: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('time'), ms: fc.constantFrom(10, 50, 50, 1000) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('tear'),
      how: fc.constantFrom<Tear>('pass', 'all', 'all', 'drop', 'lose', 'twice', 'swap', 'late'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stall'), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
) as fc.Arbitrary<Step>

const STATES = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting'] as const

/** A server that can be restarted into another epoch, and everything that it ever was. */
function livingServer(clock: HandClock) {
  let epoch = 1
  let site: ArrayDesk = openArrayDesk({ clock, epoch })
  const open = () => openLiveFeed({ desk: site.desk, clock, dresser: openDresser(site.desk), buildId: 'b' })
  let feed = open()
  /** Whole states by epoch and seq, and lists of reviews, which have no seq. */
  const was = new Set<string>()
  const told = () => JSON.stringify([site.desk.bays(), site.desk.alarms()])
  const remember = () => void was.add(`${epoch} ${site.desk.seq()} ${told()}`)
  remember()
  let count = 0
  return {
    feed: () => feed,
    site: () => site,
    was,
    told,
    async change(bay: number, alarm: boolean) {
      count += 1
      const since = new Date(clock.now()).toISOString()
      if (alarm) {
        if (site.alarms.length > 1) site.alarms.shift()
        site.alarms.push({ alarmId: `a-${count}`, bayId: `bay-${bay}`, type: 't', says: 's', do: 'd', since })
      }
      const state = STATES[count % STATES.length] ?? 'vacant'
      await site.change(
        `bay-${bay}`,
        { type: 'meter.values' },
        { state, detail: `after ${count}`, ...(alarm && { alarms: [] }) },
      )
      remember()
    },
    async review() {
      count += 1
      site.reviews.splice(0, site.reviews.length)
      const since = new Date(clock.now()).toISOString()
      const fields = { bayId: 'bay-1', visitId: 'v', since, by: null, reason: `r ${count}`, candidates: [] }
      site.reviews.push({ reviewId: `review-${count}`, ...fields })
      await site.change('bay-1', { type: 'plate.contested' }, {})
      remember()
    },
    claim(on: boolean) {
      const [review] = site.reviews
      if (review === undefined) return
      const who = { by: 'somebody', seat: null }
      if (on) site.desk.reviews.claim(review.reviewId, who)
      else site.desk.reviews.release(review.reviewId, who)
    },
    restart() {
      feed.close()
      epoch += 1
      site = openArrayDesk({ clock, epoch })
      feed = open()
      remember()
    },
  }
}

const namesOf = (reviews: readonly ReviewView[]) => reviews.map(({ reviewId, claim }) => `${reviewId} ${claim?.by}`)

describe('a network that drops, delays, reorders and doubles frames of the live feed', () => {
  test('never leaves a page with a state that the server did not have; healed, it shows what the server has within two beats', async () => {
    let gaps = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 100, size: 'max' }), async (steps) => {
        const clock = new HandClock()
        const server = livingServer(clock)
        const page = new TornFeed(server.feed)
        await server.review()
        clock.advance(50)
        page.deliver()
        const shown = () => {
          const { store } = page
          return `${store.epoch} ${store.seq} ${JSON.stringify([[...store.bays.values()], store.alarms])}`
        }
        for (const one of steps) {
          if (one.kind === 'change') await server.change(one.bay, one.alarm)
          else if (one.kind === 'review') await server.review()
          else if (one.kind === 'claim') server.claim(one.on)
          else if (one.kind === 'time') clock.advance(one.ms)
          else if (one.kind === 'stall') page.stalled = one.on
          else if (one.kind === 'restart') {
            server.restart()
            page.dial()
          } else page.tear(one.how)
          if (page.store.whole) expect(server.was).toContain(shown())
        }
        page.stalled = false
        clock.advance(1100)
        page.deliver()
        clock.advance(1100)
        page.deliver()
        gaps += page.store.gaps
        expect(page.store.whole).toBe(true)
        expect(JSON.stringify([[...page.store.bays.values()], page.store.alarms])).toBe(server.told())
        expect(namesOf(page.store.reviews)).toEqual(namesOf(server.site().desk.reviews.all()))
        expect([page.store.seq, page.store.epoch]).toEqual([server.site().desk.seq(), server.site().desk.epoch])
        server.feed().close()
      }),
      { numRuns: Number(process.env['BERTH_RUNS'] ?? 200) },
    )
    // Where nothing was ever missing nothing was shown.
    expect(gaps).toBeGreaterThan(100)
  })

  test('nothing can be ordered of a replay: the compiler refuses it', () => {
    const clock = new HandClock()
    const server = livingServer(clock)
    const page = new TornFeed(server.feed)
    page.deliver()
    const { hello } = page.store
    if (hello === null) throw new Error('nobody said hello')
    const ordersOf = ({ store }: Orders) => store.kind
    expect(ordersOf({ store: page.store, may: () => true })).toBe('live')
    const replay = emptyReplay(hello)
    // @ts-expect-error: a replay is no live store; were it one, this file would not compile.
    expect(ordersOf({ store: replay, may: () => true })).toBe('replay')
    server.feed().close()
  })

  test('a page that nobody told all is not true of now', () => {
    const clock = new HandClock()
    const server = livingServer(clock)
    const page = new TornFeed(server.feed)
    expect(isTrueNow(page.store)).toBe(false)
    page.tear('pass')
    expect(isTrueNow(page.store)).toBe(false)
    page.deliver()
    page.store.phase = 'live'
    expect(isTrueNow(page.store)).toBe(true)
    page.store.phase = 'stale'
    expect(isTrueNow(page.store)).toBe(false)
    server.feed().close()
  })
})
