import type { Erasure, Erasures, Verified } from '../../actors/erasures.ts'
import type { Looks } from '../../actors/looks.ts'
import type { Ids, Journal } from '../../actors/ports.ts'
import type { Site } from '../../actors/site.ts'
import type { Handle } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { HoldReason, LegalHold } from '../../machines/legal-holds.ts'
import type { Register } from '../../machines/register.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { KeptPicture } from '../reviews/review-evidence.ts'
import type { Caller, Vehicle } from '../site-desk.ts'
import type { SitePrivacyRules } from '../site-schema.ts'
import type { KeyStore } from './key-store.ts'
import { signPackage } from './package-signature.ts'
import {
  demandAccount,
  demandSpan,
  foldedOf,
  isWithin,
  type Span,
  type SubjectClaim,
  spanOf,
  verifiedOf,
} from './subject-claim.ts'
import { type SubjectPackage, subjectContent } from './subject-package.ts'
import { type SubjectRecord, subjectRecords } from './subject-records.ts'

/** What is asked of a legal hold; `until` ISO 8601. */
export type HoldAsked = { readonly plate: string; readonly reason: HoldReason; readonly until: string }

/** Whose plate never starts a charge by itself: as typed, and since when. */
export type Objection = { readonly plate: string; readonly objects: boolean }

/** What people may ask about themselves, and what the site must keep. Each answer is durable before it comes. */
export interface PrivacyDesk {
  /** Rejects with Fault NOT_FOUND, CLAIM_UNPROVEN, BODY_INVALID or STORE_UNWRITABLE, as the others do. */
  erase(claim: SubjectClaim, by: Caller): Promise<Erasure>
  erasures(): readonly Erasure[]
  subject(claim: SubjectClaim, by: Caller): Promise<SubjectPackage>
  object(claim: SubjectClaim, objects: boolean, by: Caller): Promise<Objection>
  hold(asked: HoldAsked, by: Caller): Promise<LegalHold>
  lift(holdId: string, by: Caller): Promise<boolean>
  holds(): readonly LegalHold[]
}

type DeskParts = {
  readonly siteId: string
  readonly name: string
  readonly rules: SitePrivacyRules
  readonly keys: KeyStore
  readonly ids: Ids
  readonly journal: Journal
  readonly site: () => Site
  readonly erasures: Erasures
  readonly looks: () => Pick<Looks, 'saw'>
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly vehicle: (plate: string) => Vehicle | null
  readonly sessions: () => readonly SessionRow[]
  readonly picturesOf: (handles: readonly Handle[]) => Promise<readonly KeptPicture[]>
}

const DAY_ms = 86_400_000

type Found = {
  readonly handles: readonly Handle[]
  readonly span: Span
  readonly records: readonly SubjectRecord[]
  readonly verified: Verified
}

/** The privacy desk of a running site. */
export function privacyDesk(parts: DeskParts): PrivacyDesk {
  const { erasures } = parts
  return {
    erasures: () => erasures.all(),
    holds: () => erasures.holds(),
    erase: (claim, by) => erase(parts, claim, by),
    subject: (claim, by) => subject(parts, claim, by),
    object: (claim, objects, by) => object(parts, claim, objects, by),
    hold: (asked, by) => hold(parts, asked, by),
    lift: (holdId, by) => lift(parts, holdId, by),
  }
}

/** Everything that is kept of a vehicle, and why who asks may ask. */
async function found(parts: DeskParts, claim: SubjectClaim, by: Caller): Promise<Found> {
  const folded = foldedOf(claim)
  const span = spanOf(claim)
  const handles = parts.keys.everyVehicle(folded)
  if (handles.length === 0) throw nothing()
  const records = await subjectRecords(parts.journal, handles)
  demandAccount(claim, handles, parts.register(), records)
  return { handles, span, records, verified: verifiedOf(claim, by.name) }
}

async function erase(parts: DeskParts, claim: SubjectClaim, by: Caller): Promise<Erasure> {
  const { handles, span, records, verified } = await found(parts, claim, by)
  demandSpan(span, records)
  const asked: Erasure[] = []
  for (const handle of handles) asked.push(await parts.erasures.ask(handle, by.name, verified))
  return (asked.find(({ status }) => status === 'queued') ?? asked[0]) as Erasure
}

async function subject(parts: DeskParts, claim: SubjectClaim, by: Caller): Promise<SubjectPackage> {
  const { handles, span, records, verified } = await found(parts, claim, by)
  const { keys, siteId, name, rules, erasures, register } = parts
  if (!records.some(({ at }) => isWithin(span, at))) throw nothing()
  const pictures = await parts.picturesOf(handles)
  await parts.looks().saw({ by: by.name, role: by.role, what: 'subject', subjects: handles, more: { verified } })
  const content = subjectContent({
    site: { id: siteId, name },
    now: parts.site().now(),
    claim,
    span,
    handles,
    retention: rules,
    vehicle: parts.vehicle(claim.plate),
    objects: handles.some((handle) => register().objections.has(handle)),
    holds: erasures.holds(),
    erasures: erasures.all(),
    sessions: parts.sessions(),
    records,
    pictures,
  })
  return { content, signature: signPackage(keys.signer(), JSON.parse(JSON.stringify(content))) }
}

async function object(parts: DeskParts, claim: SubjectClaim, objects: boolean, by: Caller): Promise<Objection> {
  const { keys, site, register } = parts
  const folded = foldedOf(claim)
  const span = spanOf(claim)
  const handles = keys.everyVehicle(folded)
  if (claim.account !== undefined)
    demandAccount(claim, handles, register(), await subjectRecords(parts.journal, handles))
  else if (!isWithin(span, new Date(site().now()).toISOString()))
    throw new Fault(
      'CLAIM_UNPROVEN',
      {},
      { says: 'The proof’s span is over: whoever drives the vehicle now must ask.' },
    )
  const handle = keys.vehicle(folded)
  if (register().objections.has(handle) === objects) return { plate: claim.plate, objects }
  const cause = {
    type: objects ? 'objection.entered' : 'objection.withdrawn',
    handle,
    by: by.name,
    verified: verifiedOf(claim, by.name),
  }
  const decisions = [{ type: objects ? 'ObjectionEntered' : 'ObjectionWithdrawn', handle }]
  const personal = objects ? { [handle]: { plate: claim.plate } } : {}
  await site().write([{ stream: 'register', cause, decisions, personal }])
  return { plate: claim.plate, objects }
}

async function hold(parts: DeskParts, { plate, reason, until }: HoldAsked, by: Caller): Promise<LegalHold> {
  const { keys, site, ids, rules, erasures } = parts
  const [now, end] = [site().now(), Date.parse(until)]
  const latest = now + rules.hold_days * DAY_ms
  if (!(end > now && end <= latest))
    throw new Fault(
      'BODY_INVALID',
      {},
      {
        says: `A hold ends after now and by ${new Date(latest).toISOString().slice(0, 10)} (privacy.hold_days); place it again when it must last longer.`,
      },
    )
  const handles = keys.everyVehicle(foldedOf({ plate }))
  if (handles.length === 0) throw nothing()
  const placed = handles.map((handle) => {
    const holdId = ids.next('hold')
    const about = { holdId, handle, reason, until: new Date(end).toISOString() }
    return { about, cause: { type: 'hold.placed', ...about, by: by.name } }
  })
  await site().write(
    placed.map(({ about, cause }) => ({
      stream: 'audit',
      cause,
      decisions: [{ type: 'HoldPlaced', ...about }],
      personal: {},
    })),
  )
  return erasures.holds().find(({ holdId }) => holdId === placed[0]?.about.holdId) as LegalHold
}

async function lift({ erasures, site }: DeskParts, holdId: string, by: Caller): Promise<boolean> {
  const one = erasures.holds().find((hold) => hold.holdId === holdId)
  if (!one) return false
  const about = { holdId, handle: one.handle }
  const decisions = [{ type: 'HoldLifted', ...about }]
  const cause = { type: 'hold.lifted', ...about, by: by.name }
  await site().write([{ stream: 'audit', cause, decisions, personal: {} }])
  return true
}

const nothing = (): Fault =>
  new Fault('NOT_FOUND', {}, { says: 'Nothing is kept of a vehicle with this plate, or nothing of that time.' })
