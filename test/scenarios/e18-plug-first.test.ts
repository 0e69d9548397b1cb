import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

test('E18 plugged in first, plate later: the start goes to the plug as soon as the plate is agreed', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.plugsIn()
  expect(scene.state()).toBe('detecting.collecting')
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(1)
  expect((await scene.begins()).status).toBe('accepted')
  expect(scene.decided('BayLocked')).toMatchObject([{ accountId: 'acc-1' }])
  await replaysTheSame(scene.site)
})

test('E18 plugged in first, plate later: the charge point gave up (Finishing) and rejects: the driver is told to re-plug, and the re-plug starts', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.plugsIn()
  scene.parked.set('bay-1', null)
  await scene.watch(60)
  await scene.says('Finishing')
  scene.site.answerStart = 'rejected'
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(1)
  expect(scene.told().at(-1)).toBe('re-plug (rejected)')
  await scene.watch(5)
  expect(scene.orders('start')).toBe(1)
  scene.site.answerStart = 'accepted'
  await scene.unplugs()
  await scene.watch(5)
  await scene.charges()
  expect(scene.orders('start')).toBe(2)
  expect(scene.decided('BayLocked')).toMatchObject([{ accountId: 'acc-1' }])
  await replaysTheSame(scene.site)
})

test('E18 plugged in first, plate later: a driver who does not re-plug is offered a card when the window is over', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.says('Finishing')
  scene.site.answerStart = 'rejected'
  await scene.arrives('AB12CDE')
  await scene.watch(125)
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.told().at(-1)).toBe('present-card (timeout)')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})
