import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LastPictures } from '../../../src/cameras/last-pictures.ts'
import { systemClock } from '../../../src/clock.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { bayZone, parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { clearPicture, coarsePicture, widestPlate } from '../../../src/vision/shown-picture.ts'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { drawingOver } from './array-drawing.ts'

const as = (role: string) => ({ headers: { authorization: `Bearer ${role}-token` } })
const at = '/api/cameras/cam-1/picture'
const NOTHING = { width: 1, height: 1, ms: 1, zones: {} }

describe('the picture of a camera', { timeout: 180_000 }, () => {
  test('is clear for who may see plates, and on record; coarse for installers; and not there for viewers and fleets', async () => {
    const over = await drawingOver()
    const { ask, site } = await startServer({ ...over, tokens: ROLE_TOKENS })
    const widths: { [role: string]: number } = {}
    for (const role of ['admin', 'operator', 'supervisor', 'auditor', 'installer']) {
      const answer = await ask(at, as(role))
      expect([role, answer.status, answer.headers.get('content-type')]).toEqual([role, 200, 'image/jpeg'])
      expect(Number(answer.headers.get('berth-came-at'))).toBeGreaterThan(Date.now() - 20_000)
      const { width } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
      widths[role] = width
    }
    expect(widths).toEqual({ admin: 1280, operator: 1280, supervisor: 1280, auditor: 1280, installer: 800 })
    const looked = site.seen.filter(({ what }) => what === 'cameraPicture')
    expect(looked.map(({ role, subjects }) => [role, subjects])).toEqual(
      ['admin', 'operator', 'supervisor', 'auditor'].map((role) => [role, ['cam-1']]),
    )
    for (const role of ['viewer', 'fleet']) expect([role, (await ask(at, as(role))).status]).toEqual([role, 403])
    expect((await ask('/api/cameras/cam-9/picture', as('admin'))).status).toBe(404)
  })

  test('is coarse for everybody while looks cannot be put on record', async () => {
    const over = await drawingOver()
    const { ask, site } = await startServer({ ...over, tokens: ROLE_TOKENS })
    site.failing = true
    const answer = await ask(at, as('operator'))
    expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width).toBe(800)
  })

  test('is kept only while somebody asks for it, and the next one takes its place', async () => {
    let now = 1_000_000
    const clock = { ...systemClock, now: () => now }
    const pictures = new LastPictures({ clock, snapshot: async () => null, read: async () => undefined })
    const take = (name: string) => pictures.took('cam-1', Buffer.from(name), NOTHING)
    take('before anybody looked')
    expect(pictures.wants('cam-1')).toBe(false)
    expect(pictures.now('cam-1')).toBeNull()
    take('first')
    take('second')
    expect(Buffer.from(pictures.now('cam-1')?.bytes ?? []).toString()).toBe('second')
    now += 14_000
    expect(pictures.wants('cam-1')).toBe(true)
    now += 2_000
    expect(pictures.wants('cam-1')).toBe(false)
    expect(pictures.now('cam-1')).toBeNull()
  })

  test('who knows the newest waits for the next, and is told of it when it comes', async () => {
    const pictures = new LastPictures({ clock: systemClock, snapshot: async () => null, read: async () => undefined })
    expect(await pictures.newest('cam-1', 0, 20)).toBeNull()
    const waiting = pictures.newest('cam-1', 0, 10_000)
    pictures.took('cam-1', Buffer.from('new'), NOTHING)
    const known = await waiting
    expect(Buffer.from(known?.bytes ?? []).toString()).toBe('new')
    expect(await pictures.newest('cam-1', known?.cameAt ?? 0, 20)).toBeNull()
  })
})

describe('a coarse picture', { timeout: 120_000 }, () => {
  let reader: ReaderPool
  beforeAll(async () => {
    reader = await openReader()
  }, 180_000)
  afterAll(() => reader.close())
  const zones = { left: bayZone(0), middle: bayZone(1), right: bayZone(2) }

  /** Vehicles of the demo in their bays; `nearer`: the picture cut so that the middle one fills it. */
  async function picture(nearer: boolean): Promise<Buffer> {
    const vehicles = [0, 1, 2].flatMap((place) => {
      const look = REGULARS[place]?.look
      return look ? [{ look, pose: parkedPose(place, vehicleLength(look), 0) }] : []
    })
    const pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles })
    const whole = await developPicture(pixels, { seed: 3, noise: 2, blur_px: 0.4 })
    if (!nearer) return whole
    return sharp(whole)
      .extract({ left: 480, top: 330, width: 320, height: 180 })
      .resize({ width: 1280 })
      .jpeg()
      .toBuffer()
  }

  test('has no plate that the production reader finds, where it reads all of them in the clear one; nor one that fills the picture', async () => {
    for (const nearer of [false, true]) {
      const bytes = await picture(nearer)
      const whole = {
        all: [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ] as const,
      }
      const seen = nearer ? whole : zones
      const clear = await reader.read(await clearPicture(bytes), seen)
      const texts = (answer: typeof clear) =>
        Object.values(answer.zones).flatMap(({ reads }) => reads.map(({ text }) => text))
      expect([nearer, texts(clear).length >= (nearer ? 1 : 3)]).toEqual([nearer, true])
      const coarse = await coarsePicture(bytes, widestPlate(clear, Object.values(seen)))
      const left = texts(await reader.read(coarse, seen))
      for (const text of texts(clear)) expect(left).not.toContain(text)
      // Where the clear one was not read, the zones alone say how near a plate may be.
      const blind = await coarsePicture(bytes, widestPlate(NOTHING, Object.values(seen)))
      for (const text of texts(clear)) expect(texts(await reader.read(blind, seen))).not.toContain(text)
    }
  })
})
