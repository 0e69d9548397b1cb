import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import {
  LOST_MS,
  startTrack,
  type Track,
  type TrackNews,
  type TrackRead,
  trackRead,
  trackReads,
  trackSilence,
  WINDOW_READS,
} from '../../machines/track.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const read = (text: string, second: number, more: Partial<TrackRead> = {}): TrackRead => ({
  id: null,
  text,
  confidence: 0.9,
  characters: [],
  frame: `f${second}`,
  reader: 'device',
  box: null,
  at: T0 + second * 1_000,
  capturedAt: null,
  clear: true,
  fresh: true,
  ...more,
})

/** News of reads that come one by one, null where there is none. */
function play(reads: readonly TrackRead[], policy: Policy = DEFAULT_POLICY, start: Track = startTrack('t1')) {
  let track = start
  const news: (TrackNews | null)[] = []
  for (const one of reads) {
    const next = trackRead(track, one, policy)
    track = next.track
    news.push(next.news)
  }
  return { track, news, types: news.map((one) => one?.type ?? null) }
}
const A = 'AB12CDE'
const B = 'XY99ZZT'

describe('a track', () => {
  test('E02: one read of any confidence is a sight and never an agreement', () => {
    const { types, news } = play([read(A, 0, { confidence: 1 })])
    expect(types).toEqual(['seen'])
    expect(news[0]).toMatchObject({ thinned: 0, windowFrom: T0, fresh: true, clear: true })
  })

  test('a second frame that says the same is the agreement, and it is told once', () => {
    expect(play([read(A, 0), read(A, 1), read(A, 2), read(A, 3)]).types).toEqual(['seen', 'agreed', null, null])
  })

  test('E01: look-alikes agree', () => {
    const { types, news } = play([read('A812CDE', 0), read(A, 1)])
    expect(types).toEqual(['seen', 'agreed'])
    expect(news[1]?.candidates).toHaveLength(1)
  })

  test('a misread that a parked vehicle repeats never takes the lead from what was read at three places', () => {
    const coming = [0, 1, 2].map((at) => read(A, at / 2, { box: [0.4, 0.2 + 0.1 * at, 0.1, 0.03] }))
    const glare = Array.from({ length: 6 }, (_, i) => read('AB17CDE', 2 + i / 2, { box: [0.4, 0.8, 0.1, 0.03] }))
    const { news } = play([...coming, ...glare])
    const told = news.flatMap((one) => (one ? [`${one.type} ${one.candidates[0]?.text}`] : []))
    expect(told).toEqual(['seen AB12CDE', 'agreed AB12CDE', 'contested AB12CDE'])
  })

  test('of two plates with a quorum the one read at several places leads, and the one that a standing vehicle repeats more often contests it', () => {
    const coming = [0, 1].map((at) => read(A, at / 2, { box: [0.4, 0.2 + 0.2 * at, 0.1, 0.03] }))
    const standing = Array.from({ length: 6 }, (_, i) => read(B, 2 + i / 2, { box: [0.4, 0.8, 0.1, 0.03] }))
    const { news } = trackReads(startTrack('t1'), [...standing, ...coming], DEFAULT_POLICY)
    const told = news?.candidates.map(({ text, witnesses }) => `${text} ${witnesses}`)
    expect([news?.type, told]).toEqual(['contested', [`${A} 2`, `${B} 6`]])
  })

  test('the quorum is of frames: two of one standing place agree, however like one another they are', () => {
    const box = [0.4, 0.8, 0.1, 0.03] as const
    expect(play([read(A, 0, { box }), read(A, 1, { box })]).types).toEqual(['seen', 'agreed'])
  })

  test('E05: the same event again is no second witness', () => {
    expect(play([read(A, 0, { id: 'e1' }), read(A, 3, { id: 'e1' })]).types).toEqual(['seen', null])
    expect(play([read(A, 0), read(A, 0), { ...read(A, 0), at: T0 + 900 }]).types).toEqual(['seen', null, null])
  })

  test('a device and our reader of the same frame are two witnesses', () => {
    expect(play([read(A, 0), read(A, 0, { reader: 'berth' })]).types).toEqual(['seen', 'agreed'])
  })

  test('reads further apart than the vote window do not agree', () => {
    expect(play([read(A, 0), read(A, 9), read(A, 18)]).types).toEqual(['seen', null, null])
    expect(play([read(A, 0), read(A, 8)]).types).toEqual(['seen', 'agreed'])
  })

  test('E14: stale reads are told as evidence and never agree', () => {
    const { types, news } = play([
      read(A, 0, { fresh: false }),
      read(A, 1, { fresh: false }),
      read(A, 2, { fresh: false }),
    ])
    expect(types).toEqual(['seen', null, null])
    expect(news[0]?.fresh).toBe(false)
    expect(play([read(A, 0, { fresh: false }), read(A, 1), read(A, 2)]).types).toEqual(['seen', 'seen', 'agreed'])
  })

  test('E03: what fits no format makes no news and never leads', () => {
    expect(play([read('C00D', 0), read('C00D', 1), read('POLICE', 2)]).types).toEqual([null, null, null])
    const { news } = play([read('C00D', 0), read('C00D', 1), read(A, 2)])
    expect(news[2]).toMatchObject({ type: 'seen', leader: 'A812C0E', thinned: 2 })
  })

  test('E09: two plates that both have quorum are contested, in one picture as well', () => {
    expect(play([read(A, 0), read(B, 1), read(A, 2), read(B, 3)]).types).toEqual(['seen', null, 'agreed', 'contested'])
    const first = trackReads(startTrack('t1'), [read(A, 0), read(B, 0)], DEFAULT_POLICY)
    const second = trackReads(first.track, [read(A, 1), read(B, 1)], DEFAULT_POLICY)
    expect(second.news).toMatchObject({ type: 'contested' })
    expect(second.news?.candidates.map((one) => one.text).sort()).toEqual([A, B])
  })

  test('E10: another plate with quorum is news at once, first as a contest, then as the new agreement', () => {
    const parked = Array.from({ length: 300 }, (_, number) => read(A, number / 5))
    const swapped = Array.from({ length: 60 }, (_, number) => read(B, 60 + number / 5))
    const { types } = play([...parked, ...swapped])
    const after = types.slice(300)
    expect(after.indexOf('contested')).toBe(2)
    expect(after.filter((type) => type !== null).length).toBeLessThanOrEqual(3)
    expect(after.lastIndexOf('agreed') / 5).toBeLessThanOrEqual(8)
    expect(after.lastIndexOf('agreed')).toBeGreaterThan(2)
  })

  test('a car that comes after the other one left is agreed at once, without a contest', () => {
    expect(play([read(A, 0), read(A, 1), read(B, 20), read(B, 21)]).types).toEqual(['seen', 'agreed', 'seen', 'agreed'])
  })

  test('a single misread among hundreds is no news', () => {
    const reads = Array.from({ length: 250 }, (_, number) =>
      read(number === 120 || number === 180 ? 'AB12CDF' : A, number / 5),
    )
    expect(play(reads).types.filter((type) => type !== null)).toEqual(['seen', 'agreed'])
  })

  test('a contest lasts until the other plate has lost its quorum', () => {
    const reads = [
      read(A, 0),
      read(A, 1),
      read(B, 2),
      read(B, 3),
      read(A, 4),
      read(A, 5),
      read(A, 6),
      read(A, 7),
      read(A, 9),
      read(A, 12),
    ]
    expect(play(reads).types).toEqual(['seen', 'agreed', null, 'contested', null, null, null, null, null, 'agreed'])
  })

  test('one read of the old plate does not end a contest that a run of the new one began', () => {
    const parked = Array.from({ length: 60 }, (_, number) => read(A, number / 5))
    const after = [read(B, 12), read(B, 12.2), read(B, 12.4), read(A, 12.6), read(A, 12.8)]
    expect(play([...parked, ...after]).types.slice(60)).toEqual([null, null, 'contested', null, null])
  })

  test('an agreed plate that another overtakes without quorum is contested', () => {
    const policy = { ...DEFAULT_POLICY, quorum: 3 }
    const reads = [read(A, 0), read(A, 1), read(A, 2), read(B, 9.5), read(B, 9.8)]
    expect(play(reads, policy).types).toEqual(['seen', null, 'agreed', null, 'contested'])
  })

  test('an unclear place is said so, and becoming clear is news', () => {
    const { types, news } = play([
      read(A, 0, { clear: false }),
      read(A, 1, { clear: false }),
      read(A, 2, { clear: false }),
      read(A, 3),
      read(A, 4),
      read(A, 5, { clear: false }),
    ])
    expect(types).toEqual(['seen', 'agreed', null, null, 'agreed', null])
    expect(news[1]?.clear).toBe(false)
    expect(news[4]?.clear).toBe(true)
  })

  test('E07: a parked car is confirmed once a minute, with the count of what was not told', () => {
    const { news } = play(Array.from({ length: 601 }, (_, number) => read(A, number / 5)))
    const told = news.filter((one) => one !== null)
    expect(told.map((one) => one.type)).toEqual(['seen', 'agreed', 'agreed'])
    expect(told[2]).toMatchObject({ confirmation: true, thinned: 299 })
    expect(told.reduce((reads, one) => reads + one.thinned + 1, 0)).toBeLessThanOrEqual(601)
  })

  test('a plate that is read differently each time does not flood the bay', () => {
    const reads = Array.from({ length: 4_500 }, (_, number) => read(`K${10_000 + number * 7}`, number / 5))
    expect(play(reads).types.filter((type) => type !== null).length).toBeLessThanOrEqual(4 + 15)
  }, 180_000)

  test('only the newest 32 reads decide and go out', () => {
    const { track } = play(Array.from({ length: 100 }, (_, number) => read(A, number / 5)))
    expect(track.window).toHaveLength(WINDOW_READS)
  })

  test('a plate not read for two minutes is lost once', () => {
    const { track } = play([read(A, 0), read(A, 1)])
    expect(trackSilence(track, T0 + LOST_MS).news).toBeNull()
    const lost = trackSilence(track, T0 + 1_000 + LOST_MS)
    expect(lost.news).toMatchObject({ type: 'lost', leader: 'A812C0E' })
    expect(trackSilence(lost.track, T0 + 9 * LOST_MS).news).toBeNull()
    expect(trackSilence(startTrack('t1'), T0).news).toBeNull()
  })

  test('after a loss the plate is a first sight again, but a re-sent event is not', () => {
    const { track } = play([read(A, 0, { id: 'e1' }), read(A, 1, { id: 'e2' })])
    const next = startTrack('t2', trackSilence(track, T0 + 2 * LOST_MS).track)
    expect(play([read(A, 300, { id: 'e1' }), read(A, 301, { id: 'e3' })], DEFAULT_POLICY, next).types).toEqual([
      null,
      'seen',
    ])
  })
})
