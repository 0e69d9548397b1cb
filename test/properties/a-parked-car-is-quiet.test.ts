import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import { fold } from '../../machines/plate.ts'
import { startTrack, type TrackNews, type TrackRead, trackRead } from '../../machines/track.ts'

// Laws may be run a hundred thousand times, on a machine that has other things to do.
vi.setConfig({ testTimeout: 600_000 })

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

test('a car parked for an hour gives at most 61 news although two of a hundred reads are wrong', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const news = park('AB12CXE', 60, oneWrong, seed)
      expect(news.length).toBeLessThanOrEqual(61)
      expect(news.filter((one) => one.type === 'contested')).toEqual([])
    }),
    // A parked hour costs a second.
    { numRuns: Math.min(50, Math.ceil(Number(process.env['BERTH_RUNS'] ?? 300) / 500)) },
  )
})

test('the same misread coming back again and again contests a parked car seldom', () => {
  const contests = [1, 2].map(
    (seed) => park('AB12CXE', 30, () => 'AB12CXF', seed).filter((one) => one.type === 'contested').length,
  )
  for (const count of contests) expect(count).toBeLessThanOrEqual(2)
})

test('no read, no news: a track is silent until something new comes, and every read is told or counted', () => {
  const plates = fc.constantFrom('AB12CXE', 'XY99ZZT', 'C00D', 'K7RRR')
  const steps = fc.array(fc.record({ text: plates, after: fc.integer({ min: 0, max: 30_000 }) }), { maxLength: 80 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (list, quorum) => {
      const policy: Policy = { ...DEFAULT_POLICY, quorum }
      let [track, at, told] = [startTrack('t'), T0, 0]
      list.forEach((step, number) => {
        at += step.after
        const next = trackRead(track, readOf(step.text, at, number), policy)
        const again = trackRead(next.track, readOf(step.text, at, number), policy)
        expect(again).toMatchObject({ news: null, duplicates: 1 })
        track = next.track
        if (!next.news) return
        told += next.news.thinned + 1
        const leader = next.news.candidates[0]
        expect(leader?.folded).toBe(next.news.leader)
        expect(leader?.plausible).toBe(true)
        if (next.news.type === 'agreed') {
          const window = next.news.window.filter(
            (read) => at - read.at <= 8_000 && fold(read.text) === next.news?.leader,
          )
          expect(new Set(window.map((read) => read.frame)).size).toBeGreaterThanOrEqual(quorum)
        }
      })
      expect(told + track.unheard).toBe(list.length)
    }),
    { numRuns: Number(process.env['BERTH_RUNS'] ?? 300) },
  )
})

test('another plate that gathers quorum in each frame is news within its first four frames, whoever stood there before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 100, max: 3_000 }), (frames, step) => {
      let track = startTrack('t')
      for (let number = 0; number < frames; number += 1)
        track = trackRead(track, readOf('AB12CXE', T0 + number * step, number), DEFAULT_POLICY).track
      const types = [0, 1, 2, 3].map((number) => {
        const next = trackRead(track, readOf('XY99ZZT', T0 + (frames + number) * step, frames + number), DEFAULT_POLICY)
        track = next.track
        return next.news?.type
      })
      expect(types.some((type) => type === 'contested' || type === 'agreed')).toBe(true)
    }),
    { numRuns: 100 },
  )
})
