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

test('E04 near neighbour on the list: an unlisted car one edit from a listed one is refused, and the listed one pays nothing', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CXE')
  expect(scene.state()).toBe('authorizing.denied')
  expect(scene.payer()).toBeNull()
  expect(scene.orders('start')).toBe(0)
  await replaysTheSame(scene.site)
})
