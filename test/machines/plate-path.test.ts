import { expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { independentFrames, type PlacedVote, phaseOf, worthOf } from '../../machines/plate-path.ts'
import { VOTE_STRATEGIES } from '../../machines/vote-strategies.ts'

/** A read at `at` ms with its plate `down` the picture; null = the device says no box. */
const read = (text: string, at: number, down: number | null, frame = String(at)): PlacedVote => ({
  text,
  confidence: 0.8,
  characters: [],
  frame,
  reader: 'berth',
  box: down === null ? null : [0.4, down, 0.1, 0.03],
  at,
})
const coming = (text: string, frames: number): PlacedVote[] =>
  Array.from({ length: frames }, (_, i) => read(text, 250 * i, 0.2 + 0.05 * i))
const parked = (text: string, frames: number, from = 5_000): PlacedVote[] =>
  Array.from({ length: frames }, (_, i) => read(text, from + 250 * i, 0.8))
const worth = (reads: readonly PlacedVote[], text: string): number =>
  independentFrames(reads, (one) => fold(one.text)).get(fold(text)) ?? 0

test('a parked vehicle’s tenth frame is not the tenth witness, a coming one’s is', () => {
  expect(worth(coming('AB12CDE', 10), 'AB12CDE')).toBeCloseTo(10)
  expect(worth(parked('AB12CDE', 10), 'AB12CDE')).toBeCloseTo(worthOf(10))
  expect(worthOf(10)).toBeLessThan(1.25)
  expect(worthOf(2)).toBeGreaterThan(1)
})

test('a place speaks with one voice: what it says twice as often weighs twice as much, not more', () => {
  const mixed = [...parked('AB12CDE', 8), ...parked('AB12CDF', 4, 7_100)]
  expect(worth(mixed, 'AB12CDE')).toBeCloseTo(2 * worth(mixed, 'AB12CDF'))
  expect(worth(mixed, 'AB12CDE') + worth(mixed, 'AB12CDF')).toBeCloseTo(worthOf(12))
})

test('reads without a box are judged frame by frame, and one frame read twice is one', () => {
  expect(worth([read('AB12CDE', 0, null), read('AB12CDE', 250, null)], 'AB12CDE')).toBeCloseTo(2)
  expect(worth([read('AB12CDE', 0, null, 'f'), read('AB12CDE', 0, null, 'f')], 'AB12CDE')).toBeCloseTo(1)
})

test('it has parked once it was read at one place for a second', () => {
  expect(phaseOf(coming('AB12CDE', 8))).toBe('approach')
  expect(phaseOf([...coming('AB12CDE', 8), ...parked('AB12CDE', 3)])).toBe('approach')
  expect(phaseOf([...coming('AB12CDE', 8), ...parked('AB12CDE', 5)])).toBe('parked')
  expect(phaseOf([read('AB12CDE', 0, null), read('AB12CDE', 9_000, null)])).toBe('approach')
})

test('a misread that glare repeats on the parked plate does not outvote what four places said', () => {
  const reads = [...coming('AB12CDE', 4), ...parked('AB17CDE', 20)]
  expect(VOTE_STRATEGIES['majority']?.(reads, 2).text).toBe('AB17CDE')
  expect(VOTE_STRATEGIES['independent']?.(reads, 2)).toEqual({ text: 'AB12CDE', acts: true })
})

test('no strategy acts on nothing, and those that ask for a quorum not on one frame', () => {
  for (const [name, judge] of Object.entries(VOTE_STRATEGIES)) {
    expect([name, judge([], 2).acts]).toEqual([name, false])
    if (name === 'first' || name === 'confidence') continue
    expect([name, judge(coming('AB12CDE', 1), 2).acts]).toEqual([name, false])
    expect([name, judge(coming('AB12CDE', 3), 2)]).toEqual([name, { text: 'AB12CDE', acts: true }])
  }
})
