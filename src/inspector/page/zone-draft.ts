/** A draft of zones: what a person changed and did not publish yet, with the way back. Kept in this browser only. */
import type { Polygon } from '../../../actors/ports.ts'
import type { ZonesNow } from '../../zones/zone-desk.ts'
import type { WrittenBays, WrittenZone } from '../../zones/zone-versions.ts'

/** What is drawn, for comparing: places to a fraction of a pixel, as they are published. */
export const drawingOf = (bays: WrittenBays): string =>
  JSON.stringify(
    bays.map(({ bayId, zones }) => [
      bayId,
      zones.map((zone) =>
        'polygon' in zone ? [zone.cameraId, zone.polygon] : [zone.cameraId, zone.ground, zone.side_m],
      ),
    ]),
    (_key, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e5) / 1e5 : value),
  )

type Changed = { readonly [bayId: string]: readonly WrittenZone[] }
/** One step of a draft: the bays that differ, and which old version it puts back. */
type Step = { readonly bays: Changed; readonly putBack: number | null }
type Kept = { readonly site: string; readonly base: number; readonly step: Step }

const KEPT_AS = 'berth-zones-draft'
const MOST_STEPS = 200
const NOTHING: Step = { bays: {}, putBack: null }

/** Corners as shares of the picture: on the ground they may stand in the file as pixels. */
export function cornersOf(
  zone: WrittenZone,
  picture: { readonly width: number; readonly height: number } | null,
): Polygon {
  if ('polygon' in zone) return zone.polygon
  const isPixels = zone.ground.some(([x, y]) => x > 1 || y > 1)
  if (!isPixels || picture === null) return zone.ground
  return zone.ground.map(([x, y]) => [x / picture.width, y / picture.height] as const)
}

/** The same zone with other corners. */
export const withCorners = (zone: WrittenZone, corners: Polygon): WrittenZone =>
  'polygon' in zone ? { ...zone, polygon: corners } : { ...zone, ground: corners }

/** A draft over the zones that count. */
export class ZoneDraft {
  readonly #site: string
  #now: ZonesNow
  /** The version that it was drawn over. */
  base: number
  #steps: Step[] = [NOTHING]
  #at = 0

  constructor(site: string, now: ZonesNow) {
    this.#site = site
    this.#now = now
    this.base = now.version
    const kept = readKept()
    if (kept?.site !== site || Object.keys(kept.step.bays).length === 0) return
    this.base = kept.base
    this.#steps = [NOTHING, kept.step]
    this.#at = 1
  }

  get #step(): Step {
    return this.#steps[this.#at] ?? NOTHING
  }

  get now(): ZonesNow {
    return this.#now
  }

  get putBack(): number | null {
    return this.#step.putBack
  }

  /** What would be published. */
  get bays(): WrittenBays {
    const known = new Map(this.#now.bays.map(({ bayId, zones }) => [bayId, JSON.stringify(zones)]))
    return Object.entries(this.#step.bays).flatMap(([bayId, zones]) => {
      const before = known.get(bayId)
      return before === undefined || before === JSON.stringify(zones) ? [] : [{ bayId, zones }]
    })
  }

  isChanged(bayId: string): boolean {
    return this.bays.some((one) => one.bayId === bayId)
  }

  /** Whether these zones hold all that is drawn here: then it is no draft any more. */
  isDrawnIn({ bays }: ZonesNow): boolean {
    const theirs = this.bays.flatMap(({ bayId }) => bays.filter((one) => one.bayId === bayId))
    return drawingOf(theirs) === drawingOf(this.bays)
  }

  /** The zones of a bay as they are drawn now. */
  zonesOf(bayId: string): readonly WrittenZone[] {
    return this.#step.bays[bayId] ?? this.#now.bays.find((one) => one.bayId === bayId)?.zones ?? []
  }

  zone(bayId: string, cameraId: string): WrittenZone | null {
    return this.zonesOf(bayId).find((one) => one.cameraId === cameraId) ?? null
  }

  /** Draws a zone; null takes it away. */
  draw(bayId: string, cameraId: string, zone: WrittenZone | null): void {
    const all = this.zonesOf(bayId)
    const has = all.some((one) => one.cameraId === cameraId)
    const zones =
      zone === null
        ? all.filter((one) => one.cameraId !== cameraId)
        : has
          ? all.map((one) => (one.cameraId === cameraId ? zone : one))
          : [...all, zone]
    this.#push({ bays: { ...this.#step.bays, [bayId]: zones }, putBack: null })
  }

  /** Takes over all zones of an old version, or of a draft of somebody else, which puts back none itself (null). */
  takeVersion(version: number | null, bays: WrittenBays): void {
    const known = new Set(this.#now.bays.map(({ bayId }) => bayId))
    const there = bays.filter(({ bayId }) => known.has(bayId))
    this.#push({ bays: Object.fromEntries(there.map(({ bayId, zones }) => [bayId, zones])), putBack: version })
  }

  get canUndo(): boolean {
    return this.#at > 0
  }
  get canRedo(): boolean {
    return this.#at < this.#steps.length - 1
  }

  undo(): void {
    if (this.canUndo) this.#at -= 1
    this.#keep()
  }

  redo(): void {
    if (this.canRedo) this.#at += 1
    this.#keep()
  }

  /** Others count now: the draft is shown over them, and stays one over the old ones until somebody goes on. */
  lieOver(now: ZonesNow): void {
    this.#now = now
  }

  /** Goes on over the zones that count now. What was published, or given up, is no draft any more. */
  rebase(now: ZonesNow, isGivenUp: boolean): void {
    this.#now = now
    this.base = now.version
    if (isGivenUp) {
      this.#steps = [NOTHING]
      this.#at = 0
    }
    this.#keep()
  }

  #push(step: Step): void {
    this.#steps = [...this.#steps.slice(0, this.#at + 1), step].slice(-MOST_STEPS)
    this.#at = this.#steps.length - 1
    this.#keep()
  }

  #keep(): void {
    const kept: Kept = { site: this.#site, base: this.base, step: this.#step }
    try {
      if (this.bays.length === 0) localStorage.removeItem(KEPT_AS)
      else localStorage.setItem(KEPT_AS, JSON.stringify(kept))
    } catch {
      // A browser that keeps nothing keeps the draft as long as this page is open.
    }
  }
}

function readKept(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? 'null') as Kept | null
  } catch {
    return null
  }
}
