import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

test('E09 two cars in one track: two plausible plates with quorum each start nobody; each keeps the frames it was read from', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.site.registers('XY99ZZT', 'acc-2')
  for (let frame = 0; frame < 4; frame += 1) {
    await scene.picture({
      plates: [
        { bayId: 'bay-1', plate: 'AB12CDE' },
        { bayId: 'bay-1', plate: 'XY99ZZT' },
      ],
      occupied: ['bay-1'],
      frame: `both-${frame}`,
    })
    await scene.site.pass(300)
  }
  expect(scene.orders('start')).toBe(0)
  expect(scene.payer()).toBeNull()
  expect(scene.state()).toMatch(/^detecting\.(second-reading|in-review)$/)
  const contested = scene.site.journal.records.findLast((record) => record.cause.type === 'plate.contested')
  const personal = scene.site.journal.open(contested as never) as {
    [handle: string]: { reads: { text: string; frame: string }[] }
  }
  const kept = Object.values(personal)
  expect(kept).toHaveLength(2)
  for (const { reads } of kept) expect(new Set(reads.map((read) => read.text)).size).toBe(1)
  await replaysTheSame(scene.site)
})
