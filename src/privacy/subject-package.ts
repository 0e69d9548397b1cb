import type { Erasure } from '../../actors/erasures.ts'
import type { Handle, Json } from '../../machines/events.ts'
import type { LegalHold } from '../../machines/legal-holds.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import type { KeptPicture } from '../reviews/review-evidence.ts'
import type { Vehicle } from '../site-desk.ts'
import type { SitePrivacyRules } from '../site-schema.ts'
import type { PackageSignature } from './package-signature.ts'
import { isWithin, type Span, type SubjectClaim } from './subject-claim.ts'
import type { SubjectRecord } from './subject-records.ts'

/** Everything that a site knows of one vehicle, for the person whose it is. */
export type SubjectContent = {
  readonly format: 'berth-subject-1'
  readonly site: { readonly id: string; readonly name: string }
  /** ISO 8601 UTC. */
  readonly madeAt: string
  readonly plate: string
  readonly span: { readonly from: string | null; readonly to: string | null }
  readonly retention: SitePrivacyRules
  readonly register: Omit<Vehicle, 'accountId'> | null
  readonly objects: boolean
  readonly holds: readonly Omit<LegalHold, 'handle' | 'by'>[]
  readonly erasures: readonly Pick<Erasure, 'erasureId' | 'askedAt' | 'status' | 'because' | 'doneAt'>[]
  readonly sessions: readonly Json[]
  readonly records: readonly Json[]
  readonly pictures: readonly { readonly reviewId: string; readonly at: string; readonly jpeg: string }[]
}

/** A package as it is handed out. */
export type SubjectPackage = { readonly content: SubjectContent; readonly signature: PackageSignature }

/** What is known, before it is a package. */
export type SubjectFindings = {
  readonly site: SubjectContent['site']
  readonly now: number
  readonly claim: SubjectClaim
  readonly span: Span
  readonly handles: readonly Handle[]
  readonly retention: SitePrivacyRules
  readonly vehicle: Vehicle | null
  readonly objects: boolean
  readonly holds: readonly LegalHold[]
  readonly erasures: readonly Erasure[]
  readonly sessions: readonly SessionRow[]
  readonly records: readonly SubjectRecord[]
  readonly pictures: readonly KeptPicture[]
}

/** Only what falls into the span, and nobody else's names. */
export function subjectContent(found: SubjectFindings): SubjectContent {
  const { claim, span, handles, vehicle, now } = found
  const mine = found.records.filter(({ at }) => isWithin(span, at))
  const visits = new Set(mine.flatMap((record) => record.visits))
  const isMine = ({ handle }: { readonly handle: Handle }): boolean => handles.includes(handle)
  const { accountId: _account, ...registered } = vehicle ?? { accountId: '' }
  return {
    format: 'berth-subject-1',
    site: found.site,
    madeAt: new Date(now).toISOString(),
    plate: claim.plate,
    span: { from: claim.proof?.from ?? null, to: claim.proof?.to ?? null },
    retention: found.retention,
    register: vehicle === null ? null : (registered as Omit<Vehicle, 'accountId'>),
    objects: found.objects,
    holds: found.holds.filter(isMine).map(({ handle: _handle, by: _by, ...hold }) => hold),
    erasures: found.erasures
      .filter(isMine)
      .map(({ erasureId, askedAt, status, because, doneAt }) => ({ erasureId, askedAt, status, because, doneAt })),
    sessions: found.sessions
      .filter(({ visitId, startedAt }) => visits.has(visitId) && isWithin(span, startedAt))
      .map(({ accountId, idToken: _token, ...session }) => ({
        ...session,
        // Whose bill it is may be another person's name.
        paidByYou: claim.account !== undefined && accountId === claim.account,
      })) as unknown as readonly Json[],
    records: mine.map(({ accounts: _accounts, ...record }) => record) as unknown as readonly Json[],
    pictures: found.pictures
      .filter(({ at }) => isWithin(span, at))
      .map(({ reviewId, at, picture }) => ({ reviewId, at, jpeg: Buffer.from(picture).toString('base64') })),
  }
}
