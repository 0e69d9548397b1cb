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
  readonly open: Map<string, Dispute>
}

export const noDisputes = (): DisputeHolds => ({ visits: new Map(), sessions: new Map(), open: new Map() })

/** Folds one record. Changes and returns the same value: it is big and has one owner. */
export function foldDisputes(holds: DisputeHolds, record: Pick<FactRecord, 'at' | 'decisions'>): DisputeHolds {
  for (const decision of record.decisions) {
    const { type, visitId, sessionId } = decision
    if (typeof visitId === 'string') keep(holds, visitId, decision)
    if (typeof sessionId !== 'string') continue
    if (type === 'SessionBilled' && typeof visitId === 'string') {
      const { accountId } = decision
      const billed = {
        handles: holds.visits.get(visitId) ?? new Set<Handle>(),
        payer: isText(accountId) ? accountId : null,
      }
      holds.sessions.set(sessionId, billed)
      // Disputed while it ran: from now on it is known who it needs.
      const early = holds.open.get(sessionId)
      if (early) holds.open.set(sessionId, { ...early, ...billed })
    }
    if (type === 'SessionDisputed')
      holds.open.set(sessionId, {
        sessionId,
        since: holds.open.get(sessionId)?.since ?? record.at,
        ...(holds.sessions.get(sessionId) ?? { handles: new Set(), payer: null }),
      })
    if (type === 'SessionSettled') holds.open.delete(sessionId)
  }
  for (const { type, visitId } of record.decisions)
    if (type === 'VisitEnded' && typeof visitId === 'string') holds.visits.delete(visitId)
  return holds
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

/** Sessions that name this vehicle or card, or are billed to this account. */
export const sessionsOf = ({ sessions }: DisputeHolds, name: string): readonly string[] =>
  [...sessions].flatMap(([sessionId, { handles, payer }]) => (handles.has(name) || payer === name ? [sessionId] : []))

/** The open disputes that need this vehicle, card or account, oldest first. */
export const disputesOf = ({ open }: DisputeHolds, name: string): readonly Dispute[] =>
  [...open.values()]
    .filter(({ handles, payer }) => handles.has(name) || payer === name)
    .toSorted((a, b) => a.since.localeCompare(b.since))
