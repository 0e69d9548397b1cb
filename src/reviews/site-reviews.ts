import type { Clock, Journal } from '../../actors/ports.ts'
import type { Site } from '../../actors/site.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import type { Desk } from '../desk.ts'
import { randomIds } from '../ids.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { SiteFile } from '../site-file.ts'
import { BlindDesk } from './blind-desk.ts'
import { CropVault } from './crop-vault.ts'
import { ReviewDesk } from './review-desk.ts'
import { ReviewEvidence } from './review-evidence.ts'

type SiteReviewsParts = {
  readonly file: Pick<SiteFile, 'site' | 'store' | 'privacy' | 'review' | 'policy'>
  readonly clock: Clock
  readonly journal: Journal
  readonly keys: KeyStore
  readonly site: () => Site
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly desk: () => Pick<Desk, 'plateOf' | 'reviewsClaimed'>
  readonly count: (name: string) => void
  /** Something durable was told, and this part could not take it in. */
  readonly stumbled: (what: string, cause: unknown) => void
}

/** All that people need to review reads at one site. */
export class SiteReviews {
  readonly evidence: ReviewEvidence
  readonly desk: ReviewDesk
  readonly #blind: BlindDesk

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
    const { timezone } = file.site
    const plateOf = (handle: string): string | null => parts.desk().plateOf(handle)
    this.desk = new ReviewDesk({ ...parts, ids: randomIds, timezone, evidence, blind: this.#blind, plateOf })
    this.desk.onClaims(() => parts.desk().reviewsClaimed())
  }

  hear(record: FactRecord, live: boolean): void {
    this.desk.hear(record)
    this.#blind.hear(record, live)
    this.evidence.hear(record, live)
  }

  begin(): void {
    this.evidence.begin()
  }

  tick(): void {
    this.evidence.tick()
    this.desk.tick()
  }

  forget(handle: string): void {
    this.evidence.forget(handle)
  }

  /** Resolves when what was begun is durable or has failed. */
  async close(): Promise<void> {
    await this.#blind.settled()
    await this.evidence.settled()
  }
}
