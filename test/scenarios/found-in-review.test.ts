import { expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { Scene } from '../../simulations/toy-scene.ts'

// Faults that reviewers reproduced once: each story must stay right.

const TWO_PLUGS = {
  bays: [
    {
      bayId: 'bay-1',
      connectors: [
        { chargePointId: 'CP-1', evse: 1 },
        { chargePointId: 'CP-1', evse: 2 },
      ],
    },
  ],
}
const DUAL_HEAD = {
  bays: [
    { bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    { bayId: 'bay-2', connectors: [{ chargePointId: 'CP-1', evse: 2 }] },
  ],
}

test('two cards charging on two cables of one bay each pay for their own cable', async () => {
  const scene = await Scene.open(TWO_PLUGS)
  await scene.site.registersCard('CARDA', 'acc-a')
  await scene.site.registersCard('CARDB', 'acc-b')
  const a = await scene.charges({ connector: 'CP-1/2', idToken: 'CARDA', register_Wh: 1000 })
  const b = await scene.charges({ connector: 'CP-1/1', idToken: 'CARDB', register_Wh: 5000 })
  await scene.site.pass(3_600_000)
  await scene.ends(a, 10_000)
  await scene.ends(b, 5_500)
  const ended = scene
    .decided('TransactionEnded')
    .map(({ accountId, energy_Wh, disputed }) => ({ accountId, energy_Wh, disputed }))
  expect(ended).toEqual([
    { accountId: 'acc-a', energy_Wh: 9000, disputed: null },
    { accountId: 'acc-b', energy_Wh: 500, disputed: null },
  ])
  await replaysTheSame(scene.site)
})

test('a stranger’s card on the other plug of a post does not take over a visit whose payer is decided', async () => {
  const scene = await Scene.open(DUAL_HEAD)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.site.registersCard('CARDB', 'acc-b')
  await scene.arrives('AB12CDE')
  const token = scene.token()
  await scene.taps('CARDB', 'CP-1/2')
  expect(scene.payer()).toBe('acc-1')
  const transactionId = await scene.charges({ idToken: token, register_Wh: 0 })
  await scene.ends(transactionId, 20_000)
  expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-1', energy_Wh: 20_000 }])
})

test('a snowed-in camera and one lost connection do not end a running charge', async () => {
  const scene = await Scene.open()
  await scene.site.registersCard('CARDA', 'acc-a')
  await scene.charges({ idToken: 'CARDA' })
  for (let i = 0; i < 8; i++) {
    await scene.site.pass(50_000)
    await scene.picture({ occupied: [] })
  }
  await scene.site.hear({
    type: 'meter',
    chargePointId: 'CP-1',
    evse: 1,
    transactionId: null,
    samples: [{ happenedAt: null, when: 'live', current_A: 16, power_W: 3680, register_Wh: null, verdict: 'valid' }],
  })
  await scene.site.pass(1000)
  await scene.offline()
  await scene.site.pass(5000)
  expect(scene.state()).toBe('charging-locked.frozen')
  expect(scene.bills()).toEqual([])
})

test('the misread that a person corrected does not come back and start again', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-right')
  await scene.site.registers('AB12CDF', 'acc-wrong')
  await scene.arrives('AB12CDF')
  const handle = scene.site.keys.vehicle(fold('AB12CDE'))
  await scene.site.operator('bay-1', 'correct-plate', { handle, accountId: 'acc-right' })
  const visit = scene.visit()
  await scene.watch(75)
  expect(scene.visit()).toBe(visit)
  expect(scene.payer()).toBe('acc-right')
})

test('a plate corrected to one that nobody registered takes the start back', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const dead = scene.token()
  await scene.site.operator('bay-1', 'correct-plate', {
    handle: scene.site.keys.vehicle(fold('XX99XXX')),
    accountId: null,
  })
  await scene.site.pass(100)
  expect(scene.state()).toBe('authorizing.denied')
  expect((await scene.begins({ idToken: dead })).status).toBe('invalid')
})

test('where a bay only suggests, nothing leaves until a person says so, and then one start does', async () => {
  const scene = await Scene.open({
    bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
    policy: { autonomy: 'suggest' },
  })
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(0)
  expect(scene.alarms()).toContain('suggested')
  await scene.site.operator('bay-1', 'authorize', { accountId: 'acc-1', handle: null })
  expect(scene.orders('start')).toBe(1)
  const transactionId = await scene.charges({ register_Wh: 0 })
  expect(scene.alarms()).toEqual([])
  await scene.ends(transactionId, 700)
  expect(scene.decided('TransactionEnded')).toMatchObject([{ accountId: 'acc-1', energy_Wh: 700 }])
})

test('where a bay only observes, nothing leaves and nobody is asked for anything', async () => {
  const scene = await Scene.open({
    bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
    policy: { autonomy: 'observe' },
  })
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(0)
  expect(scene.alarms()).toEqual([])
  expect(scene.site.effects.filter((effect) => effect.type === 'tell.driver' && effect['leaves'] !== false)).toEqual([])
  expect(scene.decided('StartRequested')).toHaveLength(1)
})

test('a stop that a person asked for while the charge point was away goes out once it is back', async () => {
  const scene = await Scene.open()
  await scene.site.registersCard('CARDA', 'acc-a')
  await scene.charges({ idToken: 'CARDA' })
  await scene.offline()
  await scene.site.operator('bay-1', 'remote-stop')
  await scene.crash()
  const before = scene.orders('stop')
  await scene.online()
  expect(scene.orders('stop')).toBe(before + 1)
})

test('plugged, unplugged, plugged again, charged, finishing: one visit and no second start', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  await scene.says('Preparing')
  await scene.unplugs()
  await scene.says('Preparing')
  const transactionId = await scene.charges({ register_Wh: 0 })
  const visit = scene.visit()
  await scene.ends(transactionId, 900)
  await scene.says('Finishing')
  await scene.watch(10)
  expect(scene.visit()).toBe(visit)
})

test('a card that the register refuses is no payer, whoever paid before', async () => {
  const scene = await Scene.open()
  await scene.site.registersCard('CARDA', 'acc-a')
  await scene.arrives(null)
  await scene.site.pass(9000)
  await scene.taps('STRANGER')
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.payer()).toBeNull()
})

test('a charge that begins again from register 0 without a clock is a charge of its own', async () => {
  const scene = await Scene.open()
  await scene.site.registersCard('CARDA', 'acc-a')
  const begin = () =>
    scene.site.hear({
      type: 'started',
      chargePointId: 'CP-1',
      evse: 1,
      idToken: 'CARDA',
      register_Wh: 0,
      happenedAt: null,
    })
  const first = await begin()
  expect((await begin()).transactionId).toBe(first.transactionId)
  await scene.ends(String(first.transactionId), 5000)
  const second = await begin()
  expect(second.transactionId).not.toBe(first.transactionId)
  expect(scene.locked()).toBe(true)
})

test('registers and times that cannot be are billed with their doubt named', async () => {
  const scene = await Scene.open()
  await scene.site.registersCard('CARDA', 'acc-a')
  const begin = (happenedAt: number | null) =>
    scene.site.hear({
      type: 'started',
      chargePointId: 'CP-1',
      evse: 1,
      idToken: 'CARDA',
      register_Wh: 1000,
      happenedAt,
    })
  const far = await begin(Date.UTC(2099, 0))
  await scene.site.pass(3_600_000)
  await scene.ends(String(far.transactionId), 900_000_000)
  const [ended] = scene.decided('TransactionEnded')
  expect(ended).toMatchObject({ disputed: 'more energy than any charge point gives' })
  expect(String(ended?.['endedAt']) < '2027').toBe(true)
  expect(String(scene.decided('TransactionOpened')[0]?.['startedAt']) < '2027').toBe(true)
})
