import type { BayHost } from '../actors/bay-actor.ts'
import type { Journal } from '../actors/ports.ts'
import { type Standing, stands } from '../machines/bay-standing.ts'
import type { FactRecord } from '../machines/record.ts'
import { applyTimers, type BaySnapshot, eventOf, opened, step } from '../machines/step.ts'
import { alarms, type OpenAlarms } from '../projections/alarms.ts'
import { type OpenReviews, reviewQueue } from '../projections/review-queue.ts'

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

/** Records between two places that are kept, at first; doubled whenever too many are. */
const FIRST_SPACING = 128
/** Places that are kept at most. */
const MOST = 192
/** Places near the newest questions, and the records between two of them: a hand on a slider asks for their neighbours. Two of each question are kept: of a jump that lives hundreds of records more would only be waste. */
const MOST_NEAR = 48
const NEAR_SPACING = 32
const NOTHING: SiteThen = { seq: 0, bays: new Map(), alarms: new Map(), reviews: new Map() }

/** A place that is kept: the bays that changed since the place before it, in the order in which they did. */
type Place = Omit<SiteThen, 'bays'> & { readonly changed: ReadonlyMap<string, BayThen> }

type Hosts = { readonly hosts: ReadonlyMap<string, BayHost>; readonly gone: ReadonlyMap<string, BayHost> }

/**
 * The site as it was at any record. What became of the bays is kept now and then while the journal is lived anyway, at the start and at each
 * commit, for those alone that changed; a question lives only the records from the place before it. However long the journal, as many places are kept.
 */
export class SitePast {
  readonly #journal: Pick<Journal, 'readSite'>
  #spacing = FIRST_SPACING
  #kept: Place[] = []
  /** Bays with a record since the newest place. */
  #stirred = new Set<string>()
  #near: SiteThen[] = []
  readonly #reviews = reviewQueue.start()

  constructor(journal: Pick<Journal, 'readSite'>) {
    this.#journal = journal
  }

  /** A record was committed, and hosts and alarms stand as it left them. */
  hear(record: FactRecord, { hosts, gone }: Hosts, open: OpenAlarms): void {
    reviewQueue.fold(this.#reviews, record)
    const { seq, bayId } = record
    if (bayId !== null) this.#stirred.add(bayId)
    if (seq % this.#spacing !== 0) return
    const changed = new Map<string, BayThen>()
    for (const id of this.#stirred) {
      const host = hosts.get(id) ?? gone.get(id)
      const { snapshot, standing } = host?.committed ?? { standing: null }
      if (host && snapshot && standing) changed.set(id, { snapshot, standing, timers: new Map(host.kept) })
    }
    this.#stirred = new Set()
    this.#kept.push({ seq, changed, alarms: new Map(open), reviews: new Map(this.#reviews) })
    if (this.#kept.length > MOST) this.#thin()
  }

  /** Every second place goes; what had changed there is told by the next one. */
  #thin(): void {
    this.#spacing *= 2
    const kept: Place[] = []
    let left: Place | null = null
    for (const place of this.#kept) {
      const whole: Place = left ? { ...place, changed: new Map([...left.changed, ...place.changed]) } : place
      left = place.seq % this.#spacing === 0 ? null : whole
      if (left === null) kept.push(whole)
    }
    for (const bayId of left?.changed.keys() ?? []) this.#stirred.add(bayId)
    this.#kept = kept
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
    const last = this.#kept.findLast((place) => place.seq <= seq)
    return last && last.seq > near.seq ? this.#whole(last) : near
  }

  /** Every bay at a kept place. */
  #whole({ seq, alarms: open, reviews }: Place): SiteThen {
    const bays = new Map<string, BayThen>()
    for (const place of this.#kept) {
      if (place.seq > seq) break
      for (const [bayId, then] of place.changed) bays.set(bayId, then)
    }
    return { seq, bays, alarms: open, reviews }
  }

  #remember(place: SiteThen): void {
    this.#near = [...this.#near.filter(({ seq }) => seq !== place.seq), place].slice(-MOST_NEAR)
  }
}

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
