import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

for (const [what, text] of [
  ['rings of a badge', 'C00D'],
  ['lettering of a van', 'EXPRESS'],
  ['a grille', '1111111'],
] as const)
  test(`E03 not a plate: ${what} (${text}) identifies nobody, however often it is read, and is counted`, async () => {
    const scene = await Scene.open()
    await scene.site.registers('AB12CDE', 'acc-1')
    await scene.arrives(text, 'bay-1', 6)
    await scene.watch(10)
    expect(scene.decided('PlateAgreed')).toEqual([])
    expect(scene.orders('start')).toBe(0)
    expect(scene.state()).toBe('authorizing.fallback')
    expect(scene.told()).toEqual(['present-card (no-plate)'])
    expect(scene.site.counts.get('read.implausible')).toBeGreaterThanOrEqual(6)
    await replaysTheSame(scene.site)
  })

test('E03 not a plate: a sign read where no vehicle is seen opens no visit', async () => {
  const scene = await Scene.open()
  for (let frame = 0; frame < 5; frame += 1)
    await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'C00D' }], occupied: [] })
  expect(scene.state()).toBe('vacant')
  expect(scene.decided('VisitOpened')).toEqual([])
  await replaysTheSame(scene.site)
})

test('E03 not a plate: a badge read beside the plate does not disturb the plate', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  for (let frame = 0; frame < 3; frame += 1)
    await scene.picture({
      plates: [
        { bayId: 'bay-1', plate: 'C00D' },
        { bayId: 'bay-1', plate: 'AB12CDE' },
      ],
      occupied: ['bay-1'],
    })
  expect(scene.payer()).toBe('acc-1')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})
