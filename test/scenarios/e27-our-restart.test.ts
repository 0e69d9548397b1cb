import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function waiting(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(1)
  return scene
}

test('E27 our restart: a running transaction goes on, nothing is sent, and it is billed whole', async () => {
  const scene = await waiting()
  const transactionId = await scene.charges()
  await scene.crash()
  expect(scene.locked()).toBe(true)
  expect(scene.state()).toBe('charging-locked.frozen')
  await scene.online()
  await scene.says('Charging')
  await scene.draws(6, 1300, { transactionId })
  expect(scene.state()).toBe('charging-locked.charging')
  await scene.ends(transactionId, 1600)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 600, disputed: null }])
  expect(scene.orders('start')).toBe(1)
  expect(scene.orders('stop')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E27 our restart: the charge point, heard, shows no transaction, and the same start goes out once more with the same token', async () => {
  const scene = await waiting()
  const token = scene.token()
  await scene.crash()
  expect(scene.orders('start')).toBe(1)
  await scene.online()
  expect(scene.orders('start')).toBe(1)
  await scene.says('Available')
  expect(scene.site.starts().map((start) => start.idToken)).toEqual([token, token])
  await scene.says('Available')
  await scene.watch(70)
  expect(scene.orders('start')).toBe(2)
  const { status } = await scene.begins({ idToken: token })
  expect(status).toBe('accepted')
  expect(scene.payer()).toBe('acc-1')
  await replaysTheSame(scene.site)
})

test('E27 our restart: a second restart does not send it a third time', async () => {
  const scene = await waiting()
  for (let restart = 0; restart < 3; restart += 1) {
    await scene.crash()
    await scene.online()
    await scene.says('Available')
  }
  expect(scene.orders('start')).toBe(2)
  expect(scene.decided('StartRequested').map((one) => one['reason'])).toEqual(['first', 'after-restart'])
  await replaysTheSame(scene.site)
})

test('E27 our restart: the account was blocked while berth was down: the start does not go out again', async () => {
  const scene = await waiting()
  await scene.crash()
  await scene.site.blocks('acc-1')
  await scene.online()
  await scene.says('Available')
  expect(scene.orders('start')).toBe(1)
  expect(scene.state()).toBe('authorizing.denied')
  expect(scene.payer()).toBeNull()
  await replaysTheSame(scene.site)
})

test('E27 our restart: the charge point started meanwhile: its repeated StartTransaction is the visit’s, and nothing is sent', async () => {
  const scene = await waiting()
  await scene.crash()
  await scene.online()
  expect((await scene.begins()).status).toBe('accepted')
  await scene.says('Charging')
  expect(scene.orders('start')).toBe(1)
  expect(scene.payer()).toBe('acc-1')
  await replaysTheSame(scene.site)
})

test('E27 our restart: the car left while nobody watched: no start is sent for it once its absence is known', async () => {
  const scene = await waiting()
  scene.parked.delete('bay-1')
  await scene.crash()
  await scene.watch(40)
  expect(scene.state()).toBe('vacant')
  await scene.online()
  await scene.says('Available')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E27 our restart: hours of downtime release nothing by themselves: what was locked is locked until it is heard otherwise', async () => {
  const scene = await waiting()
  await scene.charges()
  scene.site.journal.dead = true
  await scene.site.pass(5 * 3_600_000)
  await scene.crash()
  expect(scene.state()).toBe('charging-locked.frozen')
  expect(scene.payer()).toBe('acc-1')
  await replaysTheSame(scene.site)
})
