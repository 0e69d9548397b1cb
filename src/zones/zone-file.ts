import { constants } from 'node:fs'
import { access, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Polygon } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { drawnZones } from '../drawn-zones.ts'
import { fileTrouble } from '../file-trouble.ts'
import { withZones, type ZoneEntry } from '../site-edit.ts'
import { checkSiteFile, problemLine, type SiteFile } from '../site-file.ts'
import { checkSchema, type RawSite } from '../site-schema.ts'
import { parseSource } from '../site-source.ts'
import {
  MOST_ZONES,
  overlapping,
  overlaps,
  overlapWords,
  TOUCHING,
  zones as zonesThatFit,
  zonesThatWork,
} from '../zone-sense.ts'
import type { WrittenBays, WrittenZone } from './zone-versions.ts'

/** A site file as it is on disk now. */
export type SiteOnDisk = { readonly path: string; readonly text: string; readonly raw: RawSite }

/** What the check of a site file says of a zone; `cameraId` null: of all zones of the bay. `bars`: such a draft cannot be published. */
export type ZoneProblem = {
  readonly bayId: string
  readonly cameraId: string | null
  readonly says: string
  readonly expected: string
  readonly bars: boolean
}

type RawZone = RawSite['bays'][number]['zones'][number]

/** Reads the site file as it is now. Throws Fault COMMAND_REFUSED with a sentence where it cannot be used. */
export async function siteOnDisk(path: string, env: NodeJS.ProcessEnv): Promise<SiteOnDisk> {
  const real = await realpath(path).catch(() => path)
  const text = await readFile(real, 'utf8').catch((cause: unknown) => {
    throw refused(`The site file ${real} cannot be read: ${fileTrouble(cause)}`)
  })
  const source = parseSource(text, env)
  const [problem] = source.problems.length > 0 ? source.problems : checkSchema(source)
  if (problem) throw refused(`The site file does not check: ${problemLine(problem, real)}`)
  return { path: real, text, raw: source.value as RawSite }
}

/** The zones of a site file as it writes them. */
export const writtenBays = ({ bays }: Pick<RawSite, 'bays'>): WrittenBays =>
  bays.map(({ id, zones }) => ({ bayId: id, zones: zones.map(writtenZone) }))

function writtenZone({ camera, polygon, ground, side_m }: RawZone): WrittenZone {
  if (ground !== undefined) return { cameraId: camera, ground, side_m: side_m ?? 0 }
  return { cameraId: camera, polygon: polygon ?? [] }
}

/** The bays of a draft that differ from the file. Throws Fault NOT_FOUND for a bay that the file does not name. */
export function changedBays(raw: Pick<RawSite, 'bays'>, draft: WrittenBays): WrittenBays {
  const known = new Map(writtenBays(raw).map(({ bayId, zones }) => [bayId, zones.map(roundedZone)]))
  const rounded = draft.map(({ bayId, zones }) => ({ bayId, zones: zones.map(roundedZone) }))
  const unknown = rounded.find(({ bayId }) => !known.has(bayId))
  if (unknown)
    throw new Fault('NOT_FOUND', {}, { says: `There is no bay "${unknown.bayId.slice(0, 64)}" here; check the id.` })
  return rounded.filter(({ bayId, zones }) => !isDeepStrictEqual(zones, known.get(bayId)))
}

/** To a fraction of a pixel. */
const roundedPolygon = (polygon: Polygon): Polygon =>
  polygon.map(([x, y]) => [Math.round(x * 1e5) / 1e5, Math.round(y * 1e5) / 1e5] as const)

const roundedZone = (zone: WrittenZone): WrittenZone =>
  'polygon' in zone
    ? { cameraId: zone.cameraId, polygon: roundedPolygon(zone.polygon) }
    : { cameraId: zone.cameraId, ground: roundedPolygon(zone.ground), side_m: zone.side_m }

/** The file’s values with these bays’ zones in the place of their own. */
export function withDraft(raw: RawSite, draft: WrittenBays): RawSite {
  const drawn = new Map(draft.map(({ bayId, zones }) => [bayId, zones.map(entryOf)]))
  return { ...raw, bays: raw.bays.map((bay) => ({ ...bay, zones: (drawn.get(bay.id) as RawZone[]) ?? bay.zones })) }
}

const entryOf = ({ cameraId, ...where }: WrittenZone): ZoneEntry => ({ camera: cameraId, ...where })

/** What `berth check` says of the zones of these values. */
export function zoneProblems(raw: RawSite): readonly ZoneProblem[] {
  const found: ZoneProblem[] = []
  const say =
    (bars: boolean) =>
    (path: readonly (string | number)[], says: string, expected: string): void => {
      const bay = path[0] === 'bays' ? raw.bays[Number(path[1])] : undefined
      const cameraId = bay?.zones[Number(path[3] ?? Number.NaN)]?.camera ?? null
      if (bay) found.push({ bayId: bay.id, cameraId, says, expected, bars })
    }
  for (const check of [zonesThatFit, zonesThatWork, overlaps]) check(raw, say(true), say(false), () => true)
  return [...found, ...othersOfOverlaps(raw)]
}

/** The check names the later one of two zones that overlap; who draws sees it at the other, too. */
const othersOfOverlaps = (raw: RawSite): readonly ZoneProblem[] =>
  raw.cameras.flatMap(({ id }) =>
    overlapping(
      drawnZones(raw)
        .filter(({ camera }) => camera === id)
        .slice(0, MOST_ZONES),
    ).map(({ zone, other, share }) => ({
      bayId: other.bay,
      cameraId: id,
      says: overlapWords(zone, share),
      expected: TOUCHING,
      bars: false,
    })),
  )

/** Polygons that berth would use of these values, by bay. */
export function usedPolygons(raw: Pick<RawSite, 'bays' | 'cameras'>): ReadonlyMap<string, readonly Polygon[]> {
  const used = new Map<string, Polygon[]>(raw.bays.map(({ id }) => [id, []]))
  for (const { bay, polygon } of drawnZones(raw)) used.get(bay)?.push(polygon ?? [])
  return used
}

/** Keeps a changed site file where this machine's is made from, then changes it here by `write`. Rejects with Fault COMMAND_REFUSED, and then nothing has changed here. */
export type KeepFile = (text: string, write: () => Promise<void>) => Promise<void>

/** A site file of this machine alone. */
export const keepHere: KeepFile = (_text, write) => write()

/** A site file that was written: what it says now, and the way back. */
export type WrittenSite = { readonly site: SiteFile; readonly undo: () => Promise<void> }

/**
 * Writes these bays’ zones into the site file: all or nothing, and nothing else of it changes. Throws Fault COMMAND_REFUSED with a sentence
 * where the new file would not check, or a person should change this one.
 */
export async function writeZones(
  disk: SiteOnDisk,
  bays: WrittenBays,
  { env, keep }: { readonly env: NodeJS.ProcessEnv; readonly keep: KeepFile },
): Promise<WrittenSite> {
  const { path, text, raw } = disk
  const edited = withZones(text, new Map(bays.map(({ bayId, zones }) => [bayId, zones.map(entryOf)])))
  if (edited === null) throw refused(byHand(path))
  const { site, errors } = checkSiteFile(edited, path, env, { served: false })
  if (!site)
    throw refused(`With these zones the site file does not check: ${errors[0] ? problemLine(errors[0], path) : ''}`)
  const source = parseSource(edited, env)
  checkSchema(source)
  if (!isDeepStrictEqual(source.value, withDraft(raw, bays))) throw refused(byHand(path))
  await keep(edited, () => replaceFile(path, edited))
  const back = () => replaceFile(path, text)
  // What counts is here: where it cannot be kept elsewhere now, it is once it can.
  return { site, undo: () => keep(text, back).catch(back) }
}

const byHand = (path: string): string =>
  `The bays of ${path} are written in a way that only a person should change; put the zones in by hand and restart berth.`

/** The file as it was, or the new one, with the same rights. Throws Fault COMMAND_REFUSED. */
async function replaceFile(path: string, text: string): Promise<void> {
  try {
    const { mode } = await stat(path)
    const beside = `${path}.new`
    await writeFile(beside, text, { mode, flush: true })
    await rename(beside, path)
  } catch (cause) {
    throw refused(`The site file ${path} cannot be written, so nothing was published: ${fileTrouble(cause)}`)
  }
}

/** A sentence of why nothing is published. */
export const refused = (says: string): Fault => new Fault('COMMAND_REFUSED', {}, { says })

/** Why the file cannot be replaced; null where it can. */
export async function unwritable(path: string): Promise<string | null> {
  try {
    await access(path, constants.W_OK)
    await access(dirname(path), constants.W_OK)
    return null
  } catch {
    return `The site file ${path} may not be written by berth: zones can be drawn and tried here, and must be put into it by hand.`
  }
}
