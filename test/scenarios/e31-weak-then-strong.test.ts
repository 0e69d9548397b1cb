import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function byPlate(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-plate')
  await scene.site.registersCard('CARD1', 'acc-card')
  await scene.arrives('AB12CDE')
  return scene
}

test('E31 weak identity first, strong later: a card before the charge replaces the plate, on record', async () => {
  const scene = await byPlate()
  await scene.taps('CARD1')
  expect(scene.decided('IdentityUpgraded')).toMatchObject([
    { from: 'plate', fromAccount: 'acc-plate', to: 'card', accountId: 'acc-card' },
  ])
  await replaysTheSame(scene.site)
})

test('E31 weak identity first, strong later: a person inside a running session; the whole transaction goes to whom the person named', async () => {
  const scene = await byPlate()
  const transactionId = await scene.charges()
  await scene.draws(6, 1300, { transactionId })
  await scene.site.operator('bay-1', 'authorize', { accountId: 'acc-person' })
  expect(scene.decided('IdentityUpgraded')).toMatchObject([
    { fromAccount: 'acc-plate', accountId: 'acc-person', locked: true },
  ])
  await scene.ends(transactionId, 1700)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-person', energy_Wh: 700, identifiedBy: 'operator' }])
  await replaysTheSame(scene.site)
})

test('E31 weak identity first, strong later: flow locked for nobody, then a card starts: the card pays', async () => {
  const scene = await Scene.open()
  await scene.site.registersCard('CARD1', 'acc-card')
  await scene.plugsIn()
  await scene.draws(6)
  expect([scene.locked(), scene.payer()]).toEqual([true, null])
  await scene.begins({ idToken: 'CARD1' })
  expect(scene.payer()).toBe('acc-card')
  await replaysTheSame(scene.site)
})

test('E31 weak identity first, strong later: never the other way: no plate replaces a card, nor what a person said', async () => {
  const scene = await byPlate()
  await scene.site.registers('XY99ZZT', 'acc-other')
  await scene.taps('CARD1')
  scene.parked.set('bay-1', 'XY99ZZT')
  await scene.watch(30)
  expect(scene.payer()).toBe('acc-card')
  await scene.begins({ idToken: 'CARD1' })
  await scene.watch(30)
  expect(scene.payer()).toBe('acc-card')
  await replaysTheSame(scene.site)
})

test('E31 weak identity first, strong later: a card held before a charge point that charges somebody changes no bill by itself', async () => {
  const scene = await byPlate()
  const transactionId = await scene.charges()
  await scene.taps('CARD1')
  expect(scene.payer()).toBe('acc-plate')
  await scene.ends(transactionId, 1500)
  expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-plate', energy_Wh: 500 }])
  await replaysTheSame(scene.site)
})
