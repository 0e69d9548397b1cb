import { describe, expect, test } from 'vitest'
import {
  bestZone,
  depth,
  heardOccupied,
  type Presence,
  presenceOf,
  UNWATCHED,
  watchZone,
  type Zone,
  type ZoneWatch,
} from '../../machines/zone.ts'

const square = (bayId: string, left: number, right: number): Zone => ({
  bayId,
  polygon: [
    [left, 0.2],
    [right, 0.2],
    [right, 0.9],
    [left, 0.9],
  ],
})
const LEFT = square('bay-1', 0.05, 0.45)
const RIGHT = square('bay-2', 0.55, 0.95)
const OVER = square('bay-2', 0.35, 0.95)

describe('the zone of a plate', () => {
  test('a plate belongs to the zone that its centre lies in', () => {
    expect(bestZone([0.2, 0.5, 0.1, 0.05], [LEFT, RIGHT], 'plate')).toEqual({ bayId: 'bay-1', clear: true })
    expect(bestZone([0.7, 0.5, 0.1, 0.05], [LEFT, RIGHT], 'plate')).toEqual({ bayId: 'bay-2', clear: true })
  })

  test('a plate outside all zones, or on an edge without margin, belongs to none', () => {
    expect(bestZone([0.46, 0.5, 0.08, 0.05], [LEFT, RIGHT], 'plate')).toBeNull()
    expect(bestZone([0.395, 0.5, 0.1, 0.05], [LEFT, RIGHT], 'plate')).toBeNull()
    expect(bestZone([Number.NaN, 0.5, 0.1, 0.05], [LEFT, RIGHT], 'plate')).toBeNull()
  })

  test('E08: where zones overlap the better fit wins, and no better fit means unclear', () => {
    expect(bestZone([0.15, 0.5, 0.1, 0.05], [LEFT, OVER], 'plate')).toEqual({ bayId: 'bay-1', clear: true })
    expect(bestZone([0.6, 0.5, 0.1, 0.05], [LEFT, OVER], 'plate')).toEqual({ bayId: 'bay-2', clear: true })
    expect(bestZone([0.36, 0.5, 0.08, 0.05], [LEFT, OVER], 'plate')?.clear).toBe(false)
  })

  test('the order of zones does not matter', () => {
    for (let x = 0; x < 0.9; x += 0.01)
      expect(bestZone([x, 0.5, 0.1, 0.05], [LEFT, OVER], 'plate')).toEqual(
        bestZone([x, 0.5, 0.1, 0.05], [OVER, LEFT], 'plate'),
      )
  })

  test('two zones of one bay in one picture do not rival each other', () => {
    expect(bestZone([0.36, 0.5, 0.08, 0.05], [LEFT, { ...OVER, bayId: 'bay-1' }], 'plate')).toEqual({
      bayId: 'bay-1',
      clear: true,
    })
  })

  test('a dent in a polygon is outside', () => {
    const dented = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0.5, 0.4],
      [0, 1],
    ] as const
    expect(depth([0.5, 0.8], dented)).toBeLessThan(0)
    expect(depth([0.5, 0.2], dented)).toBeCloseTo(0.2, 5)
    expect(
      depth(
        [0.5, 0.2],
        [
          [0, 0],
          [1, 1],
        ],
      ),
    ).toBeLessThan(0)
  })
})

describe('what a list of vehicles says', () => {
  test('a vehicle stands where the centre of its bottom edge is', () => {
    expect(presenceOf([{ box: [0.1, 0.0, 0.3, 0.5] }], [LEFT, RIGHT])).toEqual({
      'bay-1': 'occupied',
      'bay-2': 'empty',
    })
    expect(presenceOf([{ box: [0.1, 0.0, 0.3, 0.1] }], [LEFT, RIGHT])).toEqual({ 'bay-1': 'empty', 'bay-2': 'empty' })
  })

  test('an empty list empties every zone, and a vehicle between two leaves both unknown', () => {
    expect(presenceOf([], [LEFT, RIGHT])).toEqual({ 'bay-1': 'empty', 'bay-2': 'empty' })
    expect(presenceOf([{ box: [0.3, 0.1, 0.2, 0.4] }], [LEFT, OVER])).toEqual({
      'bay-1': 'unknown',
      'bay-2': 'unknown',
    })
  })
})

describe('presence as news', () => {
  /** News of a row of looks, half a second apart. */
  function newsOf(looks: readonly Presence[], step = 500): (Presence | null)[] {
    let watch: ZoneWatch = UNWATCHED
    return looks.map((look, number) => {
      const next = watchZone(watch, look, 1_000 + number * step)
      watch = next.watch
      return next.news
    })
  }

  test('occupied is told at once, empty after two pictures in a row', () => {
    expect(newsOf(['occupied', 'empty', 'occupied', 'empty', 'empty'])).toEqual(['occupied', null, null, null, 'empty'])
  })

  test('an unknown look between them starts the count again', () => {
    expect(newsOf(['empty', 'unknown', 'empty', 'empty'])).toEqual([null, 'unknown', null, 'empty'])
  })

  test('while nothing changes an occupied zone is told once a minute, an empty one every ten minutes', () => {
    const hour = (presence: Presence) =>
      newsOf(
        Array.from({ length: 3_601 }, () => presence),
        1_000,
      )
    expect(hour('occupied').filter((news) => news !== null)).toHaveLength(61)
    expect(hour('empty').filter((news) => news !== null)).toHaveLength(6)
  })

  test('after a plate was told of in a zone that was said to be empty, empty is news again', () => {
    const empty = watchZone(watchZone(UNWATCHED, 'empty', 0).watch, 'empty', 500)
    expect(empty.news).toBe('empty')
    const left = watchZone(watchZone(heardOccupied(empty.watch, 900), 'empty', 1_000).watch, 'empty', 1_500)
    expect(left.news).toBe('empty')
  })

  test('a flickering zone is not told twice a second', () => {
    const looks = Array.from({ length: 7_200 }, (_, number) =>
      number % 4 < 2 ? ('occupied' as const) : ('empty' as const),
    )
    expect(newsOf(looks).filter((news) => news !== null).length).toBeLessThanOrEqual(5 * 60)
  })
})
