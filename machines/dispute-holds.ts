import type { Handle, Json } from './events.ts'
import type { Decision, FactRecord } from './record.ts'

/** Whose names a session needs: vehicles, cards, and the account that is billed. */
type Needed = { readonly handles: ReadonlySet<Handle>; readonly payer: string | null }

/** An open dispute of one session: whose names it needs until it is settled. */
export type Dispute = Needed & { readonly sessionId: string; readonly since: string }

/** Who stood in each visit and each billed session, and the disputes that people opened and nobody has settled. */
export type DisputeHolds = {
  readonly visits: Map<string, Set<Handle>>
  readonly sessions: Map<string, Needed>
  /** Billed sessions by each name that they need: nobody who is forgotten waits for a look through every bill. */
  readonly byName: Map<string, Set<string>>
  /** Billed sessions of visits that still run: who is named later belongs to them too. */
  readonly billed: Map<string, string[]>
  readonly open: Map<string, Dispute>
}

export const noDisputes = (): DisputeHolds => ({
  visits: new Map(),
  sessions: new Map(),
  byName: new Map(),
  billed: new Map(),
  open: new Map(),
})

/** Folds one record. Changes and returns the same value: it is big and has one owner. */
export function foldDisputes(holds: DisputeHolds, record: Pick<FactRecord, 'at' | 'decisions'>): DisputeHolds {
  for (const decision of record.decisions) {
    const { type, visitId, sessionId } = decision
    if (typeof visitId === 'string') keep(holds, visitId, decision)
    if (typeof sessionId !== 'string') continue
    if (type === 'SessionBilled' && typeof visitId === 'string') bill(holds, visitId, sessionId, decision)
    if (type === 'SessionDisputed')
      holds.open.set(sessionId, {
        sessionId,
        since: holds.open.get(sessionId)?.since ?? record.at,
        ...(holds.sessions.get(sessionId) ?? { handles: new Set(), payer: null }),
      })
    if (type === 'SessionSettled') holds.open.delete(sessionId)
  }
  for (const { type, visitId } of record.decisions)
    if (type === 'VisitEnded' && typeof visitId === 'string') {
      holds.visits.delete(visitId)
      holds.billed.delete(visitId)
    }
  return holds
}

function bill(holds: DisputeHolds, visitId: string, sessionId: string, { accountId }: Decision): void {
  const handles = holds.visits.get(visitId) ?? new Set<Handle>()
  holds.visits.set(visitId, handles)
  const billed = { handles, payer: isText(accountId) ? accountId : null }
  holds.sessions.set(sessionId, billed)
  holds.billed.set(visitId, [...(holds.billed.get(visitId) ?? []), sessionId])
  for (const name of handles) index(holds, name, sessionId)
  if (billed.payer !== null) index(holds, billed.payer, sessionId)
  // Disputed while it ran: from now on it is known who it needs.
  const early = holds.open.get(sessionId)
  if (early) holds.open.set(sessionId, { ...early, ...billed })
}

function index({ byName }: DisputeHolds, name: string, sessionId: string): void {
  const known = byName.get(name)
  if (known) known.add(sessionId)
  else byName.set(name, new Set([sessionId]))
}

/** Whoever a decision on a visit names. */
function keep(holds: DisputeHolds, visitId: string, decision: Decision): void {
  const named = [decision['handle'], decision['fromHandle'], decision['card']].filter(isText)
  if (named.length === 0) return
  const known = holds.visits.get(visitId) ?? new Set()
  for (const handle of named) {
    known.add(handle)
    for (const sessionId of holds.billed.get(visitId) ?? []) index(holds, handle, sessionId)
  }
  holds.visits.set(visitId, known)
}

const isText = (value: Json | undefined): value is string => typeof value === 'string'

/** Sessions that name this vehicle or card, or are billed to this account. */
export const sessionsOf = ({ byName, sessions }: DisputeHolds, name: string): readonly string[] =>
  [...(byName.get(name) ?? [])].filter((sessionId) => {
    const needed = sessions.get(sessionId)
    return needed?.handles.has(name) || needed?.payer === name
  })

/** The open disputes that need this vehicle, card or account, oldest first. */
export const disputesOf = ({ open }: DisputeHolds, name: string): readonly Dispute[] =>
  [...open.values()]
    .filter(({ handles, payer }) => handles.has(name) || payer === name)
    .toSorted((a, b) => a.since.localeCompare(b.since))
