import type { Decision, FactRecord } from '../machines/record.ts'
import { textOf } from './projection.ts'
import { noteKey, numberIn, type Row, type Rows, textIn, textsIn, visitOf } from './row-fold.ts'

/** What is noted of a visit while it runs: who pays, since when energy pauses, whom it names, and what its bills rest on. */
export const visitNote = (visitId: string): string => noteKey('visit', visitId)

/** Where in the journal it is written who pays: `berth:4711:0123456789abcdef`, seq and the beginning of the record's hash. */
export const evidenceReference = ({ seq, hash }: Pick<FactRecord, 'seq' | 'hash'>): string =>
  `berth:${seq}:${hash.slice(0, 16)}`

/** By account: where it is written that it pays. */
export const evidencesIn = (visit: Row | undefined): { readonly [accountId: string]: string } =>
  (visit?.['payers'] ?? {}) as { readonly [accountId: string]: string }

/** Decisions that a bill rests on. */
const GROUNDS = new Set([
  'PlateAgreed',
  'VisitAuthorized',
  'IdentityUpgraded',
  'BayLocked',
  'TransactionOpened',
  'TransactionEnded',
  'TransactionOrphaned',
  'TransactionRevived',
  'ContradictionNoticed',
  'SessionBilled',
])

/** Notes whom a decision on a visit names, and that its bill rests on it. */
export function heardOfVisit(rows: Rows, record: FactRecord, decision: Decision): void {
  const visitId = visitOf(record, decision)
  if (visitId === null) return
  const note = rows.get(visitNote(visitId))
  const known = textsIn(note, 'names')
  const names = namesIn(decision).filter((name) => !known.includes(name))
  const isGround = GROUNDS.has(decision.type)
  if (names.length === 0 && !isGround) return
  const grounds = textsIn(note, 'grounds')
  rows.put(visitNote(visitId), {
    ...note,
    names: [...known, ...new Set(names)],
    grounds: isGround ? [...grounds, `seq:${record.seq} ${decision.type}`] : grounds,
  })
}

/** Vehicles and cards that a decision names. */
const namesIn = (decision: Decision): readonly string[] =>
  [decision['handle'], decision['fromHandle'], decision['card']].filter((one) => typeof one === 'string')

/** Who pays a visit, and where that is written; the row of its charge that runs says so too. */
export function payerOfVisit(rows: Rows, record: FactRecord, decision: Decision, visitId: string | null): void {
  if (visitId === null) return
  const accountId = textOf(decision['accountId'])
  const identifiedBy = textOf(decision['identifiedBy']) ?? textOf(decision['to'])
  const evidence = evidenceReference(record)
  const before = rows.get(visitNote(visitId))
  const payers = { ...evidencesIn(before), ...(accountId === null ? {} : { [accountId]: evidence }) }
  rows.put(visitNote(visitId), { ...before, accountId, identifiedBy, evidence, payers })
  const session = rows.get(`ses-${visitId}`)
  if (session?.['status'] === 'running')
    rows.put(`ses-${visitId}`, { ...session, accountId, identifiedBy, evidence, seq: record.seq })
}

/** No energy flows, and who withholds it. */
export function pauseOfVisit(rows: Rows, visitId: string | null, by: string, at: string): void {
  if (visitId === null) return
  const note = visitNote(visitId)
  rows.put(note, { ...rows.get(note), pausedBy: by, pausedAt: at })
}

const PAUSES: { readonly [by: string]: string } = {
  vehicle: 'paused_vehicle_s',
  'charge-point': 'paused_chargePoint_s',
}

/** Energy flows again, or none is to flow any more: the time since the pause stands with who withheld it. */
export function resumeOfVisit(rows: Rows, visitId: string | null, at: string): void {
  if (visitId === null) return
  const visit = rows.get(visitNote(visitId))
  const pausedAt = textIn(visit, 'pausedAt')
  if (visit === undefined || pausedAt === null) return
  rows.put(visitNote(visitId), { ...visit, pausedBy: null, pausedAt: null })
  const session = rows.get(`ses-${visitId}`)
  if (session === undefined) return
  const figure = PAUSES[textIn(visit, 'pausedBy') ?? ''] ?? 'paused_unknown_s'
  const passed_s = Math.round((Date.parse(at) - Date.parse(pausedAt)) / 1000)
  rows.put(`ses-${visitId}`, { ...session, [figure]: numberIn(session, figure) + passed_s })
}

/** The visit is over: each of its charges knows whom it names, also who was named after its bill. */
export function endOfVisit(rows: Rows, visitId: string | null, at: string): void {
  if (visitId === null) return
  const note = rows.get(visitNote(visitId))
  rows.drop(visitNote(visitId))
  const first = `ses-${visitId}`
  for (const sessionId of new Set([first, ...textsIn(note, 'sessions')])) {
    const session = rows.get(sessionId)
    if (session === undefined) continue
    // What was open and is nobody's bill ends with its visit.
    const end: Row = session['status'] === 'running' ? { status: 'unbilled', endedAt: at } : {}
    rows.put(sessionId, { ...session, ...end, names: textsIn(note, 'names') })
  }
}
