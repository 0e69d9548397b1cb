import { createHash } from 'node:crypto'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Zone } from '../../machines/zone.ts'
import type { LineCamera } from '../cameras/camera-line.ts'
import type { SiteCamera } from '../site-cameras.ts'
import type { SiteFile, SiteZone } from '../site-file.ts'
import { ZoneVersions } from './zone-versions.ts'

/** Zones by bay, in the site file's order. */
export type ZonesByBay = ReadonlyMap<string, readonly SiteZone[]>
type FeedZone = Zone & { readonly cameraId: string }
type LineZones = LineCamera['zones']

/**
 * The zones that count now: those of the site file when berth started, and later what people published. Whoever needs them asks here each
 * time; between two publications the answer is the very same object.
 */
export class ZonesInForce {
  /** What was published, by whom and when. */
  readonly versions = new ZoneVersions()
  readonly #cameras: readonly SiteCamera[]
  #bays: ZonesByBay
  #feed: readonly FeedZone[]
  #lines: ReadonlyMap<string, LineZones>
  #written: ReturnType<typeof writtenZones> | null = null

  constructor({ cameras, bays }: Pick<SiteFile, 'cameras' | 'bays'>) {
    this.#cameras = cameras
    this.#bays = zonesByBay(bays)
    this.#feed = feedZones(this.#bays)
    this.#lines = lineZones(this.#bays, cameras)
  }

  /** What the journal says of zones. */
  hear(record: FactRecord): void {
    this.versions.hear(record)
  }

  /** From now on these count. */
  replace(bays: ZonesByBay): void {
    this.#written = null
    const before = this.#lines
    this.#bays = bays
    this.#feed = feedZones(bays)
    const lines = lineZones(bays, this.#cameras)
    // A camera whose zones stay as they were keeps the object by which readers know it.
    this.#lines = new Map(
      [...lines].map(([id, zones]) => {
        const known = before.get(id)
        return [id, known && JSON.stringify(known) === JSON.stringify(zones) ? known : zones]
      }),
    )
  }

  byBay = (): ZonesByBay => this.#bays

  /** For the plate feed. */
  feed = (): readonly FeedZone[] => this.#feed

  /** A camera’s zones by bay, with what is masked in them. */
  ofCamera = (cameraId: string): LineZones => this.#lines.get(cameraId) ?? NONE

  /** Bays that a camera sees. */
  baysOf = (cameraId: string): readonly string[] => Object.keys(this.ofCamera(cameraId))

  /** A name of where the zones of a camera lie: another one once they are drawn anew. */
  nameOf(cameraId: string): string {
    this.#written ??= writtenZones(this.#bays)
    const { empty, of } = this.#written
    const bays = [...empty]
    for (const [place, text] of of.get(cameraId) ?? []) bays[place] = text
    return createHash('sha256').update(`[${bays.join()}]`).digest('hex').slice(0, 16)
  }
}

/** Each bay as JSON without zones, and for each camera the bays that it sees with theirs, by their places: what names are made of. */
function writtenZones(bays: ZonesByBay) {
  const of = new Map<string, Map<number, string>>()
  for (const [place, [id, all]] of [...bays].entries())
    for (const [camera, own] of Map.groupBy(all, (zone) => zone.camera)) {
      const seen = of.get(camera) ?? new Map<number, string>()
      of.set(camera, seen.set(place, JSON.stringify([id, own])))
    }
  return { empty: [...bays.keys()].map((id) => JSON.stringify([id, []])), of }
}

const NONE: LineZones = {}

/** The zones of a site file by bay. */
export const zonesByBay = (bays: SiteFile['bays']): ZonesByBay => new Map(bays.map(({ id, zones }) => [id, zones]))

const feedZones = (bays: ZonesByBay): readonly FeedZone[] =>
  [...bays].flatMap(([bayId, zones]) =>
    zones.map(({ camera, polygon, lift }) => ({
      bayId,
      cameraId: camera,
      polygon,
      ...(lift ? { ground: lift.ground } : {}),
    })),
  )

function lineZones(bays: ZonesByBay, cameras: readonly SiteCamera[]): ReadonlyMap<string, LineZones> {
  const seen = new Map(cameras.map((camera) => [camera.id, { camera, zones: new Map<string, ReaderZone>() }]))
  for (const [bayId, all] of bays)
    for (const { camera: id, polygon } of all) {
      const one = seen.get(id)
      one?.zones.set(bayId, { polygon, masks: one.camera.ignore, camera: id })
    }
  return new Map([...seen].map(([id, { zones }]) => [id, Object.fromEntries(zones)]))
}
