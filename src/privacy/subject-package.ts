import type { Erasure } from '../../actors/erasures.ts'
import type { Handle, Json } from '../../machines/events.ts'
import type { LegalHold } from '../../machines/legal-holds.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import type { KeptPicture } from '../reviews/review-evidence.ts'
import type { Account, IdTokenEntry, Vehicle } from '../site-desk.ts'
import type { SitePrivacyRules } from '../site-schema.ts'
import type { PackageSignature } from './package-signature.ts'
import type { SubjectClaim } from './subject-claim.ts'
import type { SubjectRecord } from './subject-records.ts'
import type { SubjectTime } from './subject-time.ts'

/** Everything that a site knows of one vehicle, or of one account with what is its own, for the person whose it is. */
export type SubjectContent = {
  readonly format: 'berth-subject-1'
  readonly site: { readonly id: string; readonly name: string }
  /** ISO 8601 UTC. */
  readonly madeAt: string
  /** Null where an account asks for all that is its own. */
  readonly plate: string | null
  readonly account: Account | null
  readonly span: { readonly from: string | null; readonly to: string | null }
  readonly retention: SitePrivacyRules
  /** The vehicle of the plate; null where it is not registered, or an account asks. */
  readonly register: Omit<Vehicle, 'accountId'> | null
  /** An account's. */
  readonly vehicles: readonly Omit<Vehicle, 'accountId'>[]
  readonly cards: readonly Omit<IdTokenEntry, 'accountId'>[]
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
  readonly time: SubjectTime
  readonly account: Account | null
  readonly vehicles: readonly Vehicle[]
  readonly cards: readonly IdTokenEntry[]
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

/** Only what is the person's who asks, and nobody else's names. */
export function subjectContent(found: SubjectFindings): SubjectContent {
  const { claim, time, handles, vehicle, now } = found
  const mine = found.records.filter(time.isMine)
  const isMine = ({ handle }: { readonly handle: Handle }): boolean => handles.includes(handle)
  return {
    format: 'berth-subject-1',
    site: found.site,
    madeAt: new Date(now).toISOString(),
    plate: claim.plate ?? null,
    account: found.account,
    span: { from: claim.proof?.from ?? null, to: claim.proof?.to ?? null },
    retention: found.retention,
    register: vehicle && withoutAccount(vehicle),
    vehicles: found.vehicles.map(withoutAccount),
    cards: found.cards.map(withoutAccount),
    objects: found.objects,
    holds: found.holds.filter(isMine).map(({ handle: _handle, by: _by, ...hold }) => hold),
    erasures: found.erasures
      .filter(isMine)
      .map(({ erasureId, askedAt, status, because, doneAt }) => ({ erasureId, askedAt, status, because, doneAt })),
    sessions: found.sessions
      .filter(({ visitId, startedAt }) => time.visits.has(visitId) && time.began(startedAt))
      .map(({ accountId, idToken: _token, ...session }) => ({
        ...session,
        // Whose bill it is may be another person's name.
        paidByYou: claim.account !== undefined && accountId === claim.account,
      })) as unknown as readonly Json[],
    records: mine.map(({ accounts: _accounts, names: _names, ...record }) =>
      withoutOtherAccounts(record as unknown as Json, claim.account),
    ),
    pictures: found.pictures.map(({ reviewId, at, picture }) => ({
      reviewId,
      at,
      jpeg: Buffer.from(picture).toString('base64'),
    })),
  }
}

const withoutAccount = <T extends { readonly accountId: string }>({ accountId: _account, ...entry }: T) => entry

/** Who else paid is another person's data. */
const withoutOtherAccounts = (value: Json, own: string | undefined): Json =>
  JSON.parse(
    JSON.stringify(value, (key, field: unknown) =>
      (key === 'accountId' || key === 'fromAccountId') && typeof field === 'string' && field !== own
        ? 'another account'
        : field,
    ),
  ) as Json
