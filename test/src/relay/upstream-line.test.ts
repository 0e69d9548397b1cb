import { expect, test } from 'vitest'
import type { Clock } from '../../../actors/ports.ts'
import { RelayCounters } from '../../../src/relay/relay-counters.ts'
import { UpstreamLine } from '../../../src/relay/upstream-line.ts'
import { soon } from './relay-stage.ts'

test('redials slow down to a minute and never come at the same moment, and the first one is a redial like any other', async () => {
  const delays: number[] = []
  const armed: { run: (() => void) | null } = { run: null }
  const clock: Clock = {
    now: () => 0,
    after: (delay, run) => {
      delays.push(delay)
      armed.run = run
      return () => undefined
    },
  }
  let chance = 0
  const line = new UpstreamLine({
    // Nobody listens on the discard port.
    url: 'ws://127.0.0.1:9/none',
    authorization: undefined,
    protocols: ['ocpp1.6'],
    clock,
    chance: () => {
      chance = 1 - chance
      return chance
    },
    counters: new RelayCounters(),
    ears: { open: () => undefined, frame: () => undefined, lost: () => undefined, other: () => undefined },
    nextEpoch: () => 1,
    redial_ms: 500,
  })
  const first = line.dial(1_000)
  for (let i = 0; i < 9; i++) {
    await soon(() => delays.length === i + 2)
    armed.run?.()
  }
  expect(await first).toEqual({ kind: 'away' })
  expect(delays.slice(1)).toEqual([500, 500, 2_000, 2_000, 8_000, 8_000, 32_000, 30_000, 60_000])
  line.close(1000, '')
})
