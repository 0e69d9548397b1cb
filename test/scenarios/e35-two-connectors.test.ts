import { expect, test } from 'vitest'
import type { ToySiteOptions } from '../../simulations/toy-site.ts'
import { replaysTheSame, Scene } from './steps.ts'

const TWO_POSTS: ToySiteOptions = {
  bays: [
    {
      bayId: 'bay-1',
      connectors: [
        { chargePointId: 'CCS', evse: 1 },
        { chargePointId: 'CHA', evse: 1 },
      ],
    },
  ],
}

async function authorized(): Promise<Scene> {
  const scene = await Scene.open(TWO_POSTS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.state()).toBe('authorizing.awaiting-plug')
  expect(scene.payer()).toBe('acc-1')
  return scene
}

for (const connector of ['CCS/1', 'CHA/1'])
  test(`E35 one bay, two connectors: without a plug nothing is sent; the plug in ${connector} gets the start`, async () => {
    const scene = await authorized()
    expect(scene.orders('start')).toBe(0)
    expect(scene.told()).toEqual(['plug-in (authorized)'])
    await scene.watch(30)
    expect(scene.orders('start')).toBe(0)
    await scene.charges({ connector })
    expect(scene.site.starts()).toMatchObject([{ chargePointId: connector.slice(0, 3), evse: 1 }])
    expect(scene.decided('BayLocked')).toMatchObject([{ accountId: 'acc-1' }])
    await replaysTheSame(scene.site)
  })

test('E35 one bay, two connectors: two plugs in, and berth does not guess', async () => {
  const scene = await Scene.open(TWO_POSTS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.plugsIn('CCS/1')
  await scene.plugsIn('CHA/1')
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(0)
  await scene.unplugs('CHA/1')
  expect(scene.site.starts()).toMatchObject([{ chargePointId: 'CCS' }])
  await replaysTheSame(scene.site)
})

test('E35 one bay, two connectors: already plugged in when the plate is agreed, the start goes there at once', async () => {
  const scene = await Scene.open(TWO_POSTS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.plugsIn('CHA/1')
  await scene.arrives('AB12CDE')
  expect(scene.site.starts()).toMatchObject([{ chargePointId: 'CHA', evse: 1 }])
  await replaysTheSame(scene.site)
})

test('E35 one bay, two connectors: the other connector going away does not free a bay that charges', async () => {
  const scene = await authorized()
  const transactionId = await scene.charges({ connector: 'CCS/1' })
  await scene.says('Available', 'CHA/1')
  await scene.offline('CHA/1')
  expect(scene.state()).toBe('charging-locked.charging')
  await scene.ends(transactionId, 1500, { chargePointId: 'CCS' })
  await scene.unplugs('CCS/1')
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 500 }])
  await replaysTheSame(scene.site)
})

test('E35 one bay, two connectors: by profile one connector may wait for its plug too', async () => {
  const scene = await Scene.open({
    bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1, startOn: 'plug' }] }],
  })
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(0)
  await scene.charges()
  expect(scene.orders('start')).toBe(1)
  expect(scene.payer()).toBe('acc-1')
  await replaysTheSame(scene.site)
})
