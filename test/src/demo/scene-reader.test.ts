import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fold, normalize, plausible } from '../../../machines/plate.ts'
import type { Visitor } from '../../../src/demo/cast.ts'
import { NEIGHBOUR, NEIGHBOURED_VISITOR, REGULARS, REVIEWED, UNREADABLE, UNREGISTERED } from '../../../src/demo/cast.ts'
import { bayZone, parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import type { ReaderPool } from '../../../src/vision/reader.ts'
import { openReader } from '../../../src/vision/reader.ts'

let reader: ReaderPool
beforeAll(async () => {
  reader = await openReader({ deadline_ms: 60_000 })
}, 180_000)
afterAll(() => reader.close())

const zones = { left: bayZone(0), middle: bayZone(1), right: bayZone(2) }
const places = ['left', 'middle', 'right'] as const
const key = (text: string): string => fold(normalize(text))

/** Plausible reads in each place, folded. */
async function readScene(visitors: readonly Visitor[], seed: number): Promise<string[][]> {
  const vehicles = visitors.map(({ look, across_m }, place) => ({
    look,
    pose: parkedPose(place, vehicleLength(look), across_m),
  }))
  const pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles })
  const answer = await reader.read(await developPicture(pixels, { seed, noise: 4, blur_px: 0.6 }), zones)
  return places.map((place) =>
    (answer.zones[place]?.reads ?? [])
      .map((read) => normalize(read.text))
      .filter(plausible)
      .map(fold),
  )
}

describe('the real reader', () => {
  test('reads the plates of everybody who comes again, from the pixels of single frames', async () => {
    const everybody = [...REGULARS, { ...NEIGHBOUR, across_m: 0 }, UNREGISTERED, NEIGHBOURED_VISITOR]
    const right: boolean[] = []
    for (let first = 0; first < everybody.length; first += 3) {
      const row = everybody.slice(first, first + 3)
      for (const seed of [first + 1, first + 2]) {
        const reads = await readScene(row, seed)
        for (const [place, visitor] of row.entries())
          right.push(reads[place]?.length === 1 && reads[place]?.[0] === key(visitor.look.plate.text))
      }
    }
    expect(right.filter(Boolean).length / right.length).toBeGreaterThanOrEqual(0.95)
  }, 180_000)

  test('finds no plate under mud, and two on a car with a bicycle rack', async () => {
    const [mud, rack] = await readScene([UNREADABLE, REVIEWED], 5)
    expect(mud).toEqual([])
    expect(rack?.sort()).toEqual([key(REVIEWED.look.plate.text), key(REVIEWED.look.rackPlate?.text ?? '')].sort())
  }, 180_000)
})
