import type { Verified } from '../../actors/erasures.ts'
import type { Handle } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { fold, normalize } from '../../machines/plate.ts'
import type { Register } from '../../machines/register.ts'
import { SHORT_PLATE } from '../order-reading.ts'
import type { SubjectRecord } from './subject-records.ts'

/** What a person can show who says that a vehicle is, or was, theirs. */
export const PROOFS = ['registration', 'lease', 'sale', 'authority', 'court'] as const
export type ProofKind = (typeof PROOFS)[number]

/**
 * A plate and why who asks may ask: the account that holds the vehicle, or a proof for a span of time (ISO 8601), and who looked at it. Without
 * a plate it speaks of the account itself, with everything that is its own.
 */
export type SubjectClaim = {
  readonly plate?: string
  readonly account?: string
  readonly proof?: { readonly kind: ProofKind; readonly from: string; readonly to: string }
  /** Who verified it, where that is another person than who is signed in. */
  readonly verifiedBy?: string
}

/** The span in which what is kept is this person's, ms since 1970. */
export type Span = { readonly from: number; readonly to: number }
const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** The folded plate of a claim. Throws Fault BODY_INVALID where it is none. */
export function foldedOf({ plate }: Pick<SubjectClaim, 'plate'>): string {
  const normal = normalize(plate ?? '')
  if (normal.length < 2) throw new Fault('BODY_INVALID', {}, { says: SHORT_PLATE })
  return fold(normal)
}

/** Of which time the claim speaks. Throws Fault BODY_INVALID for a span that is none, CLAIM_UNPROVEN where neither account nor proof is named. */
export function spanOf({ account, proof }: SubjectClaim): Span {
  if (proof === undefined && account === undefined) throw unproven()
  if (proof === undefined) return ALWAYS
  const span = { from: Date.parse(proof.from), to: Date.parse(proof.to) }
  if (!(span.from <= span.to))
    throw new Fault('BODY_INVALID', {}, { says: 'The proof’s span is none: `from` must be a time before `to`.' })
  return span
}

/** What goes on record of who was believed, and why. */
export function verifiedOf({ account, proof, verifiedBy }: SubjectClaim, by: string): Verified {
  const who = { verifiedBy: verifiedBy ?? by }
  return proof === undefined
    ? { by: 'account', accountId: account ?? null, ...who }
    : { by: 'proof', kind: proof.kind, from: proof.from, to: proof.to, ...who }
}

/** Throws Fault CLAIM_UNPROVEN unless the account that is named holds the vehicle, or paid for it while it was here. */
export function demandAccount(
  { account }: SubjectClaim,
  handles: readonly Handle[],
  register: Register,
  records: readonly SubjectRecord[],
): void {
  if (account === undefined) return
  const paid = records.some(({ accounts }) => accounts.includes(account))
  if (!holders(handles, register).includes(account) && !paid)
    throw unproven(
      `The account ${account} does not hold this vehicle and never paid for it; look at the account again.`,
    )
}

/** Throws Fault CLAIM_UNPROVEN unless the vehicle is this account's now: the register holds it for the account, or for nobody and none paid later. */
export function demandPresent(
  account: string,
  handles: readonly Handle[],
  register: Register,
  records: readonly SubjectRecord[],
): void {
  demandNoOther(account, handles, register)
  const last = records.findLast(({ accounts }) => accounts.length > 0)
  if (!holders(handles, register).includes(account) && !last?.accounts.includes(account)) throw notIts(account)
}

/**
 * Throws Fault CLAIM_UNPROVEN where the register holds the vehicle for another account; or for nobody, and something readable is kept that is
 * not this account's (`isIts`). Whoever holds it now is heard: what is older dies with the vehicle.
 */
export function demandOwn(
  account: string,
  handles: readonly Handle[],
  register: Register,
  {
    records,
    isIts,
  }: { readonly records: readonly SubjectRecord[]; readonly isIts: (record: SubjectRecord) => boolean },
): void {
  demandNoOther(account, handles, register)
  if (!holders(handles, register).includes(account))
    demandCovered(records, isIts, `what the account ${account} held or paid for`)
}

/** Throws Fault CLAIM_UNPROVEN where something readable is kept of a time that the proof does not cover: it may be another person's. */
export function demandSpan(span: Span, records: readonly SubjectRecord[]): void {
  demandCovered(records, ({ at }) => isWithin(span, at), 'the proof’s span')
}

function demandCovered(
  records: readonly SubjectRecord[],
  isTheirs: (record: SubjectRecord) => boolean,
  beyond: string,
): void {
  const outside = records.filter((record) => record.fields.length > 0 && !isTheirs(record))
  const [first, last] = [outside[0], outside.at(-1)]
  if (!first || !last) return
  throw unproven(
    `What is kept reaches from ${first.at.slice(0, 10)} to ${last.at.slice(0, 10)} beyond ${beyond}, and may be another person’s; ask for a proof that covers it.`,
  )
}

function demandNoOther(account: string, handles: readonly Handle[], register: Register): void {
  if (holders(handles, register).some((holder) => holder !== account)) throw notIts(account)
}

/** The accounts for which the register holds a vehicle, under any of its names. */
const holders = (handles: readonly Handle[], register: Register): readonly string[] =>
  handles.flatMap((handle) => register.vehicles.get(handle)?.accountId ?? [])

const notIts = (account: string): Fault =>
  unproven(
    `The vehicle is not the account ${account}’s any more: another account holds it, or paid for it last. That account must ask, or who has a proof.`,
  )

/** The account that a claim without a plate speaks of. Throws Fault BODY_INVALID where it names none, or a proof, which speaks of a vehicle. */
export function accountOf({ account, proof }: SubjectClaim): string {
  if (account !== undefined && proof === undefined) return account
  throw new Fault(
    'BODY_INVALID',
    {},
    { says: 'Name a plate, with its account or a proof; or an account alone, for everything that is its own.' },
  )
}

export const isWithin = ({ from, to }: Span, at: string): boolean => Date.parse(at) >= from && Date.parse(at) <= to

const unproven = (says?: string): Fault => new Fault('CLAIM_UNPROVEN', {}, says === undefined ? {} : { says })
