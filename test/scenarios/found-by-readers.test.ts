import { expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { ONE_BAY, Scene, TWO_BAYS } from '../../simulations/toy-scene.ts'
import { ToySite } from '../../simulations/toy-site.ts'
import { LoneBay } from './lone-bay.ts'

// Faults that readers of the code found, each told as what a person would have suffered.

for (const [command, fields] of [
  ['out-of-service', {}],
  ['autonomy', { level: 'observe' }],
  ['autonomy', { level: 'suggest' }],
] as const)
  test(`a start that waits for an offline charge point never leaves after ${command} ${JSON.stringify(fields)}`, async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.registers('AB12CDE', 'acc-1')
    scene.site.answerStart = 'offline'
    await scene.arrives('AB12CDE')
    expect(scene.state()).toBe('authorizing.starting')
    await scene.operator('bay-1', command, fields)
    await scene.passes(3)
    scene.site.answerStart = 'accepted'
    await scene.passes(3)
    expect(scene.orders('start')).toBe(0)
    expect(scene.state()).toBe('authorizing.fallback')
    await replaysTheSame(scene.site)
  })

test('a connector that the site file gives to another bay in the middle of a charge is billed whole, where it began', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.draws(16, 2000, { transactionId })
  scene.site.journal.dead = true
  const exchanged = {
    bays: [
      { bayId: 'bay-1', connectors: [{ chargePointId: 'CP-2', evse: 1 }] },
      { bayId: 'bay-2', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    ],
  }
  scene.site = await new ToySite({ ...exchanged, from: scene.site }).open()
  await scene.online('CP-1/1')
  await scene.online('CP-2/1')
  await scene.says('Charging')
  await scene.draws(16, 2200, { transactionId })
  expect([scene.state('bay-1').split('.')[0], scene.payer('bay-1')]).toEqual(['charging-locked', 'acc-1'])
  expect(scene.state('bay-2')).toBe('vacant')
  await scene.ends(transactionId, 3100)
  await scene.says('Available', 'CP-1/1')
  await scene.says('Available', 'CP-2/1')
  await scene.leaves('bay-1')
  await scene.passes(700)
  expect(scene.bills('bay-1')).toMatchObject([{ accountId: 'acc-1', energy_Wh: 2100, disputed: null }])
  expect(Object.keys(scene.site.bay('bay-1')?.connectors ?? {})).toEqual(['CP-2/1'])
  await replaysTheSame(scene.site)
})

test('energy on what one card left behind is its own again, beside the charge of another card on the bay’s other cable', async () => {
  const scene = await Scene.open({
    bays: [
      {
        bayId: 'bay-1',
        connectors: [
          { chargePointId: 'CP-1', evse: 1 },
          { chargePointId: 'CP-2', evse: 1 },
        ],
      },
    ],
  })
  await scene.registersCard('CARDA', 'acc-a')
  await scene.registersCard('CARDB', 'acc-b')
  scene.stands(null)
  await scene.watch(2)
  const a = await scene.charges({ connector: 'CP-1/1', idToken: 'CARDA', register_Wh: 1000 })
  await scene.offline('CP-1/1')
  scene.gone()
  await scene.watch(320)
  scene.stands(null)
  await scene.watch(2)
  const b = await scene.charges({ connector: 'CP-2/1', idToken: 'CARDB', register_Wh: 5000 })
  await scene.online('CP-1/1')
  await scene.draws(16, 9000, { connector: 'CP-1/1', transactionId: a })
  expect(scene.payer()).toBe('acc-b')
  await scene.ends(b, 45_000, { chargePointId: 'CP-2' })
  await scene.ends(a, 10_000)
  await scene.says('Available')
  await scene.says('Available', 'CP-2/1')
  await scene.leaves()
  await scene.passes(700)
  expect(scene.bills()).toMatchObject([
    { accountId: 'acc-a', energy_Wh: 100 },
    { accountId: 'acc-b', energy_Wh: 40_000 },
    { accountId: 'acc-a', energy_Wh: 8900 },
  ])
  await replaysTheSame(scene.site)
})

test('a plate that a person authorized is claimed: the same plate at another bay starts nothing, and both are shown', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives(null, 'bay-1')
  await scene.watch(12)
  await scene.operator('bay-1', 'authorize', {
    handle: scene.site.keys.vehicle(fold('AB12CDE')),
    accountId: 'acc-1',
  })
  await scene.charges({ connector: 'CP-1/1' })
  const starts = scene.orders('start')
  await scene.arrives('AB12CDE', 'bay-2')
  await scene.watch(15)
  expect(scene.orders('start')).toBe(starts)
  expect(scene.payer('bay-2')).toBeNull()
  expect(scene.alarms()).toContain('clone')
  await replaysTheSame(scene.site)
})

for (const order of ['the stop first', 'Finishing first'] as const)
  test(`the idle time after a charge is the same whatever comes first: ${order}`, async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.registersCard('CARDA', 'acc-a')
    scene.stands(null)
    await scene.watch(2)
    const transactionId = await scene.charges({ idToken: 'CARDA' })
    if (order === 'Finishing first') await scene.says('Finishing')
    await scene.ends(transactionId, 2000)
    if (order === 'the stop first') await scene.says('Finishing')
    await scene.watch(600)
    await scene.unplugs()
    await scene.leaves()
    expect(scene.bills()).toMatchObject([{ energy_Wh: 1000, idle_s: 600 }])
  })

test('remote-stop stops every open transaction of the bay', async () => {
  const scene = await Scene.open({
    bays: [
      {
        bayId: 'bay-1',
        connectors: [
          { chargePointId: 'CP-1', evse: 1 },
          { chargePointId: 'CP-1', evse: 2 },
        ],
      },
    ],
  })
  await scene.registersCard('CARDA', 'acc-a')
  await scene.registersCard('CARDB', 'acc-b')
  await scene.charges({ connector: 'CP-1/1', idToken: 'CARDA' })
  await scene.charges({ connector: 'CP-1/2', idToken: 'CARDB' })
  await scene.operator('bay-1', 'remote-stop')
  expect(scene.orders('stop')).toBe(2)
})

test('a bay through which energy flows without a transaction is not told to be blocked at every pause', () => {
  const bay = new LoneBay()
  bay.tell({ type: 'policy.adopted', policy: bay.snapshot.context.policy })
  const traits = { connector: 'CP-1/1', chargePointId: 'CP-1', evse: 1, connectionTimeout_s: 60, startOn: 'validation' }
  bay.tell({ type: 'profile.adopted', connectors: [traits] })
  bay.tell({ type: 'charger.online', chargePointId: 'CP-1' })
  bay.tell({ type: 'vehicle.seen', cameraId: 'cam-1' })
  bay.status('charging')
  for (let minute = 0; minute < 40; minute += 1) {
    bay.pass(60)
    bay.meter(10, null)
  }
  for (let pause = 0; pause < 4; pause += 1) {
    for (const current_A of [0, 0, 10]) {
      bay.pass(60)
      bay.meter(current_A, null)
      expect(bay.snapshot.context.alarms).toEqual([])
    }
  }
})
