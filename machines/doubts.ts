import { type Deeds, decide } from './deeds.ts'
import type { ConnectorKey, Handle } from './events.ts'
import { type Bay, connectorsOf } from './knowledge.ts'
import { isHeld } from './lock.ts'
import type { Doubt } from './open-questions.ts'

type Found = Omit<Doubt, 'since'>

const same = (a: Found, b: Found): boolean => a.kind === b.kind && a.connector === b.connector && a.handle === b.handle

/**
 * Witnesses that disagree without changing the bay's state: each is on record once, timed, shown, and resolved by rule with what
 * resolved it. What changes the state (`camera-empty`, `other-plate`) is the visit's contradiction; signals of one meter are its
 * connector's quarrel.
 */
export function noticeDoubts(deeds: Deeds): void {
  const standing = deeds.bay.doubts ?? []
  const open: Doubt[] = []
  for (const doubt of standing) {
    const by = resolvedBy(deeds.bay, doubt)
    if (by === null) open.push(doubt)
    else resolve(deeds, doubt, by)
  }
  const found = [...unseenPlug(deeds), ...availableAgain(deeds), ...otherToken(deeds)]
  for (const one of found) {
    if (open.some((doubt) => same(doubt, one))) continue
    open.push({ ...one, since: deeds.event.at })
    const { kind, connector, handle, transactionId } = one
    decide(deeds, 'ContradictionNoticed', { kind, connector, handle, ...(transactionId && { transactionId }) })
  }
  if (standing.length > 0 || open.length > 0) deeds.bay = { ...deeds.bay, doubts: open }
}

/** The visit is over: nothing of it is in doubt any more. */
export function endDoubts(deeds: Deeds, exit: string): void {
  const { doubts = [], visit } = deeds.bay
  for (const doubt of doubts) resolve(deeds, doubt, exit)
  if (doubts.length > 0) deeds.bay = { ...deeds.bay, doubts: [] }
  if (visit?.contradiction) decide(deeds, 'ContradictionResolved', { kind: visit.contradiction.kind, by: exit })
}

function resolve(deeds: Deeds, { kind, connector, since }: Doubt, by: string): void {
  const lasted_s = Math.round((deeds.event.at - since) / 1000)
  decide(deeds, 'ContradictionResolved', { kind, connector, by, lasted_s })
}

/** What settled it, or null where it still stands. */
function resolvedBy(bay: Bay, doubt: Doubt): string | null {
  const connector = doubt.connector === null ? null : (bay.connectors[doubt.connector] ?? null)
  switch (doubt.kind) {
    case 'plug-without-vehicle':
      if (bay.here.presence === 'occupied') return 'vehicle-seen'
      if (bay.here.presence === 'unknown') return 'camera-lost'
      return connector?.cable === 'in' ? null : 'cable-out'
    case 'available-with-transaction':
      if (connector?.transaction?.transactionId !== doubt.transactionId) return 'transaction-ended'
      if (connector?.availableAt !== null) return null
      return connector.link === 'offline' ? 'link-lost' : 'other-status'
    case 'other-token':
      if (!isHeld(bay)) return 'transaction-ended'
      return bay.visit?.payer?.handle === doubt.handle ? 'payer-changed' : null
  }
}

/** A plug in a bay that a live camera sees empty may be of the bay beside it (E33). */
function unseenPlug({ was, bay, event }: Deeds): Found[] {
  if (event.type !== 'connector.status' || bay.here.presence !== 'empty') return []
  const { connector } = event
  if (bay.connectors[connector]?.cable !== 'in' || was.connectors[connector]?.cable === 'in') return []
  return [about('plug-without-vehicle', connector)]
}

/** `Available` while its transaction is open: one of the two is wrong, and the charge point is asked which. */
const availableAgain = ({ was, bay }: Deeds): Found[] =>
  connectorsOf(bay)
    .filter((one) => one.availableAt !== null && one.transaction && was.connectors[one.connector]?.availableAt == null)
    .map((one) => ({
      ...about('available-with-transaction', one.connector),
      transactionId: one.transaction?.transactionId ?? '',
    }))

/** Something valid of another account was shown in the middle of a charge, and is not stronger than what pays (E31). */
function otherToken({ bay, event }: Deeds): Found[] {
  const payer = bay.visit?.payer ?? null
  if (event.type !== 'token.presented' || event.token.kind !== 'card' || payer === null || !isHeld(bay)) return []
  const { accountId, standing, handle } = event.token
  if (standing !== 'accepted' || accountId === null || accountId === payer.accountId) return []
  return [{ ...about('other-token', null), handle }]
}

const about = (kind: Doubt['kind'], connector: ConnectorKey | null): Found & { handle: Handle | null } => ({
  kind,
  connector,
  handle: null,
})
