import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import type { ZoneLook } from '../../../actors/zone-look.ts'
import { decodePicture } from '../../../src/vision/picture.ts'
import { lookAtZone } from '../../../src/vision/zone-crop.ts'
import { adaptEmpty, judgePresence, learnEmpty, likeness } from '../../../src/vision/zone-presence.ts'

const zone: Polygon = [
  [0.2, 0.2],
  [0.8, 0.2],
  [0.9, 0.95],
  [0.1, 0.95],
]
const FLOOR =
  '<rect width="640" height="480" fill="#70737a"/><polygon points="120,90 130,90 70,470 50,470" fill="#e8e8e0"/><polygon points="510,90 520,90 590,470 570,470" fill="#e8e8e0"/><ellipse cx="300" cy="360" rx="70" ry="20" fill="#55585e"/><rect y="0" width="640" height="100" fill="#b5aa98"/>'
const CAR =
  '<g><rect x="170" y="150" width="300" height="220" rx="40" fill="#273a66"/><rect x="205" y="165" width="230" height="80" rx="14" fill="#10151d"/><rect x="255" y="310" width="130" height="32" fill="#f5f5ee"/><circle cx="200" cy="290" r="20" fill="#ffe"/><circle cx="440" cy="290" r="20" fill="#ffe"/><rect x="180" y="360" width="60" height="50" fill="#0a0a0a"/><rect x="400" y="360" width="60" height="50" fill="#0a0a0a"/></g>'
const SILVER = CAR.replace('#273a66', '#8f939b')

type Change = (picture: Sharp) => Sharp
const asIs: Change = (picture) => picture

async function look(content: string, change: Change = asIs, noiseSeed = 1, where = zone): Promise<ZoneLook> {
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${FLOOR}${content}</svg>`)
  const clean = await change(sharp(svg).removeAlpha()).raw().toBuffer()
  let state = noiseSeed
  const grainy = clean.map((value: number) => {
    state = (state * 1664525 + 1013904223) >>> 0
    return Math.max(0, Math.min(255, value + (state >>> 28) - 8))
  })
  const bytes = await sharp(grainy, { raw: { width: 640, height: 480, channels: 3 } })
    .jpeg({ quality: 75 })
    .toBuffer()
  return lookAtZone(await decodePicture(bytes), where)
}

let empty: ZoneLook
beforeAll(async () => {
  const learnt = learnEmpty([await look('', asIs, 1), await look('', asIs, 2), await look('', asIs, 3)])
  expect(learnt).not.toBeNull()
  empty = learnt as ZoneLook
})

describe('presence', () => {
  test('the empty zone is empty in other light: dim, bright, dusk, haze', async () => {
    const lights: [string, Change][] = [
      ['same', asIs],
      ['dim', (p) => p.linear(0.55, 0)],
      ['bright', (p) => p.linear(1.3, 10)],
      ['dusk', (p) => p.linear(0.3, 6)],
      ['haze', (p) => p.linear(0.5, 90)],
    ]
    for (const [name, change] of lights)
      expect([name, judgePresence(await look('', change, 7), empty)]).toEqual([name, 'empty'])
  })

  test('a vehicle is never seen as an empty zone, and by day it is seen', async () => {
    for (const [name, vehicle] of [
      ['blue', CAR],
      ['silver', SILVER],
    ] as const) {
      expect([name, judgePresence(await look(vehicle, asIs, 5), empty)]).toEqual([name, 'occupied'])
      for (const change of [
        (p: Sharp) => p.linear(0.55, 0),
        (p: Sharp) => p.linear(0.3, 6),
        (p: Sharp) => p.linear(0.5, 90),
      ])
        expect(judgePresence(await look(vehicle, change, 5), empty)).not.toBe('empty')
    }
  })

  test('what lies outside the polygon changes nothing', async () => {
    const neighbour =
      '<rect x="585" y="60" width="55" height="300" fill="#c22"/><rect x="0" y="60" width="50" height="300" fill="#111"/>'
    expect(judgePresence(await look(neighbour, asIs, 4), empty)).toBe('empty')
  })

  test('a hard shadow is not enough to call the zone occupied or to learn it', async () => {
    const shadow = '<polygon points="0,140 640,260 640,480 0,480" fill="black" opacity="0.4"/>'
    expect(judgePresence(await look(shadow), empty)).not.toBe('occupied')
  })

  test('nothing is known before an empty zone is learnt, in the dark, and of another zone', async () => {
    expect(judgePresence(await look(''), null)).toBe('unknown')
    expect(judgePresence(await look('', (p) => p.linear(0.01, 0)), empty)).toBe('unknown')
    const other = await look('', asIs, 1, [
      [0, 0],
      [0.5, 0],
      [0.5, 0.5],
      [0, 0.5],
    ])
    expect(judgePresence(other, empty)).toBe('unknown')
    expect(likeness(other, empty)).toBe(0)
  })

  test('looks that do not agree, too few, or blind ones teach nothing', async () => {
    const [a, b] = [await look('', asIs, 1), await look('', asIs, 2)]
    expect(learnEmpty([])).toBeNull()
    expect(learnEmpty([a, b])).toBeNull()
    expect(learnEmpty([a, b, await look(CAR)])).toBeNull()
    const dark = await look('', (p) => p.linear(0.01, 0))
    expect(learnEmpty([dark, dark, dark])).toBeNull()
  })

  test('a stain is followed slowly, a vehicle never', async () => {
    const stain = await look('<ellipse cx="330" cy="300" rx="80" ry="26" fill="#3f4248"/>', asIs, 3)
    let adapted = empty
    for (let i = 0; i < 60; i++) adapted = adaptEmpty(adapted, stain)
    expect(likeness(stain, adapted)).toBeGreaterThan(likeness(stain, empty))
    expect(adaptEmpty(empty, await look(CAR))).toBe(empty)
  })
})
