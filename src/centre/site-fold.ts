import type { FactRecord } from '../../machines/record.ts'
import { alarms, type OpenAlarms } from '../../projections/alarms.ts'
import type { ReviewRow } from '../../projections/bay-view.ts'
import { type OpenReviews, reviewQueue } from '../../projections/review-queue.ts'
import { recordWith } from '../journal/journal-row.ts'
import type { StoredRecord } from '../journal/upcast.ts'

/** Of a name, and of why somebody is asked, so many characters are shown: pages of all sites are made of what each gateway says. */
const MOST_NAME = 200
const MOST_SAID = 500
/** Candidates of one review. */
const MOST_CANDIDATES = 50

/** Open reviews of one site that are shown, the oldest: the next come as these are answered. */
const MOST_REVIEWS = 200
/** A bay has five states; kinds beyond these are counted together. */
const MOST_STATES = 12
const MORE_STATES = '…'

/** What a site's log comes to, up to the record `seq`, of `at` (ISO 8601 UTC; null before the first). */
export class SiteFold {
  /** Of `kept`: another form is told anew from the log. */
  static readonly form = 3
  seq = 0
  at: string | null = null
  #alarms: OpenAlarms = alarms.start()
  #reviews: OpenReviews = reviewQueue.start()
  #states = new Map<string, StateAt>()

  /** What was kept; null where it is of another form. */
  static of(seq: number, form: number, kept: string): SiteFold | null {
    if (form !== SiteFold.form) return null
    const { at, open, reviews, states } = JSON.parse(kept) as Kept
    const fold = new SiteFold()
    fold.seq = seq
    fold.at = at
    fold.#alarms = new Map(open)
    fold.#reviews = new Map(reviews)
    fold.#states = new Map(states)
    return fold
  }

  /** To be kept. */
  get kept(): string {
    const lists = { open: [...this.#alarms], reviews: [...this.#reviews], states: [...this.#states] }
    return JSON.stringify({ at: this.at, ...lists } satisfies Kept)
  }

  /** The next record's content. What no gateway of ours writes is passed over: the chain says who did. */
  take(seq: number, content: string): void {
    this.seq = seq
    try {
      const links = { personal: null, personalHash: '', contentHash: '', prev: '', hash: '' }
      this.#fold(recordWith(contentOf(content), links))
    } catch {}
  }

  #fold(record: FactRecord): void {
    this.at = record.at
    const { bayId, stream, state, version } = record
    if (bayId !== null && !isName(bayId)) return
    if (bayId !== null && stream === `bay:${bayId}` && isName(state)) this.#states.set(bayId, { state, version })
    alarms.fold(this.#alarms, record)
    reviewQueue.fold(this.#reviews, record)
  }

  /** Every bay that was ever told of, by its id. */
  get bays(): readonly BayAt[] {
    return [...this.#states]
      .map(([bayId, at]) => ({ bayId, ...at }))
      .toSorted((a, b) => a.bayId.localeCompare(b.bayId, 'en', { numeric: true }))
  }

  /** Reads that wait for a person, oldest first, a bounded number; vehicles by their handles. */
  get reviews(): readonly ReviewRow[] {
    return [...this.#reviews.values()]
      .filter(({ reviewId }) => isName(reviewId))
      .slice(0, MOST_REVIEWS)
      .map((row) => ({
        ...row,
        reason: row.reason.slice(0, MOST_SAID),
        candidates: row.candidates.filter(({ plate }) => isName(plate)).slice(0, MOST_CANDIDATES),
      }))
  }

  /** Bays by state, and what waits for people: places (bays, or the site itself) with an alarm or a review. */
  get told(): FoldTold {
    const bays: { [state: string]: number } = {}
    for (const { state } of this.#states.values()) {
      const isKnown = Object.hasOwn(bays, state) || Object.keys(bays).length < MOST_STATES
      const name = isKnown ? state : MORE_STATES
      bays[name] = (bays[name] ?? 0) + 1
    }
    const places = [...this.#alarms.values(), ...this.#reviews.values()].map(({ bayId }) => bayId ?? '')
    return { bays, needsYou: new Set(places).size, alarms: this.#alarms.size, reviews: this.#reviews.size }
  }
}

const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= MOST_NAME

/** A record’s content. Half a character, which no address and no page takes, becomes U+FFFD. */
function contentOf(text: string): StoredRecord {
  const isHalf = /\\ud[89a-f]/i.test(text)
  return isHalf
    ? JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value))
    : JSON.parse(text)
}

/** How a bay stands, and the version of it that an order may expect. */
type StateAt = { readonly state: string; readonly version: number }
export type BayAt = StateAt & { readonly bayId: string }
export type FoldTold = {
  readonly bays: { readonly [state: string]: number }
  readonly needsYou: number
  readonly alarms: number
  readonly reviews: number
}
type Kept = {
  readonly at: string | null
  readonly open: readonly (readonly [string, OpenAlarms extends Map<string, infer Alarm> ? Alarm : never])[]
  readonly reviews: readonly (readonly [string, OpenReviews extends Map<string, infer Review> ? Review : never])[]
  readonly states: readonly (readonly [string, StateAt])[]
}
