import { expect, test } from 'vitest'
import { EndedSignIns } from '../../../src/server/ended-sign-ins.ts'

const DAY = 24 * 3_600_000

/** A note in memory, which fails while `fails` says so, and a clock to set. */
function ground() {
  const kept = { text: null as string | null, fails: false, writes: 0, now: 1_800_000_000_000 }
  const clock = { now: () => kept.now }
  const open = () =>
    new EndedSignIns(
      {
        text: kept.text,
        write: async (text) => {
          if (kept.fails) throw new Error('the disk is full')
          kept.text = text
          kept.writes++
        },
      },
      clock,
    )
  return { kept, open }
}

test('what ended has ended for whoever reads the note next, and nothing else has', async () => {
  const { open } = ground()
  const before = open()
  const [mine, other] = [before.name(), before.name()]
  await before.end([mine])
  const after = open()
  expect([after.has(mine), after.has(other), after.has(after.name())]).toEqual([true, false, false])
})

test('an end that could not be written down rejects, holds here, and is written down with the next call', async () => {
  const { kept, open } = ground()
  const ended = open()
  const name = ended.name()
  kept.fails = true
  await expect(ended.end([name])).rejects.toThrow('the disk is full')
  expect([ended.has(name), open().has(name)]).toEqual([true, false])
  kept.fails = false
  await ended.end([])
  expect(open().has(name)).toBe(true)
  await ended.end([])
  expect(kept.writes).toBe(1)
})

test('of many more than are known by name the oldest stay ended, the newest that go on do not end, and the note stays small', async () => {
  const { kept, open } = ground()
  const ended = open()
  const names: string[] = []
  for (let batch = 0; batch < 12; batch++) {
    kept.now += 60_000
    const some = Array.from({ length: 1_000 }, () => ended.name())
    names.push(...some)
    await ended.end(some)
  }
  kept.now += 60_000
  const goesOn = ended.name()
  const after = open()
  for (const one of [ended, after]) expect(names.filter((name) => !one.has(name))).toEqual([])
  expect([ended.has(goesOn), after.has(goesOn), after.has(after.name())]).toEqual([false, false, false])
  expect(kept.text?.length).toBeLessThan(400_000)
})

test('a sign-in that begins after the clock was set back is none of those that ended by their time', async () => {
  const { kept, open } = ground()
  const ended = open()
  for (let batch = 0; batch < 6; batch++) await ended.end(Array.from({ length: 1_000 }, () => ended.name()))
  kept.now -= 3_600_000
  expect(ended.has(ended.name())).toBe(false)
})

test('an end is forgotten once no cookie of it can live any more, and not a day after a week', async () => {
  const { kept, open } = ground()
  const ended = open()
  const [old, newer] = [ended.name(), ended.name()]
  await ended.end([old])
  kept.now += 8 * DAY
  await ended.end([newer])
  expect(open().has(old)).toBe(true)
  kept.now += 40 * DAY
  await ended.end([ended.name()])
  expect(kept.text).not.toContain(old)
})

test('a note that cannot be read ends everything from before', () => {
  const { kept, open } = ground()
  const name = open().name()
  kept.text = '{"before":'
  kept.now += 1
  const ended = open()
  expect([ended.has(name), ended.has(ended.name())]).toEqual([true, false])
})
