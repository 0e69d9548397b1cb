import { expect, test } from 'vitest'
import { type DoubtOfSite, SightBook } from '../../../src/centre/sight-book.ts'
import type { Sighting } from '../../../src/plausibility/sighting.ts'
import { fc } from '../../seeded-check.ts'

/** Noon of some day, whole minutes since 1970. */
const NOON = 20_000 * 1_440 + 720
const hashOf = (plate: number, minute: number): string => `${plate}${Math.floor(minute / 1_440)}`.padStart(64, '0')
const said = (what: Sighting['what'], minute: number, travel_min = 20, plate = 1): Sighting => ({
  type: 'sighting',
  hash: hashOf(plate, minute),
  minute,
  what,
  travel_min,
})

test('one plate that stands at two sites is told to both, once', () => {
  const book = new SightBook()
  expect(book.take('north', said('stands', NOON), NOON)).toEqual([])
  const hash = hashOf(1, NOON)
  expect(book.take('south', said('stands', NOON + 90), NOON + 90)).toEqual([
    { of: 'south', doubt: { hash, site: 'north', apart_min: null } },
    { of: 'north', doubt: { hash, site: 'south', apart_min: null } },
  ])
  expect(book.take('south', said('stands', NOON + 91), NOON + 91)).toEqual([])
  expect(book.take('north', said('stands', NOON + 91), NOON + 91)).toEqual([])
  // Another plate is nobody's concern.
  expect(book.take('south', said('stands', NOON + 91, 20, 2), NOON + 91)).toEqual([])
})

test('who left is told of while the shorter travel time runs, and forgotten when their own is over', () => {
  for (const [after, apart] of [
    [19, 19],
    [20, null],
  ] as const) {
    const book = new SightBook()
    book.take('north', said('stands', NOON, 60), NOON)
    book.take('north', said('left', NOON + 30, 60), NOON + 30)
    const now = NOON + 30 + after
    const doubts = book.take('south', said('stands', now, 20), now) as readonly DoubtOfSite[]
    expect(doubts.map(({ of, doubt }) => [of, doubt.apart_min])).toEqual(
      apart === null
        ? []
        : [
            ['south', apart],
            ['north', apart],
          ],
    )
    book.take('south', said('left', now, 20), now)
    book.tick(now + 19)
    expect(book.size).toBe(2)
    book.tick(now + 20)
    expect(book.size).toBe(1)
    book.tick(NOON + 30 + 60)
    expect(book.size).toBe(0)
  }
})

test('a plate that was corrected never was there; what a site said ends with its link', () => {
  const book = new SightBook()
  book.take('north', said('stands', NOON), NOON)
  book.take('north', said('mistaken', NOON + 1), NOON + 1)
  expect(book.size).toBe(0)
  expect(book.take('south', said('stands', NOON + 2), NOON + 2)).toEqual([])
  book.away('south', NOON + 10)
  expect(book.take('north', said('stands', NOON + 40), NOON + 40)).toEqual([])
  book.take('south', said('stands', NOON + 50), NOON + 50)
  book.away('south', NOON + 60)
  book.take('north', said('left', NOON + 60), NOON + 60)
  expect(book.take('east', said('stands', NOON + 65, 10), NOON + 65)).toHaveLength(4)
})

test('a hash is forgotten soon after its day, also where nobody said that it left; a word that it left opens nothing', () => {
  const book = new SightBook()
  expect(book.take('north', said('left', NOON), NOON)).toEqual([])
  expect(book.size).toBe(0)
  book.take('north', said('stands', NOON), NOON)
  book.tick(NOON + 720 + 4)
  expect(book.size).toBe(1)
  book.tick(NOON + 720 + 5)
  expect(book.size).toBe(0)
})

test('a site tells of no more plates than it has room for, and all of them of no more than there is room for', () => {
  const book = new SightBook(2, 3)
  const tell = (site: string, plate: number) => book.take(site, said('stands', NOON, 20, plate), NOON)
  expect([tell('north', 1), tell('north', 2), tell('north', 3)]).toEqual([[], [], 'full'])
  // One that is known already needs none.
  expect(tell('north', 2)).toEqual([])
  expect([tell('south', 4), tell('south', 5), tell('south', 1)]).toEqual([[], 'full', 'full'])
  book.take('north', said('mistaken', NOON, 20, 1), NOON)
  expect(tell('south', 5)).toEqual([])
})

const step = fc.record({
  site: fc.constantFrom('north', 'south', 'east'),
  plate: fc.integer({ min: 1, max: 3 }),
  what: fc.constantFrom('stands' as const, 'stands' as const, 'left' as const, 'mistaken' as const, 'away' as const),
  after: fc.integer({ min: 0, max: 30 }),
  travel_min: fc.integer({ min: 1, max: 60 }),
  ticks: fc.boolean(),
})

type Place = { readonly leftAt: number | null; readonly travel_min: number; readonly day: number }
const leftBy = (place: Place | null, now: number): Place | null =>
  place === null ? null : { ...place, leftAt: place.leftAt ?? now }

/** Where a plate is by everything that was said so far; null where that does not matter any more. */
function placeOf(
  history: readonly (Sighting & { site: string; now: number; isAway: boolean })[],
  site: string,
  hash: string,
  now: number,
) {
  let place: Place | null = null
  for (const one of history) {
    if (one.site !== site || (!one.isAway && one.hash !== hash)) continue
    if (one.isAway || one.what === 'left') place = leftBy(place, one.now)
    else if (one.what === 'mistaken') place = null
    else place = { leftAt: null, travel_min: one.travel_min, day: Math.floor(one.minute / 1_440) }
  }
  if (place === null || now >= (place.day + 1) * 1_440 + 5) return null
  return place.leftAt !== null && now - place.leftAt >= place.travel_min ? null : place
}

test('whatever sites say: both are told exactly of what cannot be, and nothing is kept that cannot matter', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 1_439 }), (steps, begin) => {
      const book = new SightBook()
      const history: (Sighting & { site: string; now: number; isAway: boolean })[] = []
      let now = NOON + begin
      for (const { site, plate, what, after, travel_min, ticks } of steps) {
        now += after
        if (ticks) book.tick(now)
        const word = said(what === 'away' ? 'left' : what, now, travel_min, plate)
        const before = placeOf(history, site, word.hash, now)
        const isNew = what === 'stands' && (before === null || before.leftAt !== null)
        const expected = ['north', 'south', 'east'].filter((other) => {
          const place = other === site ? null : placeOf(history, other, word.hash, now)
          return place && (place.leftAt === null || now - place.leftAt < Math.min(place.travel_min, travel_min))
        })
        history.push({ ...word, site, now, isAway: what === 'away' })
        if (what === 'away') {
          book.away(site, now)
          continue
        }
        const doubts = book.take(site, word, now) as readonly DoubtOfSite[]
        const told = doubts.filter(({ of }) => of === site).map(({ doubt }) => doubt.site)
        if (what !== 'stands') expect(told).toEqual([])
        else if (isNew) expect(told.toSorted()).toEqual(expected.toSorted())
        // Standing on, travel times may have changed meanwhile: never more than what cannot be.
        else expect(expected).toEqual(expect.arrayContaining(told))
        expect(doubts.filter(({ of }) => of !== site).map(({ of }) => of)).toEqual(told)
      }
      book.tick(now)
      const hashes = [...new Set(history.map(({ hash }) => hash))]
      const living = hashes.flatMap((hash) =>
        ['north', 'south', 'east'].filter((site) => placeOf(history, site, hash, now)),
      )
      expect(book.size).toBe(living.length)
      book.tick(now + 2_000)
      expect(book.size).toBe(0)
    }),
    { numRuns: 400 },
  )
})
