import { expect, test } from 'vitest'
import { replaysTheSame, Scene, TWO_BAYS } from './steps.ts'

test('E12 same plate at two bays: the one that holds nothing yields to the newer sight; its token dies and only one start lives', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE', 'bay-1')
  const dead = scene.token()
  scene.parked.delete('bay-1')
  await scene.arrives('AB12CDE', 'bay-2')
  expect([scene.payer('bay-1'), scene.payer('bay-2')]).toEqual([null, 'acc-1'])
  expect(scene.decided('VisitEnded', 'bay-1')).toMatchObject([{ exit: 'exit-inferred' }])
  expect((await scene.begins({ idToken: dead, connector: 'CP-1/1' })).status).toBe('invalid')
  expect((await scene.begins({ connector: 'CP-2/1' })).status).toBe('accepted')
  expect(scene.payer('bay-2')).toBe('acc-1')
  await replaysTheSame(scene.site)
})

test('E12 same plate at two bays: two cars with one plate, both read and neither plugged, do not take the plate from each other for ever', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE', 'bay-1')
  await scene.arrives('AB12CDE', 'bay-2')
  await scene.watch(60)
  expect(scene.orders('start')).toBeLessThanOrEqual(2)
  expect(scene.alarms()).toContain('clone')
  expect([scene.payer('bay-1'), scene.payer('bay-2')].filter((account) => account !== null)).toHaveLength(1)
  await replaysTheSame(scene.site)
})

test('E12 same plate at two bays: the second, refused, may still charge with a card', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.site.registersCard('CARD2', 'acc-2')
  await scene.arrives('AB12CDE', 'bay-1')
  await scene.charges()
  await scene.arrives('AB12CDE', 'bay-2')
  await scene.watch(12)
  await scene.taps('CARD2', 'CP-2/1')
  await scene.charges({ connector: 'CP-2/1', idToken: 'CARD2' })
  expect([scene.payer('bay-1'), scene.payer('bay-2')]).toEqual(['acc-1', 'acc-2'])
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})
