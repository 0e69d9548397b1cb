import { describe, expect, test } from 'vitest'
import { eventWord, masked, sourceOf } from '../../../src/inspector/page/bay-words.ts'
import { atSite, span } from '../../../src/inspector/page/server-time.ts'
import { emptyStore } from '../../../src/inspector/page/store.ts'
import { whyLine } from '../../../src/inspector/page/why-words.ts'
import { beginAgain, take } from '../../../src/inspector/page/wire.ts'
import type { LiveMessage } from '../../../src/server/live-message.ts'
import { mask } from '../../../src/server/plate-mask.ts'
import { fc } from '../../seeded-check.ts'

/** What the store asks of a message; the rest of a bay is nothing to it. */
const heard = (message: Message | undefined) => message as unknown as LiveMessage

type Message = {
  type: string
  epoch: number
  seq: number
  from: number
  n: number
  bays?: { bayId: string; version: number; text: string }[]
  alarms?: string[]
  reviews?: string[]
  buildId?: string
}

/** A server as the wire sees it: it tells a list of messages, whole or since the last one. */
function toyServer(epoch = 1) {
  const bays = new Map<string, { bayId: string; version: number; text: string }>()
  let seq = 0
  let told = 0
  let n = -1
  const wrap = (message: Partial<Message>): Message => {
    n = message.type === 'hello' ? 0 : n + 1
    const whole = { epoch, seq, from: told, n, type: 'heartbeat', ...message }
    told = seq
    return whole
  }
  return {
    change(bayId: string) {
      seq += 1
      const bay = { bayId, version: (bays.get(bayId)?.version ?? 0) + 1, text: `after ${seq}` }
      bays.set(bayId, bay)
      return bay
    },
    patch: (...changed: { bayId: string; version: number; text: string }[]) => wrap({ type: 'patch', bays: changed }),
    beat: () => wrap({}),
    begin: (): Message[] => [
      wrap({ type: 'hello', buildId: 'b' }),
      wrap({ type: 'snapshot', bays: [...bays.values()], alarms: [], reviews: [] }),
    ],
    bays,
    seq: () => seq,
  }
}

describe('what the page knows', () => {
  test("whatever messages are lost, at the next beat the page knows that it misses something, or it shows the server's state", () => {
    const steps = fc.array(
      fc.record({ bay: fc.constantFrom('bay-1', 'bay-2', 'bay-3'), lost: fc.boolean(), beat: fc.boolean() }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(steps, (list) => {
        const server = toyServer()
        const store = emptyStore()
        for (const message of server.begin()) take(store, heard(message))
        let resyncs = 0
        for (const { bay, lost, beat } of list) {
          const message = beat ? server.beat() : server.patch(server.change(bay))
          if (lost) continue
          if (take(store, heard(message)).gap) {
            resyncs += 1
            beginAgain(store)
            for (const again of server.begin()) take(store, heard(again))
          }
          expect([...store.bays.values()].toSorted((a, b) => a.bayId.localeCompare(b.bayId))).toEqual(
            [...server.bays.values()].toSorted((a, b) => a.bayId.localeCompare(b.bayId)),
          )
          expect(store.seq).toBe(server.seq())
        }
        expect(store.gaps).toBe(resyncs)
      }),
      { numRuns: 500 },
    )
  })

  test('in whatever order messages come, no bay ever goes back', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(20).keys()], { minLength: 1 }), (order) => {
        const server = toyServer()
        const store = emptyStore()
        for (const message of server.begin()) take(store, heard(message))
        const messages = Array.from({ length: 20 }, () => server.patch(server.change('bay-1')))
        let newest = 0
        for (const at of order) {
          const message = messages[at]
          // As if each built on what is known: only the version protects now.
          take(store, heard({ ...(message as Message), from: store.seq, n: store.n + 1 }))
          const version = store.bays.get('bay-1')?.version ?? 0
          expect(version).toBeGreaterThanOrEqual(newest)
          newest = version
        }
        expect(newest).toBe(Math.max(...order) + 1)
      }),
    )
  })

  test('a new epoch starts from nothing, even where versions went back', () => {
    const store = emptyStore()
    const first = toyServer(1)
    for (let at = 0; at < 5; at += 1) first.change('bay-1')
    for (const message of first.begin()) take(store, heard(message))
    const second = toyServer(2)
    second.change('bay-1')
    const stray = { ...second.patch(second.change('bay-1')), n: store.n + 1, from: store.seq }
    expect(take(store, heard(stray)).gap).toBe(true)
    beginAgain(store)
    for (const message of second.begin()) take(store, heard(message))
    expect(store.bays.get('bay-1')?.version).toBe(2)
  })

  test('nothing is whole between a new socket and its snapshot, and a bay that is gone is gone', () => {
    const store = emptyStore()
    const server = toyServer()
    server.change('bay-1')
    server.change('bay-2')
    for (const message of server.begin()) take(store, heard(message))
    expect(store.whole).toBe(true)
    beginAgain(store)
    expect([store.whole, store.bays.size]).toEqual([false, 2])
    server.bays.delete('bay-2')
    for (const message of server.begin()) take(store, heard(message))
    expect([store.whole, [...store.bays.keys()]]).toEqual([true, ['bay-1']])
  })

  test('another build of the page is noticed', () => {
    const store = emptyStore()
    const server = toyServer()
    for (const message of server.begin()) take(store, heard(message))
    expect(store.newBuild).toBe(false)
    beginAgain(store)
    take(store, heard({ ...(server.begin()[0] as Message), buildId: 'c' }))
    expect(store.newBuild).toBe(true)
  })
})

describe('words', () => {
  test('the page masks plates as the server does, and a masked one stays as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{1,10}$/), (plate) => {
        expect(masked(plate)).toBe(mask(plate))
        expect(masked(mask(plate))).toBe(mask(plate))
      }),
    )
    expect(masked(null)).toBeNull()
  })

  test('why is one sentence: what was seen against what was needed', () => {
    const rest = { seq: 1, at: '2026-11-22T10:00:00.000Z', evidence: [] }
    const guards = [
      { name: 'released', ok: false, value: false, need: 'released' },
      { name: 'drawing', ok: true, value: 6.1, need: '>= 0.2 A' },
    ]
    const read = { name: 'someReads', ok: true, value: 2, need: 'any candidate' }
    expect(whyLine({ why: { event: 'meter.values', rule: 'drawing', guards, ...rest } })).toBe(
      'Energy flows: 6.1 A, and from 0.2 A on it counts as charging.',
    )
    expect(
      whyLine({
        why: { event: 'xstate.after.voteWindow.bay.detecting.collecting', rule: 'someReads', guards: [read], ...rest },
      }),
    ).toBe('Time is over, and reads of 2 plates are not enough to agree: a second reader is asked.')
    expect(whyLine({ why: null })).toBe('Nothing has happened here yet.')
    expect(eventWord('bay.wake')).toBe('time passed')
    expect(['plate.agreed', 'meter.values', 'operator.commanded', 'site.resumed'].map(sourceOf)).toEqual([
      'camera',
      'charger',
      'person',
      'site',
    ])
  })

  test('durations are short, and times are those of the site', () => {
    expect([0, 59_000, 192_000, 3_840_000, 100_000_000, -5].map((ms) => span(ms))).toEqual([
      '0 s',
      '59 s',
      '3 min 12 s',
      '1 h 04',
      '1 d 3 h',
      '0 s',
    ])
    expect([21_000, 180_000, 192_000].map((ms) => span(ms, true))).toEqual(['21 s', '3 min', '3 min'])
    expect(atSite('2026-07-01T10:00:00.000Z', 'Europe/London')).toBe('11:00:00')
  })
})
