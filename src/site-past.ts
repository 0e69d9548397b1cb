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

type Hosts = { readonly hosts: ReadonlyMap<string, BayHost>; readonly gone: ReadonlyMap<string, BayHost> }

/**
 * The site as it was at any record. What every bay was is kept now and then while the journal is lived anyway, at the start and at each
 * commit; a question lives only the records from the place before it. However long the journal, as many places are kept.
 */
export class SitePast {
  readonly #journal: Pick<Journal, 'readSite'>
  #spacing = FIRST_SPACING
  #kept: SiteThen[] = [NOTHING]
  #near: SiteThen[] = []
  readonly #reviews = reviewQueue.start()

  constructor(journal: Pick<Journal, 'readSite'>) {
    this.#journal = journal
  }

  /** A record was committed, and hosts and alarms stand as it left them. */
  hear(record: FactRecord, { hosts, gone }: Hosts, open: OpenAlarms): void {
    reviewQueue.fold(this.#reviews, record)
    const { seq } = record
    if (seq % this.#spacing !== 0) return
    const before = this.#kept.at(-1) ?? NOTHING
    const bays = new Map<string, BayThen>()
    for (const host of [...hosts.values(), ...gone.values()]) {
      const { snapshot, standing } = host.committed
      if (standing === null) continue
      const known = before.bays.get(host.bayId)
      const isKnown = known?.standing.record.version === standing.record.version
      bays.set(host.bayId, isKnown ? known : { snapshot, standing, timers: new Map(host.kept) })
    }
    this.#kept.push({ seq, bays, alarms: new Map(open), reviews: new Map(this.#reviews) })
    if (this.#kept.length <= MOST) return
    this.#spacing *= 2
    this.#kept = this.#kept.filter((place) => place.seq % this.#spacing === 0)
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

  /** The kept place that is nearest before a record. */
  #before(seq: number): SiteThen {
    let nearest = NOTHING
    for (const place of [...this.#kept, ...this.#near]) if (place.seq <= seq && place.seq > nearest.seq) nearest = place
    return nearest
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
