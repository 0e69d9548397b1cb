import { createHash } from 'node:crypto'
import type { PlateCrop } from '../../actors/evidence.ts'
import type { Keys, Scribe } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import type { FactRecord } from '../../machines/record.ts'
import { type BlindReviews, blindReviews } from '../../projections/blind-reviews.ts'

type BlindParts = {
  readonly scribe: () => Scribe
  readonly keys: Pick<Keys, 'findVehicle' | 'mark'>
  /** Share of clear cases that a person checks afterwards, 0..1. */
  readonly share: number
  /** Crops of a bay in memory, newest first. */
  readonly seen: (bayId: string) => readonly PlateCrop[]
  readonly keep: (reviewId: string, chosen: readonly PlateCrop[]) => Promise<number>
  readonly count: (name: string) => void
  readonly failed: (cause: unknown) => void
}

/** Blind reviews that wait; above it none is drawn, so that nobody finds a mountain. */
const MOST_OPEN = 200

/** Draws clear cases for people to check without knowing what was read. It looks on: nothing waits for it, and nothing is changed by it. */
export class BlindDesk {
  readonly #parts: BlindParts
  readonly reviews: BlindReviews = blindReviews.start()
  /** The visit that runs at each bay, and the cameras that were drawn for it. */
  readonly #visits = new Map<string, { readonly visitId: string; readonly checked: Set<string> }>()
  /** What is remembered by records alone. */
  readonly memory = memory({ reviews: this.reviews, visits: this.#visits })
  /** What is being written. */
  #work: Promise<void> = Promise.resolve()

  constructor(parts: BlindParts) {
    this.#parts = parts
  }

  hear(record: FactRecord, live: boolean): void {
    blindReviews.fold(this.reviews, record)
    const { bayId, cause, decisions, effects } = record
    if (cause.type === 'blind-review.opened') {
      const visit = this.#visits.get(String(cause['bayId']))
      if (visit && visit.visitId === cause['visitId']) visit.checked.add(String(cause['cameraId']))
    }
    if (bayId === null) return
    // A record that ends a visit may speak of the next one already.
    if (decisions.some(({ type }) => type === 'VisitEnded')) this.#visits.delete(bayId)
    const agreed = decisions.find(({ type, by }) => type === 'PlateAgreed' && by === 'plate.agreed')
    const claimed = agreed && effects.find(({ type }) => type === 'claim.plate')?.['visitId']
    if (typeof claimed === 'string' && claimed !== '') this.#visits.set(bayId, { visitId: claimed, checked: new Set() })
    const { cameraId, leader } = cause
    if (!live || this.#parts.share === 0 || cause.type !== 'plate.agreed' || typeof cameraId !== 'string') return
    // Each camera is checked by its own agreement and its own picture, whoever was first.
    this.#draw(bayId, cameraId, String(agreed?.['handle'] ?? leader ?? ''))
  }

  #draw(bayId: string, cameraId: string, handle: string): void {
    const visit = this.#visits.get(bayId)
    if (!visit || handle === '' || visit.checked.has(cameraId)) return
    const { visitId, checked } = visit
    if (!this.#isDrawn(visitId) || this.reviews.open.size >= MOST_OPEN) return
    const review = checked.size === 0 ? `blind-${visitId}` : `blind-${visitId}-${checked.size + 1}`
    checked.add(cameraId)
    this.#work = this.#work
      .then(() => this.#open(review, { bayId, visitId, cameraId, handle }))
      .catch((cause: unknown) => this.#parts.failed(cause))
  }

  /** Puts an answer on record: a fact of its own beside what was read and billed. Resolves to its seq. */
  async answer(
    reviewId: string,
    verdict: 'plate' | 'unreadable' | 'not-a-plate',
    handle: string | null,
    by: string,
  ): Promise<number | null> {
    const review = this.reviews.open.get(reviewId)
    if (!review) return null
    const result = verdict === 'unreadable' ? verdict : handle === review.handle ? 'right' : 'wrong'
    const cause = {
      type: 'blind-review.closed',
      review: reviewId,
      verdict,
      result,
      handle,
      cameraId: review.cameraId,
      by,
    }
    const decisions = [{ type: 'ReaderChecked', cameraId: review.cameraId, visitId: review.visitId, result }]
    const [record] = await this.#parts.scribe().write([{ stream: 'audit', cause, decisions, personal: {} }])
    this.#parts.count(`blind_reviews_${result}`)
    return record?.seq ?? null
  }

  async settled(): Promise<void> {
    await this.#work
  }

  /** Drawn by the site's own key: nobody outside can tell which visits are, and a restart draws the same. */
  #isDrawn(visitId: string): boolean {
    const drawn = createHash('sha256')
      .update(this.#parts.keys.mark(`blind|${visitId}`))
      .digest()
      .readUInt32BE(0)
    return drawn < this.#parts.share * 2 ** 32
  }

  async #open(
    review: string,
    one: { readonly bayId: string; readonly visitId: string; readonly cameraId: string; readonly handle: string },
  ): Promise<void> {
    const { keys, seen, keep, scribe, count } = this.#parts
    const crop = seen(one.bayId).find(
      ({ folded, cameraId = one.cameraId }) => cameraId === one.cameraId && keys.findVehicle(folded) === one.handle,
    )
    if (!crop) return count('blind_reviews_without_crop')
    if (this.reviews.open.has(review)) return
    await scribe().write([
      { stream: 'audit', cause: { type: 'blind-review.opened', review, ...one }, decisions: [], personal: {} },
    ])
    const kept = await keep(review, [crop]).catch((cause: unknown) => {
      this.#parts.failed(cause)
      return 0
    })
    if (kept > 0) return count('blind_reviews_opened')
    const cause = { type: 'blind-review.closed', review, verdict: 'no-crop', result: 'no-crop', by: 'site' }
    await scribe().write([{ stream: 'audit', cause, decisions: [], personal: {} }])
  }
}
