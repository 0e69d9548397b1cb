import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

test('E02 confident nonsense: one read of full confidence starts nothing; more is asked for, then a card is offered', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', confidence: 1 }], occupied: ['bay-1'] })
  expect(scene.state()).toBe('detecting.collecting')
  scene.parked.set('bay-1', null)
  await scene.watch(10)
  expect(scene.site.effects.some((effect) => effect.type === 'ask.second-reader')).toBe(true)
  expect(scene.state()).toBe('detecting.in-review')
  expect(scene.told()).toEqual(['present-card (review)'])
  await scene.watch(125)
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.orders('start')).toBe(0)
  expect(scene.payer()).toBeNull()
  await replaysTheSame(scene.site)
})

test('E02 confident nonsense: the same nonsense half a minute apart never adds up to an agreement', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  for (let times = 0; times < 4; times += 1) {
    await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', confidence: 1 }], occupied: ['bay-1'] })
    scene.parked.set('bay-1', null)
    await scene.watch(30)
  }
  expect(scene.decided('PlateAgreed')).toEqual([])
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E02 confident nonsense: where nobody reviews, the card is offered at once and the queue stays empty', async () => {
  const scene = await Scene.open({
    bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
    policy: { reviewers: false },
  })
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE', 'bay-1', 1)
  scene.parked.set('bay-1', null)
  await scene.watch(12)
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E02 confident nonsense: a bay believes no agreement of fewer witnesses than its quorum, whoever claims one', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  const leader = scene.site.keys.vehicle('AB12CDE')
  for (const [witnesses, plausible, chance] of [
    [1, true, 1],
    [5, false, 1],
    [5, true, 0.5],
  ] as const)
    await scene.site.tells('bay-1', {
      type: 'plate.agreed',
      id: `w-${witnesses}`,
      source: 'cam-1',
      cameraId: 'cam-1',
      trackId: 't',
      leader,
      clear: true,
      fresh: true,
      tally: [{ handle: leader, witnesses, share: 1, plausible, chance }],
      windowFrom: scene.site.clock.now(),
      thinned: 0,
    })
  expect(scene.decided('PlateAgreed')).toEqual([])
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E02 confident nonsense: a late agreement in fallback still counts as if it had been in time', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives(null)
  await scene.watch(12)
  expect(scene.state()).toBe('authorizing.fallback')
  await scene.arrives('AB12CDE')
  expect(scene.state()).toBe('authorizing.awaiting-plug')
  expect(scene.payer()).toBe('acc-1')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})
