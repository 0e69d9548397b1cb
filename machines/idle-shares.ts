import { type Bay, type Visit, withVisit } from './knowledge.ts'

/** Idle time until `at`, ms since 1970, by who was to pay meanwhile. */
export function idleShares({ idle, payer }: Visit, at: number): Visit['idle']['shares'] {
  if (idle.since === null || at <= idle.since) return idle.shares
  const accountId = payer?.accountId ?? null
  const before = idle.shares.find((share) => share.accountId === accountId)?.ms ?? 0
  return [...idle.shares.filter((share) => share.accountId !== accountId), { accountId, ms: before + at - idle.since }]
}

/** Somebody else pays from `at` on: the idle time until then stays with who paid before. */
export function withIdleShared(before: Bay, after: Bay, at: number): Bay {
  const [old, now] = [before.visit, after.visit]
  if (!old || !now || old.visitId !== now.visitId || old.idle.since === null || now.idle.since === null) return after
  if (old.payer?.accountId === now.payer?.accountId) return after
  return withVisit(after, { idle: { since: at, shares: idleShares(old, at) } })
}
