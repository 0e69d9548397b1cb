/** A turned rectangle around text, in pixels: centre, size along and across the line, angle in radians (0 = level, within ±45°). */
export type TextBox = {
  readonly cx: number
  readonly cy: number
  readonly width: number
  readonly height: number
  readonly angle: number
}

type Point = readonly [number, number]

/** The corners of a box, clockwise from top left. */
export function boxCorners(box: TextBox): [Point, Point, Point, Point] {
  const cos = Math.cos(box.angle)
  const sin = Math.sin(box.angle)
  const corner = (u: number, v: number): Point => [
    box.cx + (u * cos * box.width) / 2 - (v * sin * box.height) / 2,
    box.cy + (u * sin * box.width) / 2 + (v * cos * box.height) / 2,
  ]
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]
}

/** The least turned rectangle around points; null for fewer than three corners. */
export function leastBox(points: readonly Point[]): TextBox | null {
  const hull = convexHull(points)
  if (hull.length < 3) return null
  let best: TextBox | null = null
  for (let i = 0; i < hull.length; i++) {
    const a = hull[i] as Point
    const b = hull[(i + 1) % hull.length] as Point
    const box = spanAlong(hull, levelled(Math.atan2(b[1] - a[1], b[0] - a[0])))
    if (best === null || box.width * box.height < best.width * best.height) best = box
  }
  return best
}

/** The rectangle around points whose sides run along `angle` and across it. */
export function spanAlong(points: readonly Point[], angle: number): TextBox {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const [x, y] of points) {
    const u = x * cos + y * sin
    const v = y * cos - x * sin
    left = Math.min(left, u)
    right = Math.max(right, u)
    top = Math.min(top, v)
    bottom = Math.max(bottom, v)
  }
  const u = (left + right) / 2
  const v = (top + bottom) / 2
  return { cx: u * cos - v * sin, cy: u * sin + v * cos, width: right - left, height: bottom - top, angle }
}

/** Grows a box on every side by `along` and `across` pixels. */
export function grownBox(box: TextBox, along: number, across: number): TextBox {
  return { ...box, width: box.width + 2 * along, height: box.height + 2 * across }
}

/** The same box in a picture scaled by `sx`, `sy` and moved by `dx`, `dy`. */
export function placedBox(box: TextBox, sx: number, sy: number, dx: number, dy: number): TextBox {
  return {
    cx: box.cx * sx + dx,
    cy: box.cy * sy + dy,
    width: box.width * sx,
    height: box.height * sy,
    angle: Math.atan(Math.tan(box.angle) * (sy / sx)),
  }
}

/** One box over two that stand on one line, or null when they do not: similar height and angle, a gap of at most `gap` heights. */
export function joinedBox(a: TextBox, b: TextBox, gap = 1.2): TextBox | null {
  const height = Math.max(a.height, b.height)
  if (Math.min(a.height, b.height) < 0.6 * height) return null
  if (Math.abs(a.angle - b.angle) > 0.35) return null
  const angle = (a.angle * a.width + b.angle * b.width) / (a.width + b.width)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const along = Math.abs((b.cx - a.cx) * cos + (b.cy - a.cy) * sin)
  const across = Math.abs((b.cy - a.cy) * cos - (b.cx - a.cx) * sin)
  const space = along - (a.width + b.width) / 2
  if (across > 0.4 * height || space > gap * height || space < -0.5 * height) return null
  return spanAlong([...boxCorners(a), ...boxCorners(b)], angle)
}

/** Share of the smaller box's upright extent that lies in the other, 0..1. */
export function overlap(a: TextBox, b: TextBox): number {
  const [p, q] = [uprightExtent(a), uprightExtent(b)]
  const w = Math.min(p.right, q.right) - Math.max(p.left, q.left)
  const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)
  if (w <= 0 || h <= 0) return 0
  return (w * h) / Math.min((p.right - p.left) * (p.bottom - p.top), (q.right - q.left) * (q.bottom - q.top))
}

/** The upright rectangle around a box. */
export function uprightExtent(box: TextBox): { left: number; right: number; top: number; bottom: number } {
  const corners = boxCorners(box)
  const xs = corners.map((c) => c[0])
  const ys = corners.map((c) => c[1])
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}

function levelled(angle: number): number {
  return angle - Math.round(angle / (Math.PI / 2)) * (Math.PI / 2)
}

function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const half = (order: readonly Point[]): Point[] => {
    const chain: Point[] = []
    for (const p of order) {
      while (chain.length >= 2 && turn(chain[chain.length - 2] as Point, chain[chain.length - 1] as Point, p) <= 0)
        chain.pop()
      chain.push(p)
    }
    chain.pop()
    return chain
  }
  return [...half(sorted), ...half(sorted.reverse())]
}

function turn(o: Point, a: Point, b: Point): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])
}
