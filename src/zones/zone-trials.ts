import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Clock, Journal } from '../../actors/ports.ts'
import { BY_TABLES } from '../../machines/compiled-step.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Zone } from '../../machines/site-news.ts'
import { TwinBays } from '../../projections/twin-bays.ts'
import { triedHistory } from '../whatif/tried-history.ts'
import { TriedRules } from '../whatif/tried-rules.ts'
import type { Change, WhatIfTotals } from '../whatif/whatif-report.ts'
import type { ZoneDesk } from './zone-desk.ts'
import type { TriedDraft, WrittenBays } from './zone-versions.ts'

/** A visit that would be another, without anybody in it. `unknown`: from then on (ISO 8601) nobody knows. */
export type TriedVisit = {
  readonly bayId: string
  readonly openedAt: string
  readonly changes: readonly Change[]
  readonly unknown: string | null
  /** The record at which both histories part; null where none is named. */
  readonly seq: number | null
}
type Totals = Pick<
  WhatIfTotals,
  'visits' | 'changed' | 'unknown' | 'startsGained' | 'startsLost' | 'otherPayers' | 'reviewsGained' | 'reviewsLost'
>
/** How a trial stands: `lived` of `of` records. `report` null until it has lived them all. */
export type ZoneTrial = {
  readonly trialId: string
  readonly hours: number
  readonly bays: readonly string[]
  readonly lived: number
  readonly of: number
  readonly says: string | null
  readonly report: {
    readonly totals: Totals
    readonly visits: readonly TriedVisit[]
    readonly cannotSee: readonly string[]
  } | null
}
type Running = { trial: ZoneTrial; readonly draft: WrittenBays; stopped: boolean }

const PAGE = 500
/** The running site comes first: a trial works so long at once, and rests so long, ms. */
const WORKS_MS = 12
const RESTS_MS = 12
const MOST_VISITS = 200
const HOUR_MS = 3_600_000

type Parts = {
  readonly clock: Clock
  readonly journal: Pick<Journal, 'readSite' | 'head' | 'open'>
  readonly desk: () => Pick<ZoneDesk, 'drawn'>
  readonly timezone: string
  readonly hasNoReader: boolean
}

/** Drafts of zones, lived over what was recorded: one at a time, between the work of the running site, and kept in memory only. */
export class ZoneTrials {
  readonly #parts: Parts
  #running: Running | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Begins a trial over the last hours; one that ran is given up. Throws Fault COMMAND_REFUSED or NOT_FOUND. */
  async begin(draft: WrittenBays, hours: number): Promise<ZoneTrial> {
    const { bays, drawn } = await this.#parts.desk().drawn(draft)
    if (bays.length === 0)
      throw new Fault('COMMAND_REFUSED', {}, { says: 'Nothing is drawn anew; there is nothing to try.' })
    this.stop()
    const zones = new Map<string, readonly Zone[]>(bays.map(({ bayId }) => [bayId, []]))
    for (const { bay, camera, polygon, lift } of drawn) {
      const zone = { cameraId: camera, polygon: polygon ?? [], ...(lift ? { ground: lift.ground } : {}) }
      zones.set(bay, [...(zones.get(bay) ?? []), zone])
    }
    const of = this.#parts.journal.head().seq
    const trial = { trialId: randomUUID(), hours, bays: [...zones.keys()], lived: 0, of, says: null, report: null }
    const running: Running = { trial, draft: bays, stopped: false }
    this.#running = running
    void this.#live(running, zones)
    return trial
  }

  /** How it stands; null where it is not known any more. */
  of(trialId: string): ZoneTrial | null {
    return this.#running?.trial.trialId === trialId ? this.#running.trial : null
  }

  /** What a trial of this very draft came to; null where it was not tried to its end. */
  tried = (draft: WrittenBays): TriedDraft | null => {
    const { trial, draft: known } = this.#running ?? { trial: null, draft: null }
    if (trial?.report == null || !isDeepStrictEqual(plain(known), plain(draft))) return null
    const { visits, changed, unknown } = trial.report.totals
    return { hours: trial.hours, visits, changed, unknown }
  }

  stop(): void {
    if (this.#running) this.#running.stopped = true
    this.#running = null
  }

  async #live(running: Running, zones: ReadonlyMap<string, readonly Zone[]>): Promise<void> {
    const { clock, journal, timezone, hasNoReader } = this.#parts
    try {
      const { report, trial } = await triedHistory(this.#records(running), {
        lives: new TwinBays(BY_TABLES),
        rules: new TriedRules({}, zones),
        timezone,
        hasNoReader,
        open: (record) => journal.open(record),
        from: new Date(clock.now() - running.trial.hours * HOUR_MS).toISOString(),
        to: null,
        machines: null,
      })
      if (running.stopped) return
      const { visits, changed, unknown, startsGained, startsLost, otherPayers, reviewsGained, reviewsLost } =
        report.totals
      const totals = { visits, changed, unknown, startsGained, startsLost, otherPayers, reviewsGained, reviewsLost }
      const told = report.visits.slice(0, MOST_VISITS).map((visit) => ({
        bayId: visit.bayId,
        openedAt: visit.openedAt,
        changes: visit.changes,
        unknown: visit.unknown?.since ?? null,
        seq: visit.parting?.seq ?? null,
      }))
      running.trial = {
        ...running.trial,
        lived: running.trial.of,
        report: { totals, visits: told, cannotSee: trial.cannotSee },
      }
    } catch (cause) {
      const says = `The trial ended early: ${cause instanceof Error ? cause.message : String(cause)}`
      running.trial = { ...running.trial, says }
    }
  }

  /** All records so far, read in pieces: whatever the site has to do is done between them. */
  async *#records(running: Running): AsyncGenerator<FactRecord> {
    const { journal, clock } = this.#parts
    const { of } = running.trial
    let since = performance.now()
    for (let after = 0; after < of && !running.stopped; ) {
      const page = await journal.readSite(after, PAGE)
      if (page.length === 0) return
      for (const record of page) {
        if (record.seq > of || running.stopped) return
        yield record
        if (performance.now() - since < WORKS_MS) continue
        running.trial = { ...running.trial, lived: record.seq }
        await new Promise<void>((go) => void clock.after(RESTS_MS, go))
        since = performance.now()
      }
      after = page.at(-1)?.seq ?? of
    }
  }
}

const plain = (draft: WrittenBays | null): unknown => JSON.parse(JSON.stringify(draft))
