import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function finished(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.site.registersCard('CARD1', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.ends(transactionId, 1600)
  await scene.says('Finishing')
  expect(scene.state()).toBe('exiting.still-plugged')
  return scene
}

test('E28 still plugged after the end: nothing starts again by itself', async () => {
  const scene = await finished()
  await scene.watch(200)
  expect(scene.state()).toBe('exiting.still-plugged')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E28 still plugged after the end: the same driver’s card begins a second transaction of the same visit, on one bill', async () => {
  const scene = await finished()
  const visit = scene.visit()
  const { transactionId } = await scene.begins({ idToken: 'CARD1', register_Wh: 1600 })
  expect(scene.visit()).toBe(visit)
  await scene.ends(transactionId, 2000)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 1000, transactions: ['1', '2'] }])
  await replaysTheSame(scene.site)
})

test('E28 still plugged after the end: a person authorizes, and a fresh start of the same visit goes out', async () => {
  const scene = await finished()
  const visit = scene.visit()
  await scene.site.operator('bay-1', 'authorize', { accountId: 'acc-1' })
  expect(scene.orders('start')).toBe(2)
  expect((await scene.begins({ register_Wh: 1600 })).status).toBe('accepted')
  expect(scene.visit()).toBe(visit)
  await replaysTheSame(scene.site)
})

test('E28 Available with an open transaction is no end until it is proven, and then it is billed to the last register', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  await scene.charges()
  await scene.says('Available')
  expect(scene.locked()).toBe(true)
  expect(scene.decided('ContradictionNoticed')).toMatchObject([{ kind: 'available-with-transaction' }])
  expect(scene.site.orders.filter((order) => order.type === 'ask')).toMatchObject([{ about: 'status' }])
  await scene.watch(30)
  await scene.says('Available')
  expect(scene.locked()).toBe(true)
  await scene.watch(35)
  await scene.says('Available')
  expect(scene.locked()).toBe(false)
  expect(scene.decided('TransactionEnded')).toMatchObject([
    { accountId: 'acc-1', energy_Wh: 100, reason: 'dead', disputed: 'end not reported' },
  ])
  await replaysTheSame(scene.site)
})

test('E28 Available with an open transaction while energy flows proves nothing', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.says('Available')
  await scene.watch(61)
  await scene.draws(6, 1300, { transactionId })
  await scene.says('Available')
  expect(scene.locked()).toBe(true)
  expect(scene.payer()).toBe('acc-1')
  await replaysTheSame(scene.site)
})
