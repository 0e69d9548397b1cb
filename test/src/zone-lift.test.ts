import { expect, test } from 'vitest'
import type { Polygon } from '../../actors/ports.ts'
import { depth } from '../../machines/zone.ts'
import { type Lens, project } from '../../src/demo/lens.ts'
import { liftZones } from '../../src/zone-lift.ts'

const PICTURE = { width: 1280, height: 720 }
const LENS: Lens = { ...PICTURE, focal_px: 905, above_m: 3.5, pitch_rad: 0.4 }

/** Where a bay 2.5 m wide and 5 m deep lies in the picture at a height above the ground, shares. */
const outline = (lens: Lens, left: number, near: number, up: number, yaw = 0): Polygon =>
  [
    [0, 0],
    [2.5, 0],
    [2.5, 5],
    [0, 5],
  ].map(([x, z]) => {
    const [across, away] = [left + (x as number), near + (z as number)]
    const seen = project(lens, [
      across * Math.cos(yaw) + away * Math.sin(yaw),
      up,
      away * Math.cos(yaw) - across * Math.sin(yaw),
    ])
    return [seen.u / lens.width, seen.v / lens.height] as const
  })

/** How far the corners of `wanted` are from the nearest of the lifted zone's. */
const furthest = (lifted: Polygon, wanted: Polygon): number =>
  Math.max(...wanted.map(([x, y]) => Math.min(...lifted.map(([u, v]) => Math.hypot(x - u, y - v)))))

test('a bay straight ahead is lifted to where its outline is 0.6 m above the ground', () => {
  const [zone] =
    liftZones({ picture: PICTURE, height_m: 3.5 }, [{ corners: outline(LENS, -1, 6, 0), side_m: 2.5 }]) ?? []
  expect(zone && furthest(zone.polygon, outline(LENS, -1, 6, 0.6))).toBeLessThan(0.002)
  expect(zone?.other_m).toBeCloseTo(5, 1)
  expect(zone?.height_m).toBeCloseTo(3.5, 1)
})

test('three bays seen from the side of a turned camera are lifted, whichever corner comes first, in pixels or in shares', () => {
  const bays = [-5.5, -3, -0.5].map((left) => outline(LENS, left, 7, 0, 0.3))
  const lifted = [-5.5, -3, -0.5].map((left) => outline(LENS, left, 7, 0.6, 0.3))
  const straight = liftZones(
    { picture: PICTURE, height_m: 3.5 },
    bays.map((corners) => ({ corners, side_m: 2.5 })),
  )
  for (const [i, zone] of (straight ?? []).entries())
    expect(furthest(zone.polygon, lifted[i] ?? [[9, 9]])).toBeLessThan(0.002)
  const turned = bays.map((corners) => ({
    corners: [1, 2, 3, 0].map((i) => [(corners[i]?.[0] ?? 0) * 1280, (corners[i]?.[1] ?? 0) * 720] as const),
    side_m: 5,
  }))
  const again = liftZones({ picture: PICTURE, height_m: 3.5 }, turned) ?? []
  expect(again).toHaveLength(3)
  for (const [i, zone] of again.entries()) {
    expect(furthest(zone.polygon, lifted[i] ?? [[9, 9]])).toBeLessThan(0.002)
    expect(zone.other_m).toBeCloseTo(2.5, 1)
  }
})

test('corners that were clicked some pixels off still give a zone near the right one', () => {
  const shaky = [-3.75, -1.25, 1.25].map((left, bay) => ({
    side_m: 2.5,
    corners: outline(LENS, left, 6, 0).map(([x, y], i) => {
      const off = ((bay * 4 + i * 7) % 5) - 2
      return [x + (2 * off) / 1280, y - (2 * off) / 720] as const
    }),
  }))
  const zones = liftZones({ picture: PICTURE, height_m: 3.6 }, shaky) ?? []
  expect(zones).toHaveLength(3)
  for (const [i, zone] of zones.entries())
    expect(furthest(zone.polygon, outline(LENS, -3.75 + 2.5 * i, 6, 0.6))).toBeLessThan(0.02)
})

test('low and high plates at the ends of a bay are in its zone, and neighbours share a border at plate height', () => {
  const [left, right] = liftZones(
    { picture: PICTURE, height_m: 3.5 },
    [-2.5, 0].map((from) => ({ corners: outline(LENS, from, 6, 0), side_m: 2.5 })),
  ) ?? [undefined, undefined]
  const at = (x: number, up: number, z: number): readonly [number, number] => {
    const { u, v } = project(LENS, [x, up, z])
    return [u / 1280, v / 720]
  }
  for (const [up, z] of [
    [0.35, 6],
    [0.6, 6],
    [0.98, 10.9],
  ] as const) {
    expect(depth(at(1.25, up, z), right?.polygon ?? [])).toBeGreaterThan(0.002)
    expect(depth(at(1.25, up, z), left?.polygon ?? [])).toBeLessThan(0)
  }
  for (const z of [6, 8, 10.9]) expect(Math.abs(depth(at(0, 0.6, z), left?.polygon ?? []))).toBeLessThan(0.002)
})

test('a wrong measure shows: the height that the corners speak of is told', () => {
  const bays = [-5.5, -3, -0.5].map((left) => ({ corners: outline(LENS, left, 7, 0, 0.3), side_m: 2.5 }))
  const [zone] = liftZones({ picture: PICTURE, height_m: 7 }, bays) ?? []
  expect(zone?.height_m).toBeLessThan(6)
})

test('the plate that a zone promises is the one that is seen there', () => {
  const [zone] =
    liftZones({ picture: PICTURE, height_m: 3.5 }, [{ corners: outline(LENS, -1.25, 6, 0), side_m: 2.5 }]) ?? []
  const [left, right] = [-0.26, 0.26].map((x) => project(LENS, [x, 0.6, 6]).u)
  expect(zone?.plate_px.near).toBeCloseTo((right ?? 0) - (left ?? 0), 0)
})

test('what lies beyond the picture is cut off, and corners in a cross or on a line are refused', () => {
  const near = liftZones({ picture: PICTURE, height_m: 3.5 }, [{ corners: outline(LENS, -6, 6, 0), side_m: 2.5 }])
  expect(near?.[0]?.polygon.every(([x, y]) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true)
  const [a, b, c, d] = outline(LENS, -1, 6, 0) as [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ]
  const view = { picture: PICTURE, height_m: 3.5 }
  expect(liftZones(view, [{ corners: [a, c, b, d], side_m: 2.5 }])).toBeNull()
  expect(liftZones(view, [{ corners: [a, b, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], d], side_m: 2.5 }])).toBeNull()
})
