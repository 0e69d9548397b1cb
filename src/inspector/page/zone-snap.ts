/** Where a corner comes to lie: on a neighbour's corner or edge, or on the picture's edge, where one of them is near. */
import type { Polygon } from '../../../actors/ports.ts'

/** A place in 0..1 of the picture. */
export type Place = readonly [number, number]
/** A place, and what it was drawn to; null where it is free. */
export type Snapped = { readonly place: Place; readonly to: 'corner' | 'edge' | 'border' | null }

/** Shares of the picture are kept to so many parts. */
const PARTS = 10_000

/** A place within the picture, to a fraction of a pixel. */
export const within = ([x, y]: Place): Place => [share(x), share(y)]

const share = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * PARTS) / PARTS

/** `reach`: how near counts, in shares of the picture's width; `aspect`: its width by its height. */
export function snapped(wanted: Place, others: readonly Polygon[], reach: number, aspect: number): Snapped {
  const far = ([x, y]: Place): number => Math.hypot(x - wanted[0], (y - wanted[1]) / aspect)
  const corner = nearest(others.flat(), far)
  if (corner !== null && far(corner) <= reach) return { place: within(corner), to: 'corner' }
  const edge = nearest(
    others.flatMap((polygon) =>
      polygon.map((from, at) => onEdge(wanted, from, polygon[(at + 1) % polygon.length] ?? from, aspect)),
    ),
    far,
  )
  if (edge !== null && far(edge) <= reach) return { place: within(edge), to: 'edge' }
  const border: Place = [toBorder(wanted[0], reach), toBorder(wanted[1], reach * aspect)]
  const isAtBorder = border[0] !== wanted[0] || border[1] !== wanted[1]
  return { place: within(border), to: isAtBorder ? 'border' : null }
}

const toBorder = (value: number, reach: number): number => (value < reach ? 0 : value > 1 - reach ? 1 : value)

function nearest(places: readonly Place[], far: (place: Place) => number): Place | null {
  let best: Place | null = null
  for (const place of places) if (best === null || far(place) < far(best)) best = place
  return best
}

/** The place of an edge that is nearest to a point. */
function onEdge([x, y]: Place, [ax, ay]: Place, [bx, by]: Place, aspect: number): Place {
  const [dx, dy] = [bx - ax, (by - ay) / aspect]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + ((y - ay) / aspect) * dy) / length))
  return [ax + along * (bx - ax), ay + along * (by - ay)]
}

/** Half way from one place to another. */
export const middleOf = ([ax, ay]: Place, [bx, by]: Place): Place => within([(ax + bx) / 2, (ay + by) / 2])

/** Whether a place lies in a polygon. */
export function isIn([x, y]: Place, polygon: Polygon): boolean {
  let isInside = false
  for (const [at, [ax, ay]] of polygon.entries()) {
    const [bx, by] = polygon[(at + 1) % polygon.length] ?? [ax, ay]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) isInside = !isInside
  }
  return isInside
}
