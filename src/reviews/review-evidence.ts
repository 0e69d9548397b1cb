import type { Evidence, PlateCrop } from '../../actors/evidence.ts'
import type { Clock, Keys, PictureAnswer, PlateReader, Scribe } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import { fold, normalize } from '../../machines/plate.ts'
import type { FactRecord } from '../../machines/record.ts'
import { type CropHolder, isOver, type ReviewCrop, reviewCrops } from '../../projections/review-crops.ts'
import { NO_BAY } from '../cameras/camera-line.ts'
import { CropMemory } from './crop-memory.ts'

type EvidenceParts = {
  readonly vault: Evidence
  readonly scribe: () => Scribe
  readonly keys: Pick<Keys, 'findVehicle'>
  readonly clock: Clock
  /** How long a crop may stay in memory, ms. */
  readonly life_ms: (bayId: string) => number
  /** Nobody will ever look at the crops of this bay's reviews. */
  readonly unwatched: (bayId: string) => boolean
  /** How long crops are kept after review and visit are over. */
  readonly days: number
  /** A legal hold keeps what shows this vehicle. */
  readonly isHeld?: (handle: string) => boolean
  readonly count: (name: string) => void
  readonly failed: (cause: unknown) => void
}

/** A crop of one vehicle, JPEG. */
export type KeptPicture = { readonly reviewId: string; readonly at: string; readonly picture: Uint8Array }

/** Crops kept of one review. */
const MOST_KEPT = 3
/** The same person who looks at the same crop again within this time has looked once, ms. */
const ONE_LOOK_ms = 60_000
/** Key destructions in one tick: each empties the key store's log. */
const MOST_DESTROYED = 20

/** The pictures behind reviews: held in memory for a short time, kept sealed while a review needs them, and destroyed in time. */
export class ReviewEvidence {
  readonly #parts: EvidenceParts
  readonly #memory: CropMemory
  readonly #holders = reviewCrops.start()
  /** What is remembered by records alone. */
  readonly memory = memory({ holders: this.#holders })
  readonly #keeping = new Map<string, Promise<void>>()
  readonly #looks = new Map<string, number>()
  readonly #destroying = new Set<string>()

  constructor(parts: EvidenceParts) {
    this.#parts = parts
    this.#memory = new CropMemory(parts.life_ms)
  }

  /** Takes the crops out of what a reader saw: nobody else ever holds them. Zones are named by their bays. */
  watching(reader: PlateReader): PlateReader {
    return {
      read: async (picture, zones) => this.#taken(await reader.read(picture, zones), zones),
      close: () => reader.close(),
    }
  }

  /** Crops of a bay, newest first, in memory only. */
  seen(bayId: string): readonly PlateCrop[] {
    return this.#memory.of(bayId, this.#parts.clock.now())
  }

  /** Folds a record; a review that opened live takes what was seen of its candidates into its keeping. */
  hear(record: FactRecord, live: boolean): void {
    reviewCrops.fold(this.#holders, record)
    if (!live) return
    const ends = record.decisions.some(({ type }) => type === 'VisitEnded')
    if (ends && record.bayId !== null && !record.decisions.some(({ type }) => type === 'VisitOpened'))
      this.#memory.clear(record.bayId)
    if (record.effects.some(({ type }) => type === 'open.review') && record.bayId !== null) this.#keepFor(record.bayId)
  }

  /** The crops kept for a review, and what was read on them. */
  crops(reviewId: string): readonly ReviewCrop[] {
    return this.#holders.reviews.get(reviewId)?.crops ?? []
  }

  /** A picture for a person's eyes: that somebody looked is on record before it is shown. Null where there is none (any more). */
  async look(reviewId: string, index: number, by: string): Promise<Uint8Array | null> {
    const crop = this.crops(reviewId)[index]
    if (!crop) return null
    const picture = await this.#parts.vault.open(subjectOf(reviewId), crop)
    if (picture !== null) await this.#writeLook(reviewId, crop.ref, by)
    return picture
  }

  /** Pictures of these vehicles that are kept; each with its review, and when it was seen (ISO 8601). */
  async picturesOf(handles: readonly string[]): Promise<readonly KeptPicture[]> {
    const own = [...this.#holders.reviews.values()].flatMap(({ reviewId, crops }) =>
      crops.flatMap((crop) => (crop.handle !== null && handles.includes(crop.handle) ? [{ reviewId, crop }] : [])),
    )
    const pictures: KeptPicture[] = []
    for (const { reviewId, crop } of own) {
      const picture = await this.#parts.vault.open(subjectOf(reviewId), crop)
      if (picture !== null) pictures.push({ reviewId, at: crop.at, picture })
    }
    return pictures
  }

  /** Keeps chosen crops for a review that is open; resolves to how many could be kept. Rejects where the disk refuses. */
  async keep(reviewId: string, chosen: readonly PlateCrop[]): Promise<number> {
    let kept = 0
    for (const crop of chosen) if (await this.#keepOne(reviewId, crop)) kept += 1
    return kept
  }

  /** After a start: what a crash left behind without a record goes. */
  begin(): void {
    const refs = [...this.#holders.reviews.values()].flatMap(({ crops }) => crops.map(({ ref }) => ref))
    this.#parts.vault.sweep(new Set(refs))
  }

  /** About once a second: what is too old in memory, and what nobody needs on disk, goes. */
  tick(): void {
    const now = this.#parts.clock.now()
    this.#memory.tick(now)
    for (const [look, at] of this.#looks) if (Math.abs(now - at) > ONE_LOOK_ms) this.#looks.delete(look)
    const { days, isHeld = () => false } = this.#parts
    const over = [...this.#holders.reviews.values()].filter(
      (one) => isOver(one, now, days) && ![...one.handles].some(isHeld),
    )
    for (const holder of over.slice(0, MOST_DESTROYED)) this.#destroy(holder, 'kept long enough')
  }

  /** A vehicle is forgotten: whatever may show it goes at once, in memory and on disk. */
  forget(handle: string): void {
    this.#memory.forget((folded) => this.#parts.keys.findVehicle(folded) === handle)
    for (const holder of [...this.#holders.reviews.values()])
      if (holder.handles.has(handle) || holder.crops.some((crop) => crop.handle === handle))
        this.#destroy(holder, 'the vehicle was forgotten')
  }

  /** Resolves when what is being kept is durable or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#keeping.values())
  }

  #taken(answer: PictureAnswer, asked: Parameters<PlateReader['read']>[1]): PictureAnswer {
    const at = this.#parts.clock.now()
    const zones = Object.entries(answer.zones).map(([bayId, zone]) => {
      const reads = zone.reads.map(({ crop, ...read }) => {
        const folded = fold(normalize(read.text))
        const zone = asked[bayId]
        const whose = zone && 'camera' in zone && zone.camera ? { cameraId: zone.camera } : {}
        // A plate of which nobody knows the bay is held for nobody.
        if (crop && bayId !== NO_BAY)
          this.#memory.hold({ bayId, ...whose, folded, confidence: read.confidence, at, picture: crop })
        return read
      })
      return [bayId, { ...zone, reads }] as const
    })
    for (const [bayId] of zones) this.#keepFor(bayId)
    return { ...answer, zones: Object.fromEntries(zones) }
  }

  /** An open review of the bay that has no crop yet takes what there is. */
  #keepFor(bayId: string): void {
    if (this.#parts.unwatched(bayId)) return
    for (const holder of this.#holders.reviews.values()) {
      const { reviewId } = holder
      if (holder.bayId !== bayId || holder.closedAt !== null || holder.crops.length > 0) continue
      const chosen = this.#keeping.has(reviewId) ? [] : this.#chosen(holder)
      if (chosen.length === 0) continue
      const work = this.keep(reviewId, chosen)
        .then(() => {}, this.#parts.failed)
        .finally(() => this.#keeping.delete(reviewId))
      this.#keeping.set(reviewId, work)
    }
  }

  /** The newest crop of each candidate, then the newest of anything else that was read there. */
  #chosen(holder: CropHolder): readonly PlateCrop[] {
    const seen = this.seen(holder.bayId)
    const firsts = seen.filter((crop, index) => seen.findIndex(({ folded }) => folded === crop.folded) === index)
    const isCandidate = ({ folded }: PlateCrop): boolean =>
      holder.handles.has(this.#parts.keys.findVehicle(folded) ?? '')
    return [...firsts.filter(isCandidate), ...firsts.filter((crop) => !isCandidate(crop))].slice(0, MOST_KEPT)
  }

  async #keepOne(reviewId: string, crop: PlateCrop): Promise<boolean> {
    const { vault, keys, scribe, count } = this.#parts
    const subject = subjectOf(reviewId)
    const kept = await vault.keep(subject, crop.picture)
    if (kept === null) return false
    const handle = keys.findVehicle(crop.folded)
    const cause = {
      type: 'review.crop-kept',
      review: reviewId,
      handle,
      ...kept,
      seenAt: new Date(crop.at).toISOString(),
    }
    const gone = (): boolean => !this.#holders.reviews.has(reviewId)
    if (!gone())
      await scribe()
        .write([{ stream: 'audit', cause, decisions: [], personal: {} }])
        .catch((failure) => {
          vault.destroy(subject, [kept.ref])
          throw failure
        })
    // Answered, or forgotten, while it was being written: nobody needs it any more.
    if (gone()) vault.destroy(subject, [kept.ref])
    else count('crops_kept')
    return !gone()
  }

  async #writeLook(review: string, ref: string, by: string): Promise<void> {
    const name = JSON.stringify([review, ref, by])
    if (this.#looks.has(name)) return
    const cause = { type: 'review.crop-seen', review, ref, by }
    await this.#parts.scribe().write([{ stream: 'audit', cause, decisions: [], personal: {} }])
    this.#looks.set(name, this.#parts.clock.now())
  }

  /** The key and the files go now; the record says so afterwards, and where it cannot be written the next tick does it again. */
  #destroy({ reviewId, crops }: CropHolder, why: string): void {
    if (this.#destroying.has(reviewId)) return
    this.#parts.vault.destroy(
      subjectOf(reviewId),
      crops.map(({ ref }) => ref),
    )
    const cause = { type: 'review.crops-destroyed', review: reviewId, why }
    this.#destroying.add(reviewId)
    this.#parts
      .scribe()
      .write([{ stream: 'audit', cause, decisions: [], personal: {} }])
      .then(() => this.#parts.count('crops_destroyed'), this.#parts.failed)
      .finally(() => this.#destroying.delete(reviewId))
  }
}

/** The subject under whose key a review's crops are sealed: it is the review's own, so that it can be destroyed for anybody whom they show. */
const subjectOf = (reviewId: string): string => `crops-${reviewId}`
