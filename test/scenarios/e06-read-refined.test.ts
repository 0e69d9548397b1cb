import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function first(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDF', 'acc-wrong')
  await scene.site.registers('AB12CDE', 'acc-right')
  await scene.arrives('AB12CDF')
  expect(scene.payer()).toBe('acc-wrong')
  return scene
}

test('E06 read refined after decision: before energy flows the newer agreement wins, and the first start’s token is dead', async () => {
  const scene = await first()
  const dead = scene.token()
  scene.parked.set('bay-1', 'AB12CDE')
  await scene.watch(14)
  expect(scene.payer()).toBe('acc-right')
  expect((await scene.begins({ idToken: dead })).status).toBe('invalid')
  await replaysTheSame(scene.site)
})

test('E06 read refined after decision: while it charges the session is kept, the contradiction is shown, and nobody is re-billed', async () => {
  const scene = await first()
  const transactionId = await scene.charges()
  scene.parked.set('bay-1', 'AB12CDE')
  await scene.watch(20)
  expect(scene.payer()).toBe('acc-wrong')
  expect(scene.decided('ContradictionNoticed')).toMatchObject([{ kind: 'other-plate' }])
  expect(scene.alarms()).toContain('other-plate')
  expect(scene.decided('IdentityUpgraded')).toEqual([])
  await scene.ends(transactionId, 1500)
  expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-wrong', energy_Wh: 500 }])
  await replaysTheSame(scene.site)
})

test('E06 read refined after decision: a person’s correction while it charges moves the whole transaction, on record, and no camera moves it back', async () => {
  const scene = await first()
  const transactionId = await scene.charges()
  const handle = scene.site.keys.vehicle('AB12CDE')
  await scene.site.operator('bay-1', 'correct-plate', {
    handle: scene.site.keys.findVehicle('AB12CDE') ?? handle,
    accountId: 'acc-right',
  })
  expect(scene.decided('IdentityUpgraded')).toMatchObject([
    { fromAccount: 'acc-wrong', accountId: 'acc-right', person: true },
  ])
  await scene.watch(20)
  expect(scene.payer()).toBe('acc-right')
  await scene.ends(transactionId, 1500)
  expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-right', energy_Wh: 500 }])
  await replaysTheSame(scene.site)
})

test('E06 read refined after decision: a second plate read as often before the plug takes the start back, and a card or a person decides', async () => {
  const scene = await first()
  const dead = scene.token()
  const { site } = scene
  for (let frame = 0; frame < 6; frame++) {
    await site.camera('cam-1', { plates: [{ bayId: 'bay-1', plate: frame % 2 === 0 ? 'XY98ZWV' : 'AB12CDF' }] })
    await site.pass(200)
  }
  expect(scene.alarms()).toContain('disputed')
  expect(site.state('bay-1')).toBe('authorizing.fallback')
  expect((await scene.begins({ idToken: dead })).status).toBe('invalid')
  await replaysTheSame(site)
})
