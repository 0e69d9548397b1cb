import { expect, test } from 'vitest'
import type { ToySiteOptions } from '../../simulations/toy-site.ts'
import { replaysTheSame, Scene } from './steps.ts'

/** Bays 3 and 4 beside one post: both reach its first connector, bay 4 alone its second. */
const SHARED: ToySiteOptions = {
  bays: [
    { bayId: 'bay-3', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    {
      bayId: 'bay-4',
      connectors: [
        { chargePointId: 'CP-1', evse: 1 },
        { chargePointId: 'CP-1', evse: 2 },
      ],
    },
  ],
}
/** Each bay its own connector of one dual-head post; starts go out before the plug. */
const OWN: ToySiteOptions = {
  bays: [
    { bayId: 'bay-3', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    { bayId: 'bay-4', connectors: [{ chargePointId: 'CP-1', evse: 2 }] },
  ],
}

async function opens(options: ToySiteOptions): Promise<Scene> {
  const scene = await Scene.open(options)
  await scene.site.registers('AB12CDE', 'acc-3')
  await scene.site.registers('XY99ZZT', 'acc-4')
  await scene.site.registersCard('CARD3', 'acc-3')
  return scene
}

test('E33 plug from the wrong bay: one waiting visit reaches the connector, so the plug is its', async () => {
  const scene = await opens(SHARED)
  await scene.arrives('AB12CDE', 'bay-3')
  expect(scene.orders('start')).toBe(0)
  await scene.charges({ connector: 'CP-1/1' })
  expect(scene.decided('BayLocked', 'bay-3')).toMatchObject([{ accountId: 'acc-3' }])
  expect(scene.state('bay-4')).toBe('vacant')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E33 plug from the wrong bay: two waiting visits reach it, so nobody is started, both are asked, and a card decides', async () => {
  const scene = await opens(SHARED)
  await scene.arrives('AB12CDE', 'bay-3')
  await scene.arrives('XY99ZZT', 'bay-4')
  await scene.plugsIn('CP-1/1')
  expect(scene.orders('start')).toBe(0)
  expect([scene.state('bay-3'), scene.state('bay-4')]).toEqual(['authorizing.fallback', 'authorizing.fallback'])
  expect([scene.told('bay-3').at(-1), scene.told('bay-4').at(-1)]).toEqual([
    'present-card (plug-ambiguous)',
    'present-card (plug-ambiguous)',
  ])
  await scene.watch(30)
  expect(scene.orders('start')).toBe(0)
  expect((await scene.taps('CARD3')).status).toBe('accepted')
  const { status, transactionId } = await scene.begins({ idToken: 'CARD3' })
  expect(status).toBe('accepted')
  const charging = ['bay-3', 'bay-4'].filter((bayId) => scene.locked(bayId))
  expect(charging).toEqual(['bay-3'])
  await scene.draws(6, 1400, { transactionId })
  await scene.ends(transactionId, 1600)
  await scene.unplugs('CP-1/1')
  scene.parked.delete('bay-4')
  await scene.leaves('bay-3')
  expect(scene.bills('bay-3')).toMatchObject([{ accountId: 'acc-3', energy_Wh: 600 }])
  expect(scene.bills('bay-4')).toEqual([])
  expect([scene.state('bay-3'), scene.state('bay-4')]).toEqual(['vacant', 'vacant'])
  await replaysTheSame(scene.site)
})

test('E33 plug from the wrong bay: among two who wait, a stranger’s card pays for its own energy, whoever’s bay it stands in', async () => {
  const scene = await opens(SHARED)
  await scene.site.registersCard('CARD9', 'acc-9')
  await scene.arrives('AB12CDE', 'bay-3')
  await scene.arrives('XY99ZZT', 'bay-4')
  await scene.plugsIn('CP-1/1')
  const { transactionId } = await scene.begins({ idToken: 'CARD9' })
  expect(['bay-3', 'bay-4'].filter((bayId) => scene.locked(bayId))).toHaveLength(1)
  await scene.draws(6, 1400, { transactionId })
  await scene.ends(transactionId, 1600)
  await scene.unplugs('CP-1/1')
  scene.parked.clear()
  await scene.watch(45)
  expect([...scene.bills('bay-3'), ...scene.bills('bay-4')]).toMatchObject([{ accountId: 'acc-9', energy_Wh: 600 }])
  await replaysTheSame(scene.site)
})

test('E33 plug from the wrong bay: flow on a plug that two wait for locks one of them, the same one throughout, and a card pays for it', async () => {
  const scene = await opens(SHARED)
  await scene.arrives('AB12CDE', 'bay-3')
  await scene.arrives('XY99ZZT', 'bay-4')
  await scene.plugsIn('CP-1/1')
  await scene.draws(10, 1100)
  const charging = (): string[] => ['bay-3', 'bay-4'].filter((bayId) => scene.locked(bayId))
  expect(charging()).toHaveLength(1)
  const first = charging()
  await scene.watch(61)
  await scene.draws(10, 1200)
  expect(charging()).toEqual(first)
  const { transactionId } = await scene.begins({ idToken: 'CARD3', register_Wh: 1200 })
  expect(charging()).toEqual(first)
  expect(scene.payer(first[0])).toBe('acc-3')
  await scene.ends(transactionId, 1500)
  expect(charging()).toEqual([])
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E33 plug from the wrong bay: bay 3 waits, bay 4 was seen empty, the plug comes on bay 4’s own: bay 3’s start does not become bay 4’s session', async () => {
  const scene = await opens(OWN)
  await scene.watch(5)
  await scene.arrives('AB12CDE', 'bay-3')
  expect(scene.orders('start')).toBe(1)
  await scene.plugsIn('CP-1/2')
  expect(scene.decided('ContradictionNoticed', 'bay-4')).toMatchObject([{ kind: 'plug-without-vehicle' }])
  const { status, transactionId } = await scene.begins({ connector: 'CP-1/2' })
  expect(status).toBe('invalid')
  expect(scene.site.orders.filter((order) => order.type === 'stop')).toMatchObject([{ transactionId }])
  expect(scene.locked('bay-3')).toBe(false)
  expect(scene.payer('bay-4')).toBeNull()
  await scene.ends(transactionId, 1300)
  await scene.unplugs('CP-1/2')
  await scene.watch(40)
  expect(scene.bills('bay-4')).toMatchObject([{ accountId: null }])
  expect(scene.bills('bay-3')).toEqual([])
  expect(scene.state('bay-4')).toBe('vacant')
  await replaysTheSame(scene.site)
})

test('E33 plug from the wrong bay: the same, and the waiting driver plugs into the right one after all', async () => {
  const scene = await opens(OWN)
  await scene.arrives('AB12CDE', 'bay-3')
  await scene.plugsIn('CP-1/2')
  await scene.unplugs('CP-1/2')
  await scene.charges({ connector: 'CP-1/1' })
  expect(scene.decided('BayLocked', 'bay-3')).toMatchObject([{ accountId: 'acc-3' }])
  await scene.watch(40)
  expect(scene.state('bay-4')).toBe('vacant')
  await replaysTheSame(scene.site)
})
