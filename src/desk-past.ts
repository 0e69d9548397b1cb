import type { ClockWatch, Moment } from '../actors/clock-watch.ts'
import type { Journal } from '../actors/ports.ts'
import type { Memory } from '../actors/record-memory.ts'
import type { Site } from '../actors/site.ts'
import type { Json } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import { pathOf } from '../machines/step.ts'
import type { OpenAlarms } from '../projections/alarms.ts'
import type { AlarmView, BayView, CameraBlindness } from '../projections/bay-view.ts'
import { viewOf, whyOf } from '../projections/view-of-bay.ts'
import { bayAt } from './bay-at.ts'
import type { BayKnew, SiteWas } from './site-desk.ts'
import { type BayThen, SitePast, type SiteThen } from './site-past.ts'

/** What the past of a running site is told by. */
export type DeskPastParts = {
  readonly site: () => Site
  readonly journal: Journal
  readonly skew_s: ClockWatch['skew_s']
  readonly blindness: (cameraId: string, then: Moment) => CameraBlindness | null
  /** Fills in what names stand for. */
  readonly named: (view: BayView) => BayView
}

/** The site as it was, for its servers. */
export class DeskPast {
  readonly #parts: DeskPastParts
  readonly #past: SitePast

  constructor(parts: DeskPastParts) {
    this.#parts = parts
    this.#past = new SitePast(parts.journal)
  }

  get memory(): Memory {
    return this.#past.memory
  }

  /** Everything up to this record was remembered, not lived: hosts and alarms stand as it left them. */
  beginAt(seq: number, open: OpenAlarms): void {
    this.#past.beginAt(seq, this.#parts.site(), open)
  }

  recall = (pause: () => Promise<void>) => this.#past.recall(pause)

  /** A record was committed, and hosts and alarms stand as it left them. */
  hear(record: FactRecord, open: OpenAlarms): void {
    this.#past.hear(record, this.#parts.site(), open)
  }

  async at(bayId: string, when: Moment): Promise<BayView | null> {
    const { site, journal, skew_s, blindness, named } = this.#parts
    const { hosts, gone } = site()
    const view = hosts.has(bayId) || gone.has(bayId) ? await bayAt(journal, bayId, when, skew_s, blindness) : null
    return view && named(view)
  }

  async siteAt(seq: number, from?: number): Promise<SiteWas> {
    const place = await this.#past.at(seq)
    const known = from === undefined ? null : await this.#past.at(from)
    const alarms = [...place.alarms.values()]
    const byBay = Map.groupBy(alarms, ({ bayId }) => bayId)
    const bays = [...place.bays].filter(([bayId, bay]) => !isSame(known, bayId, bay))
    // A bay that has no record yet is shown to nobody; who comes from later must be told that it is gone.
    const gone = [...(known?.bays.keys() ?? [])].filter((bayId) => !place.bays.has(bayId))
    return {
      at: await this.#timeOf(place),
      bays: bays.map(([bayId, bay]) => this.#view(bay, place, byBay.get(bayId) ?? [])),
      gone,
      alarms: alarms.filter(({ bayId }) => bayId === null || place.bays.has(bayId)),
      // Nobody looks at a crop, or has claimed anything, in the past.
      reviews: [...place.reviews.values()]
        .filter(({ bayId }) => place.bays.has(bayId))
        .map((row) => ({ ...row, blind: false, crops: 0, claim: null })),
    }
  }

  async knew(bayId: string, seq: number): Promise<BayKnew | null> {
    const bay = (await this.#past.at(seq)).bays.get(bayId)
    if (bay === undefined) return null
    const { snapshot } = bay
    const { record } = bay.standing
    const { context } = snapshot
    const { event, rule, guards } = whyOf(record, context.policy)
    const { state, detail } = pathOf(snapshot.value)
    // Without what is not there: a member that has no value is none.
    const knows = JSON.parse(JSON.stringify({ state, detail, ...context })) as Json
    return { told: { seq: record.seq, at: record.at, event, rule, guards }, knows }
  }

  #view({ snapshot, standing, timers }: BayThen, { seq }: SiteThen, alarms: readonly AlarmView[]) {
    const { skew_s, blindness, named } = this.#parts
    return named(
      viewOf({
        bay: snapshot.context,
        ...pathOf(snapshot.value),
        standing,
        timers,
        alarms,
        skew_s: (kind, device) => skew_s(kind, device, { seq }),
        blindness: (cameraId) => blindness(cameraId, { seq }),
      }),
    )
  }

  async #timeOf({ seq }: SiteThen): Promise<string> {
    const [record] = await this.#parts.journal.readSite(Math.max(0, seq - 1), 1)
    return record?.at ?? new Date(0).toISOString()
  }
}

const isSame = (known: SiteThen | null, bayId: string, bay: BayThen): boolean =>
  known?.bays.get(bayId)?.standing.record.version === bay.standing.record.version
