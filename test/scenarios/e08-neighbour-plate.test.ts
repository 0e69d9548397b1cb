import { expect, test } from 'vitest'
import { replaysTheSame, Scene, TWO_BAYS } from './steps.ts'

const OVERLAPPING = {
  bays: [
    {
      bayId: 'bay-1',
      connectors: [{ chargePointId: 'CP-1', evse: 1 }],
      zone: [
        [0, 0.2],
        [0.6, 0.2],
        [0.6, 1],
        [0, 1],
      ] as const,
    },
    {
      bayId: 'bay-2',
      connectors: [{ chargePointId: 'CP-2', evse: 1 }],
      zone: [
        [0.4, 0.2],
        [1, 0.2],
        [1, 1],
        [0.4, 1],
      ] as const,
    },
  ],
}

test('E08 neighbour’s plate: a plate at the edge of my bay, without margin, identifies nobody here', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.site.registers('AB12CDE', 'acc-1')
  for (let frame = 0; frame < 5; frame += 1)
    await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.495 }], occupied: [] })
  expect([scene.state('bay-1'), scene.state('bay-2')]).toEqual(['vacant', 'vacant'])
  expect(scene.site.counts.get('read.outside')).toBe(5)
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})

test('E08 neighbour’s plate: where two zones fit about as well, a person looks and nothing starts', async () => {
  const scene = await Scene.open(OVERLAPPING)
  await scene.site.registers('AB12CDE', 'acc-1')
  for (let frame = 0; frame < 5; frame += 1) {
    await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.49 }], occupied: ['bay-1'] })
    await scene.site.pass(300)
  }
  expect(scene.orders('start')).toBe(0)
  expect([scene.state('bay-1'), scene.state('bay-2')]).toEqual(['detecting.in-review', 'vacant'])
  expect(scene.told('bay-1')).toEqual(['present-card (review)'])
  expect(scene.site.effects.find((effect) => effect.type === 'open.review')).toMatchObject({
    reason: 'between two zones',
  })
  await replaysTheSame(scene.site)
})

test('E08 neighbour’s plate: the better-fitting zone gets the plate, and the other bay nothing', async () => {
  const scene = await Scene.open(OVERLAPPING)
  await scene.site.registers('AB12CDE', 'acc-1')
  for (let frame = 0; frame < 3; frame += 1)
    await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.43 }], occupied: ['bay-1'] })
  expect(scene.payer('bay-1')).toBe('acc-1')
  expect(scene.visit('bay-2')).toBeNull()
  await replaysTheSame(scene.site)
})

test('E08 neighbour’s plate: a plate that charges in the next bay cannot start mine; both are shown and my driver is asked for a card', async () => {
  const scene = await Scene.open(TWO_BAYS)
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE', 'bay-1')
  await scene.charges()
  const holder = scene.visit('bay-1')
  scene.parked.set('bay-2', null)
  for (let frame = 0; frame < 3; frame += 1)
    await scene.picture({
      plates: [
        { bayId: 'bay-1', plate: 'AB12CDE' },
        { bayId: 'bay-2', plate: 'AB12CDE' },
      ],
    })
  expect(scene.state('bay-2')).toBe('authorizing.claiming')
  await scene.watch(11)
  expect(scene.state('bay-2')).toBe('authorizing.fallback')
  expect(scene.told('bay-2')).toEqual(['present-card (plate-elsewhere)'])
  expect(scene.alarms()).toContain('clone')
  expect(scene.orders('start')).toBe(1)
  expect([scene.visit('bay-1'), scene.payer('bay-1'), scene.payer('bay-2')]).toEqual([holder, 'acc-1', null])
  await replaysTheSame(scene.site)
})
