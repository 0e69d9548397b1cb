import { isDeepStrictEqual } from 'node:util'
import type { BayHost } from '../actors/bay-actor.ts'
import { demandLinked, type Link } from '../actors/pages-ahead.ts'
import type { Journal } from '../actors/ports.ts'
import { memory } from '../actors/record-memory.ts'
import { type Standing, stands } from '../machines/bay-standing.ts'
import type { FactRecord } from '../machines/record.ts'
import { applyTimers, type BaySnapshot, eventOf, opened, step } from '../machines/step.ts'
import { alarms, type OpenAlarms } from '../projections/alarms.ts'
import { type OpenReviews, reviewQueue } from '../projections/review-queue.ts'
import { KeptPlaces } from './kept-places.ts'

/** A bay at a place of the journal: timers in ms since 1970. */
export type BayThen = {
  readonly snapshot: BaySnapshot
  readonly standing: Standing
  readonly timers: ReadonlyMap<string, number>
}

/** The whole site after the record `seq`; bays that had no record yet are not in it. */
export type SiteThen = {
  readonly seq: number
  readonly bays: ReadonlyMap<string, BayThen>
  readonly alarms: OpenAlarms
  readonly reviews: OpenReviews
}

/** Records lived at a time beside what the site does. */
const RECALLED = 50
/** Places near the newest questions, and the records between two of them: a hand on a slider asks for their neighbours. Two of each question are kept: of a jump that lives hundreds of records more would only be waste. */
const MOST_NEAR = 48
const NEAR_SPACING = 32
const NOTHING: SiteThen = { seq: 0, bays: new Map(), alarms: new Map(), reviews: new Map() }

type Hosts = { readonly hosts: ReadonlyMap<string, BayHost>; readonly gone: ReadonlyMap<string, BayHost> }

/**
 * The site as it was at any record. What became of the bays is kept now and then while the journal is lived anyway, at the start and at each
 * commit, for those alone that changed; a question lives only the records from the place before it. However long the journal, as many places are kept.
 */
export class SitePast {
  readonly #journal: Pick<Journal, 'readSite'>
  #places = new KeptPlaces(NOTHING)
  #near: SiteThen[] = []
  readonly #reviews = reviewQueue.start()
  /** Where the site began without having lived what is before, and places from before; null where it lived everything. */
  #begun: { readonly place: SiteThen; readonly earlier: KeptPlaces } | null = null
  /** What is remembered by records alone. */
  readonly memory = memory({ reviews: this.#reviews })

  constructor(journal: Pick<Journal, 'readSite'>) {
    this.#journal = journal
  }

  /** A record was committed, and hosts and alarms stand as it left them. */
  hear(record: FactRecord, { hosts, gone }: Hosts, open: OpenAlarms): void {
    reviewQueue.fold(this.#reviews, record)
    const { seq, bayId } = record
    if (bayId !== null) this.#places.stir(bayId)
    this.#places.keep(seq, (id) => bayOf(hosts.get(id) ?? gone.get(id)), { alarms: open, reviews: this.#reviews })
  }

  /** Everything up to this record was remembered, not lived: hosts and alarms stand as it left them. Called before anything is heard. */
  beginAt(seq: number, { hosts, gone }: Hosts, open: OpenAlarms): void {
    const bays = [...hosts.values(), ...gone.values()].flatMap((host): (readonly [string, BayThen])[] => {
      const bay = bayOf(host)
      return bay ? [[host.bayId, bay]] : []
    })
    const place = { seq, bays: new Map(bays), alarms: new Map(open), reviews: new Map(this.#reviews) }
    this.#begun = { place, earlier: new KeptPlaces(NOTHING) }
    this.#places = new KeptPlaces(place)
  }

  /**
   * Lives what the site began without, so that its past can be asked as fast as ever; `pause` is awaited after every few records. Answers what the
   * journal says otherwise than it was remembered: bays by their ids, `alarms`, `reviews`. Rejects as the journal does, and with Fault STORE_CORRUPT.
   */
  async recall(pause: () => Promise<void>): Promise<readonly string[]> {
    if (this.#begun === null) return []
    const { place: begun, earlier } = this.#begun
    let [place, link]: [SiteThen, Link | undefined] = [NOTHING, undefined]
    while (place.seq < begun.seq) {
      const next = Math.min(RECALLED, earlier.dueAfter(place.seq), begun.seq - place.seq)
      const page = await this.#journal.readSite(place.seq, next)
      if (page.length === 0) break
      link = demandLinked(page, link)
      place = after(place, page)
      for (const { bayId } of page) if (bayId !== null) earlier.stir(bayId)
      const { bays } = place
      earlier.keep(place.seq, (bayId) => bays.get(bayId) ?? null, place)
      await pause()
    }
    return differences(begun, place, pause)
  }

  /** The site after the record `seq`, or after the newest one where there is none yet. Rejects as the journal does. */
  async at(seq: number): Promise<SiteThen> {
    let place = this.#before(seq)
    while (place.seq < seq) {
      const page = await this.#journal.readSite(place.seq, Math.min(NEAR_SPACING, seq - place.seq))
      if (page.length === 0) break
      place = after(place, page)
      if (seq - place.seq < NEAR_SPACING) this.#remember(place)
    }
    return place
  }

  /** The place that is nearest before a record, of those kept and those asked for. */
  #before(seq: number): SiteThen {
    let near = NOTHING
    for (const place of this.#near) if (place.seq <= seq && place.seq > near.seq) near = place
    const begun = this.#begun
    const places = begun && seq < begun.place.seq ? begun.earlier : this.#places
    return places.before(seq, near)
  }

  #remember(place: SiteThen): void {
    this.#near = [...this.#near.filter(({ seq }) => seq !== place.seq), place].slice(-MOST_NEAR)
  }
}

/** A bay as its host has it committed; null before its first record. */
function bayOf(host: BayHost | undefined): BayThen | null {
  const { snapshot, standing } = host?.committed ?? { standing: null }
  return host && snapshot && standing ? { snapshot, standing, timers: new Map(host.kept) } : null
}

/** What two accounts of one place say otherwise. `pause` is awaited after every few bays. */
async function differences(one: SiteThen, other: SiteThen, pause: () => Promise<void>): Promise<readonly string[]> {
  const different: string[] = []
  let compared = 0
  for (const bayId of new Set([...one.bays.keys(), ...other.bays.keys()])) {
    if (++compared % RECALLED === 0) await pause()
    if (!isDeepStrictEqual(told(one.bays.get(bayId)), told(other.bays.get(bayId)))) different.push(bayId)
  }
  if (!isDeepStrictEqual(one.alarms, other.alarms)) different.push('alarms')
  if (!isDeepStrictEqual(one.reviews, other.reviews)) different.push('reviews')
  return different
}

/** All that is known of a bay, without what is the machine's own. */
const told = (bay: BayThen | undefined): unknown =>
  bay && { ...bay, snapshot: { value: bay.snapshot.value, context: bay.snapshot.context } }

/** A place, and the records behind it lived. */
function after(place: SiteThen, records: readonly FactRecord[]): SiteThen {
  const bays = new Map(place.bays)
  const open: OpenAlarms = new Map(place.alarms)
  const reviews: OpenReviews = new Map(place.reviews)
  for (const record of records) {
    alarms.fold(open, record)
    reviewQueue.fold(reviews, record)
    const { bayId } = record
    if (bayId === null || record.stream !== `bay:${bayId}`) continue
    const before = bays.get(bayId)
    const timers = new Map(before?.timers)
    applyTimers(timers, record)
    const { snapshot } = step(before?.snapshot ?? opened(bayId), eventOf(record))
    bays.set(bayId, { snapshot, standing: stands(before?.standing ?? null, record, snapshot.context), timers })
  }
  return { seq: records.at(-1)?.seq ?? place.seq, bays, alarms: open, reviews }
}
