import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { DEFAULT_POLICY } from '../../../machines/events.ts'
import { fold, mask, normalize, plausible } from '../../../machines/plate.ts'
import { startTrack, type TrackRead, trackReads } from '../../../machines/track.ts'
import { composeByCharacter, tally, type Vote } from '../../../machines/vote.ts'
import { fc } from '../../seeded-check.ts'
import type { Law } from '../law.ts'

const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
const text = fc.string({ unit: character, minLength: 1, maxLength: 9 })
/** Any code points, as a broken device may send them, among what plates are made of. */
const anything = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: character },
      { weight: 1, arbitrary: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)) },
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((characters) => characters.join(''))
const vote: fc.Arbitrary<Vote> = fc.record({
  text: fc.oneof(fc.constantFrom('AB12CDE', 'A812CDE', 'AB12CDF', 'XY99ZZT'), text),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  characters: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 9 }),
  frame: fc.constantFrom('f1', 'f2', 'f3', 'f4', 'f5'),
  reader: fc.constantFrom('device', 'berth'),
  agreed: fc.boolean(),
})
const votes = fc.array(vote, { maxLength: 32, size: 'max' })
const shuffled = votes.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
)

const anyOrder = () =>
  fc.property(shuffled, ([list, other]) => {
    deepEqual(tally(other), tally(list))
    deepEqual(composeByCharacter(other), composeByCharacter(list))
  })

const sentAgain = () =>
  fc.property(votes, fc.nat(), (list, number) => {
    const again = list[number % Math.max(list.length, 1)]
    deepEqual(tally(again ? [...list, again] : list), tally(list))
  })

const sharesAddUp = () =>
  fc.property(votes, (list) => {
    const candidates = tally(list)
    if (list.length > 0) ok(Math.abs(candidates.reduce((sum, one) => sum + one.share, 0) - 1) < 1e-9, 'shares')
    const frames = (votes_: readonly Vote[]) => new Set(votes_.map((vote_) => `${vote_.frame} ${vote_.reader}`)).size
    const most = Math.max(0, ...candidates.map(({ folded }) => frames(list.filter((one) => fold(one.text) === folded))))
    for (const one of candidates) {
      const own = list.filter((vote_) => fold(vote_.text) === one.folded)
      equal(one.witnesses, frames(own) + (frames(own) < most ? 0 : frames(own.filter(({ agreed }) => agreed))))
    }
    equal(new Set(candidates.map((one) => one.folded)).size, candidates.length)
  })

const reads = fc.array(
  fc.record({
    text: fc.constantFrom('AB12CDE', 'A812CDE', 'AB12COE'),
    id: fc.option(fc.string(), { nil: null }),
    at: fc.nat(60_000),
  }),
  { maxLength: 40, size: 'max' },
)
const oneFrame = () =>
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
      equal(next.news?.type ?? 'seen', 'seen')
    }
  })

const foldedTwice = () =>
  fc.property(fc.oneof(anything, text), (any) => {
    const normal = normalize(any)
    equal(normalize(normal), normal)
    match(normal, /^[A-Z0-9]{0,16}$/)
    equal(fold(fold(normal)), fold(normal))
    equal(fold(normal).length, normal.length)
    equal(typeof plausible(normal), 'boolean')
  })

const ALIKE = ['0OQD', '1IL', '2Z', '5S', '8B', '6G']
const lookAlikes = () =>
  fc.property(
    fc.string({ unit: character, minLength: 4, maxLength: 9 }),
    fc.nat(),
    character,
    (plate, number, other) => {
      const place = number % plate.length
      const changed = plate.slice(0, place) + other + plate.slice(place + 1)
      const same =
        plate[place] === other || ALIKE.some((set) => set.includes(other) && set.includes(plate[place] ?? ' '))
      equal(fold(changed) === fold(plate), same)
    },
  )

const masked = () =>
  fc.property(fc.string({ unit: character, minLength: 7, maxLength: 10 }), (plate) => {
    equal(mask(plate), `${plate.slice(0, 2)}•••${plate.slice(-2)}`)
  })

/** Serves law 2. A camera that sends a picture twice, or late, must not outvote one that sends it once. */
export const law: Law = {
  number: null,
  promise: 'reads vote in any order',
  matters: 'A camera that sends a picture twice, or late, must not outvote one that sends it once.',
  bay: [],
  own: [
    { says: 'the order in which reads come does not change the vote', share: 0.3, property: anyOrder },
    { says: 'a re-sent read does not change the vote', share: 0.3, property: sentAgain },
    {
      says: 'shares add up to one, and witnesses are distinct frames or readers, two where recognisers agree',
      share: 0.3,
      property: sharesAddUp,
    },
    {
      says: 'one frame that one reader read never reaches quorum, however often and in however many shapes it is sent',
      share: 0.3,
      property: oneFrame,
    },
    {
      says: 'folding and normalizing twice is the same as once, and folding keeps the length',
      share: 0.3,
      property: foldedTwice,
    },
    {
      says: 'swapping look-alikes never changes a key, and any other change always does',
      share: 0.3,
      property: lookAlikes,
    },
    { says: 'a mask hides at least three of seven characters, whatever the plate', share: 0.3, property: masked },
  ],
}
