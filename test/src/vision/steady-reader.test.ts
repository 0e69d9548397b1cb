import { afterAll, beforeAll, expect, test } from 'vitest'
import { bayZone, parkedPose, type Scene } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { type ReadNeed, steadyReader } from '../../../src/vision/steady-reader.ts'

let pool: ReaderPool
beforeAll(async () => {
  pool = await openReader({ children: 1, deadline_ms: 60_000 })
}, 180_000)
afterAll(() => pool.close())

const look = {
  body: 'saloon',
  colour: [60, 90, 150],
  facing: 'rear',
  plate: { style: 'gb-rear', text: 'AB12 CDE' },
} as const
const ZONES = { 'bay-1': bayZone(0), 'bay-2': bayZone(1), 'bay-3': bayZone(2) }

/** A frame of a car park with this car in these bays; each frame has its own noise. */
async function frame(seed: number, ...places: readonly number[]): Promise<Buffer> {
  const scene: Scene = {
    light: 'day',
    bayNumbers: ['1', '2', '3'],
    vehicles: places.map((place) => ({ look, pose: parkedPose(place, vehicleLength(look)) })),
  }
  return developPicture(await renderPixels(scene), { seed, noise: 4, blur_px: 0.6 })
}

test('what looks as it did is spared, who comes is read at once, and now and then everything is read again', async () => {
  let at = 0
  const reader = steadyReader(pool, () => at)
  const shot = async (seed: number, ...places: readonly number[]) => {
    at += 100
    return (await reader.read(await frame(seed, ...places), ZONES)).zones
  }
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) expect((await shot(seed, 0))['bay-1']?.reads[0]?.text).toBe('AB12CDE')
  const parked = await shot(15, 0)
  expect(Object.values(parked).map(({ spared, reads }) => [spared, reads.length])).toEqual([
    [true, 0],
    [true, 0],
    [true, 0],
  ])
  // The bay with the plate is still told occupied, an empty one is left to its look.
  expect(['bay-1', 'bay-2'].map((bay) => parked[bay] && reader.showsReadPlate(parked[bay].look))).toEqual([true, false])
  const coming = await shot(16, 0, 2)
  expect(coming['bay-3']?.reads[0]?.text).toBe('AB12CDE')
  expect(coming['bay-1']?.spared).toBe(true)
  expect((await shot(17))['bay-1']?.reads).toEqual([])
  expect((await shot(18))['bay-1']?.spared).not.toBe(true)
  at += 13_000
  const again = [await shot(19), await shot(20), await shot(21)]
  for (const bay of ['bay-1', 'bay-2', 'bay-3'])
    expect(
      again.some((zones) => zones[bay]?.spared !== true),
      bay,
    ).toBe(true)
  expect(reader.counters()['zones_spared']).toBeGreaterThanOrEqual(4)
}, 120_000)

test('one camera’s bays are not another’s', async () => {
  const reader = steadyReader(pool, () => 0)
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) await reader.read(await frame(seed, 0), ZONES)
  const other = { ...ZONES }
  expect((await reader.read(await frame(5, 0), other)).zones['bay-1']?.reads[0]?.text).toBe('AB12CDE')
}, 120_000)

test('a plate is read on while its bay waits for it, and seldom once who stands there is decided', async () => {
  let at = 0
  let need: ReadNeed = 'open'
  const reader = steadyReader(
    pool,
    () => at,
    () => need,
  )
  const zones = { 'bay-1': bayZone(0) }
  const reads = async (seeds: readonly number[]): Promise<number> => {
    let count = 0
    for (const seed of seeds) {
      at += 300
      count += (await reader.read(await frame(seed, 0), zones)).zones['bay-1']?.reads.length ?? 0
    }
    return count
  }
  expect(await reads([1, 2, 3, 4, 5, 6, 7, 8])).toBe(8)
  expect(reader.rests(zones)).toBe(true)
  expect(await reads([9, 10, 11, 12])).toBe(2)
  need = 'decided'
  expect(await reads([13, 14, 15, 16])).toBe(0)
  at += 10_000
  expect(reader.rests(zones)).toBe(false)
  expect(await reads([1, 2, 3, 4])).toBe(1)
  expect(reader.counters()['looks_rested']).toBe(1)
}, 120_000)

test('who comes is read before what only waits for its turn', async () => {
  let at = 0
  const reader = steadyReader(pool, () => at)
  const shot = async (seed: number, ...places: readonly number[]) => {
    at += 100
    const { zones } = await reader.read(await frame(seed, ...places), ZONES)
    return Object.values(zones).map(({ spared }) => spared === true)
  }
  for (const seed of [1, 2, 3, 4, 5, 6, 7]) await shot(seed)
  at += 5_000
  expect((await shot(8, 2))[0]).toBe(true)
  await shot(9, 2)
  for (const seed of [10, 11, 12, 13, 14, 15]) await shot(seed, 2)
  at += 1_000
  // One zone a picture takes its turn.
  expect((await shot(16, 2)).filter((spared) => !spared)).toHaveLength(1)
}, 120_000)
