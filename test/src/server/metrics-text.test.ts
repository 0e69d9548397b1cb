import { expect, test } from 'vitest'
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
