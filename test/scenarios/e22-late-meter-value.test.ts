import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function ended(): Promise<{ scene: Scene; transactionId: string }> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  // A minute, so that the next sample is told and not only counted.
  await scene.watch(61)
  await scene.ends(transactionId, 1600)
  expect(scene.locked()).toBe(false)
  return { scene, transactionId }
}

for (const [what, after, named, when] of [
  ['with its id, at once', 0, true, 'live'],
  ['with its id, after five minutes', 300, true, 'live'],
  ['without an id, at once', 0, false, 'live'],
  ['buffered, without an id, after a minute', 60, false, 'past'],
] as const)
  test(`E22 last meter value after stop: ${what} it neither locks nor revives nor bills again`, async () => {
    const { scene, transactionId } = await ended()
    await scene.watch(after)
    await scene.draws(16, 9999, { transactionId: named ? transactionId : null, when })
    expect(scene.locked()).toBe(false)
    expect(scene.state()).toMatch(/^exiting/)
    await scene.unplugs()
    await scene.leaves()
    expect(scene.state()).toBe('vacant')
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 600, disputed: null }])
    expect(scene.decided('BayLocked')).toHaveLength(1)
    await replaysTheSame(scene.site)
  })

test('E22 last meter value after stop: fresh flow that goes on for long after the stop is no late value: it locks, for nobody new', async () => {
  const { scene } = await ended()
  await scene.watch(60)
  await scene.draws(16, 2000)
  expect(scene.locked()).toBe(true)
  await replaysTheSame(scene.site)
})

test('E22 last meter value after stop: it does not open a visit in a bay that is vacant again', async () => {
  const { scene, transactionId } = await ended()
  await scene.unplugs()
  await scene.leaves()
  const before = scene.site.journal.records.length
  await scene.draws(16, 9999, { transactionId })
  expect(scene.site.journal.records.slice(before).map((record) => record.cause.type)).toEqual(['meter.values'])
  expect(scene.state()).toBe('vacant')
  await replaysTheSame(scene.site)
})
