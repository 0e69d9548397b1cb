import { expect, test } from 'vitest'
import { Scene, TWO_BAYS } from '../../simulations/toy-scene.ts'
import { ToySite } from '../../simulations/toy-site.ts'

const oneBay = { bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }] }

test('a registered car is read, started, metered, locked, and leaves a vacant bay and a bill', async () => {
  const site = await new ToySite(oneBay).open()
  await site.registers('AB12CDE', 'acc-1')
  await site.hear({ type: 'online', chargePointId: 'CP-1' })
  await site.hear({
    type: 'status',
    chargePointId: 'CP-1',
    evse: 1,
    status: 'Available',
    errorCode: null,
    happenedAt: null,
  })
  for (let i = 0; i < 3; i++) {
    await site.camera('cam-1', { plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }], occupied: ['bay-1'] })
    await site.pass(300)
  }
  expect(site.state('bay-1')).toBe('authorizing.awaiting-plug')
  expect(site.starts()).toHaveLength(1)
  const idToken = site.starts()[0]?.idToken as string
  const started = await site.hear({
    type: 'started',
    chargePointId: 'CP-1',
    evse: 1,
    idToken,
    register_Wh: 1000,
    happenedAt: null,
  })
  expect(started.status).toBe('accepted')
  await site.hear({
    type: 'status',
    chargePointId: 'CP-1',
    evse: 1,
    status: 'Charging',
    errorCode: null,
    happenedAt: null,
  })
  await site.hear({
    type: 'meter',
    chargePointId: 'CP-1',
    evse: 1,
    transactionId: started.transactionId,
    samples: [{ happenedAt: null, when: 'live', current_A: 6, power_W: 1400, register_Wh: 1100, verdict: 'valid' }],
  })
  expect(site.state('bay-1')).toBe('charging-locked.charging')
  for (let second = 0; second < 60; second++) {
    await site.camera('cam-1', { occupied: ['bay-1'] })
    await site.pass(1000)
  }
  await site.hear({
    type: 'ended',
    chargePointId: 'CP-1',
    transactionId: started.transactionId as string,
    idToken: null,
    register_Wh: 1600,
    reason: 'Local',
    happenedAt: null,
    samples: [],
  })
  await site.hear({
    type: 'status',
    chargePointId: 'CP-1',
    evse: 1,
    status: 'Available',
    errorCode: null,
    happenedAt: null,
  })
  for (let i = 0; i < 40; i++) {
    await site.camera('cam-1', { occupied: [] })
    await site.pass(1000)
  }
  expect(site.state('bay-1')).toBe('vacant')
  expect(site.decisions('bay-1', 'SessionBilled')[0]).toMatchObject({
    accountId: 'acc-1',
    energy_Wh: 600,
    exit: 'exit-seen',
    disputed: null,
  })
})

test('a process that dies while it writes answers nobody, and leaves only what was durable', async () => {
  for (const durable of [true, false]) {
    const site = await new ToySite(oneBay).open()
    await site.registers('AB12CDE', 'acc-1')
    const before = site.journal.records.length
    site.journal.dies = { atAppend: site.journal.appends + 1, durable }
    const answer = await site.hear({
      type: 'started',
      chargePointId: 'CP-1',
      evse: 1,
      idToken: 'X',
      register_Wh: 0,
      happenedAt: null,
    })
    expect(answer).toEqual({ status: 'unanswered', transactionId: null })
    expect(site.journal.records.length > before).toBe(durable)
    expect(site.orders).toEqual([])
    const next = await site.crash()
    expect(next.bay('bay-1')?.visit === null).toBe(!durable)
  }
})

test('what a dead process waited for never happens', async () => {
  const site = await new ToySite(oneBay).open()
  await site.registers('AB12CDE', 'acc-1')
  site.answerStart = 'offline'
  for (let i = 0; i < 3; i++)
    await site.camera('cam-1', { plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }], occupied: ['bay-1'] })
  expect(site.state('bay-1')).toBe('authorizing.starting')
  site.journal.dead = true
  site.answerStart = 'accepted'
  await site.pass(300_000)
  expect(site.starts()).toEqual([])
})

test('alarms of one kind at two bays are two: one that ends leaves the other', async () => {
  const scene = await Scene.open(TWO_BAYS)
  const alarm = (type: string, bayId: string) => ({ type, alarmId: `${bayId}/left`, alarm: 'left' })
  const writes = async (...effects: { readonly type: string }[]): Promise<void> => {
    const entry = { stream: 'site', cause: { type: 'test.told' }, decisions: [], effects, personal: {} }
    const written = scene.site.site.write([entry])
    await scene.site.pass(10)
    await written
  }
  await writes(alarm('raise.alarm', 'bay-1'), alarm('raise.alarm', 'bay-2'))
  expect([...scene.site.alarms.keys()]).toEqual(['bay-1/left', 'bay-2/left'])
  expect(scene.alarms()).toEqual(['left'])
  await writes(alarm('clear.alarm', 'bay-1'))
  expect([...scene.site.alarms.keys()]).toEqual(['bay-2/left'])
})

test('at a bay that only observes nothing leaves, as at the production site', async () => {
  const scene = await Scene.open({ ...TWO_BAYS, policy: { autonomy: 'observe' } })
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  expect(scene.state()).toBe('authorizing.starting')
  expect(scene.site.effects.filter(({ type }) => type === 'start.charging')).toEqual([])
  expect(scene.site.counts.get('effect_held_start.charging')).toBe(1)
})
