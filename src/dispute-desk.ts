import type { Site } from '../actors/site.ts'
import type { SessionRow } from '../projections/bay-view.ts'
import type { Caller } from './site-desk.ts'

/** Bills as disputes need them: where to write, and every billed session. */
export type Bills = { readonly site: Site; readonly sessions: ReadonlyMap<string, SessionRow> }

/** Marks a billed session as disputed, with the reason, which is sealed: somebody typed it. False for one that nobody knows. */
export async function dispute(
  { site, sessions }: Bills,
  sessionId: string,
  reason: string,
  by: Caller,
): Promise<boolean> {
  if (!sessions.has(sessionId)) return false
  await write(site, 'SessionDisputed', { sessionId, reason }, by)
  return true
}

/** Ends the open dispute of a session, with how it was settled. */
export async function settle(
  { site, sessions }: Bills,
  sessionId: string,
  reason: string,
  by: Caller,
): Promise<'settled' | 'unknown' | 'not-disputed'> {
  const row = sessions.get(sessionId)
  if (!row) return 'unknown'
  if (row.disputed === null || row.settled !== null) return 'not-disputed'
  await write(site, 'SessionSettled', { sessionId, reason }, by)
  return 'settled'
}

async function write(
  site: Site,
  type: 'SessionDisputed' | 'SessionSettled',
  { sessionId, reason }: { readonly sessionId: string; readonly reason: string },
  by: Caller,
): Promise<void> {
  const cause = { type: type === 'SessionDisputed' ? 'session.disputed' : 'session.settled', by: by.name }
  await site.write([
    { stream: 'audit', cause, decisions: [{ type, sessionId }], personal: { [sessionId]: { reason } } },
  ])
}
