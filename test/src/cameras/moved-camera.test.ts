import { beforeAll, describe, expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { CAM, clinic, type Glances, renderGlances } from './camera-clinic.ts'

let views: Glances
beforeAll(async () => {
  views = await renderGlances()
}, 180_000)

describe('a camera that was moved', () => {
  const moved = { stream: 'site', at: '2026-11-22T10:00:00.000Z' }
  const impaired = (zones: string) =>
    ({
      ...moved,
      cause: { type: 'camera.impaired', cameraId: 'cam-1', fault: 'moved', zones },
    }) as unknown as FactRecord

  test('is nowhere after ten seconds already, and its bays are told that it is blind once it is found moved', async () => {
    const { health, lives, told, causes } = clinic(views)
    await lives(120, 1)
    await lives(8, 1, 'knocked')
    expect(health.isElsewhere('cam-1')).toBe(false)
    await lives(6, 1, 'knocked')
    expect([health.isElsewhere('cam-1'), causes()]).toEqual([true, []])
    await lives(130, 1, 'knocked')
    expect([causes(), told]).toEqual([['camera.impaired moved'], ['cam-1 lost']])
    expect(health.blindness('cam-1')).toMatchObject({ fault: 'moved', since: expect.stringMatching(/Z$/) })
  })

  test('does not learn its new place when the light changes or a bag hangs before it, and ends when the old view is back', async () => {
    const { health, lives, causes } = clinic(views)
    await lives(120, 1)
    await lives(140, 1, 'knocked')
    for (const name of ['night', 'covered', 'dazzled', 'knocked']) await lives(140, 1, name)
    expect([causes().filter((one) => one.endsWith('moved')), health.isElsewhere('cam-1')]).toEqual([
      ['camera.impaired moved'],
      true,
    ])
    await lives(140, 1)
    expect([causes().at(-1), health.isElsewhere('cam-1')]).toEqual(['camera.mended moved', false])
  })

  test('sees again once a person says that its zones fit, by whom is on record, and what it shows is its scene', async () => {
    const { health, lives, told, written } = clinic(views)
    expect(await health.confirmView('cam-1', 'Ada', null)).toBeNull()
    await lives(120, 1)
    await lives(140, 1, 'knocked')
    await health.confirmView('cam-1', 'Ada', 'the pole was bent back')
    await lives(200, 1, 'knocked')
    expect(told).toEqual(['cam-1 lost', 'cam-1 back'])
    expect(written.map(({ cause }) => cause).at(-1)).toMatchObject({
      type: 'camera.mended',
      fault: 'moved',
      by: 'Ada',
      reason: 'the pole was bent back',
    })
    expect(health.isElsewhere('cam-1')).toBe(false)
  })

  test('is moved after a restart too, whatever it shows; zones drawn anew end that', async () => {
    const { health, lives, told, causes } = clinic(views)
    health.hear(impaired('as drawn'))
    health.begin([CAM])
    await lives(300, 1)
    expect([causes(), told, health.isElsewhere('cam-1')]).toEqual([[], ['cam-1 lost'], true])
    await health.confirmView('cam-1', 'Ada', null)
    await lives(5, 1)
    expect([causes(), told]).toEqual([['camera.mended moved'], ['cam-1 lost', 'cam-1 back']])
    const other = clinic(views)
    other.health.hear(impaired('as drawn'))
    other.health.begin([{ ...CAM, zones: 'drawn anew' }])
    await other.lives(5, 1)
    expect([other.causes(), other.told]).toEqual([['camera.mended moved'], []])
  })
})
