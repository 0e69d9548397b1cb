import { expect, test } from 'vitest'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { Scene } from '../../simulations/toy-scene.ts'

const MINUTE_ms = 60_000
const PLATE = 'AB12CDE'
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'

/** A row of chance numbers 0..1, the same each time. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** What one frame says: two of a hundred have a wrong character somewhere. */
function reading(next: () => number): string {
  if (next() >= 0.02) return PLATE
  const place = Math.floor(next() * PLATE.length)
  return PLATE.slice(0, place) + LETTERS[Math.floor(next() * LETTERS.length)] + PLATE.slice(place + 1)
}

test('a car that charges for an hour before a camera of five frames a second costs at most one record a minute, and its visit at most 80', async () => {
  const next = chance(7)
  const scene = await Scene.open()
  await scene.site.registers(PLATE, 'acc-1')
  const bayRecords = () => scene.site.journal.records.filter((record) => record.bayId === 'bay-1')
  const before = bayRecords().length
  await scene.arrives(PLATE)
  const transactionId = await scene.charges()
  await scene.watch(1)
  const from = scene.site.clock.now()
  for (let frame = 0; frame < 18_000; frame += 1) {
    await scene.picture({ plates: [{ bayId: 'bay-1', plate: reading(next) }] })
    if (frame % 50 === 0) await scene.draws(6 + next(), 1100 + frame / 5, { transactionId })
    await scene.site.clock.pass(200)
  }
  const until = scene.site.clock.now()
  expect(scene.state()).toBe('charging-locked.charging')
  const inHour = bayRecords()
    .map((record) => Date.parse(record.at))
    .filter((at) => at >= from && at < until)
  const minutes = new Map<number, number>()
  for (const at of inHour)
    minutes.set(Math.floor((at - from) / MINUTE_ms), (minutes.get(Math.floor((at - from) / MINUTE_ms)) ?? 0) + 1)
  expect(Math.max(...minutes.values())).toBeLessThanOrEqual(1)
  await scene.ends(transactionId, 5000)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 4000 }])
  const visit = bayRecords().length - before
  console.info(`one visit with an hour's charge: ${visit} records, ${inHour.length} of them while it charged`)
  expect(visit).toBeLessThanOrEqual(80)
  await replaysTheSame(scene.site)
}, 180_000)
