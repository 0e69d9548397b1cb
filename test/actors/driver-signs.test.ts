import { expect, test } from 'vitest'
import { type Sign, type SignAnswer, SignBoard } from '../../actors/driver-signs.ts'
import type { DriverWord } from '../../actors/ports.ts'
import { toyClock } from '../../simulations/toy-clock.ts'
import { fc } from '../seeded-check.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')

const word = (seq: number, message = `word-${seq}`, bayId = 'bay-1'): DriverWord => ({
  bayId,
  visitId: null,
  message,
  reason: 'test',
  at: '2026-11-22T10:00:00.000Z',
  seq,
})

/** A board with one sign, which answers what the test says and remembers what it was shown. */
function board(
  answer: (word: DriverWord, superseded: () => boolean) => Promise<SignAnswer> | SignAnswer,
  bays = ['bay-1', 'bay-2'],
) {
  const clock = toyClock(T0)
  const shown: string[] = []
  const counts: { [name: string]: number } = {}
  const logged: string[] = []
  const sign: Sign = {
    kind: 'toy',
    name: 'The toy sign',
    serves: (bayId) => bays.includes(bayId),
    show: async (one, superseded) => {
      shown.push(`${one.bayId} ${one.message}`)
      return answer(one, superseded)
    },
  }
  const signs = new SignBoard({
    signs: [sign],
    clock,
    count: (name) => {
      counts[name] = (counts[name] ?? 0) + 1
    },
    log: (line) => logged.push(line),
  })
  return { clock, signs, shown, counts, logged }
}

test('of the words of one commit only the last of each bay is shown', async () => {
  const { signs, clock, shown, counts } = board(() => ({ outcome: 'shown' }))
  for (const one of [word(1), word(2, 'free'), word(2, 'plug-in'), word(3, 'charging', 'bay-2')]) void signs.tell(one)
  await clock.settle()
  expect(shown).toEqual(['bay-1 plug-in', 'bay-2 charging'])
  expect(counts).toEqual({ sign_shown_toy: 2 })
})

test('telling never waits for a sign and never rejects, whatever the sign does', async () => {
  const hanging = board(() => new Promise(() => {}))
  await hanging.signs.tell(word(1))
  const throwing = board(() => {
    throw new Error('the lamp is broken')
  })
  await throwing.signs.tell(word(1))
  await throwing.clock.settle()
  expect(throwing.counts).toEqual({ sign_failed_toy: 1 })
  expect(throwing.logged).toEqual(['The toy sign broke over a word to the driver: the lamp is broken'])
})

test('a sign that is away is tried again after 1, 2, 4 … at most 60 s while the word is the newest, and complained about once', async () => {
  let away = true
  const tries: number[] = []
  const { signs, clock, counts, logged } = board(() => {
    tries.push((clock.now() - T0) / 1000)
    return away ? { outcome: 'not-now', says: 'The toy sign is away.' } : { outcome: 'shown' }
  })
  void signs.tell(word(1))
  await clock.pass(250_000)
  expect(tries).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243])
  away = false
  await clock.pass(60_000)
  expect(tries).toHaveLength(11)
  await clock.pass(600_000)
  expect(tries).toHaveLength(11)
  expect(counts).toEqual({ sign_failed_toy: 10, sign_shown_toy: 1 })
  expect(logged).toEqual(['The toy sign is away.'])
})

test('a newer word takes the place of one that waits, at once; the older one is never shown again', async () => {
  let away = true
  const { signs, clock, shown } = board(() => (away ? { outcome: 'not-now', says: 'away' } : { outcome: 'shown' }))
  void signs.tell(word(1, 'plug-in'))
  await clock.pass(20_000)
  away = false
  void signs.tell(word(2, 'charging'))
  void signs.tell(word(1, 'plug-in'))
  await clock.pass(600_000)
  expect(shown.at(-1)).toBe('bay-1 charging')
  expect(shown.filter((one) => one.endsWith('charging'))).toHaveLength(1)
})

test('a word that comes while the sign is busy is shown after it, and the sign can ask whether it still has to', async () => {
  const release: ((answer: SignAnswer) => void)[] = []
  const asks: (() => boolean)[] = []
  const { signs, clock, shown, counts } = board((_word, superseded) => {
    asks.push(superseded)
    return new Promise((resolve) => release.push(resolve))
  })
  void signs.tell(word(1))
  await clock.settle()
  expect(asks[0]?.()).toBe(false)
  void signs.tell(word(2))
  expect(asks[0]?.()).toBe(true)
  release[0]?.({ outcome: 'superseded' })
  await clock.settle()
  release[1]?.({ outcome: 'shown' })
  await clock.settle()
  expect(shown).toEqual(['bay-1 word-1', 'bay-1 word-2'])
  expect(counts).toEqual({ sign_shown_toy: 1 })
})

test('what a sign never takes is dropped, and the next word is tried all the same', async () => {
  const { signs, clock, shown, counts } = board((one) =>
    one.seq === 1 ? { outcome: 'never', says: 'no' } : { outcome: 'shown' },
  )
  void signs.tell(word(1))
  await clock.pass(600_000)
  void signs.tell(word(2))
  await clock.settle()
  expect(shown).toEqual(['bay-1 word-1', 'bay-1 word-2'])
  expect(counts).toEqual({ sign_failed_toy: 1, sign_shown_toy: 1 })
})

test('a bay that the sign does not serve is not shown there, and a closed board tries nothing more', async () => {
  const { signs, clock, shown } = board(() => ({ outcome: 'not-now', says: 'away' }), ['bay-1'])
  void signs.tell(word(1, 'free', 'bay-2'))
  await clock.settle()
  expect(shown).toEqual([])
  void signs.tell(word(2))
  await clock.settle()
  signs.close()
  void signs.tell(word(3))
  await clock.pass(600_000)
  expect(shown).toEqual(['bay-1 word-2'])
})

test('whatever a sign does and however words come, a bay never goes back to an older word and ends at its newest', async () => {
  const outcome = fc.constantFrom('shown' as const, 'not-now' as const, 'superseded' as const)
  const step = fc.record({
    bay: fc.constantFrom('bay-1', 'bay-2'),
    wait: fc.nat(5_000),
    ages: fc.nat(3),
    takes: fc.nat(3_000),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 15 }),
      fc.array(outcome, { maxLength: 30 }),
      async (steps, outcomes) => {
        const seen = new Map<string, number[]>()
        const told = new Map<string, number>()
        const left = [...outcomes]
        let takes = 0
        const scene: ReturnType<typeof board> = board(async (one, superseded) => {
          await new Promise<void>((resolve) => void scene.clock.after(takes, resolve))
          const how = left.shift() ?? 'shown'
          if (how === 'superseded' && superseded()) return { outcome: 'superseded' }
          if (how === 'not-now') return { outcome: 'not-now', says: 'away' }
          seen.set(one.bayId, [...(seen.get(one.bayId) ?? []), one.seq])
          return { outcome: 'shown' }
        })
        for (const [number, one] of steps.entries()) {
          takes = one.takes
          const seq = Math.max(1, 10 * (number + 1) - 10 * one.ages)
          void scene.signs.tell(word(seq, 'word', one.bay))
          told.set(one.bay, Math.max(told.get(one.bay) ?? 0, seq))
          await scene.clock.pass(one.wait)
        }
        await scene.clock.pass(3_600_000)
        for (const [bayId, newest] of told) expect([bayId, seen.get(bayId)?.at(-1)]).toEqual([bayId, newest])
        for (const seqs of seen.values()) expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
      },
    ),
    { numRuns: 200 },
  )
})
