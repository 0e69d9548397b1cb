import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

/** No stop, the charge point dark, the zone seen empty by a live camera for absence_s. */
async function ghost(): Promise<{ scene: Scene; transactionId: string }> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-a')
  await scene.site.registers('XY99ZZT', 'acc-b')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.watch(61)
  await scene.draws(6, 1500, { transactionId })
  await scene.offline()
  await scene.leaves('bay-1', 250)
  expect(scene.locked()).toBe(true)
  await scene.watch(60)
  return { scene, transactionId }
}

test('E26 drive-off: the visit ends unconfirmed, billed to the last register; the transaction stays an orphan', async () => {
  const { scene, transactionId } = await ghost()
  expect(scene.state()).toBe('vacant')
  expect(scene.decided('VisitEnded')).toMatchObject([{ exit: 'exit-unconfirmed', accountId: 'acc-a' }])
  expect(scene.bills()).toMatchObject([
    { accountId: 'acc-a', energy_Wh: 500, disputed: 'end unknown, billed to the last register' },
  ])
  expect(scene.decided('TransactionOrphaned')).toMatchObject([{ transactionId, accountId: 'acc-a', billedTo_Wh: 1500 }])
  expect(scene.alarms()).toContain('orphan')
  await replaysTheSame(scene.site)
})

test('E26 drive-off: the next car is a new visit with its own payer, and the old stop, late, is reconciled and bills nobody again', async () => {
  const { scene, transactionId } = await ghost()
  await scene.arrives('XY99ZZT')
  await scene.online()
  await scene.ends(transactionId, 1700)
  expect(scene.decided('OrphanReconciled')).toMatchObject([
    { transactionId, accountId: 'acc-a', billed_Wh: 1500, reported_Wh: 1700 },
  ])
  expect(scene.alarms()).not.toContain('orphan')
  await scene.says('Available')
  const next = await scene.charges({ register_Wh: 1700 })
  expect(scene.payer()).toBe('acc-b')
  await scene.ends(next, 2000)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([
    { accountId: 'acc-a', energy_Wh: 500 },
    { accountId: 'acc-b', energy_Wh: 300 },
  ])
  await replaysTheSame(scene.site)
})

test('E26 drive-off: fresh flow on the orphan after reconnect locks the bay again, to its own payer, from where the bill stopped', async () => {
  const { scene, transactionId } = await ghost()
  await scene.online()
  await scene.draws(6, 1600, { transactionId })
  expect(scene.locked()).toBe(true)
  expect(scene.payer()).toBe('acc-a')
  await scene.ends(transactionId, 1900)
  await scene.unplugs()
  await scene.watch(65)
  const owed = scene.bills().map((bill) => [bill['accountId'], bill['energy_Wh']])
  expect(owed).toEqual([
    ['acc-a', 500],
    ['acc-a', 400],
  ])
  await replaysTheSame(scene.site)
})

test('E26 drive-off: the next car’s start on the same connector proves the orphan dead: its alarm goes, its bill stands', async () => {
  const { scene, transactionId } = await ghost()
  await scene.arrives('XY99ZZT')
  await scene.online()
  await scene.says('Available')
  await scene.charges({ register_Wh: 1700 })
  expect(scene.decided('OrphanReconciled')).toMatchObject([{ transactionId, reported_Wh: null, disputed: null }])
  expect(scene.alarms()).not.toContain('orphan')
  await scene.ends(transactionId, 9999)
  expect(scene.locked()).toBe(true)
  expect(scene.payer()).toBe('acc-b')
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-a', energy_Wh: 500 }])
  await replaysTheSame(scene.site)
})

test('E26 drive-off: link down alone releases nothing', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-a')
  await scene.arrives('AB12CDE')
  await scene.charges()
  await scene.offline()
  await scene.watch(400)
  expect(scene.state()).toBe('charging-locked.frozen')
  expect(scene.payer()).toBe('acc-a')
  await replaysTheSame(scene.site)
})
