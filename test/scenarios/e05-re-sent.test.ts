import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

const read = { bayId: 'bay-1', plate: 'AB12CDE', id: 'event-7' }

test('E05 re-sent event: the same event ten times is one witness, decides nothing, and is taken each time', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  for (let times = 0; times < 10; times += 1) {
    await scene.picture({ plates: [read], occupied: ['bay-1'], frame: `resend-${times}` })
    await scene.site.pass(200)
  }
  expect(scene.decided('PlateAgreed')).toEqual([])
  expect(scene.orders('start')).toBe(0)
  expect(scene.site.feed.counters()['read.duplicate']).toBe(9)
  expect(scene.site.feed.counters()['commit.failed']).toBeUndefined()
  await replaysTheSame(scene.site)
})

test('E05 re-sent event: events of a decided visit sent once more decide nothing again', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  const events = [
    { ...read, id: 'a' },
    { ...read, id: 'b' },
  ]
  for (const event of events) await scene.picture({ plates: [event], occupied: ['bay-1'] })
  expect(scene.orders('start')).toBe(1)
  const before = scene.site.journal.records.length
  for (const event of events) await scene.picture({ plates: [event], occupied: ['bay-1'] })
  expect(scene.site.journal.records.slice(before).flatMap((record) => record.decisions)).toEqual([])
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E05 re-sent event: an event whose commit failed is taken when it comes again', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  scene.site.journal.failing = true
  for (const id of ['a', 'b']) await scene.picture({ plates: [{ ...read, id }], occupied: ['bay-1'] })
  expect(scene.state()).toBe('vacant')
  scene.site.journal.failing = false
  for (const id of ['a', 'b']) await scene.picture({ plates: [{ ...read, id }], occupied: ['bay-1'] })
  expect(scene.payer()).toBe('acc-1')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})

test('E05 re-sent event: the last car’s events, re-sent after it left, do not bring it back', async () => {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-1')
  const events = [
    { ...read, id: 'a' },
    { ...read, id: 'b' },
  ]
  const capturedAt = scene.site.clock.now()
  for (const event of events) await scene.picture({ plates: [event], occupied: ['bay-1'], capturedAt })
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  for (const event of events) await scene.picture({ plates: [event], occupied: [], capturedAt })
  expect(scene.state()).toBe('vacant')
  expect(scene.orders('start')).toBe(1)
  await replaysTheSame(scene.site)
})
