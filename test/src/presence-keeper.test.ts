import { expect, test } from 'vitest'
import type { Entry } from '../../actors/ports.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'
import type { Bay } from '../../machines/knowledge.ts'
import { emptyBay } from '../../machines/new-bay.ts'
import type { FactRecord } from '../../machines/record.ts'
import { presenceKeeper } from '../../src/presence-keeper.ts'
import type { Presence } from '../../src/vision/zone-presence.ts'

const SIZE = 24
/** A look with a pattern of paint on asphalt, `gain` times as bright, and a vehicle over its middle or none. */
function look(gain: number, vehicle: number | null = null): ZoneLook {
  const grey = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)]
    const floor = x === 3 || x === 20 ? 200 : 100 + ((x * 7 + y * 3) % 9) + y
    const inside = vehicle !== null && x > 5 && x < 18 && y > 3 && y < 21
    return Math.round(gain * (inside ? vehicle + ((x + y) % 3) * 20 : floor))
  })
  return { size: SIZE, grey: Buffer.concat([grey, new Uint8Array(SIZE * SIZE).fill(255)]).toString('base64') }
}

const EMPTY_BAY = emptyBay('bay-1')
const VISITED = { ...EMPTY_BAY, visit: { unpluggedAt: null, pluggedAt: null } } as unknown as Bay
const CABLE_LEFT = { ...EMPTY_BAY, visit: { unpluggedAt: 5, pluggedAt: null } } as unknown as Bay

function kept(alone: 'proven' | 'always' = 'proven') {
  let bay: Bay = EMPTY_BAY
  let at = 0
  const written: Entry[] = []
  let sees = true
  const keeper = presenceKeeper({ clock: { now: () => at } as never, bay: () => bay, alone, sees: () => sees })
  const judge = (one: ZoneLook) => {
    at += 1_000
    return keeper.judge('cam-1', 'bay-1', one)
  }
  const learn = (gain: number) => {
    for (let i = 0; i < 3; i++) judge(look(gain))
    return keeper.learn('bay-1', (entries) => written.push(...entries))
  }
  return { keeper, judge, learn, written, is: (next: Bay) => (bay = next), isSeeing: (yes: boolean) => (sees = yes) }
}

test('nothing is known until the empty bay was shown; then empty and occupied are, in other light too', () => {
  const { judge, learn } = kept()
  expect(judge(look(1))).toBe('unknown')
  expect(learn(1)).toBeNull()
  expect(judge(look(1))).toBe('empty')
  expect(judge(look(0.5))).toBe('empty')
  expect(judge(look(1, 10))).toBe('occupied')
})

test('while a visit is open the reference does not follow what it sees: a dark vehicle never becomes the empty bay', () => {
  const [floor, vehicle] = [look(1), look(1, 10)].map((one) => Buffer.from(one.grey, 'base64')) as [Buffer, Buffer]
  // From the empty bay to a vehicle, so slowly that each look alone passes for the one before.
  const steps = Array.from({ length: 1000 }, (_, step) => {
    const grey = floor.map((value, i) => Math.round(value + (step / 999) * ((vehicle[i] ?? 0) - value)))
    return { size: SIZE, grey: Buffer.from(grey).toString('base64') }
  })
  const words = (visit: Bay): Presence[] => {
    const { judge, learn, is } = kept()
    learn(1)
    is(visit)
    const said = steps.map(judge)
    is(EMPTY_BAY)
    if (visit !== EMPTY_BAY) expect(judge(look(1))).toBe('empty')
    return said
  }
  expect(words(CABLE_LEFT).at(-1)).toBe('occupied')
  // Nobody there, as far as anything else says: the reference would have followed.
  expect(words(EMPTY_BAY).at(-1)).toBe('empty')
})

test('vision alone frees no bay before this site has shown it: with a visit that never plugged in, empty is unknown', () => {
  const { keeper, judge, learn, is, written } = kept()
  learn(1)
  is(VISITED)
  expect(judge(look(1))).toBe('unknown')
  is(CABLE_LEFT)
  expect(judge(look(1))).toBe('empty')
  const record = (bayId: string, hours: number, decision: string): FactRecord =>
    ({
      bayId,
      at: new Date(hours * 3_600_000).toISOString(),
      cause: { type: 'vehicle.seen', cameraId: 'cam-1' },
      decisions: [{ type: decision }],
    }) as unknown as FactRecord
  for (const { cause } of written)
    for (const bayId of ['bay-1', 'bay-9'])
      keeper.hear({ bayId: null, at: new Date(0).toISOString(), cause: { ...cause, bayId } } as unknown as FactRecord)
  keeper.hear(record('bay-9', 0, 'BayLocked'))
  keeper.hear(record('bay-9', 1_001, 'BayUnlocked'))
  expect(keeper.counters()).toMatchObject({ presence_occupied_hours: 1001, presence_false_empties: 0 })
  is(VISITED)
  expect(judge(look(1)), 'another bay’s hours do not vouch for this one').toBe('unknown')
  expect(keeper.proof('cam-1', ['bay-1', 'bay-9'])).toMatchObject({
    site: { hours: 1001, falseEmpties: 0, low: 0, high: 3.823 },
    bays: [
      { bayId: 'bay-1', hours: 0, shown: false },
      { bayId: 'bay-9', hours: 1001, shown: true },
    ],
  })
  keeper.hear(record('bay-1', 2_000, 'BayLocked'))
  keeper.hear(record('bay-1', 2_020, 'BayUnlocked'))
  expect(judge(look(1))).toBe('empty')
})

test('before it is shown, no picture frees a bay whose cable is said to be in or whose charge point is away; during a charge that is heard of it may contradict', () => {
  const { judge, learn, is } = kept()
  learn(1)
  const plugged = (link: string, transaction: object | null, cable = 'in'): Bay =>
    ({
      ...VISITED,
      connectors: { 'CP-1/1': { link, transaction, cable, flow: { drawing: false } } },
    }) as unknown as Bay
  is(plugged('online', null))
  expect(judge(look(1))).toBe('unknown')
  is(plugged('offline', { transactionId: 'tx-1' }))
  expect(judge(look(1))).toBe('unknown')
  is(plugged('online', { transactionId: 'tx-1' }))
  expect(judge(look(1))).toBe('empty')
})

test('over twelve hours of drifting light a dark parked car never becomes the empty bay, and the empty bay is known afterwards', () => {
  for (const paint of [6, 40, 70]) {
    const { judge, learn, is } = kept('always')
    learn(1)
    learn(0.35)
    // The light of a day before anybody came: references follow it.
    for (let step = 0; step < 60; step++) judge(look(1 - step / 90))
    is(VISITED)
    const words = Array.from({ length: 12 * 60 }, (_, minute) => {
      // From morning over noon into the night, with clouds.
      const sun = 0.2 + 0.9 * Math.sin((Math.PI * minute) / 720) + 0.06 * Math.sin(minute / 7)
      return judge(look(sun, paint))
    })
    expect([paint, words.filter((word) => word === 'empty').length]).toEqual([paint, 0])
    is(EMPTY_BAY)
    for (const gain of [1, 0.6, 0.35]) expect([paint, gain, judge(look(gain))]).toEqual([paint, gain, 'empty'])
  }
})

test('of a camera that is moved or blind nothing is judged, learnt or followed', () => {
  const { judge, learn, isSeeing } = kept('always')
  learn(1)
  // Another place that passes for the empty bay, and drifts away from it.
  isSeeing(false)
  const drift = Array.from({ length: 400 }, (_, step) => 1 - step / 800)
  expect(new Set(drift.map((gain) => judge(look(gain, gain > 0.9 ? null : 90))))).toEqual(new Set(['unknown']))
  expect(learn(0.4)).toContain('moved or blind')
  isSeeing(true)
  expect(judge(look(1))).toBe('empty')
  expect(judge(look(0.5, 90))).not.toBe('empty')
})

test('a reference does not follow what a moved camera shows, however alike it is', () => {
  const shown = (isMoved: boolean): Presence => {
    const { judge, learn, isSeeing } = kept('always')
    learn(1)
    isSeeing(!isMoved)
    // A stain grows over a third of the place, a little a look: each passes for the one before.
    const stained = (depth: number): ZoneLook => {
      const bytes = Buffer.from(look(1).grey, 'base64')
      for (let i = 0; i < (SIZE * SIZE) / 3; i += 1) bytes[i] = Math.max(0, (bytes[i] ?? 0) - depth)
      return { size: SIZE, grey: bytes.toString('base64') }
    }
    for (let depth = 0; depth <= 60; depth += 0.25) judge(stained(Math.floor(depth)))
    isSeeing(true)
    return judge(stained(60))
  }
  expect([shown(false), shown(true)]).toEqual(['empty', expect.not.stringMatching('empty')])
})

test('a site may believe its pictures at once', () => {
  const { judge, learn, is } = kept('always')
  learn(1)
  is(VISITED)
  expect(judge(look(1))).toBe('empty')
})

test('what was learnt comes back from the journal, each light beside the others', () => {
  const first = kept()
  first.learn(1)
  first.learn(0.35)
  const again = kept()
  for (const entry of first.written)
    again.keeper.hear({
      bayId: null,
      at: new Date(0).toISOString(),
      decisions: [],
      cause: entry.cause,
    } as unknown as FactRecord)
  expect(again.keeper.counters()).toMatchObject({ presence_references: 2 })
  expect(again.judge(look(1))).toBe('empty')
})
