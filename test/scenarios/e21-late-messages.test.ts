import { expect, test } from 'vitest'
import { replaysTheSame, Scene, TWO_BAYS } from './steps.ts'

async function charging(): Promise<{ scene: Scene; token: string; transactionId: string; startedAt: number }> {
  const scene = await Scene.open(TWO_BAYS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const startedAt = scene.site.clock.now()
  const transactionId = await scene.charges()
  return { scene, token: scene.token(), transactionId, startedAt }
}
const open = (scene: Scene): string | undefined =>
  scene.site.bay('bay-1')?.connectors['CP-1/1']?.transaction?.transactionId

test('E21 late messages: a repeated StartTransaction gets the same id again and opens nothing', async () => {
  const { scene, token, transactionId, startedAt } = await charging()
  expect(await scene.begins({ idToken: token, happenedAt: startedAt })).toEqual({ status: 'accepted', transactionId })
  await scene.crash()
  expect(await scene.begins({ idToken: token, happenedAt: startedAt })).toEqual({ status: 'accepted', transactionId })
  expect(scene.decided('TransactionOpened')).toHaveLength(1)
  expect(open(scene)).toBe(transactionId)
  await replaysTheSame(scene.site)
})

test('E21 late messages: a StartTransaction repeated after its end gets the same id and does not charge again', async () => {
  const { scene, token, transactionId, startedAt } = await charging()
  await scene.ends(transactionId, 1500)
  expect(await scene.begins({ idToken: token, happenedAt: startedAt })).toEqual({ status: 'accepted', transactionId })
  expect(scene.locked()).toBe(false)
  expect(scene.decided('TransactionOpened')).toHaveLength(1)
  await replaysTheSame(scene.site)
})

test('E21 late messages: the first answer could not be written; the repeat starts it once', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const happenedAt = scene.site.clock.now()
  scene.site.journal.failing = true
  expect((await scene.begins({ happenedAt })).status).toBe('unanswered')
  expect(scene.locked()).toBe(false)
  scene.site.journal.failing = false
  const { status, transactionId } = await scene.begins({ happenedAt })
  expect(status).toBe('accepted')
  expect(scene.payer()).toBe('acc-1')
  expect(scene.site.bay('bay-1')?.connectors['CP-1/1']?.transaction?.transactionId).toBe(transactionId)
  await replaysTheSame(scene.site)
})

test('E21 late messages: the repeat overtakes a first one that could not be written: it is not answered as if it had been', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const news = {
    type: 'started' as const,
    chargePointId: 'CP-1',
    evse: 1,
    idToken: scene.token(),
    register_Wh: 1000,
    happenedAt: scene.site.clock.now(),
  }
  scene.site.journal.failing = true
  const first = scene.site.desk.hear(news).catch(() => null)
  const repeat = scene.site.desk.hear(news).catch(() => null)
  await scene.site.clock.settle()
  expect([await first, await repeat]).toEqual([null, null])
  scene.site.journal.failing = false
  expect((await scene.begins({ happenedAt: news.happenedAt })).status).toBe('accepted')
  expect(scene.decided('TransactionOpened')).toHaveLength(1)
  await replaysTheSame(scene.site)
})

for (const unknown of ['-1', '0', '4711'])
  test(`E21 late messages: a StopTransaction of ${unknown} is answered, kept, and ends nobody’s session`, async () => {
    const { scene, transactionId } = await charging()
    expect((await scene.ends(unknown, 1400)).status).toBe('accepted')
    expect(open(scene)).toBe(transactionId)
    expect(scene.state()).toBe('charging-locked.charging')
    expect(scene.bills()).toEqual([])
    expect(
      scene.site.journal.records.some(
        (record) =>
          record.stream === 'site' && record.cause.type === 'transaction.ended' && record.cause['known'] === false,
      ),
    ).toBe(true)
    await replaysTheSame(scene.site)
  })

test('E21 late messages: another charge point’s stop that names our transaction ends nothing', async () => {
  const { scene, transactionId } = await charging()
  await scene.ends(transactionId, 99_999, { chargePointId: 'CP-2' })
  expect(open(scene)).toBe(transactionId)
  expect(scene.state()).toBe('charging-locked.charging')
  await scene.ends(transactionId, 1500)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 500, disputed: null }])
  await replaysTheSame(scene.site)
})

test('E21 late messages: a second stop of an ended transaction changes neither its bill nor the next car’s charge', async () => {
  const { scene, transactionId } = await charging()
  await scene.ends(transactionId, 1500)
  await scene.unplugs()
  await scene.leaves()
  await scene.site.registers('XY99ZZT', 'acc-2')
  await scene.arrives('XY99ZZT')
  const next = await scene.charges({ register_Wh: 1500 })
  await scene.ends(transactionId, 1600)
  expect(open(scene)).toBe(next)
  expect(scene.payer()).toBe('acc-2')
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 500 }])
  await replaysTheSame(scene.site)
})

test('E21 late messages: a stop that arrives after the next car’s start bills the first car, and leaves the next one alone', async () => {
  const { scene, transactionId } = await charging()
  await scene.site.registersCard('CARD2', 'acc-2')
  const next = await scene.begins({ idToken: 'CARD2', register_Wh: 1400 })
  expect(next.status).toBe('accepted')
  await scene.ends(transactionId, 1400)
  expect(open(scene)).toBe(next.transactionId)
  await scene.ends(next.transactionId, 1900)
  await scene.unplugs()
  await scene.leaves()
  const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
  expect(owed['acc-2']).toBe(500)
  expect(owed['acc-1']).toBeGreaterThanOrEqual(100)
  expect(owed['acc-1']).toBeLessThanOrEqual(400)
  await replaysTheSame(scene.site)
})
