import type { Polygon } from '../actors/ports.ts'
import { depth } from '../machines/zone.ts'
import type { SiteFile, SiteZone } from './site-file.ts'

/** How wide a bay is taken to be where a zone does not say it, metres. */
const BAY_WIDTH_M = 2.5
const PLATE_WIDTH_M = 0.52

/** One line a zone: how wide plates will be in it, pixels, and how near it comes to its neighbours and to the picture's edge. */
export function zoneLines(site: SiteFile): string[] {
  return site.cameras.flatMap((camera) => {
    const seen = site.bays.flatMap((bay) =>
      bay.zones.filter((zone) => zone.camera === camera.id).map((zone) => ({ bay: bay.id, ...zone })),
    )
    return seen.map((zone) => {
      const plate = plateWords(zone, camera.picture)
      return `${zone.bay} on ${camera.id}: ${plate}; ${marginWords(zone, seen)}`
    })
  })
}

/** What plates will measure; from a plain polygon only about, as if the bay were 2.5 m wide. */
function plateWords({ polygon, lift }: SiteZone, picture: { readonly width: number } | null): string {
  if (lift)
    return `plates ${Math.round(lift.plate_px.far)} to ${Math.round(lift.plate_px.near)} pixels wide, bay ${lift.other_m.toFixed(1)} m on its other side`
  if (!picture) return 'plates of unknown width (give the camera its `picture`)'
  const xs = polygon.map(([x]) => x)
  const wide = (Math.max(...xs) - Math.min(...xs)) * picture.width
  return `plates at most about ${Math.round((wide * PLATE_WIDTH_M) / BAY_WIDTH_M)} pixels wide, if the bay is ${BAY_WIDTH_M} m wide`
}

type Seen = SiteZone & { readonly bay: string }

function marginWords(zone: Seen, all: readonly Seen[]): string {
  const gaps = all
    .filter((other) => other.bay !== zone.bay)
    .map((other) => ({ bay: other.bay, gap: gapBetween(zone.polygon, other.polygon) }))
    .sort((a, b) => a.gap - b.gap)
  const nearest = gaps[0]
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const beside =
    nearest === undefined
      ? 'no neighbour on this camera'
      : nearest.gap <= 0
        ? `reaches ${percent(-nearest.gap)} of the picture into ${nearest.bay}`
        : `${percent(nearest.gap)} of the picture from ${nearest.bay}`
  return isCut(zone.polygon) ? `${beside}; cut off by the picture's edge` : beside
}

const isCut = (polygon: Polygon): boolean => polygon.some((point) => point.some((value) => value <= 0 || value >= 1))

/** Shares of the picture from one polygon to the other; below 0: how deep a corner of one lies in the other. */
export function gapBetween(one: Polygon, other: Polygon): number {
  const deepest = Math.max(...one.map((point) => depth(point, other)), ...other.map((point) => depth(point, one)))
  return -deepest
}
