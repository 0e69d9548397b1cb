import type { Clock } from '../../actors/ports.ts'
import type { Site } from '../../actors/site.ts'
import type { FactRecord } from '../../machines/record.ts'
import { randomIds } from '../ids.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { SiteFile } from '../site-file.ts'
import { CropVault } from './crop-vault.ts'
import { ReviewEvidence } from './review-evidence.ts'

type SiteReviewsParts = {
  readonly file: Pick<SiteFile, 'store' | 'privacy' | 'policy'>
  readonly clock: Clock
  readonly keys: KeyStore
  readonly site: () => Site
  readonly count: (name: string) => void
  /** Something durable was told, and this part could not take it in. */
  readonly stumbled: (what: string, cause: unknown) => void
}

/** All that people need to review reads at one site. */
export class SiteReviews {
  readonly evidence: ReviewEvidence

  constructor({ file, clock, keys, site, count, stumbled }: SiteReviewsParts) {
    const policyOf = (bayId: string) => site().bay(bayId)?.policy ?? file.policy
    this.evidence = new ReviewEvidence({
      vault: new CropVault({ folder: `${file.store.path}.crops`, keys, newRef: () => randomIds.next('crop') }),
      scribe: site,
      keys,
      clock,
      life_ms: (bayId) => policyOf(bayId).reviewTimeout_s * 1000,
      unwatched: (bayId) => policyOf(bayId).reviewers === false,
      days: file.privacy.crops_days,
      count,
      failed: (cause) => stumbled('crops', cause),
    })
  }

  hear(record: FactRecord, live: boolean): void {
    this.evidence.hear(record, live)
  }

  begin(): void {
    this.evidence.begin()
  }

  tick(): void {
    this.evidence.tick()
  }

  forget(handle: string): void {
    this.evidence.forget(handle)
  }

  /** Resolves when what was begun is durable or has failed. */
  async close(): Promise<void> {
    await this.evidence.settled()
  }
}
