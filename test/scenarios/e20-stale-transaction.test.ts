import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

test('E20 stale transaction: each start has its own token, so an old transaction never blocks the same driver’s next visit', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  const tokens: string[] = []
  for (let visit = 0; visit < 3; visit += 1) {
    await scene.arrives('AB12CDE')
    tokens.push(scene.token())
    await scene.leaves()
  }
  expect(new Set(tokens).size).toBe(3)
  for (const token of tokens) {
    expect(token).toMatch(/^[0-9A-F]{14,20}$/)
    expect((await scene.taps(token)).status).toBe('invalid')
  }
  await replaysTheSame(scene.site)
})

test('E20 stale transaction: a stuck one is named in an alarm’s place and a person closes it; it is billed to its payer up to its last register', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.draws(0, 1500, { transactionId })
  await scene.watch(61)
  await scene.draws(0, 1500, { transactionId })
  await scene.watch(100)
  await scene.site.operator('bay-1', 'release-lock')
  expect(scene.locked()).toBe(false)
  expect(scene.decided('TransactionEnded')).toMatchObject([
    { transactionId, accountId: 'acc-1', reason: 'declared dead', disputed: 'end not reported' },
  ])
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', exit: 'exit-unconfirmed' }])
  await replaysTheSame(scene.site)
})

test('E20 stale transaction: a refused start kills no living one: the driver’s own start still charges after a stranger’s card was refused', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const own = scene.token()
  const refused = await scene.begins({ idToken: 'STRANGER' })
  expect(refused.status).toBe('invalid')
  await scene.ends(refused.transactionId, 1000)
  const { status, transactionId } = await scene.begins({ idToken: own })
  expect(status).toBe('accepted')
  await scene.ends(transactionId, 1400)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills().filter((bill) => bill['accountId'] === 'acc-1')).toMatchObject([{ energy_Wh: 400 }])
  expect(scene.bills().filter((bill) => bill['accountId'] === null)).toMatchObject([{ energy_Wh: 0 }])
  await replaysTheSame(scene.site)
})

test('E20 stale transaction: after a stranger’s card was refused, a valid card pays for what it draws, and only for that', async () => {
  const scene = await Scene.open()
  await scene.site.registersCard('CARD1', 'acc-card')
  await scene.arrives(null)
  await scene.plugsIn()
  const refused = await scene.begins({ idToken: 'STRANGER' })
  await scene.ends(refused.transactionId, 1100)
  await scene.says('Finishing')
  const valid = await scene.begins({ idToken: 'CARD1', register_Wh: 1100 })
  expect(valid.status).toBe('accepted')
  expect(scene.payer()).toBe('acc-card')
  await scene.ends(valid.transactionId, 1500)
  await scene.unplugs()
  await scene.leaves()
  const owed = scene.bills().map((bill) => [bill['accountId'], bill['energy_Wh']])
  expect(owed).toEqual([
    [null, 100],
    ['acc-card', 400],
  ])
  await replaysTheSame(scene.site)
})
