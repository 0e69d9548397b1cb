import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../../actors/ports.ts'
import { serve } from '../../../src/compose.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { bayZone, parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { writeSite } from '../serve/serving-line.ts'

/** A clock that runs so much faster: what lasts two minutes there is over in seconds here. */
const FASTER = 20
const began = Date.now()
const fast: Clock = {
  now: () => began + (Date.now() - began) * FASTER,
  after(delay, run) {
    const timer = setTimeout(run, Math.min(delay / FASTER, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
}

/** The car park in the day, with these places taken. */
async function scene(parked: readonly number[], seed: number): Promise<Buffer> {
  const vehicles = parked.flatMap((place) => {
    const look = REGULARS[place]?.look
    return look ? [{ look, pose: parkedPose(place, vehicleLength(look), 0) }] : []
  })
  const pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles })
  return developPicture(pixels, { noise: 4, blur_px: 0.6, seed })
}
const knocked = (picture: Buffer): Promise<Buffer> =>
  sharp(picture)
    .extract({ left: 90, top: 40, width: 1190, height: 680 })
    .extend({ right: 90, bottom: 40, extendWith: 'mirror' })
    .jpeg()
    .toBuffer()
const covered = (): Promise<Buffer> =>
  sharp({ create: { width: 1280, height: 720, channels: 3, background: '#3c3c3c' } })
    .jpeg()
    .toBuffer()

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; tests say what it must be
type Json = any

/** A served site of three bays before one camera, and a camera that posts what it is told to show. */
async function servedSite() {
  const { path, httpPort } = await writeSite(3, {
    zones: (number) => bayZone(number - 1),
    policy: { absence_s: 3_000 },
  })
  const site = await serve(path, { clock: fast, env: {} })
  onTestFinished(() => site.stop())
  const ask = async (way: string, body?: object): Promise<Json> => {
    const answer = await fetch(`http://127.0.0.1:${httpPort}${way}`, {
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return answer.json()
  }
  const shows = async (picture: Buffer): Promise<void> => {
    const body = new Uint8Array(picture)
    await fetch(`http://127.0.0.1:${httpPort}/in/cam-1-secret/frame`, { method: 'POST', body })
  }
  /** Shows these in turn until it is so. */
  const until = async (pictures: readonly Buffer[], isSo: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + 60_000
    for (let turn = 0; !(await isSo()); turn += 1) {
      if (Date.now() > end) throw new Error('it did not come to that within a minute')
      await shows(pictures[turn % pictures.length] as Buffer)
    }
  }
  const camera = (): Promise<Json> => ask('/api/cameras/cam-1')
  const bay = (number: number): Promise<Json> => ask(`/api/bays/bay-${number}`)
  const alarms = async (): Promise<readonly string[]> =>
    ((await ask('/api/alarms')) as Json).items
      .map(({ type }: Json) => type)
      .filter((type: string) => type.startsWith('camera-'))
  return { ask, shows, until, camera, bay, alarms }
}

test('a camera that is covered, moved or silent blinds its bays with the cause, is alarmed with what to do, and its bays see again when it does', async () => {
  const { ask, shows, until, camera, bay, alarms } = await servedSite()
  const day = await Promise.all([1, 2, 3].map((seed) => scene([], seed)))
  const blindBy = (cause: string | null) => async () => ((await bay(2)).cameras[0].blind?.cause ?? null) === cause
  const stood = fast.now()
  await until(day, async () => fast.now() - stood > 60_000 && (await camera()).fps !== null)
  expect(await camera()).toMatchObject({ status: 'live', blind: null, faults: [], bays: ['bay-1', 'bay-2', 'bay-3'] })

  await until([await covered()], blindBy('blocked'))
  await expect.poll(async () => (await bay(1)).cameras[0].status).toBe('lost')
  expect((await bay(1)).cameras).toMatchObject([
    { cameraId: 'cam-1', status: 'lost', blind: { cause: 'blocked', do: expect.stringContaining('Clean its lens') } },
  ])
  expect(await camera()).toMatchObject({
    status: 'lost',
    faults: [
      { cause: 'blocked', blinds: true, since: expect.stringMatching(/Z$/), means: expect.stringMatching(/unseen/) },
    ],
  })
  expect(await alarms()).toEqual(['camera-blocked'])
  const { seq: whileBlocked } = await ask('/api/site')
  await until(day, blindBy(null))
  await expect.poll(async () => (await bay(1)).cameras[0].status).toBe('live')
  expect(await alarms()).toEqual([])
  const then = await ask(`/api/bays/bay-1/at?seq=${whileBlocked}`)
  expect(then.cameras).toMatchObject([{ status: 'lost', blind: { cause: 'blocked' } }])

  // Knocked to the side, with cars whose plates are large in its picture: they are nobody's.
  const askew = await Promise.all([5, 6].map(async (seed) => knocked(await scene([0, 1, 2], seed))))
  await until(askew, blindBy('moved'))
  const { seq } = await ask('/api/site')
  for (const picture of [...askew, ...askew, ...askew]) await shows(picture)
  const told = (await ask(`/api/journal?after=${seq}`)).items
  expect(told.filter(({ cause }: Json) => cause.type.startsWith('plate.'))).toEqual([])
  expect(await alarms()).toContain('camera-moved')

  const confirmed = await ask('/api/cameras/cam-1/confirm-view', { reason: 'it hangs there now' })
  expect(confirmed.seq).toBeGreaterThan(0)
  await until(askew, blindBy(null))
  expect(await alarms()).not.toContain('camera-moved')

  await expect.poll(blindBy('silent'), { timeout: 60_000 }).toBe(true)
  expect(await alarms()).toContain('camera-silent')
}, 240_000)
