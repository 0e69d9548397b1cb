import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function ended(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-a')
  await scene.site.registers('XY99ZZT', 'acc-b')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.ends(transactionId, 1600)
  await scene.unplugs()
  expect(scene.state()).toBe('exiting.still-here')
  return scene
}

test('E10 silent swap: B is agreed on where A was not seen to leave: A closes as inferred, B is a new visit and pays for itself', async () => {
  const scene = await ended()
  await scene.watch(30)
  scene.parked.set('bay-1', null)
  await scene.watch(9)
  await scene.arrives('XY99ZZT')
  expect(scene.decided('VisitEnded')).toMatchObject([{ exit: 'exit-inferred', accountId: 'acc-a' }])
  expect(scene.payer()).toBe('acc-b')
  const transactionId = await scene.charges({ register_Wh: 1600 })
  await scene.ends(transactionId, 1900)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([
    { accountId: 'acc-a', energy_Wh: 600 },
    { accountId: 'acc-b', energy_Wh: 300 },
  ])
  await replaysTheSame(scene.site)
})

test('E10 silent swap: a plug-in after the cable was out is a new visit; what was read before it identifies nobody', async () => {
  const scene = await ended()
  const visit = scene.visit()
  await scene.watch(3)
  scene.parked.set('bay-1', null)
  await scene.plugsIn()
  expect(scene.visit()).not.toBe(visit)
  expect(scene.decided('VisitEnded')).toMatchObject([{ exit: 'exit-inferred', accountId: 'acc-a' }])
  await scene.watch(12)
  expect(scene.payer()).toBeNull()
  expect(scene.orders('start')).toBe(1)
  await scene.arrives('XY99ZZT')
  expect(scene.payer()).toBe('acc-b')
  expect(scene.orders('start')).toBe(2)
  await replaysTheSame(scene.site)
})

test('E10 silent swap: an agreement that rests on reads from before the plug-in identifies nobody, however late it is told', async () => {
  const scene = await ended()
  const before = scene.site.clock.now() - 5000
  scene.parked.set('bay-1', null)
  await scene.watch(5)
  await scene.plugsIn()
  const tally = [{ handle: scene.site.keys.vehicle('XY99ZZT'), witnesses: 3, share: 1, plausible: true, chance: null }]
  const leader = tally[0]?.handle ?? null
  const news = {
    type: 'plate.agreed',
    id: 'late',
    source: 'cam-1',
    cameraId: 'cam-1',
    trackId: 't',
    leader,
    tally,
    clear: true,
    fresh: true,
    thinned: 0,
  } as const
  await scene.site.tells('bay-1', { ...news, windowFrom: before })
  expect(scene.payer()).toBeNull()
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E10 silent swap: while A’s transaction is open B takes nothing over, however clearly it is read', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-a')
  await scene.site.registers('XY99ZZT', 'acc-b')
  await scene.arrives('AB12CDE')
  await scene.charges()
  const visit = scene.visit()
  scene.parked.set('bay-1', 'XY99ZZT')
  await scene.watch(40)
  expect([scene.visit(), scene.payer()]).toEqual([visit, 'acc-a'])
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})
