import type { Box } from '../../actors/camera-desk.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import { bestZone } from '../../machines/zone.ts'

/** Our reading of a device's picture counts where its middle lies in the device's own box, this much enlarged: elsewhere cameras print what they read. */
const AROUND = 0.5

/** The bay in whose zone a plate lies, or the only bay that the camera has; `none` where it cannot be told. */
export function bayOfPlate(box: Box | null, zones: { readonly [bayId: string]: ReaderZone }, none: string): string {
  const polygons = Object.entries(zones).map(([bayId, zone]) => ({
    bayId,
    polygon: 'polygon' in zone ? zone.polygon : zone,
  }))
  if (box === null) return polygons.length === 1 ? (polygons[0]?.bayId ?? none) : none
  return bestZone(box, polygons, 'plate')?.bayId ?? none
}

/** Whether the middle of a box lies in another, enlarged a little. */
export function isAround([x, y, width, height]: Box, [left, top, wide, high]: Box): boolean {
  const [middle, centre] = [x + width / 2, y + height / 2]
  const inside = (at: number, from: number, size: number): boolean =>
    at >= from - AROUND * size && at <= from + (1 + AROUND) * size
  return inside(middle, left, wide) && inside(centre, top, high)
}
