import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { isInside } from '../../../src/vision/zone-crop.ts'
import { cutZone } from '../../../src/vision/zone-cut.ts'

const LEFT = 'KX19TYP'
const RIGHT = 'BD51SMR'
/** Two plates, one above the other and half a picture beside it. */
async function twoPlates(): Promise<Buffer> {
  const plate = (x: number, y: number, text: string): string =>
    `<rect x="${x}" y="${y}" width="260" height="60" rx="6" fill="#fdfdf8" stroke="#111" stroke-width="3"/>
    <text x="${x + 130}" y="${y + 46}" font-family="DejaVu Sans, Arial, sans-serif" font-weight="bold" font-size="42" text-anchor="middle" fill="#111">${text}</text>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#8a8d90"/>${plate(60, 430, LEFT)}${plate(480, 110, RIGHT)}</svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer()
}
/** The lower left half of the picture, along its diagonal. */
const SLANTED: Polygon = [
  [0, 0],
  [1, 1],
  [0, 1],
]
/** The upper right half. */
const BESIDE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
]
const HOOKED: Polygon = [
  [0.1, 0.1],
  [0.9, 0.1],
  [0.9, 0.3],
  [0.3, 0.3],
  [0.3, 0.7],
  [0.9, 0.7],
  [0.9, 0.9],
  [0.1, 0.9],
]

describe('what lies beside a slanted zone, in its bounding box', () => {
  let reader: ReaderPool
  beforeAll(async () => {
    reader = await openReader({ deadline_ms: 30_000, crops: true })
  }, 180_000)
  afterAll(() => reader.close())

  test('is not recognised at all; what lies in the zone is, in its place', async () => {
    const picture = await twoPlates()
    const { zones } = await reader.read(picture, { slanted: SLANTED, beside: BESIDE })
    expect(
      zones['beside']?.reads.map(({ text }) => text),
      'it can be read',
    ).toEqual([RIGHT])
    expect(zones['slanted']?.reads.map(({ text }) => text)).toEqual([LEFT])
    const [own] = zones['slanted']?.reads ?? []
    const [x, y] = [0, 1].map((axis) => (own?.quad ?? []).reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / 4)
    expect(x).toBeCloseTo(190 / 800, 1)
    expect(y).toBeCloseTo(460 / 600, 1)
    expect(own?.crop).toBeInstanceOf(Uint8Array)
  }, 180_000)
})

describe.each([
  ['slanted', SLANTED],
  ['hooked', HOOKED],
])('a %s zone cut out', (_name, polygon) => {
  const [width, height] = [160, 120]
  const white = { width, height, rgb: new Uint8Array(3 * width * height).fill(255) }

  test('shows all of the polygon and nothing beyond its margin', () => {
    const { picture, from } = cutZone(white, polygon)
    const spans = [0, 1].map((axis) => {
      const values = polygon.map((point) => point[axis as 0 | 1])
      return Math.max(...values) - Math.min(...values)
    }) as [number, number]
    for (let y = 0; y < picture.height; y += 1) {
      for (let x = 0; x < picture.width; x += 1) {
        const [u, v] = [(from.x + x + 0.5) / width, (from.y + y + 0.5) / height]
        const isShown = picture.rgb[3 * (y * picture.width + x)] === 255
        if (isInside(polygon, u, v)) expect(isShown, `${x}, ${y}`).toBe(true)
        // The margin, and two pixels: it counts in whole ones.
        const [across, down] = [0.04 * spans[0] + 2.5 / width, 0.04 * spans[1] + 2.5 / height]
        const isNear = [-1, -0.5, 0, 0.5, 1].some((i) =>
          [-1, -0.5, 0, 0.5, 1].some((j) => isInside(polygon, u + i * across, v + j * down)),
        )
        if (isShown) expect(isNear, `${x}, ${y}`).toBe(true)
      }
    }
  })

  test('leaves the picture as it was', () => {
    cutZone(white, polygon)
    expect(white.rgb.every((value) => value === 255)).toBe(true)
  })
})
