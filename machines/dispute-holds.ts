import type { Handle, Json } from './events.ts'
import type { Decision, FactRecord } from './record.ts'

/** Whose names a session needs: vehicles, cards, and the account that is billed. */
export type Needed = { readonly handles: ReadonlySet<Handle>; readonly payer: string | null }

/** An open dispute of one session: since when (ISO 8601 UTC). */
export type Dispute = { readonly sessionId: string; readonly since: string }

/**
 * Who stands in each visit that runs, and the sessions that people disputed. Of all other charges nothing is kept here: whom a disputed one
 * needs, whose visit is over, is learnt from its bill, and until then it needs everybody.
 */
export type DisputeHolds = {
  readonly visits: Map<string, Set<Handle>>
  /** Billed sessions of visits that still run: who is named later belongs to them too. */
  readonly running: Map<string, Needed & { readonly visitId: string }>
  /** Sessions that were ever disputed, and whom they need. */
  readonly disputed: Map<string, Needed>
  /** The same where it is not learnt yet whom they need. */
  readonly unknown: Set<string>
  /** Disputes that nobody has settled: since when. */
  readonly open: Map<string, string>
}

export const noDisputes = (): DisputeHolds => ({
  visits: new Map(),
  running: new Map(),
  disputed: new Map(),
  unknown: new Set(),
  open: new Map(),
})

/** Folds one record. Changes and returns the same value: it is big and has one owner. */
export function foldDisputes(holds: DisputeHolds, record: Pick<FactRecord, 'at' | 'decisions'>): DisputeHolds {
  for (const decision of record.decisions) {
    const { type, visitId, sessionId } = decision
    if (typeof visitId === 'string') keep(holds, visitId, decision)
    if (typeof sessionId !== 'string') continue
    if (type === 'SessionBilled' && typeof visitId === 'string') bill(holds, visitId, sessionId, decision)
    if (type === 'SessionDisputed') dispute(holds, sessionId, record.at)
    if (type === 'SessionSettled') holds.open.delete(sessionId)
  }
  for (const { type, visitId } of record.decisions)
    if (type === 'VisitEnded' && typeof visitId === 'string') {
      holds.visits.delete(visitId)
      for (const [sessionId, one] of holds.running) if (one.visitId === visitId) holds.running.delete(sessionId)
    }
  return holds
}

function bill(holds: DisputeHolds, visitId: string, sessionId: string, { accountId }: Decision): void {
  const handles = holds.visits.get(visitId) ?? new Set<Handle>()
  holds.visits.set(visitId, handles)
  const billed = { visitId, handles, payer: isText(accountId) ? accountId : null }
  holds.running.set(sessionId, billed)
  // Disputed while it ran: from now on it is known who it needs.
  if (holds.disputed.has(sessionId) || holds.unknown.has(sessionId)) know(holds, sessionId, billed)
}

function dispute(holds: DisputeHolds, sessionId: string, at: string): void {
  const known = holds.running.get(sessionId) ?? holds.disputed.get(sessionId)
  if (known) know(holds, sessionId, known)
  else holds.unknown.add(sessionId)
  if (!holds.open.has(sessionId)) holds.open.set(sessionId, at)
}

function know({ disputed, unknown }: DisputeHolds, sessionId: string, needed: Needed): void {
  disputed.set(sessionId, needed)
  unknown.delete(sessionId)
}

/** Whoever a decision on a visit names. */
function keep(holds: DisputeHolds, visitId: string, decision: Decision): void {
  const named = [decision['handle'], decision['fromHandle'], decision['card']].filter(isText)
  if (named.length === 0) return
  const known = holds.visits.get(visitId) ?? new Set()
  for (const handle of named) known.add(handle)
  holds.visits.set(visitId, known)
}

const isText = (value: Json | undefined): value is string => typeof value === 'string'

const needs = ({ handles, payer }: Needed, name: string): boolean => handles.has(name) || payer === name

/** Sessions that were ever disputed and name this vehicle or card, or are billed to this account. */
export const disputedOf = ({ disputed }: DisputeHolds, name: string): readonly string[] =>
  [...disputed].flatMap(([sessionId, needed]) => (needs(needed, name) ? [sessionId] : []))

/** Whom a session needs, as its bill says; nothing changes where that is known. */
export function learnNeeded(holds: DisputeHolds, sessionId: string, needed: Needed): void {
  if (holds.unknown.has(sessionId)) know(holds, sessionId, needed)
}

/** The open disputes that need this vehicle, card or account, or may, oldest first. */
export const disputesOf = ({ disputed, open }: DisputeHolds, name: string): readonly Dispute[] =>
  [...open]
    .flatMap(([sessionId, since]) => {
      const needed = disputed.get(sessionId)
      return needed === undefined || needs(needed, name) ? [{ sessionId, since }] : []
    })
    .toSorted((a, b) => a.since.localeCompare(b.since))
