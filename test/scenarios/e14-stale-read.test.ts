import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

test('E14 stale read: retained copies never trigger anything', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  for (let copy = 0; copy < 5; copy += 1)
    await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }], occupied: ['bay-1'], retained: true })
  expect(scene.state()).toBe('vacant')
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E14 stale read: a burst that was buffered over an outage is kept as evidence and starts nobody', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.watch(15)
  const then = scene.site.clock.now()
  await scene.site.pass(120_000)
  for (let frame = 0; frame < 10; frame += 1)
    await scene.picture({
      plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }],
      occupied: ['bay-1'],
      capturedAt: then + frame * 1000,
    })
  expect(scene.orders('start')).toBe(0)
  expect(scene.payer()).toBeNull()
  expect(
    scene.site.journal.records.some((record) => record.cause.type === 'plate.seen' && record.cause['fresh'] === false),
  ).toBe(true)
  await replaysTheSame(scene.site)
})
