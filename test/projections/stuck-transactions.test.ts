import { expect, test } from 'vitest'
import { stuckIn } from '../../projections/stuck-transactions.ts'
import { ONE_BAY, Scene } from '../../simulations/toy-scene.ts'

const listed = (scene: Scene) => {
  const bay = scene.site.bay('bay-1')
  return bay ? stuckIn(bay) : []
}

test('a transaction that outlived its visit is listed with its token, payer, register and what to do, until it is reported', async () => {
  const scene = await Scene.open(ONE_BAY)
  await scene.registersCard('CARD1', 'acc-1')
  scene.stands(null)
  await scene.watch(2)
  const transactionId = await scene.charges({ idToken: 'CARD1' })
  expect(listed(scene)).toEqual([])
  await scene.offline()
  expect(listed(scene)).toMatchObject([{ transactionId, kind: 'unheard', online: false, accountId: 'acc-1' }])
  scene.gone()
  await scene.watch(320)
  expect(scene.state()).toBe('vacant')
  expect(listed(scene)).toMatchObject([
    {
      transactionId,
      kind: 'orphaned',
      token: 'card',
      accountId: 'acc-1',
      first_Wh: 1000,
      last_Wh: 1100,
      billed_Wh: 1100,
    },
  ])
  expect(listed(scene)[0]?.do).toMatch(/Bring the charge point back/)
  await scene.online()
  expect(listed(scene)[0]?.do).toMatch(/release-lock for bay-1 now/)
  await scene.operator('bay-1', 'release-lock')
  expect(listed(scene)).toEqual([])
})

test('a transaction that outlived its visit can be declared over beside the next vehicle, whose visit goes on', async () => {
  const scene = await Scene.open(ONE_BAY)
  await scene.registersCard('CARD1', 'acc-1')
  scene.stands(null)
  await scene.watch(2)
  await scene.charges({ idToken: 'CARD1' })
  await scene.offline()
  scene.gone()
  await scene.watch(320)
  await scene.online()
  scene.stands(null)
  await scene.watch(20)
  expect(scene.state()).not.toBe('vacant')
  expect(listed(scene)).toHaveLength(1)
  const visit = scene.visit()
  await scene.operator('bay-1', 'release-lock')
  expect(listed(scene)).toEqual([])
  expect(scene.visit()).toBe(visit)
})

test('a start that nobody pays for is listed while it runs', async () => {
  const scene = await Scene.open(ONE_BAY)
  await scene.plugsIn()
  await scene.begins({ idToken: 'STRANGER' })
  expect(listed(scene)).toMatchObject([{ kind: 'unpaid', token: 'card', accountId: null }])
})
