import { expect, test } from 'vitest'
import { newsLevels } from '../../../src/news/news-desk.ts'
import { prometheusText } from '../../../src/server/metrics-text.ts'
import type { SiteDesk } from '../../../src/site-desk.ts'

test('what the back end is owed is a level by charge point, what the relay counts is a counter', () => {
  const desk = {
    bays: () => [],
    alarms: () => [],
    reviews: { all: () => [] },
    seq: () => 0,
    epoch: 1,
    missing: () => [],
    counters: () => ({ relay_frames_up: 7, 'relay_owed{charge_point="CP-1"}': 3 }),
  } as unknown as SiteDesk
  const text = prometheusText(desk, {})
  expect(text).toContain('# TYPE berth_relay_owed gauge\nberth_relay_owed{charge_point="CP-1"} 3\n')
  expect(text).toContain('# TYPE berth_relay_frames_up_total counter\nberth_relay_frames_up_total 7\n')
})

test('how far behind each receiver of news is, and for how long it has taken nothing, are levels', () => {
  const desk = {
    bays: () => [],
    alarms: () => [],
    reviews: { all: () => [] },
    seq: () => 0,
    epoch: 1,
    missing: () => [],
    counters: () => ({}),
  } as unknown as SiteDesk
  const now = Date.parse('2026-11-23T10:01:30.000Z')
  const away = { since: '2026-11-23T10:00:00.000Z', behind: 12, says: 'It cannot be reached.' }
  const place = { after: '', parked: null }
  const levels = newsLevels(
    [
      { receiver: 'billing', ...place, away },
      { receiver: 'shop', ...place, away: null },
    ],
    now,
  )
  const text = prometheusText(desk, levels)
  expect(text).toContain('# TYPE berth_news_behind gauge\nberth_news_behind{receiver="billing"} 12\n')
  expect(text).toContain('# TYPE berth_news_away_seconds gauge\nberth_news_away_seconds{receiver="billing"} 90\n')
  expect(text).toContain('berth_news_behind{receiver="shop"} 0\n')
})
