import { expect, test } from 'vitest'
import { ONE_BAY, Scene } from '../../simulations/toy-scene.ts'
import { ToySite } from '../../simulations/toy-site.ts'

test('a renamed bay is charged under its new name; the old one is told nothing and its past stays', async () => {
  const scene = await Scene.open(ONE_BAY)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.payer('bay-1')).toBe('acc-1')
  const past = scene.site.journal.records.filter((record) => record.bayId === 'bay-1').length
  scene.site.journal.dead = true
  const renamed = { bays: [{ bayId: 'bay-9', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }] }
  scene.site = await new ToySite({ ...renamed, from: scene.site }).open()
  await scene.online()
  await scene.says('Available')
  await scene.site.pass(60_000)
  await scene.arrives('AB12CDE', 'bay-9')
  await scene.charges()
  expect([...scene.site.site.hosts.keys()]).toEqual(['bay-9'])
  expect([...scene.site.site.gone.keys()]).toEqual(['bay-1'])
  expect(scene.locked('bay-9')).toBe(true)
  expect(scene.payer('bay-9')).toBe('acc-1')
  expect(scene.site.journal.records.filter((record) => record.bayId === 'bay-1')).toHaveLength(past)
})

test('a transaction that was open in a bay that is gone ends with an answer, and is kept beside every bay', async () => {
  const scene = await Scene.open(ONE_BAY)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  scene.site.journal.dead = true
  const renamed = { bays: [{ bayId: 'bay-9', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }] }
  scene.site = await new ToySite({ ...renamed, from: scene.site }).open()
  expect((await scene.ends(transactionId, 2000)).status).toBe('accepted')
  expect(scene.site.journal.records.at(-1)).toMatchObject({
    stream: 'site',
    cause: { type: 'transaction.ended', transactionId },
  })
})
