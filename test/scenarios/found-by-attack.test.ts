import { expect, test } from 'vitest'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { ONE_BAY, Scene, TWO_BAYS } from '../../simulations/toy-scene.ts'

// What a hostile tester reached once: each story must stay right.

/** A charge of acc-a, twenty minutes old, 2,000 Wh so far. */
async function charging(): Promise<{ readonly scene: Scene; readonly transactionId: string }> {
  const scene = await Scene.open()
  await scene.registers('AB12CDE', 'acc-a')
  await scene.registers('XY99ZZT', 'acc-b')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.passes(600)
  await scene.draws(16, 3000, { transactionId })
  await scene.passes(600)
  return { scene, transactionId }
}

/** The charge point says Available twice, 60 s apart, without flow: the transaction is taken for dead. */
async function takenForDead(scene: Scene, transactionId: string): Promise<void> {
  await scene.draws(0, 3000, { transactionId })
  await scene.passes(61)
  await scene.draws(0, 3000, { transactionId })
  await scene.says('Available')
  await scene.watch(61)
  await scene.says('Available')
  await scene.watch(20)
}

/** 16 A under this transaction's name, for so many minutes. */
async function drawsUnder(scene: Scene, transactionId: string, from_Wh: number, minutes = 5): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await scene.draws(16, from_Wh + minute * 180, { transactionId })
    await scene.watch(60)
  }
}

test('a charge that was taken for dead over a solar pause locks again when it draws, and its payer pays for all of it', async () => {
  const { scene, transactionId } = await charging()
  await takenForDead(scene, transactionId)
  expect(scene.locked()).toBe(false)
  await drawsUnder(scene, transactionId, 3180)
  expect(scene.locked()).toBe(true)
  expect(scene.payer()).toBe('acc-a')
  await scene.ends(transactionId, 9000)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-a', energy_Wh: 8000, disputed: null }])
  expect(scene.alarms()).toEqual([])
  await replaysTheSame(scene.site)
})

test('with the camera snowed in, a charge that was taken for dead and draws keeps the next driver’s start from its cable', async () => {
  const { scene, transactionId } = await charging()
  await takenForDead(scene, transactionId)
  scene.gone()
  await scene.watch(301)
  expect(scene.state()).toBe('vacant')
  await drawsUnder(scene, transactionId, 3180)
  expect(scene.locked()).toBe(true)
  expect(scene.payer()).toBe('acc-a')
  const starts = scene.orders('start')
  await scene.arrives('XY99ZZT')
  await scene.watch(60)
  expect(scene.orders('start')).toEqual(starts)
  await scene.ends(transactionId, 9000)
  expect(scene.decided('TransactionEnded')).toMatchObject([
    { accountId: 'acc-a', energy_Wh: 2000 },
    { accountId: 'acc-a', energy_Wh: 6000, disputed: null },
  ])
  await replaysTheSame(scene.site)
})

test('a late stop of a charge that was taken for dead corrects its bill', async () => {
  const { scene, transactionId } = await charging()
  await takenForDead(scene, transactionId)
  await scene.ends(transactionId, 9000)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-a', energy_Wh: 8000, disputed: null }])
})

test('a charge that a person declared dead while its charge point was away is its payer’s again when it draws', async () => {
  const { scene, transactionId } = await charging()
  await scene.offline()
  await scene.passes(300)
  await scene.operator('bay-1', 'release-lock')
  expect(scene.state()).toBe('vacant')
  await scene.online()
  await scene.says('Charging')
  await drawsUnder(scene, transactionId, 5000)
  expect(scene.locked()).toBe(true)
  expect(scene.payer()).toBe('acc-a')
  await scene.ends(transactionId, 9000)
  expect(scene.decided('TransactionEnded').map(({ accountId, energy_Wh }) => [accountId, energy_Wh])).toEqual([
    ['acc-a', 2000],
    ['acc-a', 6000],
  ])
  await replaysTheSame(scene.site)
})

test('a charge point that reported an end and gives energy on is locked for nobody, with an alarm, until the current falls', async () => {
  const { scene, transactionId } = await charging()
  await scene.ends(transactionId, 3000)
  await scene.says('Finishing')
  scene.gone()
  await scene.passes(20)
  await drawsUnder(scene, transactionId, 3060)
  expect(scene.locked()).toBe(true)
  expect(scene.alarms()).toContain('drawn-after-end')
  expect(scene.told().at(-1)).toBe('charging (nobody pays)')
  const starts = scene.orders('start')
  await scene.arrives('XY99ZZT')
  await scene.watch(60)
  expect(scene.orders('start')).toEqual(starts)
  await scene.draws(0, 4000, { transactionId })
  await scene.passes(60)
  await scene.draws(0, 4000, { transactionId })
  expect(scene.locked()).toBe(false)
  expect(scene.alarms()).not.toContain('drawn-after-end')
  expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-a', energy_Wh: 2000, disputed: null }])
  await replaysTheSame(scene.site)
})

for (const by of ['a card', 'a start of berth’s'])
  test(`StartTransaction by ${by} sent again with a new time is the same transaction, billed once`, async () => {
    const scene = await Scene.open()
    await scene.registers('AB12CDE', 'acc-1')
    await scene.registersCard('CARDC', 'acc-1')
    if (by !== 'a card') await scene.arrives('AB12CDE')
    const idToken = by === 'a card' ? 'CARDC' : scene.token()
    await scene.plugsIn()
    const first = await scene.begins({ idToken })
    await scene.says('Charging')
    for (let minute = 1; minute <= 10; minute += 1) {
      await scene.draws(16, 1000 + minute * 180, { transactionId: first.transactionId })
      await scene.passes(60)
    }
    expect(await scene.begins({ idToken })).toEqual({ status: 'accepted', transactionId: first.transactionId })
    await scene.passes(600)
    await scene.ends(first.transactionId, 12_000)
    expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-1', energy_Wh: 11_000, disputed: null }])
    expect(scene.orders('stop')).toEqual(0)
  })

test('the dead start of the car before takes nothing from the next driver: words, plate and card work as before it', async () => {
  const scene = await Scene.open()
  await scene.registers('AB12CDE', 'acc-a')
  await scene.registers('XY99ZZT', 'acc-b')
  await scene.arrives('AB12CDE')
  const dead = scene.token()
  await scene.leaves()
  await scene.arrives(null)
  await scene.watch(12)
  const before = { state: scene.state(), told: scene.told().at(-1) }
  await scene.plugsIn()
  const refused = await scene.begins({ idToken: dead })
  expect(refused.status).toBe('invalid')
  await scene.passes(1)
  await scene.ends(refused.transactionId, 1000)
  await scene.says('Finishing')
  expect({ state: scene.state(), told: scene.told().at(-1) }).toEqual(before)
  const starts = scene.orders('start')
  scene.stands('XY99ZZT')
  await scene.watch(30)
  expect(scene.payer()).toBe('acc-b')
  expect(scene.orders('start')).toBe(starts + 1)
  expect([...scene.site.alarms.values()].map((one) => String(one['says'])).join()).not.toContain('finished charging')
  await replaysTheSame(scene.site)
})

for (const absence_s of [5, 20, 45])
  test(`with absence_s ${absence_s} a vehicle that is seen every second keeps its visit`, async () => {
    const scene = await Scene.open({ ...ONE_BAY, policy: { absence_s } })
    await scene.arrives('AB12CDE')
    await scene.watch(15)
    const visit = scene.visit()
    await scene.watch(180)
    expect(scene.visit()).toBe(visit)
    expect(scene.decided('VisitEnded')).toEqual([])
  })

test('a register that no charge point can reach is never billed: after a spike and a lost link the last plausible one is', async () => {
  const { scene, transactionId } = await charging()
  await scene.draws(16, 4_294_967_295, { transactionId })
  await scene.passes(100)
  await scene.draws(16, 3500, { transactionId })
  await scene.offline()
  scene.gone()
  await scene.watch(700)
  const [bill] = scene.bills()
  expect(bill).toMatchObject({ accountId: 'acc-a', energy_Wh: 2500 })
  expect(bill?.['disputed']).not.toBeNull()
})

test('a stop with a register that no charge point can reach is billed to the last plausible one, and says why', async () => {
  const { scene, transactionId } = await charging()
  await scene.ends(transactionId, 4_294_967_295)
  expect(scene.decided('TransactionEnded')).toMatchObject([
    { accountId: 'acc-a', energy_Wh: 2000, disputed: 'more energy than any charge point gives' },
  ])
})

test('an operator who authorizes again after a rejected start sends another', async () => {
  const scene = await Scene.open()
  await scene.arrives(null)
  await scene.watch(12)
  await scene.plugsIn()
  scene.site.answerStart = 'rejected'
  await scene.operator('bay-1', 'authorize', { handle: null, accountId: 'acc-g' })
  await scene.passes(1)
  expect(scene.orders('start')).toBe(1)
  scene.site.answerStart = 'accepted'
  await scene.operator('bay-1', 'authorize', { handle: null, accountId: 'acc-g' })
  await scene.passes(1)
  expect(scene.orders('start')).toBe(2)
  expect(scene.told().at(-1)).toBe('authorized (operator)')
})

test('a start’s token that another charge point shows is refused there, and good at its own', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.registers('AB12CDE', 'acc-a')
  await scene.arrives('AB12CDE')
  const idToken = scene.token()
  const shownAt = async (chargePointId: string): Promise<string> => {
    const heard = scene.site.desk.hear({ type: 'authorize', chargePointId, idToken })
    await scene.site.clock.settle()
    return (await heard).status
  }
  expect(await shownAt('CP-2')).toBe('invalid')
  expect(await shownAt('CP-1')).toBe('accepted')
  await replaysTheSame(scene.site)
})
