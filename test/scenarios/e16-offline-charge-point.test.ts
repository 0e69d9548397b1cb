import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

/** A listed car before a charge point that is away. */
async function waitsForChargePoint(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.offline()
  scene.site.answerStart = 'offline'
  await scene.arrives('AB12CDE')
  expect(scene.state()).toBe('authorizing.starting')
  expect(scene.payer()).toBe('acc-1')
  return scene
}

async function reconnects(scene: Scene): Promise<void> {
  scene.site.answerStart = 'accepted'
  await scene.online()
  await scene.says('Available')
  await scene.site.pass(2000)
}

test('E16 charge point offline: the start waits, leaves once on reconnect, and charges its visit', async () => {
  const scene = await waitsForChargePoint()
  await scene.watch(40)
  expect(scene.orders('start')).toBe(0)
  await reconnects(scene)
  expect(scene.orders('start')).toBe(1)
  expect(scene.state()).toBe('authorizing.awaiting-plug')
  await scene.charges()
  expect(scene.decided('BayLocked')).toMatchObject([{ accountId: 'acc-1' }])
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E16 charge point offline: a start whose deadline passed never leaves, and the driver is told', async () => {
  const scene = await waitsForChargePoint()
  await scene.watch(125)
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.told().at(-1)).toMatch(/^present-card/)
  await reconnects(scene)
  await scene.watch(10)
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E16 charge point offline: the car leaves meanwhile, and no start leaves on reconnect', async () => {
  const scene = await waitsForChargePoint()
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  expect(scene.site.effects.filter((effect) => effect.type === 'cancel.start')).toHaveLength(1)
  await reconnects(scene)
  await scene.watch(10)
  expect(scene.orders('start')).toBe(0)
  expect(scene.state()).toBe('vacant')
  await replaysTheSame(scene.site)
})

for (const [what, block] of [
  ['the account was blocked', (scene: Scene) => scene.site.blocks('acc-1')],
  ['the vehicle was blocked', (scene: Scene) => scene.site.registers('AB12CDE', 'acc-1', { blocked: true })],
  ['the vehicle now belongs to another account', (scene: Scene) => scene.site.registers('AB12CDE', 'acc-2')],
] as const)
  test(`E16 charge point offline: ${what} meanwhile, and the start is not sent for whom it was meant`, async () => {
    const scene = await waitsForChargePoint()
    await block(scene)
    await reconnects(scene)
    expect(scene.orders('start')).toBe(0)
    expect(scene.state()).toBe('authorizing.denied')
    expect(scene.payer()).toBeNull()
    expect(scene.told().at(-1)).toMatch(/^present-card/)
    await scene.plugsIn()
    await scene.watch(70)
    expect(scene.orders('start')).toBe(0)
    await replaysTheSame(scene.site)
  })

test('E16 charge point offline: another car took the bay meanwhile, and only its own start leaves', async () => {
  const scene = await waitsForChargePoint()
  await scene.site.registers('XY99ZZT', 'acc-2')
  scene.parked.delete('bay-1')
  await scene.watch(9)
  await scene.arrives('XY99ZZT')
  await reconnects(scene)
  expect(scene.orders('start')).toBe(1)
  expect(scene.payer()).toBe('acc-2')
  expect((await scene.begins()).status).toBe('accepted')
  expect(scene.decided('BayLocked')).toMatchObject([{ accountId: 'acc-2' }])
  await replaysTheSame(scene.site)
})
