import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function paused(
  status: 'SuspendedEV' | 'SuspendedEVSE',
  order: 'status first' | 'meter first',
): Promise<{ scene: Scene; transactionId: string }> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.watch(20)
  if (order === 'status first') await scene.says(status)
  for (let sample = 0; sample < 3; sample += 1) {
    await scene.draws(0, 1200, { transactionId })
    await scene.watch(61)
  }
  if (order === 'meter first') await scene.says(status)
  return { scene, transactionId }
}

const idle_s = (scene: Scene): unknown => scene.bills().at(-1)?.['idle_s']
async function leaves(scene: Scene, transactionId: string): Promise<void> {
  await scene.ends(transactionId, 1900)
  await scene.unplugs()
  await scene.leaves()
  await replaysTheSame(scene.site)
}

for (const order of ['status first', 'meter first'] as const)
  test(`E24 0 A pause: the vehicle asks for nothing (${order}): locked, same payer, and the idle clock runs until it draws again`, async () => {
    const { scene, transactionId } = await paused('SuspendedEV', order)
    expect(scene.state()).toBe('charging-locked.suspended')
    expect(scene.locked()).toBe(true)
    expect(scene.decided('DrawPaused')).toHaveLength(1)
    const resumed = scene.decided('DrawResumed').length
    await scene.watch(300)
    expect(scene.state()).toBe('charging-locked.suspended')
    await scene.says('Charging')
    await scene.draws(6, 1300, { transactionId })
    expect(scene.state()).toBe('charging-locked.charging')
    expect(scene.decided('DrawResumed')).toHaveLength(resumed + 1)
    expect(scene.payer()).toBe('acc-1')
    await scene.watch(200)
    await leaves(scene, transactionId)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 900 }])
    expect(idle_s(scene)).toBeGreaterThanOrEqual(300)
    expect(idle_s(scene)).toBeLessThanOrEqual(500)
  })

test('E24 0 A pause: the charge point withholds (load balancing, PV): locked, and nobody idles', async () => {
  const { scene, transactionId } = await paused('SuspendedEVSE', 'status first')
  await scene.watch(600)
  expect(scene.state()).toBe('charging-locked.suspended')
  expect(scene.decided('DrawPaused')).toMatchObject([{ withheldBy: 'charge-point' }])
  await leaves(scene, transactionId)
  expect(idle_s(scene)).toBe(0)
})

test('E24 0 A pause: one low sample is no pause', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.watch(61)
  await scene.draws(0, 1200, { transactionId })
  expect(scene.state()).toBe('charging-locked.charging')
  expect(scene.decided('DrawPaused')).toEqual([])
  await replaysTheSame(scene.site)
})

test('E24 0 A pause: no other car may take the bay while the first one rests', async () => {
  const { scene, transactionId } = await paused('SuspendedEV', 'status first')
  await scene.site.registers('XY99ZZT', 'acc-2')
  const visit = scene.visit()
  scene.parked.delete('bay-1')
  await scene.watch(10)
  await scene.arrives('XY99ZZT', 'bay-1', 6)
  expect([scene.payer(), scene.visit()]).toEqual(['acc-1', visit])
  expect(scene.orders('start')).toBe(1)
  expect(scene.alarms()).toContain('other-plate')
  await leaves(scene, transactionId)
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1' }])
})
