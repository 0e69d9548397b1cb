import type { Polygon } from '../actors/ports.ts'

type Point = readonly [number, number]

/** Grid of points per side with which areas are compared. */
const GRID = 60

/** True where two of the polygon's edges cross, or it runs back over itself. */
export function crossesItself(polygon: Polygon): boolean {
  const edges = polygon.map((from, i) => [from, polygon[(i + 1) % polygon.length] ?? from] as const)
  return edges.some((one, i) =>
    edges.some((other, j) => {
      const neighbours = Math.abs(i - j) <= 1 || Math.abs(i - j) === edges.length - 1
      return j > i && !neighbours && meet(one[0], one[1], other[0], other[1])
    }),
  )
}

/** Area in shares of the picture, 0..1. */
export function area(polygon: Polygon): number {
  let twice = 0
  for (const [i, [x, y]] of polygon.entries()) {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length] ?? [x, y]
    twice += x * nextY - nextX * y
  }
  return Math.abs(twice) / 2
}

/** How much of the smaller polygon lies in the other one, 0..1, within about 2 %. */
export function overlap(one: Polygon, other: Polygon): number {
  const [small, large] = area(one) <= area(other) ? [one, other] : [other, one]
  const a = boxOf(small)
  const b = boxOf(large)
  if (a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top) return 0
  let inside = 0
  let both = 0
  for (let row = 0; row < GRID; row++) {
    const y = a.top + ((row + 0.5) / GRID) * (a.bottom - a.top)
    // Edges are looked at once a row, not once a point: people draw as many corners as they like.
    const [ofSmall, ofLarge] = [crossings(small, y), crossings(large, y)]
    for (let column = 0; column < GRID; column++) {
      const x = a.left + ((column + 0.5) / GRID) * (a.right - a.left)
      if (!holds(ofSmall, x)) continue
      inside += 1
      if (holds(ofLarge, x)) both += 1
    }
  }
  return inside === 0 ? 0 : both / inside
}

function boxOf(polygon: Polygon): { left: number; right: number; top: number; bottom: number } {
  const xs = polygon.map(([x]) => x)
  const ys = polygon.map(([, y]) => y)
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}

/** Where a level line crosses the polygon's edges. */
function crossings(polygon: Polygon, y: number): readonly number[] {
  const xs: number[] = []
  let [fromX, fromY] = polygon.at(-1) ?? [0, 0]
  for (const [toX, toY] of polygon) {
    if (fromY > y !== toY > y) xs.push(fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX))
    fromX = toX
    fromY = toY
  }
  return xs
}

/** Even-odd rule: a ray to the right crosses the edge an odd number of times. */
function holds(crossed: readonly number[], x: number): boolean {
  let odd = false
  for (const at of crossed) if (x < at) odd = !odd
  return odd
}

/** True where the segments a-b and c-d share a point. */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point): number =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))
  const on = (p: Point, q: Point, r: Point): boolean =>
    side(p, q, r) === 0 &&
    Math.min(p[0], q[0]) <= r[0] &&
    r[0] <= Math.max(p[0], q[0]) &&
    Math.min(p[1], q[1]) <= r[1] &&
    r[1] <= Math.max(p[1], q[1])
  if (side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)) return true
  return on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b)
}
