import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import type { Polygon } from '../../../actors/ports.ts'
import type { WrittenBays } from '../../../src/zones/zone-versions.ts'
import { box, drawn, zoneScene } from './zone-scene.ts'

vi.setConfig({ testTimeout: 60_000 })

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
      cause: { by: 'admin', reason: 'redrawn', zonesVersion: 2, putBack: null },
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

describe('what is refused changes nothing', () => {
  const BOWTIE = [
    [0.1, 0.3],
    [0.3, 0.9],
    [0.3, 0.3],
    [0.1, 0.9],
  ] as const
  const bad: readonly (readonly [string, number, (bays: unknown) => unknown])[] = [
    [
      'two corners',
      400,
      () => [
        {
          bayId: 'bay-1',
          zones: [
            {
              cameraId: 'cam-1',
              polygon: [
                [0, 0],
                [1, 1],
              ],
            },
          ],
        },
      ],
    ],
    [
      'a corner outside the picture',
      400,
      () => [
        {
          bayId: 'bay-1',
          zones: [
            {
              cameraId: 'cam-1',
              polygon: [
                [0, 0],
                [1.2, 0],
                [1, 1],
              ],
            },
          ],
        },
      ],
    ],
    [
      'a corner that is no number',
      400,
      () => [
        {
          bayId: 'bay-1',
          zones: [
            {
              cameraId: 'cam-1',
              polygon: [
                [0, 0],
                ['1', 0],
                [1, 1],
              ],
            },
          ],
        },
      ],
    ],
    [
      'more corners than anybody draws',
      400,
      () => [
        {
          bayId: 'bay-1',
          zones: [{ cameraId: 'cam-1', polygon: Array.from({ length: 41 }, (_, at) => [at / 41, 0.5]) }],
        },
      ],
    ],
    ['edges that cross', 422, () => drawn('bay-1', BOWTIE)],
    [
      'corners on one line',
      422,
      () =>
        drawn('bay-1', [
          [0.1, 0.1],
          [0.2, 0.2],
          [0.3, 0.3],
        ]),
    ],
    [
      'a camera that is not there',
      422,
      () => [{ bayId: 'bay-1', zones: [{ cameraId: 'cam-9', polygon: box(0, 0, 1, 1) }] }],
    ],
    [
      'two zones of one camera',
      422,
      () => [{ bayId: 'bay-1', zones: [1, 2].map(() => ({ cameraId: 'cam-1', polygon: box(0, 0, 0.3, 1) })) }],
    ],
    [
      'corners on the ground of a camera whose height nobody measured',
      422,
      () => [{ bayId: 'bay-1', zones: [{ cameraId: 'cam-1', ground: box(0, 0, 0.3, 1), side_m: 2.5 }] }],
    ],
    ['a bay that is not there', 404, () => drawn('bay-9', box(0, 0, 1, 1))],
  ]

  test('bad polygons: with one sentence each', async () => {
    const scene = await zoneScene()
    const file = scene.file()
    for (const [name, status, bays] of bad) {
      const answer = await scene.publish(bays(null) as never)
      expect([name, answer.status]).toEqual([name, status])
      expect(answer.body.detail.length).toBeGreaterThan(20)
    }
    expect([scene.file(), (await scene.zones()).version]).toEqual([file, 1])
    const { items } = (await scene.ask('GET', '/api/journal?limit=500')).body
    expect(items.filter(({ cause }: { cause: { type: string } }) => cause.type === 'zones.ordered')).toEqual([])
  })

  test('a draft is checked as `berth check` would: what bars it, and what it only warns of', async () => {
    const scene = await zoneScene()
    const check = async (bays: unknown) => (await scene.ask('POST', '/api/zones/check', { bays })).body
    const overlapping = await check(drawn('bay-1', box(0.02, 0.25, 0.5, 0.97)))
    expect(overlapping.problems).toMatchObject([
      {
        bayId: expect.any(String),
        cameraId: 'cam-1',
        bars: false,
        says: expect.stringContaining('overlaps the zone of'),
      },
    ])
    expect((await check(drawn('bay-1', BOWTIE))).problems).toContainEqual(
      expect.objectContaining({ bayId: 'bay-1', bars: true, says: 'its edges cross each other' }),
    )
    const used = overlapping.used.find(({ bayId }: { bayId: string }) => bayId === 'bay-1')
    expect(used).toMatchObject({
      polygon: box(0.02, 0.25, 0.5, 0.97),
      ground: null,
      nearest: { bayId: 'bay-2', gap: expect.any(Number) },
    })
    expect(used.nearest.gap).toBeLessThan(0)
  })

  test('a file that somebody changed meanwhile, or that may not be written, is left alone', async () => {
    const scene = await zoneScene()
    const bays = drawn('bay-1', box(0.02, 0.1, 0.3, 0.9))
    const text = scene.file()
    writeFileSync(scene.line.path, text.replace(/0\.95$/m, '0.9'))
    const changed = scene.file()
    expect(changed).not.toBe(text)
    expect(await scene.publish(bays)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('somebody changed the file') },
    })
    expect((await scene.zones()).fixed).toContain('somebody changed the file')
    expect(readFileSync(scene.line.path, 'utf8')).toBe(changed)
    writeFileSync(scene.line.path, text)
    expect((await scene.zones()).fixed).toBeNull()
    if (process.getuid?.() === 0) return
    chmodSync(scene.line.folder, 0o500)
    expect(await scene.publish(bays)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('cannot be written') },
    })
    chmodSync(scene.line.folder, 0o700)
    expect(scene.file()).toBe(text)
  })
})
