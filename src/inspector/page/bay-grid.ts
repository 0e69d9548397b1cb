/** Where each bay lies on the board: in the site's own rows, or one after another. Pure: no DOM, no clock. */
import type { SiteLayout } from '../../server/live-message.ts'

/** How much of a bay there is room for. */
export type Level = 'full' | 'short' | 'small'
/** A bay's place, px. */
export type Cell = { readonly bayId: string; readonly x: number; readonly y: number }
/** All places; every cell is `width` by `height`. */
export type Grid = {
  readonly cells: readonly Cell[]
  readonly level: Level
  readonly width: number
  readonly height: number
  /** Of the whole, px. */
  readonly total: number
  /** There is room for how long a bay has been so. */
  readonly saysSince: boolean
}
/** The room there is, px; `em` is the size of a letter, which people may enlarge. */
export type Room = { readonly width: number; readonly height: number; readonly em: number }

/** Least and preferred width, and height, of a cell in em. The smallest is a target that a finger meets. */
const SIZES: { readonly [level in Level]: readonly [least: number, wide: number, height: number] } = {
  full: [10.2, 15, 8.4],
  short: [6.6, 8, 4.7],
  small: [3.2, 3.8, 3.4],
}
/** Between cells, em. */
const GAPS: { readonly [level in Level]: number } = { full: 0.5, short: 0.5, small: 0.3 }
const LANE = 1.6
/** Where there is room below, a small cell is so high and says since when as well. */
const TALL = 4.7
const LEVELS: readonly Level[] = ['full', 'short', 'small']

/** Lays the bays out; those that the layout does not name come behind the others. */
export function gridOf(layout: SiteLayout | null, ids: readonly string[], room: Room): Grid {
  const known = new Set(ids)
  const named = new Set((layout ?? []).flat())
  const rows = (layout ?? []).map((row) => row.map((bayId) => (bayId !== null && known.has(bayId) ? bayId : null)))
  const others = ids.filter((bayId) => !named.has(bayId))
  const asDrawn = layout === null ? null : drawn([...rows, ...(others.length > 0 ? [[], others] : [])], room)
  return asDrawn ?? inRows(layout === null ? [others] : [...rows.map(withoutGaps), others], room)
}

const withoutGaps = (row: readonly (string | null)[]): readonly string[] => row.filter((bayId) => bayId !== null)

/** As the site lies, gaps and lanes included; null where it is wider than the room. */
function drawn(rows: SiteLayout, room: Room): Grid | null {
  const { em } = room
  const columns = Math.max(1, ...rows.map((row) => row.length))
  const fits = (level: Level) => (room.width + GAPS[level] * em) / columns - GAPS[level] * em
  const high = (level: Level, cell: number) =>
    rows.reduce((sum, row) => sum + (row.length === 0 ? LANE : cell + GAPS[level]), 0) * em
  const level = LEVELS.find(
    (one) => fits(one) >= SIZES[one][0] * em && (high(one, SIZES[one][2]) <= room.height || one === 'small'),
  )
  if (level === undefined) return null
  const width = Math.floor(Math.min(fits(level), SIZES[level][1] * em))
  const isRoomy = level === 'small' && high(level, TALL) <= room.height
  return placed(rows, level, width, (isRoomy ? TALL : SIZES[level][2]) * em, em)
}

/** One after another, as many in a row as fit; each row of the site begins a new one. */
function inRows(rows: readonly (readonly string[])[], room: Room): Grid {
  const { em } = room
  const all = rows.filter((row) => row.length > 0)
  const fitting = LEVELS.map((level) => {
    const [least, wide, tall] = SIZES[level]
    const gap = GAPS[level] * em
    const most = (one: number) => Math.max(1, Math.floor((room.width + gap) / (one * em + gap)))
    const columns = most(wide) > 1 ? most(wide) : most(least)
    const lines = all.reduce((sum, row) => sum + Math.ceil(row.length / columns), 0)
    return { level, columns, gap, total: lines * (tall * em + gap) }
  })
  const smallest = fitting.at(-1)
  const chosen = fitting.find(({ total }) => total <= room.height * (room.width < 40 * em ? 2.5 : 1)) ?? smallest
  const { level, columns, gap } = chosen ?? { level: 'small', columns: 1, gap: 0 }
  const width = Math.floor((room.width + gap) / columns - gap)
  const wrapped = all.flatMap((row) =>
    Array.from({ length: Math.ceil(row.length / columns) }, (_, at) => row.slice(at * columns, (at + 1) * columns)),
  )
  return placed(wrapped, level, Math.min(width, SIZES[level][1] * em * 1.5), SIZES[level][2] * em, em)
}

function placed(rows: SiteLayout, level: Level, width: number, height: number, em: number): Grid {
  const cells: Cell[] = []
  let y = 0
  const gap = GAPS[level] * em
  for (const row of rows) {
    for (const [column, bayId] of row.entries()) if (bayId !== null) cells.push({ bayId, x: column * (width + gap), y })
    y += row.length === 0 ? LANE * em : height + gap
  }
  return {
    cells,
    level,
    width,
    height,
    total: Math.max(0, y - gap),
    saysSince: level !== 'small' || height >= TALL * em,
  }
}

/** The way that an arrow points. */
export type Direction = 'left' | 'right' | 'up' | 'down'

/** The bay beside this one: left and right in reading order, up and down the nearest of the next row. The first bay where there is none yet. */
export function besides(grid: Pick<Grid, 'cells'>, bayId: string | null, direction: Direction): string | null {
  const at = grid.cells.findIndex((cell) => cell.bayId === bayId)
  const from = grid.cells[at]
  if (from === undefined) return grid.cells[0]?.bayId ?? null
  if (direction === 'left' || direction === 'right')
    return (grid.cells[at + (direction === 'left' ? -1 : 1)] ?? from).bayId
  const side = direction === 'up' ? -1 : 1
  const beyond = grid.cells.filter(({ y }) => (y - from.y) * side > 0)
  const next = Math.min(...beyond.map(({ y }) => Math.abs(y - from.y)))
  const row = beyond.filter(({ y }) => Math.abs(y - from.y) === next)
  return (row.toSorted((a, b) => Math.abs(a.x - from.x) - Math.abs(b.x - from.x))[0] ?? from).bayId
}
