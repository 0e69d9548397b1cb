import { describe, expect, test } from 'vitest'
import { besides, gridOf, type Room } from '../../../src/inspector/page/bay-grid.ts'
import { fc } from '../../seeded-check.ts'

const WALL: Room = { width: 1500, height: 900, em: 16 }
const PHONE: Room = { width: 370, height: 700, em: 16 }
const names = (count: number) => Array.from({ length: count }, (_, at) => `b${at + 1}`)
const LAYOUT = [['b1', 'b2', null, 'b3'], [], ['b4', 'b5', 'b6', 'b7']]

describe('where bays lie on the board', () => {
  test('in the rows of the site, with its gaps and lanes; a bay that the layout leaves out comes behind', () => {
    const { cells, height } = gridOf(LAYOUT, names(8), WALL)
    const at = new Map(cells.map((cell) => [cell.bayId, cell]))
    expect(cells.map(({ bayId }) => bayId)).toEqual(names(8))
    expect([at.get('b1')?.y, at.get('b2')?.y, at.get('b3')?.y]).toEqual([0, 0, 0])
    expect(at.get('b3')?.x).toBe(at.get('b7')?.x)
    expect((at.get('b4')?.y ?? 0) - height).toBeGreaterThan(16)
    expect(at.get('b8')?.y).toBeGreaterThan(at.get('b4')?.y ?? 0)
  })

  test('on a phone the rows of the site are broken, and no gap takes room', () => {
    const wide = [Array.from({ length: 9 }, (_, at) => (at === 4 ? null : `b${at < 4 ? at + 1 : at}`))]
    const { cells, width } = gridOf(wide, names(8), PHONE)
    expect(cells.map(({ bayId }) => bayId)).toEqual(names(8))
    expect(Math.max(...cells.map(({ x }) => x + width))).toBeLessThanOrEqual(PHONE.width)
  })

  test('whatever the site and the screen: every bay has one place, none over another, none beyond the screen, each a target that a finger meets', () => {
    const room = fc.record({
      width: fc.integer({ min: 300, max: 4000 }),
      height: fc.integer({ min: 200, max: 2200 }),
      em: fc.constantFrom(14, 16, 24, 32),
    })
    const row = fc.array(fc.option(fc.integer({ min: 1, max: 60 })), { maxLength: 70 })
    fc.assert(
      fc.property(
        fc.option(fc.array(row, { maxLength: 8 })),
        fc.integer({ min: 0, max: 600 }),
        room,
        (rows, count, screen) => {
          const used = new Set<number>()
          const once = (id: number | null) => {
            if (id === null || used.has(id)) return null
            used.add(id)
            return `b${id}`
          }
          const { cells, width, height, total } = gridOf(
            rows?.map((one) => one.map(once)) ?? null,
            names(count),
            screen,
          )
          expect(cells.map(({ bayId }) => bayId).toSorted()).toEqual(names(count).toSorted())
          expect(new Set(cells.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)).size).toBe(count)
          for (const { x, y } of cells) {
            expect(x + width).toBeLessThanOrEqual(screen.width + 1)
            expect(y + height).toBeLessThanOrEqual(total + 1)
          }
          if (count > 0) expect([width >= 47, height >= 47]).toEqual([true, true])
        },
      ),
    )
  })

  test('arrows go on in reading order, and up and down to the nearest bay of the next row', () => {
    const grid = gridOf(LAYOUT, names(7), WALL)
    expect(besides(grid, null, 'right')).toBe('b1')
    expect(besides(grid, 'b2', 'right')).toBe('b3')
    expect(besides(grid, 'b3', 'right')).toBe('b4')
    expect(besides(grid, 'b1', 'left')).toBe('b1')
    expect(besides(grid, 'b3', 'down')).toBe('b7')
    expect(besides(grid, 'b6', 'up')).toBe('b2')
    expect(besides(grid, 'b7', 'down')).toBe('b7')
  })
})
