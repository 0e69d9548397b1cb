import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bestZone } from '../../machines/zone.ts'
import { bayPlans } from '../../src/bay-plans.ts'
import { runCommandLine } from '../../src/cli.ts'
import { type Lens, project } from '../../src/demo/lens.ts'
import { checkSiteFile, problemLine } from '../../src/site-file.ts'

const LENS: Lens = { width: 1280, height: 720, focal_px: 905, above_m: 3.5, pitch_rad: 0.4 }
/** Ground corners of a bay in the picture, pixels. */
const corners = (left: number, shear = 0): string =>
  JSON.stringify(
    [
      [left, 6],
      [left + 2.5, 6],
      [left + shear + 2.5, 11],
      [left + shear, 11],
    ].map(([x = 0, z = 0]) => {
      const { u, v } = project(LENS, [x, 0, z])
      return [Math.round(u), Math.round(v)]
    }),
  )

const GOOD = `site: { id: depot, timezone: UTC }
store: { kind: sqlite, path: ./depot.db }
http: { host: 127.0.0.1, port: 8080 }
ocpp: { host: 127.0.0.1, port: 9220 }
cameras: [{ id: cam-1, token: secret, picture: [1280, 720], height_m: 3.5 }]
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1, zones: [{ camera: cam-1, ground: ${corners(-2.5)}, side_m: 2.5 }] }
  - { id: bay-2, chargePoint: CP-1, evse: 2, zones: [{ camera: cam-1, ground: ${corners(0)}, side_m: 2.5 }] }
chargePoints: [{ id: CP-1 }]
policy: { autonomy: observe }
`
const check = (text: string) => checkSiteFile(text, 'site.yaml', {})
const told = (text: string): string[] => {
  const { errors, warnings } = check(text)
  return [...errors, ...warnings].map((problem) => problemLine(problem, 'site.yaml'))
}

let out = ''
beforeEach(() => {
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
})
afterEach(() => void vi.restoreAllMocks())

test('ground corners become a zone where plates are, and vehicles are placed by the ground', () => {
  const { site } = check(GOOD)
  const zones = (site ? bayPlans(site) : []).flatMap(({ bayId, zones: own }) => own.map((zone) => ({ ...zone, bayId })))
  const at = (x: number, up: number, z: number): readonly [number, number] => {
    const { u, v } = project(LENS, [x, up, z])
    return [u / 1280, v / 720]
  }
  // The plate of a vehicle near the line between the bays, 0.6 m above the ground of bay 1.
  for (const x of [-2.2, -1.25, -0.3]) {
    const [u, v] = at(x, 0.6, 6.2)
    expect(bestZone([u - 0.02, v - 0.01, 0.04, 0.02], zones, 'plate')).toEqual({ bayId: 'bay-1', clear: true })
  }
  const [u, v] = at(-1.25, 0, 6.1)
  expect(bestZone([u - 0.05, v - 0.2, 0.1, 0.2], zones, 'vehicle')).toEqual({ bayId: 'bay-1', clear: true })
})

test.each([
  ['nothing says where the bay is', [', ground: ', ', ground_: '], 'unknown key'],
  ['the length of the side is missing', [', side_m: 2.5', ''], '`side_m` is missing'],
  ['the picture has no size', ['picture: [1280, 720], ', ''], 'cam-1 has a zone by ground corners; expected `picture:'],
  ['the camera has no height', [', height_m: 3.5', ''], 'cam-1 has a zone by ground corners; expected `height_m`'],
  ['the camera hangs as low as plates', ['height_m: 3.5', 'height_m: 0.5'], 'it hangs no higher than plates'],
  [
    'polygon and ground stand side by side',
    ['side_m: 2.5', 'side_m: 2.5, polygon: [[0,0],[1,0],[1,1]]'],
    'it gives the bay twice',
  ],
  [
    'the corners go in a cross',
    [corners(0), '[[600,600],[900,300],[900,600],[600,300]]'],
    'no rectangle on the ground',
  ],
  ['the corners are no rectangle’s', [corners(0), corners(0, 3)], 'from a right angle'],
  ['the measures contradict each other', ['height_m: 3.5', 'height_m: 9'], 'hangs'],
])('%s: one sentence says so', (_, [from = '', to = ''], says) => {
  expect(told(GOOD.replaceAll(from, to)).join('\n')).toContain(says)
})

test('corners that make a bay of no vehicle’s size are warned of', () => {
  const [a, b, c, d] = JSON.parse(corners(0)) as number[][]
  const half = (one: number[] = [], other: number[] = []) =>
    one.map((value, axis) => Math.round((2 * value + (other[axis] ?? 0)) / 3))
  const short = JSON.stringify([a, b, half(b, c), half(a, d)])
  expect(told(GOOD.replaceAll(corners(0), short)).join('\n')).toMatch(
    /make a bay of 2\.5 m along the first side and [12]\.\d m along the next/,
  )
  expect(told(GOOD).join('\n')).not.toContain('make a bay')
})

test('drawings that cannot be put anywhere are refused with one sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zones-'))
  const path = join(folder, 'site.yaml')
  writeFileSync(path, GOOD)
  expect(await runCommandLine(['check', path, '--draw', '/proc/x/y'])).toBe(1)
  expect(await runCommandLine(['check', path, '--draw', join(folder, 'a', 'b')])).toBe(0)
}, 180_000)

test('a camera too far away for its plates is warned of, with the pixels to expect', () => {
  const small = GOOD.replace('[1280, 720]', '[320, 180]').replace(/ground: (\[\[.*?\]\])/g, (_, list: string) => {
    const shares = (JSON.parse(list) as number[][]).map(([x = 0, y = 0]) => [x / 1280, y / 720])
    return `ground: ${JSON.stringify(shares)}`
  })
  expect(told(small)[0]).toMatch(
    /a plate in bay-1 is at most \d\d pixels wide on cam-1: it will often be misread; expected 80/,
  )
})

test('the check says how wide plates will be and how near the neighbour is, and draws a picture of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zones-'))
  const path = join(folder, 'site.yaml')
  writeFileSync(path, GOOD)
  expect(await runCommandLine(['check', path, '--draw', join(folder, 'drawn')])).toBe(0)
  expect(out).toMatch(
    /zone {5}bay-1 on cam-1: plates \d+ to \d+ pixels wide, bay [45]\.\d m on its other side; .*bay-2/,
  )
  const { data, info } = await sharp(join(folder, 'drawn', 'cam-1.png'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect(info).toMatchObject({ width: 1280, height: 720 })
  const { polygon } = check(GOOD).site?.bays[0]?.zones[0] ?? { polygon: [] }
  const [x, y] = [0, 1].map((axis) => polygon.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / polygon.length)
  const at = 3 * (Math.round((y ?? 0) * 720 + 25) * 1280 + Math.round((x ?? 0) * 1280))
  expect([...data.subarray(at, at + 3)]).not.toEqual([...data.subarray(0, 3)])
})
