import { describe, expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { openMisreads } from '../../simulations/misreads.ts'
import { READER_CONFUSION } from '../../simulations/reader-confusion.ts'
import { seededDraw, toyPlate } from '../../simulations/toy-plates.ts'
import { countMisreads } from '../bench/misread-counts.ts'

/** Visits of American and European plates, as photos with six frames each. */
function photographed(visits: number, difficulty = 1) {
  const draw = seededDraw(11)
  return Array.from({ length: visits }, (_, n) => {
    const plate = toyPlate(n % 3 === 0 ? 'french' : 'us-7', draw)
    const misreads = openMisreads(plate, draw, { difficulty })
    return { plate, frames: Array.from({ length: READER_CONFUSION.frames }, () => misreads.frame()) }
  })
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
const share = (counts: readonly number[], from = 1): number => sum(counts.slice(from)) / sum(counts)

describe('simulated misreads, counted as photographs are', () => {
  const counted = countMisreads(photographed(6_000), READER_CONFUSION.frames, 'now')

  test('hold as many weak places as were measured', () => {
    expect(share(counted.weakPlaces)).toBeCloseTo(share(READER_CONFUSION.weakPlaces), 1)
    expect(share(counted.weakPlaces, 2)).toBeCloseTo(share(READER_CONFUSION.weakPlaces, 2), 1)
  })
  test('repeat from frame to frame at least as obstinately as was measured, and not always', () => {
    const obstinate = ({ alike }: typeof counted): number => alike.same / alike.pairs
    expect(obstinate(counted)).toBeGreaterThan(obstinate(READER_CONFUSION))
    expect(obstinate(counted)).toBeLessThan(0.97)
    const always = ({ swapped }: typeof counted): number => share(swapped.inner, 5)
    expect(always(counted)).toBeGreaterThan(0.5 * always(READER_CONFUSION))
  })
  test('leave plates unread and read others beside them as often as was measured', () => {
    expect(share(counted.unread)).toBeCloseTo(share(READER_CONFUSION.unread), 1)
    expect(share(counted.strays, 2)).toBeCloseTo(share(READER_CONFUSION.strays, 2), 1)
  })
  test('are read alike by both recognisers as often as was measured, where right and where wrong', () => {
    for (const kind of ['right', 'wrong'] as const) {
      const shareOf = ({ together }: typeof counted): number => together[kind].agreed / together[kind].texts
      expect(shareOf(counted), kind).toBeCloseTo(shareOf(READER_CONFUSION), 1)
    }
  })
  test('have a confidence for every character they show', () => {
    for (const { frames } of photographed(2_000, 4))
      for (const { text, characters } of frames.flat()) expect(characters.length, text).toBe(text.length)
  })
})

describe('a visit', () => {
  test('gives the same frames for the same seed', () => {
    expect(photographed(50)).toEqual(photographed(50))
  })
  test('that is plain is read as its own plate or not at all, but for the stray text it names', () => {
    const draw = seededDraw(4)
    for (let n = 0; n < 2_000; n += 1) {
      const misreads = openMisreads('AB12CDE', draw)
      const others = Array.from({ length: 8 }, () => misreads.frame())
        .flat()
        .filter(({ text }) => text !== 'AB12CDE' && text !== misreads.stray)
      if (misreads.isPlain) expect(others).toEqual([])
    }
  })
  test('is harder to read where it is said to be harder', () => {
    const wrong = (difficulty: number): number =>
      photographed(1_500, difficulty).filter(({ plate, frames }) =>
        frames.flat().some(({ text }) => fold(text) !== fold(plate)),
      ).length
    expect(wrong(3)).toBeGreaterThan(1.3 * wrong(1))
    expect(wrong(0)).toBeLessThan(wrong(1))
  })
})
