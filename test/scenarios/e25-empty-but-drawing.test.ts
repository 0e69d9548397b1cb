import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function charging(): Promise<{ scene: Scene; transactionId: string }> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.site.registers('XY99ZZT', 'acc-2')
  await scene.arrives('AB12CDE')
  return { scene, transactionId: await scene.charges() }
}

/** A van stands before the camera: the zone looks empty for so long, while the meter goes on. */
async function hidden(scene: Scene, transactionId: string, minutes: number): Promise<void> {
  scene.parked.delete('bay-1')
  for (let minute = 0; minute < minutes; minute += 1) {
    await scene.watch(61)
    await scene.draws(6, 1200 + minute * 20, { transactionId })
  }
}

test('E25 camera says empty, current flows: the lock wins for as long as it takes, and the contradiction is shown', async () => {
  const { scene, transactionId } = await charging()
  const visit = scene.visit()
  await hidden(scene, transactionId, 10)
  expect(scene.state()).toBe('charging-locked.contradicted')
  expect(scene.decided('ContradictionNoticed')).toMatchObject([{ kind: 'camera-empty' }])
  expect(scene.alarms()).toContain('camera-empty')
  expect([scene.locked(), scene.visit(), scene.payer()]).toEqual([true, visit, 'acc-1'])
  scene.parked.set('bay-1', 'AB12CDE')
  await scene.watch(3)
  expect(scene.state()).toBe('charging-locked.charging')
  expect(scene.decided('ContradictionResolved')).toHaveLength(1)
  expect(scene.alarms()).not.toContain('camera-empty')
  await replaysTheSame(scene.site)
})

test('E25 camera says empty, current flows: another car that is read in the gap starts nothing here, and pays for nothing', async () => {
  const { scene, transactionId } = await charging()
  await hidden(scene, transactionId, 2)
  await scene.arrives('XY99ZZT', 'bay-1', 6)
  expect(scene.payer()).toBe('acc-1')
  expect(scene.orders('start')).toBe(1)
  await scene.ends(transactionId, 1900)
  await scene.unplugs()
  await scene.watch(65)
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 900 }])
  await replaysTheSame(scene.site)
})

test('E25 camera says empty, current flows: flow without a transaction locks too, and for nobody', async () => {
  const scene = await Scene.open()
  await scene.watch(40)
  await scene.draws(8)
  expect(scene.locked()).toBe(true)
  expect(scene.decided('BayLocked')).toMatchObject([{ accountId: null, reason: 'current' }])
  expect(scene.alarms()).toContain('camera-empty')
  await scene.watch(61)
  await scene.draws(8)
  expect(scene.state()).toBe('charging-locked.contradicted')
  expect(scene.payer()).toBeNull()
  await replaysTheSame(scene.site)
})

test('E25 camera says empty, current flows: energy under a transaction that nobody announced locks the bay, for nobody', async () => {
  const scene = await Scene.open()
  await scene.draws(8, 5000, { transactionId: '4711' })
  expect(scene.locked()).toBe(true)
  expect(scene.payer()).toBeNull()
  await replaysTheSame(scene.site)
})
