import type { Polygon } from '../actors/ports.ts'
import { depth, PLATE_MARGIN } from '../machines/zone.ts'
import { type DrawnZone, drawnZones } from './drawn-zones.ts'
import type { RawSite } from './site-schema.ts'
import type { Check } from './site-sense.ts'
import type { Path } from './site-source.ts'
import { area, crossesItself, overlap } from './site-zones.ts'
import { PLATE_HEIGHT_M } from './zone-lift.ts'

/** Less of the picture than this shows neither a plate nor whether the bay is empty. */
const SMALLEST_ZONE = 0.002
/** Zones that share less than this of the smaller one share a border, no more. */
const LEAST_OVERLAP = 0.01
/** More zones than any camera tells apart: comparing them all would only take time. */
export const MOST_ZONES = 60
/** Narrower plates are read badly: text of 60 pixels on a plate of 80. */
const LEAST_PLATE_px = 80
/** Two measures of the camera's height that differ by more than this share do not belong together. */
const HEIGHT_OFF = 0.2
/** What a bay measures, from the shortest car to a lorry with its trailer, metres; 2.5 by 5 is usual. */
const BAY_m = { narrow: 1.8, wide: 5, short: 3.5, long: 25 }
/** A rectangle's corner that is further from a right angle is none, degrees. */
const SKEW_deg = 7

/** Zones: cameras that are there, polygons that go round something, ground corners that can be lifted. */
export const zones: Check = (raw, error) => {
  const known = new Set(raw.cameras.map((camera) => camera.id))
  const expected = known.size === 0 ? 'cameras listed under `cameras`' : `one of: ${[...known].join(', ')}`
  const drawn = drawnZones(raw)
  for (const [i, bay] of raw.bays.entries()) {
    const seen = new Set<string>()
    for (const [j, zone] of bay.zones.entries()) {
      const path: Path = ['bays', i, 'zones', j]
      if (!known.has(zone.camera))
        error([...path, 'camera'], `there is no camera ${zone.camera} in this file`, expected)
      if (seen.has(zone.camera))
        error([...path, 'camera'], `${zone.camera} has a zone for this bay already`, 'one zone a camera and bay')
      seen.add(zone.camera)
      if (zone.polygon && !zone.ground) enclosing(zone.polygon, [...path, 'polygon'], 'the bay', error)
      else onGround(raw, zone, path, drawn, error)
    }
  }
  for (const [i, camera] of raw.cameras.entries())
    for (const [j, mask] of (camera.ignore ?? []).entries())
      enclosing(mask, ['cameras', i, 'ignore', j], 'what is ignored', error)
}

type RawZone = RawSite['bays'][number]['zones'][number]
type Say = Parameters<Check>[1]

/** What ground corners need beside them. */
function onGround(raw: RawSite, zone: RawZone, path: Path, drawn: readonly DrawnZone[], error: Say): void {
  const { ground, side_m, polygon } = zone
  if (!ground) return error(path, 'it says nowhere where the bay is', '`polygon`, or `ground` with `side_m`')
  if (polygon) return error(path, 'it gives the bay twice', 'either `polygon` or `ground`')
  if (side_m === undefined)
    return error(path, '`side_m` is missing', 'the length of the side from the first to the second corner, metres')
  const camera = raw.cameras.find(({ id }) => id === zone.camera)
  if (!camera) return
  const at: Path = ['cameras', raw.cameras.indexOf(camera)]
  if (!camera.picture)
    return error(at, `${camera.id} has a zone by ground corners`, '`picture: [width, height]`, pixels')
  if (camera.height_m === undefined)
    return error(at, `${camera.id} has a zone by ground corners`, '`height_m`, the height of its lens above the bays')
  if (camera.height_m <= PLATE_HEIGHT_M)
    return error([...at, 'height_m'], 'it hangs no higher than plates', `more than ${PLATE_HEIGHT_M} m`)
  if (drawn.find((one) => one.path.join() === path.join())?.polygon === null)
    error(
      [...path, 'ground'],
      'no rectangle on the ground looks like this',
      'its four corners, in order around the bay',
    )
}

/** A polygon must go round something. */
function enclosing(polygon: Polygon, path: Path, what: string, error: Say): void {
  if (crossesItself(polygon)) error(path, 'its edges cross each other', `corners in order around ${what}`)
  else if (area(polygon) === 0) error(path, 'its corners lie on one line', `corners that enclose ${what}`)
}

/** Zones that check and then never work, or work badly. */
export const zonesThatWork: Check = (raw, _error, warn) => {
  const drawn = Map.groupBy(drawnZones(raw), ({ path }) => path[1])
  for (const [i, bay] of raw.bays.entries()) {
    const own = (drawn.get(i) ?? []).filter((zone) => zone.polygon !== null)
    if (bay.zones.length === 0) {
      warn(
        ['bays', i],
        `no camera covers ${bay.id}: no plate ever reaches quorum there, only cards identify, and only its cable shows it empty`,
        'a zone',
      )
    } else if (own.every(({ polygon }) => area(polygon ?? []) < SMALLEST_ZONE)) {
      warn(
        ['bays', i, 'zones'],
        `the zones of ${bay.id} are too small to see a plate, or the bay empty`,
        'polygons around the whole bay',
      )
    } else if (own.every(({ polygon }) => deepest(polygon ?? []) <= PLATE_MARGIN)) {
      warn(
        ['bays', i, 'zones'],
        `the zones of ${bay.id} are narrower than the margin: a plate there is always too near to an edge`,
        'polygons around the whole bay',
      )
    }
    for (const zone of own) wellMeasured(zone, bay.zones[Number(zone.path[3])]?.side_m ?? 0, warn)
  }
}

/** What lifting found out: measures that contradict each other, and plates too small to read. */
function wellMeasured(zone: DrawnZone, side_m: number, warn: Say): void {
  const { bay, camera, lift, path } = zone
  if (!lift) return
  const at = [...path, 'ground']
  if (lift.skew_deg > SKEW_deg)
    warn(
      at,
      `the corners of ${bay} on ${camera} are ${Math.round(lift.skew_deg)}° from a right angle`,
      'four corners of a rectangle on the ground',
    )
  else if (lift.height_off > HEIGHT_OFF)
    warn(
      at,
      `corners and \`side_m\` of ${bay} say that ${camera} hangs ${lift.height_m.toFixed(1)} m high, which its \`height_m\` does not`,
      'corners, `side_m` and `height_m` measured once more',
    )
  else sized(zone, side_m, lift.other_m, warn)
  if (lift.plate_px.near < LEAST_PLATE_px)
    warn(
      at,
      `a plate in ${bay} is at most ${Math.round(lift.plate_px.near)} pixels wide on ${camera}: it will often be misread`,
      `${LEAST_PLATE_px} pixels or more: a longer lens, a nearer camera or more pixels`,
    )
}

/** A bay of such a size holds no vehicle: something was clicked or measured wrongly. */
function sized({ bay, camera, path }: DrawnZone, side_m: number, other_m: number, warn: Say): void {
  const [width, length] = [Math.min(side_m, other_m), Math.max(side_m, other_m)]
  const fits = width >= BAY_m.narrow && width <= BAY_m.wide && length >= BAY_m.short && length <= BAY_m.long
  if (fits) return
  const sides = `${side_m.toFixed(1)} m along the first side and ${other_m.toFixed(1)} m along the next`
  const limits = `${BAY_m.narrow} to ${BAY_m.wide} m wide and ${BAY_m.short} to ${BAY_m.long} m long`
  warn(
    [...path, 'ground'],
    `the corners of ${bay} on ${camera} make a bay of ${sides}: no vehicle’s`,
    `a bay ${limits}: corners, \`side_m\` and \`height_m\` measured again`,
  )
}

/** Depth of the deepest of many points of a polygon, shares of the picture. */
function deepest(polygon: Polygon): number {
  const xs = polygon.map(([x]) => x)
  const ys = polygon.map(([, y]) => y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top]
  let most = 0
  for (let i = 0; i < 400; i++)
    most = Math.max(
      most,
      depth([left + (((i % 20) + 0.5) / 20) * wide, top + ((Math.floor(i / 20) + 0.5) / 20) * high], polygon),
    )
  return most
}

/** Zones of two bays that share more than a border. */
export const overlaps: Check = (raw, _error, warn) => {
  const drawn = Map.groupBy(drawnZones(raw), ({ camera }) => camera)
  for (const [i, camera] of raw.cameras.entries()) {
    const seen = drawn.get(camera.id) ?? []
    if (seen.length > MOST_ZONES) {
      warn(
        ['cameras', i],
        `${camera.id} has ${seen.length} zones: their overlaps were not looked at`,
        `at most ${MOST_ZONES} zones a camera`,
      )
      continue
    }
    for (const { zone, other, share } of overlapping(seen))
      warn([...zone.path, zone.lift ? 'ground' : 'polygon'], overlapWords(other, share), TOUCHING)
  }
}

/** What is wanted where zones overlap. */
export const TOUCHING = 'zones that only touch'
/** What is said of a zone that lies over another one. */
export const overlapWords = ({ bay, camera }: DrawnZone, share: number): string =>
  `overlaps the zone of ${bay} on ${camera} by ${Math.round(share * 100)} % of the smaller: plates read there go to review`

/** Pairs of one camera’s zones that share more than a border, the later one first; `share` of the smaller one. */
export function overlapping(
  seen: readonly DrawnZone[],
): readonly { readonly zone: DrawnZone; readonly other: DrawnZone; readonly share: number }[] {
  const pairs = seen.flatMap((zone, j) => seen.slice(0, j).map((other) => ({ zone, other })))
  return pairs.flatMap(({ zone, other }) => {
    const share = other.bay === zone.bay ? 0 : overlap(zone.polygon ?? [], other.polygon ?? [])
    return share < LEAST_OVERLAP ? [] : [{ zone, other, share }]
  })
}
