import type { Polygon } from '../actors/ports.ts'
import type { RawSite } from './site-schema.ts'
import type { Path } from './site-source.ts'
import { type LiftedZone, liftZones, PLATE_HEIGHT_M } from './zone-lift.ts'

/** A zone of the site file with the polygon that berth uses. `polygon` null: its ground corners cannot be lifted. */
export type DrawnZone = {
  readonly bay: string
  readonly camera: string
  readonly path: Path
  readonly polygon: Polygon | null
  /** What was found out about ground corners; null where the file holds the picture's polygon itself. */
  readonly lift: LiftedZone | null
}

/** Every zone of a site file, in its order. Zones on the ground are lifted camera by camera: all of one camera share its lens. */
export function drawnZones(raw: Pick<RawSite, 'bays' | 'cameras'>): DrawnZone[] {
  const lifts = new Map(raw.cameras.map((camera) => [camera.id, liftsOf(raw, camera)]))
  return raw.bays.flatMap((bay, i) =>
    bay.zones.map((zone, j): DrawnZone => {
      const lift = (zone.ground && lifts.get(zone.camera)?.get(zone.ground)) ?? null
      const path: Path = ['bays', i, 'zones', j]
      return { bay: bay.id, camera: zone.camera, path, polygon: zone.polygon ?? lift?.polygon ?? null, lift }
    }),
  )
}

type RawCamera = RawSite['cameras'][number]

/** The lifted zones of one camera by their corners. Where one of them is no rectangle, each is tried alone, so that only that one is missing. */
function liftsOf({ bays }: Pick<RawSite, 'bays'>, camera: RawCamera): ReadonlyMap<Polygon, LiftedZone> {
  const { picture, height_m } = camera
  if (!picture || height_m === undefined || height_m <= PLATE_HEIGHT_M) return new Map()
  const view = { picture: { width: picture[0], height: picture[1] }, height_m }
  const zones = bays
    .flatMap((bay) => bay.zones)
    .flatMap((zone) =>
      zone.camera === camera.id && zone.ground?.length === 4 && zone.side_m !== undefined
        ? [{ corners: zone.ground, side_m: zone.side_m }]
        : [],
    )
  const together = liftZones(view, zones)
  const lifted = together ?? zones.map((zone) => liftZones(view, [zone])?.[0])
  return new Map(zones.flatMap(({ corners }, i) => (lifted[i] ? [[corners, lifted[i]] as const] : [])))
}
