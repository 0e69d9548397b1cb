import type { Site } from '../actors/site.ts'
import type { Caller } from './site-desk.ts'
import type { SiteSessions } from './site-sessions.ts'

/** Bills as disputes need them: where to write, and every session. */
export type Bills = { readonly site: Site; readonly sessions: Pick<SiteSessions, 'one'> }

/** Marks a session as disputed, billed or as it runs, with the reason, which is sealed: somebody typed it. False for one that nobody knows. */
export async function dispute(
  { site, sessions }: Bills,
  sessionId: string,
  reason: string,
  by: Caller,
): Promise<boolean> {
  if ((await sessions.one(sessionId)) === null) return false
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
  const row = await sessions.one(sessionId)
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
