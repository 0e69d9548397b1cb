import type { Clock, Ids, Journal } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import type { Site } from '../../actors/site.ts'
import { Fault } from '../../machines/faults.ts'
import { fold, normalize } from '../../machines/plate.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import type { ReviewDetail, ReviewRow, ReviewView } from '../../projections/bay-view.ts'
import { accuracyOf } from '../../projections/blind-reviews.ts'
import { reviewQueue } from '../../projections/review-queue.ts'
import { accountOfVehicle, SHORT_PLATE } from '../order-reading.ts'
import { neighboursOf } from '../plate-crowd.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { Caller, CommandAnswer, ReviewAnswer, ReviewsDesk } from '../site-desk.ts'
import type { BlindDesk } from './blind-desk.ts'
import { type Claimant, ReviewClaims } from './review-claims.ts'
import type { ReviewEvidence } from './review-evidence.ts'
import { ReviewerPresence } from './reviewer-presence.ts'
import type { UnplacedDesk } from './unplaced-desk.ts'
import { opinionsOf, type ReviewPlace, visitReads } from './visit-reads.ts'

type ReviewDeskParts = {
  readonly site: () => Site
  readonly journal: Journal
  readonly keys: KeyStore
  readonly ids: Ids
  readonly clock: Clock
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly timezone: string
  readonly evidence: ReviewEvidence
  readonly blind: BlindDesk
  readonly unplaced: UnplacedDesk
  /** The text of a vehicle that is not registered; null where nobody knows it. */
  readonly plateOf: (handle: string) => string | null
  /** Visits in which this vehicle charged here. */
  readonly chargesOf: (handle: string) => number
}

/** Registered neighbours shown, and texts whose neighbours are looked for. */
const MOST_NEAR = 8
const MOST_TEXTS = 4
const CLOSED = 'This review is closed or never was; look at the list again.'

/** Reads that wait for people, and their answers: each a fact of its own beside what was read. */
export class ReviewDesk implements ReviewsDesk {
  readonly presence: ReviewerPresence
  readonly #parts: ReviewDeskParts
  readonly #open = reviewQueue.start()
  readonly #places = new Map<string, ReviewPlace>()
  readonly #visits = new Map<string, number>()
  /** What is remembered by records alone. */
  readonly memory = memory({ open: this.#open, places: this.#places, visits: this.#visits })
  readonly #claims: ReviewClaims
  /** Reviews whose answer is being written: a second one comes too late. */
  readonly #answering = new Set<string>()
  #changed: () => void = () => {}

  constructor(parts: ReviewDeskParts) {
    this.#parts = parts
    this.presence = new ReviewerPresence(parts.clock)
    this.#claims = new ReviewClaims(parts.clock, () => this.#changed())
  }

  /** Told when a claim changes: no record says so. */
  onClaims(changed: () => void): void {
    this.#changed = changed
  }

  hear(record: FactRecord): void {
    reviewQueue.fold(this.#open, record)
    const { bayId, version } = record
    if (bayId === null) return
    if (record.decisions.some(({ type }) => type === 'VisitOpened')) this.#visits.set(bayId, version)
    for (const effect of record.effects) {
      if (effect.type !== 'open.review') continue
      const reviewId = String(effect['review'] ?? effect.id)
      this.#places.set(reviewId, { bayId, version, visitVersion: this.#visits.get(bayId) ?? version })
    }
    if (record.cause.type === 'review.answered' || record.effects.length > 0)
      for (const reviewId of this.#places.keys()) if (!this.#open.has(reviewId)) this.#places.delete(reviewId)
  }

  tick(): void {
    this.#claims.tick((reviewId) => this.#isWaiting(reviewId))
  }

  all(): readonly ReviewView[] {
    const { gone } = this.#parts.site()
    const rows = [...this.#open.values()].filter(({ bayId }) => !gone.has(bayId))
    return [...rows.map((row) => this.#view(row, false)), ...this.#unplacedViews(), ...this.#blindViews()]
  }

  accuracy(): ReturnType<ReviewsDesk['accuracy']> {
    const { reviews } = this.#parts.blind
    return { cameras: accuracyOf(reviews), differences: reviews.differences }
  }

  async detail(reviewId: string): Promise<ReviewDetail | null> {
    const view = this.all().find((one) => one.reviewId === reviewId)
    if (!view) return null
    const shown = this.#parts.evidence
      .crops(reviewId)
      .map(({ handle, at }) => ({ plate: view.blind ? null : handle, at }))
    const place = this.#places.get(reviewId)
    // Who checks blindly is told nothing that the machine made of it.
    if (view.bays) {
      const votes = view.candidates.map(({ plate, witnesses }) => this.#vote(plate, witnesses))
      return { ...view, shown, votes, reads: [], opinions: [], near: [], offered: [] }
    }
    if (view.blind || !place) return { ...view, shown, votes: [], reads: [], opinions: [], near: [], offered: [] }
    const all = await visitReads(this.#parts.journal, place)
    const votes = view.candidates.map(({ plate, witnesses }) => this.#vote(plate, witnesses))
    const names = view.candidates.flatMap(({ plate }) => this.#parts.plateOf(plate) ?? [])
    const texts = [...new Set([...names, ...all.reads.map(({ text }) => text)].map((text) => fold(normalize(text))))]
    const near = this.#near(texts.slice(0, MOST_TEXTS), new Set(view.candidates.map(({ plate }) => plate)))
    return { ...view, shown, votes, reads: all.reads, opinions: opinionsOf(all), near, offered: ['card', 'qr'] }
  }

  claim(reviewId: string, who: Claimant): ReturnType<ReviewsDesk['claim']> {
    if (!this.#isOpen(reviewId)) return null
    const claim = this.#claims.take(reviewId, who)
    const mine = claim.by === who.by && (claim.seat === who.seat || claim.seat === null)
    return { mine, by: claim.by, until: new Date(claim.until).toISOString() }
  }

  release(reviewId: string, who: Claimant): boolean {
    return this.#claims.release(reviewId, who)
  }

  look(reviewId: string, index: number, by: Caller): Promise<Uint8Array | null> {
    return this.#isOpen(reviewId) ? this.#parts.evidence.look(reviewId, index, by.name) : Promise.resolve(null)
  }

  async answer(reviewId: string, answer: ReviewAnswer, by: Caller): Promise<CommandAnswer> {
    if (!this.#isOpen(reviewId) || this.#answering.has(reviewId)) return { outcome: 'refused', why: CLOSED }
    const who = { by: by.name, seat: answer.seat ?? null }
    const held = this.#claims.of(reviewId)
    if (held && !this.#claims.admits(reviewId, who))
      return { outcome: 'held', by: held.by, until: new Date(held.until).toISOString() }
    const plate = 'plate' in answer ? normalize(answer.plate) : null
    if (plate !== null && plate.length < 2) throw new Fault('BODY_INVALID', {}, { says: SHORT_PLATE })
    const verdict = 'plate' in answer ? 'plate' : 'unreadable' in answer ? 'unreadable' : 'not-a-plate'
    this.#answering.add(reviewId)
    try {
      const seq = await (this.#open.has(reviewId)
        ? this.#answerBay(reviewId, verdict, plate, by, answer.order)
        : this.#parts.unplaced.reads.open.has(reviewId)
          ? this.#answerUnplaced(reviewId, verdict, plate, 'bayId' in answer ? answer.bayId : undefined, by)
          : this.#answerBlind(reviewId, verdict, plate, by))
      return { outcome: 'done', seq }
    } finally {
      this.#answering.delete(reviewId)
      this.#claims.release(reviewId, who)
    }
  }

  /** A clear case is compared with what a person reads; the text itself is nobody's business any more. */
  async #answerBlind(reviewId: string, verdict: Verdict, plate: string | null, by: Caller): Promise<number> {
    const handle = plate === null ? null : this.#parts.keys.findVehicle(fold(plate))
    return (await this.#parts.blind.answer(reviewId, verdict, handle, by.name)) ?? this.#parts.journal.head().seq
  }

  /** Where a plate stands that its camera saw somewhere, by a person's word. */
  async #answerUnplaced(
    reviewId: string,
    verdict: Verdict,
    plate: string | null,
    bayId: string | undefined,
    by: Caller,
  ): Promise<number> {
    const { unplaced, journal } = this.#parts
    const told = { verdict, plate, bayId, by: by.name, ...this.#vehicleOf(plate) }
    return (await unplaced.answer(reviewId, told)) ?? journal.head().seq
  }

  #vehicleOf(plate: string | null): { readonly handle: string | null; readonly accountId: string | null } {
    const { keys, site, register, timezone } = this.#parts
    const handle = plate === null ? null : keys.vehicle(fold(plate))
    const standing = { register: register(), timezone, at: site().now() }
    return { handle, accountId: handle === null ? null : accountOfVehicle(handle, standing) }
  }

  async #answerBay(
    review: string,
    verdict: Verdict,
    plate: string | null,
    by: Caller,
    order?: string,
  ): Promise<number> {
    const { site, ids, journal } = this.#parts
    const { handle, accountId } = this.#vehicleOf(plate)
    const told = {
      type: 'review.answered' as const,
      id: order ?? ids.next('observation'),
      source: 'operator',
      review,
      verdict,
      handle,
      accountId,
      by: by.name,
    }
    const personal = handle !== null && plate !== null ? { [handle]: { plate } } : {}
    const record = await site().tell(this.#open.get(review)?.bayId ?? '', told, personal)
    return record?.seq ?? journal.head().seq
  }

  #isOpen(reviewId: string): boolean {
    const row = this.#open.get(reviewId)
    return row ? !this.#parts.site().gone.has(row.bayId) : this.#isWaiting(reviewId)
  }

  #isWaiting(reviewId: string): boolean {
    const { blind, unplaced } = this.#parts
    return this.#open.has(reviewId) || blind.reviews.open.has(reviewId) || unplaced.reads.open.has(reviewId)
  }

  #unplacedViews(): ReviewView[] {
    return [...this.#parts.unplaced.reads.open.values()].map(({ reviewId, bays, since, by, handle }) => {
      const candidates = [{ plate: handle, witnesses: 1 }]
      const reason = 'a plate without a place in the picture'
      return this.#view({ reviewId, bayId: '', bays, visitId: '', since, by, reason, candidates }, false)
    })
  }

  #view(row: ReviewRow, blind: boolean): ReviewView {
    const claim = this.#claims.of(row.reviewId)
    return {
      ...row,
      blind,
      crops: this.#parts.evidence.crops(row.reviewId).length,
      claim: claim && { by: claim.by, until: new Date(claim.until).toISOString() },
    }
  }

  /** Those with a crop: without one there is nothing to look at. */
  #blindViews(): ReviewView[] {
    const { blind, evidence } = this.#parts
    return [...blind.reviews.open.values()]
      .filter(({ reviewId }) => evidence.crops(reviewId).length > 0)
      .map(({ reviewId, bayId, visitId, since }) =>
        this.#view(
          { reviewId, bayId, visitId, since, by: null, reason: 'a check of a clear case', candidates: [] },
          true,
        ),
      )
  }

  #vote(plate: string, witnesses: number): ReviewDetail['votes'][number] {
    const accountId = this.#parts.register().vehicles.get(plate)?.accountId ?? null
    return { plate, witnesses, registered: accountId !== null, accountId, charges: this.#parts.chargesOf(plate) }
  }

  /** Registered vehicles one character away from a text that was read: the person may mean one of them, and nobody else decides so (E04). */
  #near(texts: readonly string[], known: ReadonlySet<string>): ReviewDetail['near'] {
    const { keys, register } = this.#parts
    const found = new Map<string, ReviewDetail['near'][number]>()
    for (const text of texts) {
      for (const neighbour of neighboursOf(text)) {
        const handle = keys.findVehicle(neighbour)
        const vehicle = handle === null || known.has(handle) ? undefined : register().vehicles.get(handle)
        if (handle === null || !vehicle || found.has(handle)) continue
        found.set(handle, { plate: handle, accountId: vehicle.accountId, of: text })
        if (found.size >= MOST_NEAR) return [...found.values()]
      }
    }
    return [...found.values()]
  }
}

type Verdict = 'plate' | 'unreadable' | 'not-a-plate'
