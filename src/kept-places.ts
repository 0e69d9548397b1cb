import type { BayThen, SiteThen } from './site-past.ts'

/** Records between two places that are kept, at first; doubled whenever too many are. */
const FIRST_SPACING = 128
/** Places that are kept at most. */
const MOST = 192

/** A place that is kept: the bays that changed since the place before it, in the order in which they did. */
type Place = Omit<SiteThen, 'bays'> & { readonly changed: ReadonlyMap<string, BayThen> }

/** Places of a journal, now and then, behind one that is whole: of each the bays alone that changed. However long the journal, as many are kept. */
export class KeptPlaces {
  readonly #base: SiteThen
  #spacing = FIRST_SPACING
  #kept: Place[] = []
  /** Bays with a record since the newest place. */
  #stirred = new Set<string>()

  constructor(base: SiteThen) {
    this.#base = base
  }

  /** Records until one is due behind this one. */
  dueAfter(seq: number): number {
    return this.#spacing - (seq % this.#spacing)
  }

  /** A bay has a record. */
  stir(bayId: string): void {
    this.#stirred.add(bayId)
  }

  /** Keeps a place where one is due: `bayOf` answers a bay as it stands there, null before its first record. */
  keep(
    seq: number,
    bayOf: (bayId: string) => BayThen | null,
    { alarms, reviews }: Omit<SiteThen, 'seq' | 'bays'>,
  ): void {
    if (seq % this.#spacing !== 0) return
    const changed = new Map<string, BayThen>()
    for (const bayId of this.#stirred) {
      const bay = bayOf(bayId)
      if (bay) changed.set(bayId, bay)
    }
    this.#stirred = new Set()
    this.#kept.push({ seq, changed, alarms: new Map(alarms), reviews: new Map(reviews) })
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

  /** The nearest one before a record that is not before the first. `near`: one that is known besides. */
  before(seq: number, near: SiteThen): SiteThen {
    const last = this.#kept.findLast((place) => place.seq <= seq)
    if (near.seq >= (last?.seq ?? this.#base.seq)) return near
    return last ? this.#whole(last) : this.#base
  }

  /** Every bay at a kept place. */
  #whole({ seq, alarms, reviews }: Place): SiteThen {
    const bays = new Map(this.#base.bays)
    for (const place of this.#kept) {
      if (place.seq > seq) break
      for (const [bayId, then] of place.changed) bays.set(bayId, then)
    }
    return { seq, bays, alarms, reviews }
  }
}
