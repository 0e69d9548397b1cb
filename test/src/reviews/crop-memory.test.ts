import { expect, test } from 'vitest'
import type { PlateCrop } from '../../../actors/evidence.ts'
import { CropMemory } from '../../../src/reviews/crop-memory.ts'

const crop = (bayId: string, folded: string, at: number, bytes = 10): PlateCrop => ({
  bayId,
  folded,
  confidence: 0.9,
  at,
  picture: new Uint8Array(bytes),
})

test('a crop is in memory no longer than its bay allows, whatever the clock does', () => {
  const memory = new CropMemory((bayId) => (bayId === 'bay-1' ? 1000 : 5000))
  memory.hold(crop('bay-1', 'AB12CDE', 100))
  memory.hold(crop('bay-2', 'AB12CDE', 100))
  expect(memory.of('bay-1', 1099)).toHaveLength(1)
  expect(memory.of('bay-1', 1100)).toEqual([])
  memory.tick(5099)
  expect(memory.bytes).toBe(10)
  memory.tick(5100)
  expect(memory.bytes).toBe(0)
  memory.hold(crop('bay-1', 'AB12CDE', 100_000))
  memory.tick(500)
  expect(memory.bytes, 'a clock that stepped back').toBe(0)
})

test('of each text the newest two are held, of each bay eight, and all of them together stay under 32 MB', () => {
  const memory = new CropMemory(() => 1e9)
  for (let at = 1; at <= 5; at += 1) memory.hold(crop('bay-1', 'AB12CDE', at))
  expect(memory.of('bay-1', 5).map(({ at }) => at)).toEqual([5, 4])
  for (let at = 6; at <= 30; at += 1) memory.hold(crop('bay-1', `TEXT${at}`, at))
  expect(memory.of('bay-1', 30).map(({ at }) => at)).toEqual([30, 29, 28, 27, 26, 25, 24, 23])
  for (let bay = 0; bay < 2000; bay += 1) memory.hold(crop(`lot-${bay}`, 'AB12CDE', 31, 64 * 1024))
  expect(memory.bytes).toBeLessThanOrEqual(32 << 20)
  expect(memory.bytes).toBeGreaterThan(31 << 20)
  expect(memory.of('lot-1999', 31)).toHaveLength(1)
})

test('a plate that is forgotten takes with it whatever else was read in the same bay', () => {
  const memory = new CropMemory(() => 1e9)
  memory.hold(crop('bay-1', 'AB12CDE', 1))
  memory.hold(crop('bay-1', 'AB12CD', 2))
  memory.hold(crop('bay-2', 'ZZ99ZZZ', 3))
  memory.forget((folded) => folded === 'AB12CDE')
  expect(memory.of('bay-1', 3)).toEqual([])
  expect(memory.of('bay-2', 3)).toHaveLength(1)
})
