import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

test('E04 near neighbour on the list: frames that say two listed plates one edit apart start neither, and a reviewer sees both', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.site.registers('AB12CDF', 'acc-2')
  for (let frame = 0; frame < 4; frame += 1)
    await scene.picture({
      plates: [
        { bayId: 'bay-1', plate: 'AB12CDE' },
        { bayId: 'bay-1', plate: 'AB12CDF' },
      ],
      occupied: ['bay-1'],
    })
  scene.parked.set('bay-1', null)
  await scene.watch(12)
  expect(scene.site.effects.find((effect) => effect.type === 'open.review')?.['candidates']).toHaveLength(2)
  expect(scene.orders('start')).toBe(0)
  expect(scene.payer()).toBeNull()
  await replaysTheSame(scene.site)
})

test('E04 near neighbour on the list: two frames against one between listed plates of two accounts wait for a person', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.site.registers('AB12CDF', 'acc-2')
  for (const plate of ['AB12CDF', 'AB12CDE', 'AB12CDF'])
    await scene.picture({ plates: [{ bayId: 'bay-1', plate }], occupied: ['bay-1'] })
  expect(scene.orders('start')).toBe(0)
  expect(scene.state()).toBe('authorizing.fallback')
  expect(scene.told()).toEqual(['present-card (a person confirms)'])
  await scene.plugsIn()
  await scene.watch(30)
  expect(scene.orders('start')).toBe(0)
  await scene.site.operator('bay-1', 'authorize', { accountId: 'acc-1' })
  expect(scene.orders('start')).toBe(1)
  expect(scene.payer()).toBe('acc-1')
  await replaysTheSame(scene.site)
})

test('E04 near neighbour on the list: two frames against one where the one is nobody’s plate, or the same account’s, start at once', async () => {
  for (const [other, account] of [
    ['AB12CXE', null],
    ['AB12CDF', 'acc-1'],
  ] as const) {
    const scene = await Scene.open()
    await scene.site.registers('AB12CDE', 'acc-1')
    if (account) await scene.site.registers(other, account)
    for (const plate of ['AB12CDE', other, 'AB12CDE'])
      await scene.picture({ plates: [{ bayId: 'bay-1', plate }], occupied: ['bay-1'] })
    expect(scene.orders('start')).toBe(1)
    expect(scene.payer()).toBe('acc-1')
    await replaysTheSame(scene.site)
  }
})

test('E04 near neighbour on the list: an unlisted car one edit from a listed one is refused, and the listed one pays nothing', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CXE')
  expect(scene.state()).toBe('authorizing.denied')
  expect(scene.payer()).toBeNull()
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})
