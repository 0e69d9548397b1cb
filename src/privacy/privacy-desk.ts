import type { Erasure, Erasures, Proven } from '../../actors/erasures.ts'
import type { Looks } from '../../actors/looks.ts'
import type { Entry, Ids, Journal } from '../../actors/ports.ts'
import type { Site } from '../../actors/site.ts'
import type { Handle } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { HoldReason, LegalHold } from '../../machines/legal-holds.ts'
import type { Register } from '../../machines/register.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { KeptPicture } from '../reviews/review-evidence.ts'
import type { Caller, RegisterDesk } from '../site-desk.ts'
import type { SitePrivacyRules } from '../site-schema.ts'
import { accountSubjects } from './account-subjects.ts'
import type { KeyStore } from './key-store.ts'
import { signPackage } from './package-signature.ts'
import { onRecord } from './staff-names.ts'
import {
  accountOf,
  demandAccount,
  demandOwn,
  demandPresent,
  demandSpan,
  foldedOf,
  isWithin,
  type SubjectClaim,
  spanOf,
  verifiedOf,
} from './subject-claim.ts'
import { type SubjectPackage, subjectContent } from './subject-package.ts'
import { type SubjectRecord, subjectRecords } from './subject-records.ts'
import { type SubjectTime, timeOfAccount, timeOfProof } from './subject-time.ts'

/** What is asked of a legal hold, of a vehicle or of an account with all that is its own; `until` ISO 8601. */
export type HoldAsked = {
  readonly plate?: string
  readonly account?: string
  readonly reason: HoldReason
  readonly until: string
}

/** A hold as it was placed, with the ids of those that were placed with it: one a name. */
export type HoldPlaced = LegalHold & { readonly also: readonly string[] }

/** A request to be forgotten, with the ids of those that were made with it: one a name. */
export type ErasureAsked = Erasure & { readonly also: readonly string[] }

/** Whose plate never starts a charge by itself: as typed, or null where an account objects for its vehicles (`vehicles`: how many). */
export type Objection = { readonly plate: string | null; readonly objects: boolean; readonly vehicles: number }

/** What people may ask about themselves, and what the site must keep. Each answer is durable before it comes. */
export interface PrivacyDesk {
  /** Rejects with Fault NOT_FOUND, CLAIM_UNPROVEN, BODY_INVALID or STORE_UNWRITABLE, as the others do. */
  erase(claim: SubjectClaim, by: Caller): Promise<ErasureAsked>
  erasures(): readonly Erasure[]
  subject(claim: SubjectClaim, by: Caller): Promise<SubjectPackage>
  object(claim: SubjectClaim, objects: boolean, by: Caller): Promise<Objection>
  hold(asked: HoldAsked, by: Caller): Promise<HoldPlaced>
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
  readonly people: () => Pick<RegisterDesk, 'account' | 'vehicle' | 'vehicles' | 'token'>
  /** Every charge of these visits, running ones too, in the words that people typed of it. */
  readonly sessions: (visits: ReadonlySet<string>) => Promise<readonly SessionRow[]>
  readonly picturesOf: (handles: readonly Handle[]) => Promise<readonly KeptPicture[]>
}

const DAY_ms = 86_400_000

/** Everything that is kept of who asks, and why they may ask. */
type Found = {
  readonly names: readonly Handle[]
  readonly records: readonly SubjectRecord[]
  readonly time: SubjectTime
  readonly proven: Proven
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

async function found(parts: DeskParts, claim: SubjectClaim, by: Caller): Promise<Found> {
  const proven = onRecord(parts.ids, verifiedOf(claim, by.name))
  if (claim.plate === undefined) {
    const accountId = accountOf(claim)
    const names = await namesOfAccount(parts, accountId)
    const records = await subjectRecords(parts.journal, names)
    return { names, records, proven, time: timeOfAccount(accountId, records) }
  }
  const span = spanOf(claim)
  const names = parts.keys.everyVehicle(foldedOf(claim))
  if (names.length === 0) throw nothing()
  const records = await subjectRecords(parts.journal, names)
  demandAccount(claim, names, parts.register(), records)
  const time = claim.proof !== undefined ? timeOfProof(span, records) : timeOfAccount(claim.account ?? '', records)
  return { names, records, proven, time }
}

/** An account's vehicles and cards, and itself last. Rejects with Fault NOT_FOUND where nothing of them is kept. */
async function namesOfAccount(parts: DeskParts, accountId: string): Promise<readonly Handle[]> {
  const { journal, keys } = parts
  const { vehicles, cards } = await accountSubjects(journal, parts.register(), accountId)
  const names = [...vehicles, ...cards].filter((name) => keys.isLiving(name))
  const isKnown = parts.register().accounts.has(accountId) || keys.isLiving(accountId)
  if (names.length === 0 && !isKnown)
    throw new Fault('NOT_FOUND', {}, { says: 'Nothing is kept of an account with this id; look at it again.' })
  return isKnown ? [...names, accountId] : names
}

async function erase(parts: DeskParts, claim: SubjectClaim, by: Caller): Promise<ErasureAsked> {
  const { names, records, proven, time } = await found(parts, claim, by)
  if (claim.proof !== undefined) demandSpan(spanOf(claim), records)
  else if (claim.plate !== undefined && claim.account !== undefined)
    demandOwn(claim.account, names, parts.register(), { records, isIts: time.isMine })
  const asked: Erasure[] = []
  for (const name of names) asked.push(await parts.erasures.ask(name, by.name, proven))
  // The one that waits longest: who asked wants to know until when.
  const waiting = asked.filter(({ status }) => status === 'queued')
  const told = (waiting.toSorted((a, b) => (b.heldUntil ?? '').localeCompare(a.heldUntil ?? ''))[0] ??
    asked.at(-1)) as Erasure
  const also = asked.flatMap(({ erasureId }) => (erasureId === told.erasureId ? [] : [erasureId]))
  return { ...told, also }
}

async function subject(parts: DeskParts, claim: SubjectClaim, by: Caller): Promise<SubjectPackage> {
  const { names, records, time, proven } = await found(parts, claim, by)
  const { keys, siteId, name, rules, erasures, register } = parts
  if (!records.some(time.isMine)) throw nothing()
  const pictures: KeptPicture[] = []
  for (const one of names) pictures.push(...(await parts.picturesOf([one])).filter(({ at }) => time.covers(one, at)))
  const { verified, personal } = proven
  await parts
    .looks()
    .saw({ by: by.name, role: by.role, what: 'subject', subjects: names, more: { verified }, personal })
  const content = subjectContent({
    ...registered(parts, claim, names),
    site: { id: siteId, name },
    now: parts.site().now(),
    claim,
    time,
    handles: names,
    retention: rules,
    objects: names.some((one) => register().objections.has(one)),
    holds: erasures.holds(),
    erasures: erasures.all(),
    sessions: await parts.sessions(time.visits),
    records,
    pictures,
  })
  return { content, signature: signPackage(keys.signer(), JSON.parse(JSON.stringify(content))) }
}

/** What the register has of who asks. */
function registered({ people, register, texts }: DeskParts, claim: SubjectClaim, names: readonly Handle[]) {
  const desk = people()
  if (claim.plate !== undefined) {
    const vehicle = desk.vehicle(claim.plate)
    const isTheirs = claim.account === undefined || vehicle?.accountId === claim.account
    return { account: null, vehicle: isTheirs ? vehicle : null, vehicles: [], cards: [] }
  }
  const cards = names.flatMap((name) => {
    const idToken = texts.cards.get(name)
    return register().cards.has(name) && idToken !== undefined ? (desk.token(idToken) ?? []) : []
  })
  const vehicles = desk.vehicles().filter(({ accountId }) => accountId === claim.account)
  return { account: desk.account(claim.account ?? ''), vehicle: null, vehicles, cards }
}

async function object(parts: DeskParts, claim: SubjectClaim, objects: boolean, by: Caller): Promise<Objection> {
  const { site, register } = parts
  const isAccount = claim.plate === undefined
  const plates = isAccount ? platesOfAccount(parts, accountOf(claim)) : await plateOfClaim(parts, claim)
  const { verified, personal } = onRecord(parts.ids, verifiedOf(claim, by.name))
  await site().write(
    [...plates].map(([handle, plate]) => {
      if (register().objections.has(handle) === objects) return repeated(handle, objects, by, { verified, personal })
      const cause = { type: objects ? 'objection.entered' : 'objection.withdrawn', handle, by: by.name, verified }
      const decisions = [{ type: objects ? 'ObjectionEntered' : 'ObjectionWithdrawn', handle }]
      return {
        stream: 'register',
        cause,
        decisions,
        personal: { ...personal, ...(objects ? { [handle]: { plate } } : {}) },
      }
    }),
  )
  return { plate: claim.plate ?? null, objects, vehicles: plates.size }
}

/** Who asked for what holds already, and how that was verified: on record all the same. */
function repeated(handle: Handle, objects: boolean, { name }: Caller, { verified, personal }: Proven): Entry {
  const what = objects ? 'objection' : 'objection withdrawn'
  const cause = { type: 'claim.repeated', what, handle, by: name, verified }
  return { stream: 'audit', cause, decisions: [], personal }
}

/** The vehicles that the register holds for an account, with their plates. */
function platesOfAccount({ register, texts }: DeskParts, accountId: string): ReadonlyMap<Handle, string> {
  const plates = new Map<Handle, string>()
  for (const [handle, vehicle] of register().vehicles) {
    const plate = texts.vehicles.get(handle)?.plate
    if (vehicle.accountId === accountId && plate !== undefined) plates.set(handle, plate)
  }
  if (plates.size > 0) return plates
  throw new Fault('NOT_FOUND', {}, { says: 'The register holds no vehicle for this account; name the plate.' })
}

/** The vehicle of a plate, once the claim is proven. */
async function plateOfClaim(parts: DeskParts, claim: SubjectClaim): Promise<ReadonlyMap<Handle, string>> {
  const { keys, site, register } = parts
  const folded = foldedOf(claim)
  const span = spanOf(claim)
  const handles = keys.everyVehicle(folded)
  if (claim.proof === undefined && claim.account !== undefined)
    demandPresent(claim.account, handles, register(), await subjectRecords(parts.journal, handles))
  else if (!isWithin(span, new Date(site().now()).toISOString()))
    throw new Fault(
      'CLAIM_UNPROVEN',
      {},
      { says: 'The proof’s span is over: whoever drives the vehicle now must ask.' },
    )
  return new Map([[keys.vehicle(folded), claim.plate ?? '']])
}

async function hold(parts: DeskParts, asked: HoldAsked, by: Caller): Promise<HoldPlaced> {
  const { reason, until } = asked
  const { site, ids, rules, erasures } = parts
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
  const placed = (await namesToHold(parts, asked)).map((handle) => {
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
  const [first, ...rest] = placed.map(({ about }) => about.holdId)
  return { ...(erasures.holds().find(({ holdId }) => holdId === first) as LegalHold), also: rest }
}

/** Whom a hold keeps: a vehicle under all its names, or an account with all that is its own. */
async function namesToHold(parts: DeskParts, { plate, account }: HoldAsked): Promise<readonly Handle[]> {
  if (plate === undefined) return namesOfAccount(parts, accountOf({ ...(account === undefined ? {} : { account }) }))
  const handles = parts.keys.everyVehicle(foldedOf({ plate }))
  if (handles.length === 0) throw nothing()
  return handles
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
