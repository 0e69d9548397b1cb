import type { DispatchPorts } from '../../actors/dispatch.ts'
import type { Clock, Journal } from '../../actors/ports.ts'
import { type Memory, memory } from '../../actors/record-memory.ts'
import { SecondOpinion } from '../../actors/second-reader.ts'
import type { Site } from '../../actors/site.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import type { Desk } from '../desk.ts'
import { randomIds } from '../ids.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { RegisterTexts } from '../register-texts.ts'
import { CROP_READERS } from '../second-reader/crop-readers.ts'
import type { SiteFile } from '../site-file.ts'
import type { SiteTroubles } from '../site-troubles.ts'
import { BlindDesk } from './blind-desk.ts'
import { CropVault } from './crop-vault.ts'
import { ReviewDesk } from './review-desk.ts'
import { ReviewEvidence } from './review-evidence.ts'
import { UnplacedDesk } from './unplaced-desk.ts'

type SiteReviewsParts = {
  readonly file: Pick<SiteFile, 'site' | 'store' | 'secondReader' | 'privacy' | 'review' | 'policy'>
  readonly clock: Clock
  readonly journal: Journal
  readonly keys: KeyStore
  readonly site: () => Site
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly desk: () => Pick<Desk, 'plateOf' | 'chargesOf' | 'reviewsClaimed'>
  readonly count: (name: string) => void
  readonly troubles: () => Pick<SiteTroubles, 'secondReader'>
  /** A legal hold keeps what is known of this vehicle. */
  readonly isHeld: (handle: string) => boolean
  /** Something durable was told, and this part could not take it in. */
  readonly stumbled: (what: string, cause: unknown) => void
}

/** All that people need to review reads at one site. */
export class SiteReviews {
  readonly evidence: ReviewEvidence
  readonly desk: ReviewDesk
  readonly #blind: BlindDesk
  readonly unplaced: UnplacedDesk
  /** Null where the site file names no second reader. */
  readonly #second: SecondOpinion | null
  /** What is remembered by records alone. */
  readonly memory: Memory

  constructor(parts: SiteReviewsParts) {
    const { file, clock, keys, site, count, stumbled } = parts
    const policyOf = (bayId: string) => site().bay(bayId)?.policy ?? file.policy
    const failed = (cause: unknown): void => stumbled('crops', cause)
    const evidence = new ReviewEvidence({
      vault: new CropVault({ folder: `${file.store.path}.crops`, keys, newRef: () => randomIds.next('crop') }),
      scribe: site,
      keys,
      clock,
      life_ms: (bayId) => policyOf(bayId).reviewTimeout_s * 1000,
      unwatched: (bayId) => policyOf(bayId).reviewers === false,
      days: file.privacy.crops_days,
      isHeld: parts.isHeld,
      count,
      failed,
    })
    this.evidence = evidence
    this.#blind = new BlindDesk({
      scribe: site,
      keys,
      share: file.review.blindShare,
      seen: (bayId) => evidence.seen(bayId),
      keep: (reviewId, chosen) => evidence.keep(reviewId, chosen),
      count,
      failed,
    })
    this.unplaced = new UnplacedDesk({
      ...parts,
      ids: randomIds,
      policy: policyOf,
      isSomebodyThere: () => this.desk.presence.isSomebodyThere,
      failed: (cause) => stumbled('reviews', cause),
    })
    this.#second = secondOpinion(parts, evidence)
    const { timezone } = file.site
    const plateOf = (handle: string): string | null => parts.desk().plateOf(handle)
    this.desk = new ReviewDesk({
      ...parts,
      ids: randomIds,
      timezone,
      evidence,
      blind: this.#blind,
      unplaced: this.unplaced,
      plateOf,
      chargesOf: (handle) => parts.desk().chargesOf(handle),
    })
    this.desk.onClaims(() => parts.desk().reviewsClaimed())
    this.memory = memory({
      unplaced: this.unplaced.memory,
      desk: this.desk.memory,
      blind: this.#blind.memory,
      evidence: this.evidence.memory,
    })
  }

  /** What carries out effects asks here; `reviews` may not be there yet when it is asked for its ports. */
  static ports(reviews: () => SiteReviews): Pick<DispatchPorts, 'askSecond' | 'reviewerPresent'> {
    return {
      askSecond: (bayId, leader) => reviews().#second?.ask(bayId, leader),
      reviewerPresent: () => reviews().desk.presence.isSomebodyThere,
    }
  }

  hear(record: FactRecord, live: boolean): void {
    this.unplaced.hear(record)
    this.desk.hear(record)
    this.#blind.hear(record, live)
    this.evidence.hear(record, live)
  }

  begin(): void {
    this.evidence.begin()
  }

  tick(): void {
    this.evidence.tick()
    this.unplaced.tick()
    this.desk.tick()
  }

  /** Somebody may still check blindly whether this vehicle was read right, or say where it stands. */
  checks(handle: string): boolean {
    if (this.unplaced.waitsFor(handle)) return true
    const open = [...this.#blind.reviews.open.values()]
    return open.some((one) => one.handle === handle && this.evidence.crops(one.reviewId).length > 0)
  }

  forget(handle: string): void {
    this.unplaced.forget(handle)
    this.evidence.forget(handle)
  }

  /** Resolves when what was begun is durable or has failed. */
  async close(): Promise<void> {
    await this.#blind.settled()
    await this.evidence.settled()
  }
}

function secondOpinion(
  { file: { secondReader }, clock, keys, count, troubles }: SiteReviewsParts,
  evidence: ReviewEvidence,
): SecondOpinion | null {
  if (secondReader === null) return null
  const { kind, perHour } = secondReader
  return new SecondOpinion({
    reader: CROP_READERS[kind](secondReader),
    clock,
    keys,
    seen: (bayId) => evidence.seen(bayId),
    perHour,
    count,
    troubled: (isResting) => troubles().secondReader(isResting),
  })
}
