import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Clock } from '../../../actors/ports.ts'
import { systemClock } from '../../../src/clock.ts'
import { RedialBell } from '../../../src/relay/redial-bell.ts'
import { RelayCounters } from '../../../src/relay/relay-counters.ts'
import { UpstreamLine } from '../../../src/relay/upstream-line.ts'
import { soon } from './relay-stage.ts'

test('redials slow down to a quarter of a minute and never come at the same moment, and the first one is a redial like any other', async () => {
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
    ears: {
      open: () => undefined,
      frame: () => undefined,
      lost: () => undefined,
      other: () => undefined,
      tooLarge: () => undefined,
    },
    nextEpoch: () => 1,
    redial_ms: 500,
  })
  const first = line.dial(1_000)
  for (let i = 0; i < 9; i++) {
    await soon(() => delays.length === i + 2)
    armed.run?.()
  }
  expect(await first).toEqual({ kind: 'away' })
  expect(delays.slice(1)).toEqual([500, 500, 2_000, 2_000, 8_000, 7_500, 15_000, 7_500, 15_000])
  line.close(1000, '')
})

test('the first line that gets through wakes the others of its back end', () => {
  const bell = new RedialBell()
  const woken: number[] = []
  for (let i = 0; i < 3; i++) bell.wait((within_ms) => void woken.push(within_ms))
  const quit = bell.wait(() => void woken.push(-1))
  quit()
  bell.ring()
  bell.ring()
  expect(woken).toEqual([30, 30, 30])
  for (let i = 0; i < 2_000; i++) bell.wait((within_ms) => void woken.push(within_ms))
  bell.ring()
  expect(woken.at(-1)).toBe(5_000)
})

test('a line that waits long for its back end dials at once when another one gets through', async () => {
  const http = createServer()
  const wss = new WebSocketServer({ server: http })
  onTestFinished(() => void http.close())
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  await new Promise((resolve) => http.close(resolve))
  const bell = new RedialBell()
  const open: string[] = []
  const lineTo = (name: string, redial_ms: number): UpstreamLine =>
    new UpstreamLine({
      url: `ws://127.0.0.1:${port}/${name}`,
      authorization: undefined,
      protocols: [],
      clock: systemClock,
      chance: () => 1,
      counters: new RelayCounters(),
      ears: {
        open: () => void open.push(name),
        other: () => undefined,
        tooLarge: () => undefined,
        frame: () => undefined,
        lost: () => undefined,
      },
      nextEpoch: () => 1,
      redial_ms,
      bell,
    })
  const slow = lineTo('slow', 60_000)
  expect(await slow.dial(5_000)).toEqual({ kind: 'away' })
  await new Promise<void>((resolve) => void http.listen(port, '127.0.0.1', resolve))
  const quick = lineTo('quick', 10)
  void quick.dial(5_000)
  await soon(() => open.length === 2)
  expect(open).toEqual(['quick', 'slow'])
  for (const line of [slow, quick]) line.close(1000, '')
  for (const socket of wss.clients) socket.terminate()
})
