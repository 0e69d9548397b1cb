import { expect, test } from 'vitest'
import type { Entry } from '../../actors/ports.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'
import { type Bay, emptyBay } from '../../machines/knowledge.ts'
import type { FactRecord } from '../../machines/record.ts'
import { presenceKeeper } from '../../src/presence-keeper.ts'

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
  const keeper = presenceKeeper({ clock: { now: () => at } as never, bay: () => bay, alone })
  const judge = (one: ZoneLook) => {
    at += 1_000
    return keeper.judge('cam-1', 'bay-1', one)
  }
  const learn = (gain: number) => {
    for (let i = 0; i < 3; i++) judge(look(gain))
    return keeper.learn('bay-1', (entries) => written.push(...entries))
  }
  return { keeper, judge, learn, written, is: (next: Bay) => (bay = next) }
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
  const { judge, learn, is } = kept()
  learn(1)
  is(CABLE_LEFT)
  // From the empty bay to a vehicle, so slowly that each look alone would pass for the empty one.
  const steps = Array.from({ length: 400 }, (_, i) => 110 - i / 4)
  const words = steps.map((grey) => judge(look(1, grey)))
  expect(words.at(-1)).not.toBe('empty')
  is(EMPTY_BAY)
  expect(judge(look(1))).toBe('empty')
})

test('vision alone frees no bay before this site has shown it: with a visit that never plugged in, empty is unknown', () => {
  const { keeper, judge, learn, is } = kept()
  learn(1)
  is(VISITED)
  expect(judge(look(1))).toBe('unknown')
  is(CABLE_LEFT)
  expect(judge(look(1))).toBe('empty')
  const record = (hours: number, decision: string): FactRecord =>
    ({
      bayId: 'bay-9',
      at: new Date(hours * 3_600_000).toISOString(),
      cause: { type: 'x' },
      decisions: [{ type: decision }],
    }) as unknown as FactRecord
  keeper.hear(record(0, 'BayLocked'))
  keeper.hear(record(1_001, 'BayUnlocked'))
  expect(keeper.counters()).toMatchObject({ presence_occupied_hours: 1001, presence_false_empties: 0 })
  is(VISITED)
  expect(judge(look(1))).toBe('empty')
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
