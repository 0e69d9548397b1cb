import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { drawingOver } from './array-drawing.ts'
import { box, drawn, zoneScene } from './zone-scene.ts'

vi.setConfig({ testTimeout: 180_000 })

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
      { bayId: 'bay-2', cameraId: 'cam-1', bars: false, says: expect.stringContaining('overlaps the zone of bay-1') },
      { bayId: 'bay-1', cameraId: 'cam-1', bars: false, says: expect.stringContaining('overlaps the zone of bay-2') },
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

  test('where the journal cannot be written the site file is as it was, and the same order may be sent again', async () => {
    const { site, drawing, path } = await drawingOver()
    const [order, ann] = [
      { id: 'o', expectVersion: 1, reason: 'new', bays: drawn('bay-1', box(0.1, 0.4, 0.3, 0.9)) },
      { name: 'ann', role: 'admin' } as const,
    ]
    const [text, zones] = [readFileSync(path, 'utf8'), drawing.zones.ofCamera('cam-1')]
    site.failing = true
    await expect(drawing.desk.publish(order, ann)).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
    expect([readFileSync(path, 'utf8'), drawing.desk.versions.newest]).toEqual([text, 1])
    expect(drawing.zones.ofCamera('cam-1')).toBe(zones)
    site.failing = false
    expect(await drawing.desk.publish(order, ann)).toMatchObject({ version: 2 })
    expect(drawing.zones.ofCamera('cam-1')).not.toBe(zones)
  })
})
