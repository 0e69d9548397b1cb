import { isDeepStrictEqual } from 'node:util'
import { adoptions } from '../../actors/adoptions.ts'
import type { Ids, Journal, Polygon } from '../../actors/ports.ts'
import type { Site } from '../../actors/site.ts'
import type { Observation } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Cause } from '../../machines/record.ts'
import { bayPlans } from '../bay-plans.ts'
import type { CameraHealth } from '../cameras/camera-health.ts'
import { drawnZones } from '../drawn-zones.ts'
import type { SecondPerson } from '../second-person.ts'
import type { Caller } from '../site-desk.ts'
import type { SiteFile } from '../site-file.ts'
import type { PictureSize } from '../zone-lift.ts'
import { gapBetween } from '../zone-report.ts'
import {
  changedBays,
  type KeepFile,
  refused,
  type SiteOnDisk,
  siteOnDisk,
  unwritable,
  usedPolygons,
  withDraft,
  writeZones,
  writtenBays,
  type ZoneProblem,
  zoneProblems,
} from './zone-file.ts'
import { type TriedDraft, type WrittenBays, type WrittenZone, type ZoneVersion, zoneReason } from './zone-versions.ts'
import { type ZonesByBay, type ZonesInForce, zonesByBay } from './zones-in-force.ts'

/** A camera as zones are drawn in its picture. */
export type ZoneCamera = {
  readonly cameraId: string
  readonly picture: PictureSize | null
  readonly height_m: number | null
  readonly ignore: readonly Polygon[]
}
/** A zone as berth uses it: the polygon of plates, the outline on the ground where that is known, how wide plates will be there (pixels), and the nearest neighbour (share of the picture; below 0: so deep in it). */
export type UsedZone = {
  readonly bayId: string
  readonly cameraId: string
  readonly polygon: Polygon | null
  readonly ground: Polygon | null
  readonly plate_px: { readonly near: number; readonly far: number } | null
  readonly other_m: number | null
  readonly nearest: { readonly bayId: string; readonly gap: number } | null
}
/** What a draft comes to. */
export type CheckedDraft = { readonly used: readonly UsedZone[]; readonly problems: readonly ZoneProblem[] }
/** The zones that count now. `fixed`: why nobody can publish others here; null where people can. */
export type ZonesNow = CheckedDraft & {
  readonly version: number
  readonly fixed: string | null
  readonly cameras: readonly ZoneCamera[]
  readonly bays: WrittenBays
}
/** A person’s order. The same `id` again has no second effect. */
export type ZoneOrder = {
  readonly id: string
  readonly expectVersion: number
  readonly reason: string
  readonly bays: WrittenBays
  readonly putBack?: number
}
/** What came of an order: `newer` where somebody published since `expectVersion`. */
export type ZoneAnswer = { readonly version: number; readonly seq: number } | { readonly newer: ZoneVersion | null }
/** The same of one that somebody else must agree to, until then (ISO 8601). */
type OrderedZones = ZoneAnswer | { readonly until: string }
/** Who agreed, where two people must, and what the trial had come to when the order was given. */
type Second = { readonly name: string; readonly tried: TriedDraft | null }
/** What an order would write. */
type Ready = { readonly disk: SiteOnDisk; readonly bays: WrittenBays }

export type ZoneDeskParts = {
  readonly path: string
  readonly file: SiteFile
  readonly env: NodeJS.ProcessEnv
  readonly keep: KeepFile
  readonly ids: Ids
  readonly journal: Pick<Journal, 'head'>
  readonly site: Pick<Site, 'tellAll' | 'hosts'>
  readonly zones: ZonesInForce
  readonly health: Pick<CameraHealth, 'redrawn'>
  /** Who keeps orders until somebody else agrees. */
  readonly second: Pick<SecondPerson, 'isAskedForZones' | 'askForZones'>
  /** What a trial of this very draft came to; null where it was not tried. */
  readonly tried: (draft: WrittenBays) => TriedDraft | null
}

/** Where zones are drawn: looks at the site file as it is on disk, and changes nothing in it but the zones that somebody publishes. */
export class ZoneDesk {
  readonly #parts: ZoneDeskParts
  /** Orders go one after the other: the second sees what the first one did. */
  #line: Promise<unknown> = Promise.resolve()

  constructor(parts: ZoneDeskParts) {
    this.#parts = parts
  }

  get versions() {
    return this.#parts.zones.versions
  }

  async now(): Promise<ZonesNow> {
    const { path, env, zones, file } = this.#parts
    const version = zones.versions.newest
    try {
      const disk = await siteOnDisk(path, env)
      const { raw } = disk
      const fixed = this.#byHand(disk) ?? (await unwritable(disk.path))
      if (fixed === null || usesFile(raw, zones.byBay()))
        return { version, fixed, cameras: raw.cameras.map(zoneCamera), bays: writtenBays(raw), ...checked(raw) }
      throw refused(fixed)
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      const cameras = file.cameras.map(({ id, picture, ignore }) => ({ cameraId: id, picture, height_m: null, ignore }))
      return { version, fixed: cause.message, cameras, bays: inForce(zones.byBay()), used: [], problems: [] }
    }
  }

  /** What the draft comes to, and what is wrong with it. Throws Fault NOT_FOUND for an unknown bay. */
  async check(draft: WrittenBays): Promise<CheckedDraft> {
    const { raw } = await siteOnDisk(this.#parts.path, this.#parts.env)
    return checked(withDraft(raw, changedBays(raw, draft)))
  }

  /** What of the draft differs from the zones in force, with the polygons that berth would use. */
  async drawn(draft: WrittenBays) {
    const { raw } = await siteOnDisk(this.#parts.path, this.#parts.env)
    const bays = changedBays(raw, draft)
    const tried = withDraft(raw, bays)
    const bars = zoneProblems(tried).find((problem) => problem.bars)
    if (bars) throw refused(sentenceOf(bars))
    return { bays, drawn: drawnZones(tried).filter(({ bay }) => bays.some(({ bayId }) => bayId === bay)) }
  }

  /** Publishes, or keeps what would be published for a second person where the site asks for one. Rejects as `publish`. */
  order(order: ZoneOrder, by: Caller): Promise<OrderedZones> {
    if (!this.#parts.second.isAskedForZones) return this.publish(order, by)
    return this.#inLine(() => this.#ask(order, by))
  }

  async #ask(order: ZoneOrder, by: Caller): Promise<OrderedZones> {
    const ready = await this.#ready(order)
    if (!('disk' in ready)) return ready
    const { second, tried } = this.#parts
    const answer = await second.askForZones({ ...order, bays: ready.bays }, tried(ready.bays), by)
    if (answer.outcome === 'second-person') return { until: answer.until }
    throw refused(answer.outcome === 'refused' ? answer.why : answer.outcome)
  }

  /**
   * Publishes: into the site file, the journal, and force, in this order. Rejects with Fault COMMAND_REFUSED with a sentence, NOT_FOUND, or
   * STORE_UNWRITABLE, and then nothing has changed. `second`: who agreed.
   */
  publish(order: ZoneOrder, by: Caller, second?: Second): Promise<ZoneAnswer> {
    return this.#inLine(() => this.#publish(order, by, second))
  }

  /** Resolves once no order is under way. */
  async settled(): Promise<void> {
    await this.#line
  }

  #inLine<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#line.then(act)
    this.#line = done.catch(() => {})
    return done
  }

  /** What is to be written, or what the order came to already. */
  async #ready(order: ZoneOrder): Promise<Ready | ZoneAnswer> {
    const { path, env, zones } = this.#parts
    const before = zones.versions.answerTo(order.id)
    if (before) return before
    if (order.expectVersion !== zones.versions.newest) return { newer: zones.versions.all()[0] ?? null }
    // Throws where that version never was.
    if (order.putBack !== undefined) zones.versions.zonesOf(order.putBack)
    const disk = await siteOnDisk(path, env)
    const byHand = this.#byHand(disk)
    if (byHand !== null) throw refused(byHand)
    const bays = changedBays(disk.raw, order.bays)
    if (bays.length === 0) throw refused('These are the zones that count already; there is nothing to publish.')
    const bars = zoneProblems(withDraft(disk.raw, bays)).find((problem) => problem.bars)
    if (bars) throw refused(sentenceOf(bars))
    return { disk, bays }
  }

  async #publish(order: ZoneOrder, by: Caller, second?: Second): Promise<ZoneAnswer> {
    const { env, keep, zones } = this.#parts
    const ready = await this.#ready(order)
    if (!('disk' in ready)) return ready
    const { disk, bays } = ready
    const written = await writeZones(disk, bays, { env, keep })
    try {
      await this.#record(order, bays, written.site, by, second)
    } catch (fault) {
      await written.undo()
      throw fault
    }
    await this.#takeOver(zonesByBay(written.site.bays), by)
    return zones.versions.answerTo(order.id) ?? { version: zones.versions.newest, seq: this.#parts.journal.head().seq }
  }

  /** One batch: the site’s own record, and what each bay is told. */
  async #record(
    { id, reason: said, putBack }: ZoneOrder,
    bays: WrittenBays,
    site: SiteFile,
    by: Caller,
    second?: Second,
  ): Promise<void> {
    const { site: bayHosts, ids, zones, tried } = this.#parts
    const reason = zoneReason(said)
    const told = bayPlans(site).flatMap((plan): (readonly [string, Observation])[] => {
      const host = bayHosts.hosts.get(plan.bayId)
      if (!host) return []
      const news = adoptions(host.bay, plan, ids).filter(({ type }) => type === 'zones.published')
      return news.map((one) => [plan.bayId, { ...one, source: 'operator' } as Observation])
    })
    const cause = {
      type: 'zones.ordered',
      id,
      source: 'operator',
      by: by.name,
      role: by.role,
      ...(second !== undefined && { second: second.name }),
      reason,
      zonesVersion: zones.versions.newest + 1,
      putBack: putBack ?? null,
      tried: second === undefined ? tried(bays) : second.tried,
      bays,
    }
    const decisions = [{ type: 'ZonesPublished', by: by.name, reason, bays: bays.map(({ bayId }) => bayId) }]
    await bayHosts.tellAll([{ stream: 'site', cause: asJson(cause), decisions, personal: {} }], told)
  }

  /** Only now do they count: what is durable is believed. */
  async #takeOver(bays: ZonesByBay, by: Caller): Promise<void> {
    const { zones, health, file } = this.#parts
    const names = new Map(file.cameras.map(({ id }) => [id, zones.nameOf(id)]))
    zones.replace(bays)
    for (const [cameraId, name] of names)
      if (zones.nameOf(cameraId) !== name) await health.redrawn(cameraId, zones.nameOf(cameraId), by.name)
  }

  /** A sentence where the file on disk has other zones than those that count. */
  #byHand({ raw, path }: SiteOnDisk): string | null {
    if (usesFile(raw, this.#parts.zones.byBay())) return null
    return `The zones in ${path} are no longer those that berth uses: somebody changed the file. Restart berth, so that it takes them over, then draw.`
  }
}

/** Polygons are read-only here, and plain JSON in the journal. */
const asJson = (cause: { readonly type: string }): Cause => JSON.parse(JSON.stringify(cause)) as Cause

const zoneCamera = ({ id, picture, height_m, ignore }: SiteOnDisk['raw']['cameras'][number]): ZoneCamera => ({
  cameraId: id,
  picture: picture ? { width: picture[0], height: picture[1] } : null,
  height_m: height_m ?? null,
  ignore: ignore ?? [],
})

/** Whether the zones of the file are those that count. */
function usesFile(raw: SiteOnDisk['raw'], bays: ZonesByBay): boolean {
  const counting = [...bays].map(([bayId, zones]) => [bayId, zones.map(({ polygon }) => polygon)])
  return isDeepStrictEqual([...usedPolygons(raw)], counting)
}

const inForce = (bays: ZonesByBay): WrittenBays =>
  [...bays].map(([bayId, zones]) => ({
    bayId,
    zones: zones.map(({ camera, polygon }): WrittenZone => ({ cameraId: camera, polygon })),
  }))

function checked(raw: SiteOnDisk['raw']): CheckedDraft {
  const drawn = drawnZones(raw)
  const used = drawn.map(({ bay, camera, polygon, lift }): UsedZone => {
    const others = drawn.filter((one) => one.camera === camera && one.bay !== bay && one.polygon !== null)
    const gaps = others.map((one) => ({ bayId: one.bay, gap: gapBetween(polygon ?? [], one.polygon ?? []) }))
    return {
      bayId: bay,
      cameraId: camera,
      polygon,
      ground: lift?.ground ?? null,
      plate_px: lift?.plate_px ?? null,
      other_m: lift?.other_m ?? null,
      nearest: gaps.toSorted((a, b) => a.gap - b.gap)[0] ?? null,
    }
  })
  return { used, problems: zoneProblems(raw) }
}

const sentenceOf = ({ bayId, cameraId, says, expected }: ZoneProblem): string =>
  `The zone of ${bayId}${cameraId === null ? '' : ` on ${cameraId}`} does not work: ${says}; expected ${expected}.`
