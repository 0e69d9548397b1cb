import { beforeAll, describe, expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { faultWords } from '../../../src/cameras/camera-fault-words.ts'
import { ViewWatch } from '../../../src/cameras/view-watch.ts'
import { aCamera, aFault } from '../server/array-cameras.ts'
import { startServer } from '../server/running-server.ts'
import { CAM, clinic, type Glances, renderGlances } from './camera-clinic.ts'

let views: Glances
beforeAll(async () => {
  views = await renderGlances()
}, 180_000)

/** Shows a watch these pictures, one a second for so long; gives the faults at the end. */
function watched(watch: ViewWatch, names: readonly string[], seconds: number, from: number): readonly string[] {
  const pictures = names.flatMap((name) => views[name] ?? [])
  for (let second = 0; second < seconds; second += 1) {
    const view = pictures[second % pictures.length]
    if (view) watch.see(view, (from + second) * 1_000)
  }
  return watch.faults()
}
/** A watch that has seen ten minutes of a usual day. */
function used(): ViewWatch {
  const watch = new ViewWatch()
  expect(watched(watch, ['day', 'cars'], 600, 0)).toEqual([])
  return watch
}

describe('what a camera shows, in rendered pictures', () => {
  test('cars that come and go, night, snow, noise and a lens a little soft are no fault', () => {
    const watch = used()
    for (const [at, names] of [
      ['cars'],
      ['noisy'],
      ['soft'],
      ['night'],
      ['nightCars', 'night'],
      ['day'],
      ['snow'],
      ['day', 'cars'],
    ].entries())
      expect([names, watched(watch, names, 400, 600 + at * 400), watch.isElsewhere]).toEqual([names, [], false])
  })

  test.each([
    ['unsharp', 'blurred'],
    ['knocked', 'moved'],
    ['covered', 'blocked'],
    ['black', 'dark'],
    ['dazzled', 'glare'],
  ])('%s: it is found as %s within three minutes, and over within three minutes', (name, fault) => {
    const watch = used()
    expect(watched(watch, [name], 5, 600)).toEqual([])
    expect(watched(watch, [name], 180, 605)).toEqual([fault])
    expect(watched(watch, ['day', 'cars'], 180, 785)).toEqual([])
  })

  test('headlights that sweep and a van that passes are none', () => {
    const watch = used()
    for (let minute = 0; minute < 30; minute += 1) {
      watched(watch, [minute % 2 ? 'dazzled' : 'covered'], 20, 600 + minute * 60)
      expect(watched(watch, ['day'], 40, 620 + minute * 60)).toEqual([])
    }
  })
})

describe('on record', () => {
  test('a covered lens is one alarm with its cause and what to do; its bays are told that it is blind, and that it sees again', async () => {
    const { lives, written, told, causes } = clinic(views)
    await lives(60, 2)
    await lives(60, 2, 'covered')
    expect(told).toEqual(['cam-1 lost'])
    expect(causes()).toEqual(['camera.impaired blocked'])
    expect(written[0]?.effects).toMatchObject([
      {
        type: 'raise.alarm',
        alarmId: 'site/camera/cam-1/blocked',
        says: expect.stringContaining(
          'Camera cam-1 shows one grey and nothing else. Its bays count as unseen until its picture is good again',
        ),
        do: expect.stringContaining('Clean its lens'),
      },
    ])
    await lives(60, 2)
    expect(told).toEqual(['cam-1 lost', 'cam-1 back'])
    expect(causes()).toEqual(['camera.impaired blocked', 'camera.mended blocked'])
  })

  test('a camera that gives far fewer pictures than it used to is alarmed by its own habit, and a slow one is not', async () => {
    const fast = clinic(views)
    await fast.lives(200, 5)
    await fast.lives(100, 1)
    expect(fast.causes()).toEqual(['camera.impaired slow'])
    expect(fast.told).toEqual([])
    await fast.lives(60, 5)
    expect(fast.causes()).toEqual(['camera.impaired slow', 'camera.mended slow'])
    const slow = clinic(views)
    await slow.lives(300, 1)
    expect([slow.causes(), slow.health.conditions()]).toEqual([
      [],
      [{ cameraId: 'cam-1', fps: 1, usual_fps: 1, faults: [] }],
    ])
  })

  test('what a device says of itself counts: no picture there is blindness here', async () => {
    const { health, lives, told, written } = clinic(views)
    health.pulse('cam-1', { fps: 14, blind: null })
    await lives(2, 0)
    expect([told, health.conditions()[0]?.fps]).toEqual([[], 14])
    health.pulse('cam-1', { fps: 0, blind: 'its recogniser says that no picture comes in' })
    await lives(2, 0)
    expect(told).toEqual(['cam-1 lost'])
    expect(written[0]?.effects).toMatchObject([{ says: expect.stringContaining('no picture comes in') }])
    health.pulse('cam-1', { fps: 14, blind: null })
    await lives(2, 0)
    expect(told).toEqual(['cam-1 lost', 'cam-1 back'])
  })

  test('after a restart an alarm stands until the camera was seen well, and ends with a camera that is named no more', async () => {
    const { health, lives, causes } = clinic(views)
    const record = (cameraId: string) =>
      ({ stream: 'site', cause: { type: 'camera.impaired', cameraId, fault: 'blurred' } }) as unknown as FactRecord
    health.hear(record('cam-1'))
    health.hear(record('cam-9'))
    health.begin([CAM])
    await lives(5, 0)
    expect(causes()).toEqual(['camera.mended blurred'])
    await lives(5, 1)
    expect(causes()).toEqual(['camera.mended blurred', 'camera.mended blurred'])
  })
})

test('a camera of which nothing comes is alarmed once, also through a restart, and its alarm ends when it is heard', async () => {
  const { health, status, lives, told, causes } = clinic(views)
  await lives(5, 1)
  status.of = 'lost'
  await lives(60, 0)
  expect([causes(), told]).toEqual([['camera.impaired silent'], []])
  expect(health.blindness('cam-1')?.fault).toBe('silent')
  status.of = 'unheard'
  await lives(5, 0)
  expect(causes()).toEqual(['camera.impaired silent'])
  status.of = 'live'
  await lives(2, 1)
  expect(causes()).toEqual(['camera.impaired silent', 'camera.mended silent'])
})

test('metrics name each camera’s pictures a second and what is wrong with it', async () => {
  const sights = [aCamera('cam-1', { fps: 4.987, faults: [aFault('blurred'), aFault('slow')] }), aCamera('cam-2', {})]
  const { ask } = await startServer({ sights: { all: () => sights, confirmView: async () => null } })
  const text = await (await ask('/metrics')).text()
  expect(text).toContain('berth_camera_frames_per_second{camera="cam-1"} 4.99\n')
  expect(text).toContain('berth_camera_fault{camera="cam-1",fault="blurred"} 1\n')
  expect(text).not.toContain('cam-2')
})

test('a camera whose login is refused, or that is asked in vain, is alarmed at once, blinds its bays until it gives again, and words fit its kind', async () => {
  const { health, status, written, told, lives, causes } = clinic(views)
  health.begin([{ ...CAM, kind: 'snapshot' }])
  health.source('cam-1', 'works')
  await lives(2, 1)
  expect(causes()).toEqual([])
  health.source('cam-1', 'refused')
  await lives(1, 0)
  expect([causes(), told]).toEqual([['camera.impaired refused'], ['cam-1 lost']])
  expect(written.at(-1)?.effects).toMatchObject([
    { alarm: 'camera-refused', says: expect.stringContaining('unseen until its login works') },
  ])
  status.of = 'lost'
  health.source('cam-1', 'unreachable')
  await lives(1, 0)
  expect(health.blindness('cam-1')).toMatchObject({ fault: 'unreachable', kind: 'snapshot' })
  health.source('cam-1', 'works')
  await lives(1, 1)
  expect(health.blindness('cam-1')).toBeNull()
  expect(told).toEqual(['cam-1 lost', 'cam-1 back'])
  expect(faultWords('silent', 'push').does).toContain('its token')
  for (const kind of ['snapshot', 'mjpeg', 'rtsp', 'alertstream', 'eventmanager', 'mqtt'] as const)
    for (const fault of ['silent', 'refused', 'unreachable'] as const)
      expect(faultWords(fault, kind).does).not.toMatch(/token/)
})
