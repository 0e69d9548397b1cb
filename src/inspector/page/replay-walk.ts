/** A walk through the journal of a site: the replay is filled with how the site was at the record where the walk stands. */
import type { AlarmView, BayView, ReviewView } from '../../../projections/bay-view.ts'
import type { ShortRecord } from '../../server/replay-routes.ts'
import type { WrittenBy } from '../../server/written-by.ts'
import { replayWindow } from './replay-window.ts'
import { address, ask } from './server-call.ts'
import type { ReplayStore } from './store.ts'

/** What the server answers of the site at a record. */
type SiteThen = {
  readonly seq: number
  readonly at: string
  readonly newest: number
  readonly whole: boolean
  readonly bays: readonly BayView[]
  readonly gone: readonly string[]
  readonly alarms: readonly AlarmView[]
  readonly reviews: readonly ReviewView[]
  readonly machines: WrittenBy
  readonly record: ShortRecord | null
}

/** What a walk is made of. */
export type WalkParts = {
  readonly replay: ReplayStore
  /** Reviews that are open at the end of a recording, also those that no bay asked for; null of a site that lives. */
  readonly lastReviews: () => readonly ReviewView[] | null
  /** The lane that is walked through; `all` = every one. */
  readonly lane: () => string
  /** The walk stands somewhere else: these bays differ. */
  readonly moved: (bays: ReadonlySet<string>) => void
  /** It rests there, and the records around it are known. */
  readonly rested: () => void
  /** It could not go on, and why. */
  readonly trouble: (says: string) => void
  /** Playing began or ended. */
  readonly played: (on: boolean) => void
}

/** Between two records of a journal hours may lie: playing waits no longer, and no shorter than eyes need. */
const LONGEST_MS = 2_000
const SHORTEST_MS = 60
/** A hand on the slider goes on: what lies around a place is asked for where it rests. */
const REST_MS = 120
/** What the site adopts at its first start, and its devices saying that they are there: before it nothing has happened. */
const BEFORE = /^(policy|zones|profile|machines|reader|tariff)\.|^switch\.|^charger\.online$|^connector\.status$/

export class ReplayWalk {
  readonly #parts: WalkParts
  readonly #near: ReturnType<typeof replayWindow>
  /** Seq of the newest record that the server knows of. */
  newest = 0
  /** The bay whose records are walked through, and whose plate may be shown; null = the whole site. */
  bay: string | null = null
  #shownBay: string | null = null
  #wanted: number | null = null
  #busy: Promise<void> | null = null
  #run = 0
  #playing = false
  #resting: ReturnType<typeof setTimeout> | undefined
  /** The record where the walk stands, in short. */
  record: ShortRecord | null = null

  constructor(parts: WalkParts) {
    this.#parts = parts
    this.#near = replayWindow(() => ({ bay: this.bay, lane: parts.lane() }))
  }

  /** Wanted records around the place, oldest first. */
  get rows(): readonly ShortRecord[] {
    return this.#near.rows()
  }

  /** Goes to a record, or to the newest one. A hand that drags asks faster than it is answered: only its last place is asked for next. */
  go(seq: number): Promise<void> {
    this.#wanted = Math.max(1, seq)
    this.#busy ??= this.#goAll().finally(() => {
      this.#busy = null
    })
    return this.#busy
  }

  async #goAll(): Promise<void> {
    while (this.#wanted !== null) {
      const seq = this.#wanted
      this.#wanted = null
      await this.#load(seq)
    }
  }

  async #load(seq: number): Promise<void> {
    const { replay, trouble, moved } = this.#parts
    const bay = this.bay
    const from = replay.known && this.#shownBay === bay ? `&from=${replay.place}` : ''
    const named = bay === null ? '' : `&bay=${encodeURIComponent(bay)}`
    const told = await ask<SiteThen>(`${address('replay')}?seq=${seq}${from}${named}`)
    if (!told.ok) return trouble(told.says)
    this.#shownBay = bay
    moved(this.#take(told.body))
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => void this.#lookAround(replay.place), REST_MS)
  }

  async #lookAround(seq: number): Promise<void> {
    await this.#near.at(seq)
    if (seq === this.#parts.replay.place) this.#parts.rested()
  }

  #take({ seq, at, newest, whole, bays, gone, alarms, reviews, machines, record }: SiteThen): ReadonlySet<string> {
    const { replay, lastReviews } = this.#parts
    const moved = new Set([...(whole ? replay.bays.keys() : []), ...bays.map(({ bayId }) => bayId), ...gone])
    if (whole) replay.bays.clear()
    for (const bayId of gone) replay.bays.delete(bayId)
    for (const bay of bays) replay.bays.set(bay.bayId, bay)
    this.newest = newest
    this.record = record
    Object.assign(replay, {
      alarms,
      machines,
      place: seq,
      at,
      known: true,
      reviews: (seq === newest ? lastReviews() : null) ?? reviews,
    })
    return moved
  }

  /** The filter or the bay changed: the same place is looked at anew. */
  async look(): Promise<void> {
    if (this.#parts.replay.known) await this.go(this.#parts.replay.place)
  }

  /** To the next wanted record, or the one before; false where there is none. */
  async step(forward: boolean): Promise<boolean> {
    const next = await this.#near.step(this.#parts.replay.place, forward)
    if (next !== null) await this.go(next.seq)
    return next !== null
  }

  /** A recording opens where something begins to happen. */
  async begin(): Promise<void> {
    const told = await ask<{ readonly items: readonly ShortRecord[] }>(`${address('replay', 'records')}?limit=500`)
    const items = told.ok ? told.body.items : []
    await this.go(items.find(({ event, bayId }) => bayId !== null && !BEFORE.test(event))?.seq ?? 1)
  }

  get playing(): boolean {
    return this.#playing
  }

  /** Goes on by itself, `speed` times as fast as it was, until somebody stops it or there is no more. */
  play(speed: () => number): void {
    this.#run += 1
    this.#setPlaying(true)
    void this.#turn(this.#run, speed)
  }

  /** The replay is left. */
  end(): void {
    this.stop()
    clearTimeout(this.#resting)
  }

  stop(): void {
    this.#run += 1
    if (this.#playing) this.#setPlaying(false)
  }

  async #turn(run: number, speed: () => number): Promise<void> {
    const { replay } = this.#parts
    const next = await this.#near.step(replay.place, true)
    if (run !== this.#run) return
    if (next === null) return this.stop()
    const gap = (Date.parse(next.at) - Date.parse(replay.at)) / speed()
    await new Promise((go) => setTimeout(go, Math.max(SHORTEST_MS, Math.min(LONGEST_MS, gap))))
    if (run !== this.#run) return
    await this.go(next.seq)
    if (run === this.#run) void this.#turn(run, speed)
  }

  #setPlaying(on: boolean): void {
    this.#playing = on
    this.#parts.played(on)
  }
}
