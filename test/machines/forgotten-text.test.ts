import { expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { fadeText, forgetText } from '../../machines/forgotten-text.ts'
import { startTrack, type Track, type TrackRead, trackRead } from '../../machines/track.ts'

const read = (text: string, second: number): TrackRead => ({
  id: null,
  text,
  confidence: 0.9,
  characters: [],
  frame: `f${second}`,
  reader: 'device',
  box: null,
  at: second * 1_000,
  capturedAt: null,
  clear: true,
  fresh: true,
})
const tracked = (...texts: readonly string[]): Track =>
  texts.reduce((track, text, second) => trackRead(track, read(text, second), DEFAULT_POLICY).track, startTrack('t-1'))
const isZZ = (text: string): boolean => text === 'ZZ99ABC'
const textsOf = (track: Track): string => JSON.stringify([track.marks, track.window, track.agreed, track.leader])

test('fadeText: a plate whose time is over is gone from its track, and nothing else of a vehicle that stands there is lost', () => {
  const faded = fadeText(tracked('ZZ99ABC', 'ZZ99ABC', 'AB12CDE'), isZZ, 't-2')
  expect(faded.trackId).toBe('t-2')
  expect(textsOf(faded)).not.toContain('ZZ99ABC')
  expect(textsOf(faded), 'a read sent again is known still').toContain('AB12CDE')
  const other = tracked('AB12CDE', 'AB12CDE')
  expect(fadeText(other, isZZ, 't-2')).toEqual(other)
})

test('forgetText: where somebody asked to be forgotten, no text stays as a mark anywhere', () => {
  for (const texts of [
    ['ZZ99ABC', 'AB12CDE'],
    ['AB12CDE', 'AB12CDE'],
  ])
    expect(forgetText(tracked(...texts), isZZ, 't-2').marks).toEqual([])
  expect(textsOf(forgetText(tracked('ZZ99ABC', 'AB12CDE'), isZZ, 't-2'))).not.toContain('ZZ99ABC')
})
