import { afterAll, beforeAll, expect, test } from 'vitest'
import { bayZone, parkedPose, type Scene } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { steadyReader } from '../../../src/vision/steady-reader.ts'

let pool: ReaderPool
beforeAll(async () => {
  pool = await openReader({ children: 1, deadline_ms: 60_000 })
}, 60_000)
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
  at += 9_000
  expect((await shot(19))['bay-2']?.spared).not.toBe(true)
  expect(reader.counters()['zones_spared']).toBeGreaterThanOrEqual(4)
}, 120_000)

test('one camera’s bays are not another’s', async () => {
  const reader = steadyReader(pool, () => 0)
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) await reader.read(await frame(seed, 0), ZONES)
  const other = { ...ZONES }
  expect((await reader.read(await frame(5, 0), other)).zones['bay-1']?.reads[0]?.text).toBe('AB12CDE')
}, 120_000)
