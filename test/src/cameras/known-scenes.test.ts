import { beforeAll, describe, expect, test } from 'vitest'
import type { PictureView } from '../../../actors/zone-look.ts'
import { ViewWatch } from '../../../src/cameras/view-watch.ts'
import { type Glances, renderLights } from './camera-clinic.ts'

let views: Glances
beforeAll(async () => {
  views = await renderLights()
}, 120_000)

/** A camera that shows these in turn, one a second for so long each; answers what was found at the end of each. */
function life(...shown: readonly (readonly [name: string, seconds: number])[]) {
  const watch = new ViewWatch()
  let at = 0
  return shown.map(([name, seconds]) => {
    const [view] = views[name] ?? []
    if (!view) throw new Error(`nothing is rendered as ${name}`)
    for (let second = 0; second < seconds; second += 1) {
      at += 1_000
      watch.see(view, at)
    }
    return { name, faults: watch.faults(), isElsewhere: watch.isElsewhere }
  })
}
const FINE = { faults: [], isElsewhere: false }

describe('light that changes at once', () => {
  test.each([
    [['day', 'night', 'infrared', 'infraredCars', 'night', 'nightCars', 'day', 'cars', 'day']],
    [['night', 'day', 'snow', 'nightCars', 'snow', 'cars']],
    [['day', 'lighter', 'darker', 'contrasty', 'day', 'rain', 'lighter', 'rain', 'day']],
  ])('is no moved camera: %o', (names) => {
    expect(life(...names.map((name) => [name, 300] as const))).toEqual(names.map((name) => ({ name, ...FINE })))
  })

  test.each(['day', 'night', 'snow', 'cars'])('hides no knock: from %s to every other light, knocked', (before) => {
    const lights = ['day', 'cars', 'night', 'nightCars', 'snow', 'infrared', 'lighter', 'darker', 'contrasty', 'rain']
    const found = lights.map((after) => {
      const [, early, late] = life([before, 300], [`${after}, knocked`, 15], [`${after}, knocked`, 120])
      return [after, early?.isElsewhere, late?.faults]
    })
    expect(found).toEqual(lights.map((after) => [after, true, ['moved']]))
  })

  test('hides none of a camera that knows many lights either', () => {
    const lights = ['day', 'cars', 'night', 'nightCars', 'snow', 'infrared', 'lighter', 'darker'] as const
    const known = lights.map((name) => [name, 60] as const)
    for (const after of lights)
      expect([after, life(...known, [`${after}, knocked`, 140]).at(-1)?.faults]).toEqual([after, ['moved']])
  })
})

test('a moved camera is not taken back because the light changes at its new place, and is in the light that is known', () => {
  expect(
    life(['day', 300], ['day, knocked', 140], ['night, knocked', 300], ['lighter, knocked', 300], ['day', 140]).map(
      ({ faults }) => faults,
    ),
  ).toEqual([[], ['moved'], ['moved'], ['moved'], []])
})

test('headlights in the lens and a picture too dim to tell say nothing: no alarm, nothing learnt, and none ended', () => {
  expect(life(['night', 300], ['headlights', 300], ['night', 130]).map(({ isElsewhere }) => isElsewhere)).toEqual([
    false,
    false,
    false,
  ])
  expect(life(['day', 300], ['dim', 300], ['day', 130]).every(({ faults }) => !faults.includes('moved'))).toBe(true)
  expect(life(['day', 300], ['day, knocked', 140], ['dim, knocked', 300]).at(-1)?.faults).toContain('moved')
  // A scene that was only ever seen too dim is not known: the first one that can be told is.
  expect(life(['dim, knocked', 300], ['day', 300]).at(-1)?.faults).toEqual([])
})

test('a truck that fills the view is none while it passes; one that stays says so, is not learnt, and its end ends that', () => {
  expect(life(['day', 300], ['truck', 90], ['day', 30]).at(-1)).toEqual({ name: 'day', ...FINE })
  expect(life(['day', 300], ['truck', 150], ['day', 130]).map(({ faults }) => faults)).toEqual([[], ['moved'], []])
})

test('where a zone is the whole picture, a vehicle that fills it is no other scene: nothing is said of the camera, and its reads count', () => {
  const filled: Glances = Object.fromEntries(
    Object.entries(views).map(([name, glances]) => [name, glances.map(withoutGround)]),
  )
  const watch = new ViewWatch()
  let at = 0
  for (const name of ['day', 'truck', 'day, knocked', 'truck'])
    for (let second = 0; second < 150; second += 1) {
      at += 1_000
      const glances = filled[name] ?? []
      watch.see(glances[second % glances.length] as PictureView, at)
      expect([watch.isElsewhere, ...watch.faults()]).toEqual([false])
    }
})

/** As where the one zone is the whole picture. */
function withoutGround(view: PictureView): PictureView {
  const bytes = Buffer.from(view.look.grey, 'base64')
  bytes.fill(0, view.look.size * view.look.size)
  return { ...view, look: { ...view.look, grey: bytes.toString('base64') } }
}
