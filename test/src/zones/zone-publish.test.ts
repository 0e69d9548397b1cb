import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import type { Polygon } from '../../../actors/ports.ts'
import type { WrittenBays } from '../../../src/zones/zone-versions.ts'
import { drawingOver } from './array-drawing.ts'
import { box, drawn, zoneScene } from './zone-scene.ts'

vi.setConfig({ testTimeout: 180_000 })

describe('publishing zones', () => {
  test('puts them into the site file, the journal and force at once: the next read at a place inside goes to the bay', async () => {
    const scene = await zoneScene()
    const before = scene.file()
    const place = [0.16, 0.15] as const
    const from = await scene.seq()
    await scene.read('AB12CDE', place)
    expect(await scene.heard(from)).toEqual([])

    const published = await scene.publish(drawn('bay-1', box(0.02, 0.05, 0.32, 0.95)))
    expect(published).toMatchObject({ status: 201, body: { version: 2, seq: expect.any(Number) } })
    await scene.read('AB12CDE', place)
    expect(await scene.heard(from)).toEqual(['bay-1'])

    const after = scene.file()
    expect(parse(after).bays[0].zones).toEqual([{ camera: 'cam-1', polygon: box(0.02, 0.05, 0.32, 0.95) }])
    expect(after).toContain('# a comment of the owner')
    const others = (text: string) => ({ ...parse(text), bays: parse(text).bays.slice(1) })
    expect(others(after)).toEqual(others(before))
    const { items } = (await scene.ask('GET', `/api/journal?after=${from}&limit=100`)).body
    const ordered = items.find(({ cause }: { cause: { type: string } }) => cause.type === 'zones.ordered')
    expect(ordered).toMatchObject({
      stream: 'site',
      cause: { by: 'admin', reason: 'other', zonesVersion: 2, putBack: null },
    })
    const told = items.filter(({ cause }: { cause: { type: string } }) => cause.type === 'zones.published')
    expect(told.map(({ bayId }: { bayId: string }) => bayId)).toEqual(['bay-1'])
  })

  test('holds over a restart, under the same version', async () => {
    const scene = await zoneScene()
    await scene.publish(drawn('bay-2', box(0.4, 0.1, 0.6, 0.9)))
    const zones = await scene.zones()
    await scene.stop()
    const again = await zoneScene({ site: scene.line })
    expect(await again.zones()).toEqual(zones)
    expect(
      (await again.ask('GET', '/api/zones/versions')).body.items.map(
        ({ version, by }: { version: number; by: string }) => [version, by],
      ),
    ).toEqual([
      [2, 'admin'],
      [1, null],
    ])
  })

  test('of two people who drew over one version the first is taken, the other is told who was first, and nothing of theirs is lost or mixed', async () => {
    const scene = await zoneScene()
    const both = await Promise.all([
      scene.publish(drawn('bay-1', box(0.02, 0.1, 0.3, 0.9))),
      scene.publish(drawn('bay-2', box(0.36, 0.1, 0.6, 0.9))),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const late = both.find(({ status }) => status === 409)
    expect(late?.body).toMatchObject({
      code: 'VERSION_CONFLICT',
      detail: expect.stringContaining('Version 2'),
      newer: { version: 2, by: 'admin' },
    })
    expect((await scene.zones()).version).toBe(2)
    const changed = (await scene.ask('GET', '/api/zones/versions')).body.items[0].changed
    const [first] = changed
    expect(changed).toEqual([first])
    const other = first === 'bay-1' ? 'bay-2' : 'bay-1'
    const old = (await scene.ask('GET', '/api/zones/versions/1')).body.bays
    const now = (await scene.zones()).bays
    expect(now.find(({ bayId }) => bayId === other)).toEqual(
      old.find(({ bayId }: { bayId: string }) => bayId === other),
    )
  })

  test('the same order again has no second effect, and an order that changes nothing is refused', async () => {
    const scene = await zoneScene()
    const bays = drawn('bay-1', box(0.02, 0.1, 0.3, 0.9))
    const [first, again] = [await scene.publish(bays, { id: 'o-1' }), await scene.publish(bays, { id: 'o-1' })]
    expect([first.status, again]).toEqual([201, first])
    expect(await scene.publish(bays, { expectVersion: 2 })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('nothing to publish') },
    })
  })

  test('puts an old version back, and says so', async () => {
    const scene = await zoneScene()
    await scene.publish(drawn('bay-1', box(0.02, 0.05, 0.3, 0.95)))
    const { bays } = (await scene.ask('GET', '/api/zones/versions/1')).body
    const never = await scene.publish(bays, { expectVersion: 2, putBack: 77_777 })
    expect([never.status, JSON.stringify(never.body)]).toEqual([404, expect.stringContaining('no version 77777')])
    expect((await scene.publish(bays, { expectVersion: 2, putBack: 1 })).body).toMatchObject({ version: 3 })
    const back = await scene.zones()
    const first = (all: WrittenBays) => all.flatMap(({ zones }) => ('polygon' in (zones[0] ?? {}) ? zones : []))[0]
    const corners = (all: WrittenBays) => (first(all) as { polygon: Polygon }).polygon.flat()
    for (const [at, value] of corners(back.bays).entries()) expect(value).toBeCloseTo(corners(bays)[at] ?? 0, 4)
    expect(back.bays.slice(1)).toEqual(bays.slice(1))
    expect((await scene.ask('GET', '/api/zones/versions')).body.items[0]).toMatchObject({
      version: 3,
      putBack: 1,
      changed: ['bay-1'],
    })
  })
})

test('corners on the ground are lifted to the height of plates as they are drawn, and stand in the file as corners on the ground', async () => {
  const { drawing } = await drawingOver()
  const ground = [
    [0.38, 0.75],
    [0.62, 0.75],
    [0.57, 0.52],
    [0.43, 0.52],
  ] as const
  const bays = [{ bayId: 'bay-6', zones: [{ cameraId: 'cam-1', ground, side_m: 2.5 }] }]
  const { used, problems } = await drawing.desk.check(bays)
  const lifted = used.find(({ bayId }) => bayId === 'bay-6')
  expect(problems.filter(({ bars }) => bars)).toEqual([])
  expect(lifted).toMatchObject({
    ground: expect.any(Array),
    plate_px: { near: expect.any(Number), far: expect.any(Number) },
  })
  // Plates hang above the ground: their outline lies higher in the picture.
  const top = (polygon: Polygon) => Math.min(...polygon.map(([, y]) => y))
  expect(top(lifted?.polygon ?? [])).toBeLessThan(top(ground) - 0.02)
  expect(
    await drawing.desk.publish(
      { id: 'o', expectVersion: 1, reason: 'new bay', bays },
      { name: 'ann', role: 'installer' },
    ),
  ).toMatchObject({ version: 2 })
  const now = await drawing.desk.now()
  expect(now.bays.find(({ bayId }) => bayId === 'bay-6')?.zones).toEqual([{ cameraId: 'cam-1', ground, side_m: 2.5 }])
  expect(drawing.zones.ofCamera('cam-1')['bay-6']).toMatchObject({ polygon: lifted?.polygon })
})
