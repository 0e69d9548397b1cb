import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Fault } from '../../machines/faults.ts'
import type { Zone } from '../../machines/site-news.ts'
import { drawnZones } from '../drawn-zones.ts'
import { fileTrouble } from '../file-trouble.ts'
import type { RawSite } from '../site-schema.ts'
import type { TriedZones } from './tried-rules.ts'

/** Zones by bay from a YAML file: a site file, or as much of it as names bays and their zones. Throws Fault BODY_INVALID with a sentence. */
export function zoneChange(path: string): TriedZones {
  const raw = rawZones(path)
  const drawn = drawnZones(raw)
  const zones = new Map<string, readonly Zone[]>(raw.bays.map(({ id }) => [id, []]))
  for (const { bay, camera, polygon, lift } of drawn) {
    if (polygon === null)
      throw invalid(
        path,
        `the zone of ${bay} at ${camera} needs a polygon, or corners on the ground that can be lifted`,
      )
    const zone = { cameraId: camera, polygon, ...(lift ? { ground: lift.ground } : {}) }
    zones.set(bay, [...(zones.get(bay) ?? []), zone])
  }
  return zones
}

function rawZones(path: string): Pick<RawSite, 'bays' | 'cameras'> {
  const value = valueIn(path)
  const bays = value['bays']
  if (!Array.isArray(bays) || bays.length === 0)
    throw invalid(path, 'it names no bays; write `bays: [{ id: bay-1, zones: […] }]`')
  for (const bay of bays as readonly { readonly id?: unknown; readonly zones?: unknown }[]) {
    if (typeof bay?.id !== 'string' || !Array.isArray(bay.zones))
      throw invalid(path, 'a bay needs its id and its zones, as in a site file')
    for (const zone of bay.zones as readonly { readonly camera?: unknown; readonly polygon?: unknown }[])
      if (typeof zone?.camera !== 'string' || (zone.polygon !== undefined && !isPolygon(zone.polygon)))
        throw invalid(
          path,
          `a zone of ${bay.id} needs a camera and a polygon of three corners or more, each [x, y] in 0..1`,
        )
  }
  return { bays, cameras: Array.isArray(value['cameras']) ? value['cameras'] : [] } as Pick<RawSite, 'bays' | 'cameras'>
}

function valueIn(path: string): { readonly [key: string]: unknown } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Fault('BODY_INVALID', {}, { cause: error, says: `--zones ${path}: ${fileTrouble(error)}` })
  }
  try {
    const value = parse(text) as unknown
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as { [key: string]: unknown }
  } catch {
    // Said below: what is no YAML is no mapping either.
  }
  throw invalid(path, 'it is no mapping in YAML')
}

const isPolygon = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 3 &&
  value.every(
    (point) =>
      Array.isArray(point) &&
      point.length === 2 &&
      point.every((one: unknown) => typeof one === 'number' && one >= 0 && one <= 1),
  )

const invalid = (path: string, what: string): Fault =>
  new Fault('BODY_INVALID', {}, { says: `--zones ${path}: ${what}.` })
