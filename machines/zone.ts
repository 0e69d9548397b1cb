/**
 * Where a box lies among the zones of one camera, and what a zone's presence says as news.
 * All coordinates are 0..1 of the picture, y downwards; a box is x, y, width, height.
 */

export type Rectangle = readonly [number, number, number, number]
type Point = readonly [number, number]

/** One bay's zone in one camera's picture: where its plates are, and its outline on the ground where that is known (vehicles stand there). */
export type Zone = { readonly bayId: string; readonly polygon: readonly Point[]; readonly ground?: readonly Point[] }

/** The bay a box belongs to. `clear` false: another zone fits about as well, so a person or a second look decides. */
export type Placement = { readonly bayId: string; readonly clear: boolean }

/** A plate's centre this near to a zone's edge (share of the picture) is not in the zone. */
export const PLATE_MARGIN = 0.01

/** The best zone must fit this many times better than the next one, else the place is ambiguous. */
const CLEARLY = 1.5

type Edge = readonly [Point, Point]

/** What is worked out of a polygon once: polygons are published, and then asked of every picture. */
type Shape = {
  readonly edges: readonly Edge[]
  readonly radius: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const shapes = new WeakMap<readonly Point[], Shape>()

function shapeOf(polygon: readonly Point[]): Shape {
  const known = shapes.get(polygon)
  if (known) return known
  const edges = polygon.map((point, index) => [point, polygon[(index + 1) % polygon.length] ?? point] as const)
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)]
  const shape = {
    edges,
    radius: radius(edges),
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  }
  shapes.set(polygon, shape)
  return shape
}

function distanceToEdge([x, y]: Point, [[ax, ay], [bx, by]]: Edge): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}

/** How deep a point lies in a simple polygon: distance to the nearest edge, negative outside, 0 on the edge. */
export function depth(point: Point, polygon: readonly Point[]): number {
  if (polygon.length < 3) return -1
  const [x, y] = point
  let inside = false
  let nearest = Number.POSITIVE_INFINITY
  for (const edge of shapeOf(polygon).edges) {
    const [[ax, ay], [bx, by]] = edge
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
    nearest = Math.min(nearest, distanceToEdge(point, edge))
  }
  return inside ? nearest : nearest === 0 ? 0 : -nearest
}

/** Beside, above or below everything of the polygon. */
const isFarFrom = ([x, y]: Point, polygon: readonly Point[]): boolean => {
  const { left, right, top, bottom } = shapeOf(polygon)
  return !(x >= left && x <= right && y >= top && y <= bottom)
}

/** Rough radius of a polygon (2 × area / perimeter): makes depths in large and small zones comparable. */
function radius(edges: readonly Edge[]): number {
  let area = 0
  let perimeter = 0
  for (const [[ax, ay], [bx, by]] of edges) {
    area += (ax * by - bx * ay) / 2
    perimeter += Math.hypot(bx - ax, by - ay)
  }
  return perimeter === 0 ? 0 : (2 * Math.abs(area)) / perimeter
}

/** Share of a box's area within a polygon, by an 8 × 8 grid of points. `deep`: depth of the box's middle. */
function overlap([x, y, width, height]: Rectangle, polygon: readonly Point[], deep: number): number {
  // Nothing of the box is further from its middle than half its diagonal.
  if (deep > Math.hypot(width, height) / 2 + 1e-9) return 1
  let hits = 0
  for (let row = 0; row < 8; row += 1)
    for (let column = 0; column < 8; column += 1)
      if (depth([x + ((column + 0.5) / 8) * width, y + ((row + 0.5) / 8) * height], polygon) >= 0) hits += 1
  return hits / 64
}

/** How well the box fits, 0 (not in the zone) upwards: depth of its point relative to the zone, by the share of a plate inside. */
function fitness(box: Rectangle, zone: Zone, kind: 'plate' | 'vehicle'): number {
  const [x, y, width, height] = box
  const point: Point = kind === 'plate' ? [x + width / 2, y + height / 2] : [x + width / 2, y + height]
  const polygon = kind === 'plate' ? zone.polygon : (zone.ground ?? zone.polygon)
  if (isFarFrom(point, polygon)) return 0
  const deep = depth(point, polygon)
  if (deep < (kind === 'plate' ? PLATE_MARGIN : 0)) return 0
  const relative = Math.min(1, Math.max(deep, 1e-6) / Math.max(shapeOf(polygon).radius, 1e-6))
  return kind === 'plate' ? relative * overlap(box, polygon, deep) : relative
}

/**
 * The bay of a box among one camera's zones, or null where it lies in none. A plate: its centre inside with margin; a vehicle:
 * the centre of its bottom edge inside. In several zones the better fit wins by a margin, else the place is ambiguous.
 */
export function bestZone(box: Rectangle, zones: readonly Zone[], kind: 'plate' | 'vehicle'): Placement | null {
  const fits = zones
    .map((zone) => ({ bayId: zone.bayId, fit: fitness(box, zone, kind) }))
    .filter((found) => found.fit > 0)
    .sort((a, b) => b.fit - a.fit || (a.bayId < b.bayId ? -1 : 1))
  const best = fits[0]
  if (!best) return null
  // A bay may have two zones in one picture: they do not rival each other.
  const rival = fits.find((found) => found.bayId !== best.bayId)
  return { bayId: best.bayId, clear: rival === undefined || best.fit >= CLEARLY * rival.fit }
}

/** The box's centre lies in one of the polygons: reads there are signs or lettering that a person has masked. */
export const masked = ([x, y, width, height]: Rectangle, masks: readonly (readonly Point[])[]): boolean =>
  masks.some((mask) => depth([x + width / 2, y + height / 2], mask) >= 0)

/** A vehicle's box may be drawn tight, or lag behind: the plate's centre may lie so far outside, as a share of the box. */
const TIGHT = 0.25

/** The plate's centre lies beside every one of these vehicles. */
export const besideVehicles = ([x, y, width, height]: Rectangle, vehicles: readonly Rectangle[]): boolean =>
  !vehicles.some(
    ([left, top, wide, high]) =>
      Math.abs(x + width / 2 - (left + wide / 2)) <= wide * (0.5 + TIGHT) &&
      Math.abs(y + height / 2 - (top + high / 2)) <= high * (0.5 + TIGHT),
  )

export type Presence = 'occupied' | 'empty' | 'unknown'

/** What a list of vehicles says of each zone: occupied where one stands clearly, unknown where one may stand, else empty. */
export function presenceOf(
  vehicles: readonly { readonly box: Rectangle }[],
  zones: readonly Zone[],
): { [bayId: string]: Presence } {
  const seen: { [bayId: string]: Presence } = Object.fromEntries(zones.map((zone) => [zone.bayId, 'empty' as const]))
  for (const vehicle of vehicles) {
    const best = bestZone(vehicle.box, zones, 'vehicle')
    if (best?.clear) seen[best.bayId] = 'occupied'
    if (best === null || best.clear) continue
    for (const zone of zones)
      if (seen[zone.bayId] !== 'occupied' && fitness(vehicle.box, zone, 'vehicle') > 0) seen[zone.bayId] = 'unknown'
  }
  return seen
}

/** One camera's view of one zone as told so far. */
export type ZoneWatch = {
  readonly told: Presence | null
  readonly toldAt: number
  /** Arrivals of the newest edges told. */
  readonly turns: readonly number[]
  /** What the newest pictures say, since when and how many in a row. */
  readonly run: { readonly presence: Presence; readonly since: number; readonly count: number } | null
}

export const UNWATCHED: ZoneWatch = { told: null, toldAt: 0, turns: [], run: null }

/** Pictures in a row before `empty` is told: one glitch never empties a zone. */
const EMPTY_RUN = 2
/** From this many edges in a minute the zone flickers: then `empty` and `unknown` must hold for `SETTLE_MS` first. */
const FLICKER = 4
const SETTLE_MS = 5_000
const MINUTE_MS = 60_000

/** A zone that holds nobody, or of which nothing is known, is confirmed this seldom: nothing waits for it. */
const IDLE_MS = 600_000

/**
 * One look at a zone, arrival `at`: news on an edge (occupied at once, empty after two pictures), else the slow confirmation of an
 * occupied zone every `confirm_ms`.
 */
export function watchZone(
  watch: ZoneWatch,
  presence: Presence,
  at: number,
  confirm_ms = MINUTE_MS,
): { readonly watch: ZoneWatch; readonly news: Presence | null } {
  const run =
    watch.run?.presence === presence ? { ...watch.run, count: watch.run.count + 1 } : { presence, since: at, count: 1 }
  const turns = watch.turns.filter((turn) => at - turn < MINUTE_MS)
  const settled = presence === 'occupied' || turns.length < FLICKER || at - run.since >= SETTLE_MS
  const sure = presence !== 'empty' || run.count >= EMPTY_RUN
  const edge = presence !== watch.told
  const quiet = at - watch.toldAt < (presence === 'occupied' ? confirm_ms : IDLE_MS)
  if (edge ? !(settled && sure) : quiet) return { watch: { ...watch, run, turns }, news: null }
  return { watch: { told: presence, toldAt: at, run, turns: edge ? [...turns, at] : turns }, news: presence }
}

/** The bay was told of a fresh read in the zone: for it the zone is occupied, so that the next empty look is an edge. */
export const heardOccupied = (watch: ZoneWatch, at: number): ZoneWatch => ({
  ...watch,
  told: 'occupied',
  toldAt: at,
  run: null,
})

/** The type of observation for a presence. */
export const PRESENCE_NEWS = { occupied: 'vehicle.seen', empty: 'zone.empty', unknown: 'zone.unknown' } as const
