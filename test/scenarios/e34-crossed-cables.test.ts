import { expect, test } from 'vitest'
import type { ToySiteOptions } from '../../simulations/toy-site.ts'
import { replaysTheSame, Scene } from './steps.ts'

/** A dual-head post between two bays: either cable reaches either bay. */
const POST = [
  { chargePointId: 'CP-1', evse: 1 },
  { chargePointId: 'CP-1', evse: 2 },
]
const DUAL: ToySiteOptions = {
  bays: [
    { bayId: 'bay-3', connectors: POST },
    { bayId: 'bay-4', connectors: POST },
  ],
}

async function both(): Promise<Scene> {
  const scene = await Scene.open(DUAL)
  await scene.site.registers('AB12CDE', 'acc-3')
  await scene.site.registers('XY99ZZT', 'acc-4')
  await scene.site.registersCard('CARD3', 'acc-3')
  await scene.site.registersCard('CARD4', 'acc-4')
  await scene.arrives('AB12CDE', 'bay-3')
  await scene.arrives('XY99ZZT', 'bay-4')
  return scene
}

test('E34 two neighbours cross cables: while both wait, no plug starts anybody unattended; each is asked, and each card pays its own', async () => {
  const scene = await both()
  await scene.plugsIn('CP-1/1')
  await scene.site.pass(2000)
  await scene.plugsIn('CP-1/2')
  expect(scene.orders('start')).toBe(0)
  expect(scene.told('bay-3').at(-1)).toBe('present-card (plug-ambiguous)')
  expect(scene.told('bay-4').at(-1)).toBe('present-card (plug-ambiguous)')
  const four = await scene.begins({ idToken: 'CARD4', connector: 'CP-1/1' })
  const three = await scene.begins({ idToken: 'CARD3', connector: 'CP-1/2' })
  expect([scene.payer('bay-3'), scene.payer('bay-4')]).toEqual(['acc-3', 'acc-4'])
  await scene.ends(four.transactionId, 1400)
  await scene.ends(three.transactionId, 1700)
  await scene.unplugs('CP-1/1')
  await scene.unplugs('CP-1/2')
  scene.parked.clear()
  await scene.watch(45)
  expect(scene.bills('bay-3')).toMatchObject([{ accountId: 'acc-3', energy_Wh: 700 }])
  expect(scene.bills('bay-4')).toMatchObject([{ accountId: 'acc-4', energy_Wh: 400 }])
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E34 two neighbours one after the other: the first plugs before the second comes, and each is started on its own plug', async () => {
  const scene = await Scene.open(DUAL)
  await scene.site.registers('AB12CDE', 'acc-3')
  await scene.site.registers('XY99ZZT', 'acc-4')
  await scene.arrives('AB12CDE', 'bay-3')
  await scene.charges({ connector: 'CP-1/2' })
  await scene.arrives('XY99ZZT', 'bay-4')
  expect(scene.orders('start')).toBe(1)
  await scene.charges({ connector: 'CP-1/1' })
  expect([scene.payer('bay-3'), scene.payer('bay-4')]).toEqual(['acc-3', 'acc-4'])
  expect(scene.site.starts()).toMatchObject([{ evse: 2 }, { evse: 1 }])
  await replaysTheSame(scene.site)
})
