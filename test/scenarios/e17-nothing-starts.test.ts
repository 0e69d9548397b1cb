import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function accepted(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.state()).toBe('authorizing.awaiting-plug')
  expect(scene.orders('start')).toBe(1)
  return scene
}

test('E17 accepted but nothing starts: without a plug the visit falls back after plugInWindow, and its token is dead', async () => {
  const scene = await accepted()
  await scene.watch(125)
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.told().at(-1)).toBe('present-card (timeout)')
  expect(scene.orders('start')).toBe(1)
  const { status, transactionId } = await scene.begins()
  expect(status).toBe('invalid')
  expect(scene.orders('stop')).toBe(1)
  expect(scene.alarms()).toContain('dead-token')
  await scene.ends(transactionId, 1400)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([{ accountId: null }])
  await replaysTheSame(scene.site)
})

test('E17 accepted but nothing starts: a plug after ConnectionTimeOut sends the start once more, and only once', async () => {
  const scene = await accepted()
  await scene.watch(70)
  const first = scene.token()
  await scene.plugsIn()
  expect(scene.orders('start')).toBe(2)
  expect(scene.token()).not.toBe(first)
  expect(scene.decided('StartRequested')).toMatchObject([{ reason: 'first' }, { reason: 'preparing' }])
  await scene.says('Available')
  await scene.watch(70)
  await scene.plugsIn()
  await scene.watch(70)
  expect(scene.orders('start')).toBe(2)
  expect(scene.state()).toBe('authorizing.fallback')
  await replaysTheSame(scene.site)
})

test('E17 accepted but nothing starts: Preparing within ConnectionTimeOut is no proof of a plug; what still prepares afterwards is one', async () => {
  const scene = await accepted()
  await scene.watch(5)
  await scene.plugsIn()
  expect(scene.site.bay('bay-1')?.connectors['CP-1/1']?.cable).toBe('unknown')
  expect(scene.orders('start')).toBe(1)
  await scene.watch(65)
  expect(scene.orders('start')).toBe(2)
  await scene.charges()
  expect(scene.decided('BayLocked')).toMatchObject([{ accountId: 'acc-1' }])
  await replaysTheSame(scene.site)
})

test('E17 accepted but nothing starts: rejected without a plug waits for the plug and tries once more then', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  scene.site.answerStart = 'rejected'
  await scene.arrives('AB12CDE')
  expect(scene.state()).toBe('authorizing.awaiting-plug')
  scene.site.answerStart = 'accepted'
  await scene.watch(20)
  await scene.plugsIn()
  expect(scene.orders('start')).toBe(2)
  expect((await scene.begins()).status).toBe('accepted')
  expect(scene.payer()).toBe('acc-1')
  await replaysTheSame(scene.site)
})

test('E17 accepted but nothing starts: rejected with the plug in tells the driver at once', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  scene.site.answerStart = 'rejected'
  await scene.plugsIn()
  await scene.arrives('AB12CDE')
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.decided('StartFailed')).toMatchObject([{ reason: 'rejected' }])
  expect(scene.told().at(-1)).toBe('present-card (rejected)')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E17 accepted but nothing starts: a charge point that answers nothing may have started; its transaction is still this visit’s', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  scene.site.answerStart = 'silent'
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(1)
  await scene.watch(20)
  expect(scene.orders('start')).toBe(1)
  expect((await scene.begins()).status).toBe('accepted')
  expect(scene.decided('BayLocked')).toMatchObject([{ accountId: 'acc-1' }])
  await replaysTheSame(scene.site)
})

test('E17 accepted but nothing starts: the car leaves meanwhile, its token dies, and the next car’s plug does not revive it', async () => {
  const scene = await accepted()
  const token = scene.token()
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  await scene.arrives(null)
  await scene.plugsIn()
  expect((await scene.taps(token)).status).toBe('invalid')
  expect((await scene.begins({ idToken: token })).status).toBe('invalid')
  expect(scene.payer()).toBeNull()
  expect(scene.orders('stop')).toBe(1)
  await replaysTheSame(scene.site)
})
