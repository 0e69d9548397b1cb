import { expect, test } from 'vitest'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { reviewerSays, shownToReviewer } from '../../simulations/toy-reviewer.ts'
import { Scene } from '../../simulations/toy-scene.ts'

// Faults that a hostile tester found in who is read, who starts and who pays, each told as what a person would have suffered.

const TWO_CAMERAS = {
  bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }], cameras: ['cam-1', 'cam-2'] }],
} as const

/** Two accounts' vehicles, in the register. */
async function registered(...at: Parameters<typeof Scene.open>): Promise<Scene> {
  const scene = await Scene.open(...at)
  await scene.registers('AB12CDE', 'acc-a')
  await scene.registers('XY99ZZT', 'acc-b')
  return scene
}

/** For so many seconds cam-1 reads A's plate and cam-2 reads B's. */
async function bothRead(scene: Scene, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    for (const [camera, plate] of [
      ['cam-1', 'AB12CDE'],
      ['cam-2', 'XY99ZZT'],
    ] as const)
      await scene.site.camera(camera, { plates: [{ bayId: 'bay-1', plate }], occupied: ['bay-1'] })
    await scene.site.pass(1000)
  }
}

test('two cameras of one bay that are each sure of another plate start one charge at most, and a person decides', async () => {
  const scene = await registered(TWO_CAMERAS)
  await bothRead(scene, 240)
  expect(scene.orders('start')).toBeLessThanOrEqual(1)
  expect(scene.decided('VisitOpened')).toHaveLength(1)
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.alarms()).toEqual(['disputed'])
  expect(shownToReviewer(scene)).toHaveLength(2)
  await replaysTheSame(scene.site)
})

test('one camera that agrees on two plates in turn swaps the visit once, then a person decides', async () => {
  const scene = await registered()
  for (let turn = 0; turn < 8; turn += 1) {
    scene.stands(turn % 2 === 0 ? 'AB12CDE' : 'XY99ZZT')
    await scene.watch(20)
  }
  expect(scene.orders('start')).toBeLessThanOrEqual(2)
  expect(scene.decided('VisitOpened').length).toBeLessThanOrEqual(2)
  expect(scene.alarms()).toContain('disputed')
})

test('a start that was taken back because frames disagree does not go out again after the dead one ended', async () => {
  const scene = await registered()
  await scene.arrives('AB12CDE')
  const dead = scene.token()
  for (let frame = 0; frame < 6; frame += 1) {
    await scene.site.camera('cam-1', { plates: [{ bayId: 'bay-1', plate: frame % 2 === 0 ? 'XY99ZZT' : 'AB12CDE' }] })
    await scene.site.pass(200)
  }
  expect(scene.alarms()).toEqual(['disputed'])
  await scene.plugsIn()
  const { status, transactionId } = await scene.begins({ idToken: dead })
  expect(status).toBe('invalid')
  expect(scene.alarms()).toContain('disputed')
  await scene.ends(transactionId, 1000)
  await scene.says('Finishing')
  await scene.says('Preparing')
  await scene.passes(10)
  expect(scene.orders('start')).toBe(1)
})

test('a vehicle that is read before a plug that was there before it starts nothing at that plug', async () => {
  const scene = await registered()
  await scene.arrives('AB12CDE')
  await scene.ends(await scene.charges(), 3000)
  await scene.says('Finishing')
  scene.stands(null)
  await scene.watch(40)
  scene.stands('XY99ZZT')
  await scene.watch(30)
  expect(scene.payer()).toBe('acc-b')
  expect(scene.orders('start')).toBe(1)
  await scene.unplugs()
  await scene.watch(5)
  await scene.plugsIn()
  await scene.watch(20)
  expect(scene.orders('start')).toBe(2)
})

test('idle time is billed to who was to pay while it ran, not to the card that came after', async () => {
  const scene = await registered()
  await scene.registersCard('CARDB', 'acc-b')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.draws(16, 3000, { transactionId })
  for (let sample = 0; sample < 2; sample += 1) {
    await scene.passes(60)
    await scene.draws(0, 3000, { transactionId })
  }
  await scene.says('SuspendedEV')
  await scene.passes(7200)
  const second = await scene.begins({ idToken: 'CARDB', register_Wh: 3000 })
  await scene.says('Charging')
  await scene.draws(16, 3100, { transactionId: second.transactionId })
  await scene.ends(second.transactionId, 4000)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([
    { accountId: 'acc-a', idle_s: 7200 },
    { accountId: 'acc-b', idle_s: 0 },
  ])
})

test('what a reviewer says of a plate never takes the bill from a card that was shown meanwhile', async () => {
  const scene = await registered()
  await scene.registersCard('CARDC', 'acc-c')
  for (const plate of ['AB12CDE', 'XY99ZZT', 'AB12CDE', 'XY99ZZT'])
    await scene.picture({ plates: [{ bayId: 'bay-1', plate }], occupied: ['bay-1'] })
  scene.stands(null)
  await scene.watch(12)
  expect(shownToReviewer(scene)).not.toBeNull()
  await scene.taps('CARDC')
  expect(scene.payer()).toBe('acc-c')
  await reviewerSays(scene, 'bay-1', { plate: 'AB12CDE', accountId: 'acc-a' })
  expect(scene.payer()).toBe('acc-c')
  expect(scene.orders('start')).toBe(0)
})

test('each time another account’s plate is read in a charge a person is asked, also after the first doubt was settled by a read', async () => {
  const scene = await registered()
  await scene.arrives('AB12CDE')
  await scene.charges()
  const asked = () => scene.site.effects.filter(({ type }) => type === 'open.review').length
  scene.stands('XY99ZZT')
  await scene.watch(30)
  expect(asked()).toBe(1)
  scene.stands('AB12CDE')
  await scene.watch(90)
  expect(scene.alarms()).toEqual([])
  scene.stands('XY99ZZT')
  await scene.watch(90)
  expect(asked()).toBe(2)
})

test('who a person named is not asked for again, however often the other plate is read', async () => {
  const scene = await registered()
  await scene.arrives('AB12CDE')
  await scene.charges()
  scene.stands('XY99ZZT')
  await scene.watch(30)
  await reviewerSays(scene, 'bay-1', { plate: 'AB12CDE', accountId: 'acc-a' })
  await scene.watch(300)
  expect(scene.site.effects.filter(({ type }) => type === 'open.review')).toHaveLength(1)
  expect(scene.alarms()).toEqual([])
})

test('a person who names a vehicle that nobody pays for in the middle of a charge is told that nobody pays', async () => {
  const scene = await registered()
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  scene.stands('XY99ZZT')
  await scene.watch(30)
  await reviewerSays(scene, 'bay-1', { plate: 'GH34JKL', accountId: null })
  expect(scene.payer()).toBeNull()
  expect(scene.alarms()).toContain('nobody-pays')
  await scene.operator('bay-1', 'authorize', { accountId: 'acc-b' })
  expect(scene.alarms()).not.toContain('nobody-pays')
  await scene.ends(transactionId, 3000)
  expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-b' }])
})
