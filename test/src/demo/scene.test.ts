import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bestZone } from '../../../machines/zone.ts'
import type { Visitor } from '../../../src/demo/cast.ts'
import { NEIGHBOUR, NEIGHBOURED_VISITOR, REGULARS } from '../../../src/demo/cast.ts'
import { NOSE_M } from '../../../src/demo/demo-site.ts'
import { arrival, DRIVE_MS, departure, isMoving, poseAt } from '../../../src/demo/motion.ts'
import type { Scene } from '../../../src/demo/scene.ts'
import { bayZone, LENS, parkedPose, plateBox } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'

const parked = (visitor: Visitor, place: number) => ({
  look: visitor.look,
  pose: parkedPose(place, vehicleLength(visitor.look), visitor.across_m),
})
const scene: Scene = {
  light: 'day',
  bayNumbers: ['4', '5', '6'],
  vehicles: [parked(NEIGHBOUR, 0), parked(NEIGHBOURED_VISITOR, 1)],
}
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('a picture of the car park', () => {
  test('is the same pixel for pixel each time, and its grain is by seed', async () => {
    const [once, again] = [await renderPixels(scene), await renderPixels(scene)]
    expect(digest(once.data)).toBe(digest(again.data))
    const grain = { noise: 4, blur_px: 0.6 }
    const pictures = [
      await developPicture(once, { seed: 1, ...grain }),
      await developPicture(again, { seed: 1, ...grain }),
      await developPicture(once, { seed: 2, ...grain }),
    ]
    expect(digest(pictures[0] as Buffer)).toBe(digest(pictures[1] as Buffer))
    expect(digest(pictures[0] as Buffer)).not.toBe(digest(pictures[2] as Buffer))
  })

  test('shows each light and each vehicle: no two of them are alike', async () => {
    const pictures = await Promise.all(
      (['day', 'night', 'snow'] as const).flatMap((light) => [
        renderPixels({ ...scene, light }),
        renderPixels({ ...scene, light, vehicles: [] }),
      ]),
    )
    expect(new Set(pictures.map(({ data }) => digest(data))).size).toBe(6)
  })

  test('shows the text of every regular plate at least 88 pixels wide, in every bay', () => {
    for (const visitor of REGULARS) {
      for (const place of [0, 1, 2]) {
        const [left, , right] = plateBox(parked(visitor, place))
        expect(right - left, visitor.look.plate.text).toBeGreaterThanOrEqual(88)
      }
    }
  })
})

describe('the zones', () => {
  test('hold the plate of whoever stands in their bay, and neighbours share a border', () => {
    const zones = [0, 1, 2].map((place) => ({ bayId: `bay-${place}`, polygon: bayZone(place) }))
    for (const visitor of REGULARS) {
      for (const place of [0, 1, 2])
        expect(bestZone(boxOf(visitor, place), zones, 'plate')).toEqual({ bayId: `bay-${place}`, clear: true })
    }
    expect(
      bayZone(0)
        .map(([x]) => x)
        .sort()
        .slice(-3),
    ).toEqual(
      bayZone(1)
        .filter(([x]) => x < 0.5)
        .map(([x]) => x)
        .sort()
        .slice(-3),
    )
  })

  test("of bay-5 shows the badly parked neighbour's plate too, which clearly belongs to bay-4", () => {
    const zones = [
      { bayId: 'bay-4', polygon: bayZone(0) },
      { bayId: 'bay-5', polygon: bayZone(1, NOSE_M) },
      { bayId: 'bay-6', polygon: bayZone(2) },
    ]
    expect(bestZone(boxOf(NEIGHBOUR, 0), zones.slice(1), 'plate')?.bayId).toBe('bay-5')
    expect(bestZone(boxOf(NEIGHBOUR, 0), zones, 'plate')).toEqual({ bayId: 'bay-4', clear: true })
  })
})

describe('a drive', () => {
  test('comes to its place and stands; the way back is the same way', () => {
    const place = parkedPose(2, 4.4)
    const [there, back] = [arrival(place, 1, 1000), departure(place, 1, 1000)]
    expect(poseAt(there, 999)).toBeNull()
    expect(poseAt(there, 1000 + DRIVE_MS)).toEqual(place)
    expect(poseAt(back, 1000)).toEqual(place)
    const [out, into] = [poseAt(back, 1000 + DRIVE_MS - 700), poseAt(there, 1700)]
    expect(out?.x).toBeCloseTo(into?.x ?? Number.NaN)
    expect(out?.z).toBeCloseTo(into?.z ?? Number.NaN)
    expect([isMoving(there, 1000), isMoving(there, 1000 + DRIVE_MS)]).toEqual([true, false])
  })
})

/** The plate's box in 0..1 of the picture. */
function boxOf(visitor: Visitor, place: number): [number, number, number, number] {
  const [left, top, right, bottom] = plateBox(parked(visitor, place))
  return [left / LENS.width, top / LENS.height, (right - left) / LENS.width, (bottom - top) / LENS.height]
}
