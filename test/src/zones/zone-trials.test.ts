import { expect, test, vi } from 'vitest'
import type { ZoneTrial } from '../../../src/zones/zone-trials.ts'
import { until } from '../serve/serving-line.ts'
import { box, drawn, zoneScene } from './zone-scene.ts'

vi.setConfig({ testTimeout: 180_000 })

type Scene = Awaited<ReturnType<typeof zoneScene>>

async function tried(scene: Scene, bays: unknown): Promise<ZoneTrial> {
  const begun = await scene.ask('POST', '/api/zones/trials', { bays, hours: 24 })
  expect(begun.status).toBe(202)
  let trial: ZoneTrial = begun.body
  await until(async () => {
    trial = (await scene.ask('GET', `/api/zones/trials/${trial.trialId}`)).body
    return trial.report !== null || trial.says !== null
  })
  expect(trial.says).toBeNull()
  return trial
}

test('a draft is tried over what was recorded: visits that its zones move are listed, and the publication says that it was tried', async () => {
  const scene = await zoneScene()
  for (let at = 0; at < 3; at += 1) await scene.read('AB12CDE', [0.25, 0.6])
  await until(async () => (await scene.ask('GET', '/api/bays/bay-1')).body.state !== 'vacant')
  const seq = await scene.seq()

  // A little higher and wider: every read lies where it lay.
  const harmless = [...drawn('bay-1', box(0.01, 0.2, 0.33, 0.96))]
  expect((await tried(scene, harmless)).report).toMatchObject({ totals: { visits: 1, changed: 0 }, visits: [] })

  // The place of these reads is the neighbour’s now.
  const moving = [...drawn('bay-1', box(0.01, 0.2, 0.15, 0.96)), ...drawn('bay-2', box(0.16, 0.2, 0.64, 0.96))]
  const { report } = await tried(scene, moving)
  expect(report?.totals.changed).toBeGreaterThanOrEqual(2)
  expect(report?.visits.map(({ bayId, changes }) => [bayId, changes[0]])).toEqual(
    expect.arrayContaining([
      ['bay-1', 'visit lost'],
      ['bay-2', 'visit gained'],
    ]),
  )
  expect(JSON.stringify(report)).not.toContain('AB12CDE')
  expect(report?.cannotSee.length).toBeGreaterThan(0)
  // Nothing was written, and nothing changed.
  expect((await scene.zones()).version).toBe(1)
  expect(
    (await scene.ask('GET', `/api/journal?after=${seq}&limit=100`)).body.items.filter(
      ({ cause }: { cause: { type: string } }) => cause.type.startsWith('zone'),
    ),
  ).toEqual([])

  await scene.publish(moving)
  expect((await scene.ask('GET', '/api/zones/versions')).body.items[0]).toMatchObject({
    version: 2,
    tried: { hours: 24, changed: report?.totals.changed },
  })
  await scene.publish(drawn('bay-3', box(0.7, 0.2, 0.95, 0.9)), { expectVersion: 2 })
  expect((await scene.ask('GET', '/api/zones/versions')).body.items[0]).toMatchObject({ version: 3, tried: null })
})

test('one trial runs at a time, and what cannot be published is not tried', async () => {
  const scene = await zoneScene()
  const begin = (bays: unknown) => scene.ask('POST', '/api/zones/trials', { bays, hours: 1 })
  const first = (await begin(drawn('bay-1', box(0.02, 0.1, 0.3, 0.9)))).body.trialId
  const second = (await begin(drawn('bay-1', box(0.03, 0.1, 0.3, 0.9)))).body.trialId
  expect((await scene.ask('GET', `/api/zones/trials/${first}`)).status).toBe(404)
  expect((await scene.ask('GET', `/api/zones/trials/${second}`)).status).toBe(200)
  expect(
    (
      await begin(
        drawn('bay-1', [
          [0.1, 0.1],
          [0.3, 0.9],
          [0.3, 0.1],
          [0.1, 0.9],
        ]),
      )
    ).status,
  ).toBe(422)
  expect((await begin([])).status).toBe(422)
  expect((await scene.ask('POST', '/api/zones/trials', { bays: [], hours: 0 })).status).toBe(400)
})
