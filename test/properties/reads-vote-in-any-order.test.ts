import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { fold, mask, normalize, plausible } from '../../machines/plate.ts'
import { startTrack, type TrackRead, trackReads } from '../../machines/track.ts'
import { composeByCharacter, tally, type Vote } from '../../machines/vote.ts'

// Laws may be run a hundred thousand times, on a machine that has other things to do.
vi.setConfig({ testTimeout: 600_000 })

const numRuns = Number(process.env['BERTH_RUNS'] ?? 300)
const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
const text = fc.string({ unit: character, minLength: 1, maxLength: 9 })
/** Any code points, as a broken device may send them. */
const anything = fc.array(fc.nat(0x10ffff), { maxLength: 40 }).map((points) => String.fromCodePoint(...points))
const vote: fc.Arbitrary<Vote> = fc.record({
  text: fc.oneof(fc.constantFrom('AB12CDE', 'A812CDE', 'AB12CDF', 'XY99ZZT'), text),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  characters: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 9 }),
  frame: fc.constantFrom('f1', 'f2', 'f3', 'f4', 'f5'),
  reader: fc.constantFrom('device', 'berth'),
})
const votes = fc.array(vote, { maxLength: 32 })
const shuffled = votes.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
)

test('the order in which reads come does not change the vote', () => {
  fc.assert(
    fc.property(shuffled, ([list, other]) => {
      expect(tally(other)).toEqual(tally(list))
      expect(composeByCharacter(other)).toEqual(composeByCharacter(list))
    }),
    { numRuns },
  )
})

test('a re-sent read does not change the vote', () => {
  fc.assert(
    fc.property(votes, fc.nat(), (list, number) => {
      const again = list[number % Math.max(list.length, 1)]
      expect(tally(again ? [...list, again] : list)).toEqual(tally(list))
    }),
    { numRuns },
  )
})

test('shares add up to one, and nobody has more witnesses than there are frames and readers', () => {
  fc.assert(
    fc.property(votes, (list) => {
      const candidates = tally(list)
      if (list.length > 0) expect(candidates.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 9)
      const most = new Set(list.map((one) => `${one.frame} ${one.reader}`)).size
      for (const one of candidates) expect(one.witnesses).toBeLessThanOrEqual(most)
      expect(new Set(candidates.map((one) => one.folded)).size).toBe(candidates.length)
    }),
    { numRuns },
  )
})

test('one frame never reaches quorum, however often and in however many shapes it is sent', () => {
  const reads = fc.array(
    fc.record({
      text: fc.constantFrom('AB12CDE', 'A812CDE', 'AB12COE'),
      id: fc.option(fc.string(), { nil: null }),
      at: fc.nat(60_000),
    }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(reads, (list) => {
      let track = startTrack('t')
      for (const one of [...list].sort((a, b) => a.at - b.at)) {
        const read: TrackRead = {
          ...one,
          confidence: 1,
          characters: [],
          frame: 'f1',
          reader: 'device',
          box: null,
          capturedAt: null,
          clear: true,
          fresh: true,
        }
        const next = trackReads(track, [read], DEFAULT_POLICY)
        track = next.track
        expect(next.news?.type ?? 'seen').toBe('seen')
      }
    }),
    { numRuns },
  )
})

test('folding and normalizing twice is the same as once, and folding keeps the length', () => {
  fc.assert(
    fc.property(fc.oneof(anything, text), (any) => {
      const normal = normalize(any)
      expect(normalize(normal)).toBe(normal)
      expect(normal).toMatch(/^[A-Z0-9]{0,16}$/)
      expect(fold(fold(normal))).toBe(fold(normal))
      expect(fold(normal)).toHaveLength(normal.length)
      expect(typeof plausible(normal)).toBe('boolean')
    }),
    { numRuns },
  )
})

test('swapping look-alikes never changes a key, and any other change always does', () => {
  const alike = ['0OQD', '1IL', '2Z', '5S', '8B', '6G']
  fc.assert(
    fc.property(
      fc.string({ unit: character, minLength: 4, maxLength: 9 }),
      fc.nat(),
      character,
      (plate, number, other) => {
        const place = number % plate.length
        const changed = plate.slice(0, place) + other + plate.slice(place + 1)
        const same =
          plate[place] === other || alike.some((set) => set.includes(other) && set.includes(plate[place] ?? ' '))
        expect(fold(changed) === fold(plate)).toBe(same)
      },
    ),
    { numRuns },
  )
})

test('a mask hides at least three of seven characters, whatever the plate', () => {
  fc.assert(
    fc.property(fc.string({ unit: character, minLength: 7, maxLength: 10 }), (plate) => {
      expect(mask(plate)).toBe(`${plate.slice(0, 2)}•••${plate.slice(-2)}`)
    }),
    { numRuns },
  )
})
