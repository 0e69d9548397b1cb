import { deepEqual, equal, ok } from 'node:assert/strict'
import { DEFAULT_POLICY, type Policy } from '../../../machines/events.ts'
import { fold } from '../../../machines/plate.ts'
import { startTrack, type Track, type TrackNews, type TrackRead, trackRead } from '../../../machines/track.ts'
import { fc } from '../../seeded-check.ts'
import type { Law } from '../law.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** A row of chance numbers 0..1 from one seed. */
function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const readOf = (text: string, at: number, number: number): TrackRead => ({
  id: null,
  text,
  confidence: 0.9,
  characters: [],
  frame: `f${number}`,
  reader: 'device',
  box: null,
  at,
  capturedAt: null,
  clear: true,
  fresh: true,
})

/** News of one plate parked for `minutes` before a camera of five frames a second. */
function park(
  plate: string,
  minutes: number,
  misread: (text: string, next: () => number) => string,
  seed: number,
): TrackNews[] {
  const next = chance(seed)
  let track = startTrack('t')
  const news: TrackNews[] = []
  for (let number = 0; number < minutes * 300; number += 1) {
    const text = next() < 0.02 ? misread(plate, next) : plate
    const told = trackRead(track, readOf(text, T0 + number * 200, number), DEFAULT_POLICY)
    track = told.track
    if (told.news) news.push(told.news)
  }
  return news
}
const oneWrong = (text: string, next: () => number): string => {
  const place = Math.floor(next() * text.length)
  return text.slice(0, place) + (ALPHABET[Math.floor(next() * 36)] ?? '0') + text.slice(place + 1)
}

const anHour = () =>
  fc.property(fc.integer(), (seed) => {
    const news = park('AB12CXE', 60, oneWrong, seed)
    ok(news.length <= 61, `${news.length} news`)
    deepEqual(
      news.filter((one) => one.type === 'contested').map((one) => one.leader),
      [],
    )
  })

/** Right reads between two misreads, and misreads in a row. Closer together they are a fifth of the window: somebody else may stand there. */
const relapses = fc.array(
  fc.record({ right: fc.integer({ min: 12, max: 60 }), wrong: fc.integer({ min: 1, max: DEFAULT_POLICY.quorum }) }),
  { minLength: 1, maxLength: 8, size: 'max' },
)

/** A plate that stood there for six seconds is not contested by a misread of as many frames as the quorum, however often it comes back. */
const theSameMisread = () =>
  fc.property(relapses, (list) => {
    const texts = list.flatMap(({ right, wrong }, number) => [
      ...Array.from({ length: number === 0 ? 30 : right }, () => 'AB12CXE'),
      ...Array.from({ length: wrong }, () => 'AB12CXF'),
    ])
    let track = startTrack('t')
    for (const [number, text] of texts.entries()) {
      const told = trackRead(track, readOf(text, T0 + number * 200, number), DEFAULT_POLICY)
      track = told.track
      ok(told.news?.type !== 'contested', `contested by frame ${number}`)
    }
  })

const plates = fc.constantFrom('AB12CXE', 'XY99ZZT', 'C00D', 'K7RRR')
const steps = fc.array(fc.record({ text: plates, after: fc.integer({ min: 0, max: 30_000 }) }), {
  maxLength: 80,
  size: 'max',
})

/** A read that is told or counted, never both and never neither; a re-sent one is neither. */
const toldOrCounted = () =>
  fc.property(steps, fc.integer({ min: 1, max: 4 }), (list, quorum) => {
    const policy: Policy = { ...DEFAULT_POLICY, quorum }
    let [track, at, told] = [startTrack('t'), T0, 0]
    for (const [number, step] of list.entries()) {
      at += step.after
      const next = trackRead(track, readOf(step.text, at, number), policy)
      const again = trackRead(next.track, readOf(step.text, at, number), policy)
      ok(again.news === null && again.duplicates === 1, 'a re-sent read is news')
      track = next.track
      if (!next.news) continue
      told += next.news.thinned + 1
      agreesByQuorum(next.news, at, quorum)
    }
    equal(told + track.unheard, list.length)
  })

function agreesByQuorum(news: TrackNews, at: number, quorum: number): void {
  const leader = news.candidates[0]
  equal(leader?.folded, news.leader)
  ok(leader?.plausible, 'the leader fits no plate format')
  if (news.type !== 'agreed') return
  const own = news.window.filter((read) => at - read.at <= 8_000 && fold(read.text) === news.leader)
  ok(new Set(own.map((read) => read.frame)).size >= quorum, 'agreed by fewer frames than the quorum')
}

/** The next car is news within its first four frames, whoever stood there before. */
const theNextCar = () =>
  fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 100, max: 3_000 }), (frames, step) => {
    let track: Track = startTrack('t')
    for (let number = 0; number < frames; number += 1)
      track = trackRead(track, readOf('AB12CXE', T0 + number * step, number), DEFAULT_POLICY).track
    const types = [0, 1, 2, 3].map((number) => {
      const next = trackRead(track, readOf('XY99ZZT', T0 + (frames + number) * step, frames + number), DEFAULT_POLICY)
      track = next.track
      return next.news?.type
    })
    ok(
      types.some((type) => type === 'contested' || type === 'agreed'),
      types.join(', '),
    )
  })

/** A camera at five frames a second would fill the disk, and bury what happened under what did not. */
export const law: Law = {
  number: null,
  promise: 'a parked car is quiet',
  matters: 'A camera at five frames a second would fill the disk, and bury what happened under what did not.',
  bay: [],
  own: [
    {
      says: 'a car parked for an hour gives at most 61 news although two of a hundred reads are wrong',
      share: 0.001,
      property: anHour,
    },
    {
      says: 'a misread of no more frames than the quorum contests no parked car, however often it comes back',
      share: 0.02,
      property: theSameMisread,
    },
    {
      says: 'a track is silent until something new comes, and every read is told or counted',
      share: 0.3,
      property: toldOrCounted,
    },
    {
      says: 'another plate that gathers quorum in each frame is news within its first four frames, whoever stood there before',
      share: 0.1,
      property: theNextCar,
    },
  ],
}
