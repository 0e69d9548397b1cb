import type { Bay } from '../../../machines/knowledge.ts'
import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { connectors, drawsFresh, isSame, mustLock, ordered } from '../plain-facts.ts'

const NOT_A_PERSON = /^(plate\.|vehicle\.|zone\.|camera\.|charger\.|second\.read|bay\.wake|xstate\.after\.)/

/** The lock is the transaction or the current, and nothing else. */
function locksExactly({ lived }: BayRun): string | null {
  for (const { now, state, event } of lived)
    if (mustLock(now) !== (state === 'charging-locked'))
      return `${state} after ${event.type}, transaction or current: ${mustLock(now)}`
  return null
}

function nobodyElsePays({ lived }: BayRun): string | null {
  for (const { was, now, event, state } of lived) {
    if (!drawsFresh(was, event.at) || !NOT_A_PERSON.test(event.type)) continue
    if (state !== 'charging-locked') return `${event.type} unlocked the bay while it drew`
    if (now.visit?.visitId !== was.visit?.visitId) return `${event.type} ended the visit while it drew`
    if (!isSame(now.visit?.payer, was.visit?.payer)) return `${event.type} changed who pays`
    if (!isSame(now.visit?.closed, was.visit?.closed)) return `${event.type} changed what was charged`
  }
  return null
}

/** What a meter says now locks, whether or not anybody announced a transaction. */
function currentLocks({ lived, policy }: BayRun): string | null {
  for (const { was, event, state } of lived) {
    if (event.type !== 'meter.values' || event.when !== 'live' || event.verdict === 'unusable') continue
    const before = was.connectors[event.connector]
    const own = before?.transaction
      ? event.transactionId === before.transaction.transactionId
      : before?.lastEnded === null
    if (own && (event.current_A ?? 0) >= policy.lock.on_A && state !== 'charging-locked')
      return `${event.current_A} A and ${state}`
  }
  return null
}

/** A transaction that berth accepted locks, with its own payer on record. */
function startsLock({ lived }: BayRun): string | null {
  for (const { event, state, draft } of lived)
    if (event.type === 'transaction.started' && event.accepted && state !== 'charging-locked')
      return `transaction ${event.transactionId} began and the bay is ${state}, by ${draft.rule}`
  return null
}

function oneSampleReleasesNothing({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'meter.values') continue
    const before = was.connectors[event.connector]
    if (before?.flow.drawing && before.flow.low === 0 && !mustLock(now))
      return `one sample of ${event.current_A} A unlocked`
  }
  return null
}

/** Between the two thresholds the lock stays what it was. */
function hysteresis({ lived, policy }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'meter.values' || event.current_A === null) continue
    const [before, after] = [was.connectors[event.connector]?.flow, now.connectors[event.connector]?.flow]
    const between = event.current_A > policy.lock.off_A && event.current_A < policy.lock.on_A
    if (between && before?.drawing !== after?.drawing)
      return `${event.current_A} A changed drawing to ${after?.drawing}`
    if (event.current_A < policy.lock.on_A && after?.drawing && !before?.drawing)
      return `${event.current_A} A is a draw`
  }
  return null
}

/** So soon after an end a sample is of before it, ms (E22). */
const LATE_ms = 15_000

/** What a charge point sends late, or of another time, is for the bill alone (E22). */
function lateSamplesLockNothing({ lived }: BayRun): string | null {
  const overAt = new Map<string, number>()
  for (const { was, now, event } of lived) {
    for (const id of endedBetween(was, now)) overAt.set(id, event.at)
    if (event.type !== 'meter.values' || mustLock(was) || !mustLock(now)) continue
    if (event.when === 'past') return 'a sample of the past locked the bay'
    if (event.at - (overAt.get(event.transactionId ?? '') ?? 0) < LATE_ms)
      return 'a late sample of an ended transaction locked the bay'
  }
  return null
}

/** The transactions that ended in this step: one whose visit left it behind did not. */
const endedBetween = (was: Bay, now: Bay): string[] =>
  connectors(was).flatMap(({ connector, transaction }) => {
    const { transaction: open, orphan } = now.connectors[connector] ?? {}
    const isKept = [open, orphan?.transaction].some((one) => one?.transactionId === transaction?.transactionId)
    return transaction && !isKept ? [transaction.transactionId] : []
  })

/** The charge point says itself that nothing flows there, or that somebody else's charge does. */
const SILENCES = /^(connector\.status|transaction\.|site\.resumed|operator\.commanded|profile\.adopted|policy\.adopted)/

/**
 * Energy that flows is energy, whatever its transaction is called: two live samples in a row, under one name or none, that came more
 * than `LATE_ms` after the last end lock the bay. It goes by what the meter said, never by what the bay made of it.
 */
function twoSamplesLock({ lived, policy }: BayRun): string | null {
  const drawing = new Map<string, { readonly id: string | null; readonly since: number }>()
  const overAt = new Map<string, number>()
  for (const { was, now, event, state } of lived) {
    for (const { connector } of connectors(was))
      if (was.connectors[connector]?.transaction && !now.connectors[connector]?.transaction)
        overAt.set(connector, event.at)
    // The end of what its visit left open, told late, is an end too.
    if (event.type === 'transaction.ended') overAt.set(event.connector, event.at)
    if (SILENCES.test(event.type)) drawing.clear()
    if (event.type !== 'meter.values' || event.when !== 'live' || event.verdict === 'unusable') continue
    const { connector, transactionId: id, current_A } = event
    const isFree = was.connectors[connector]?.transaction === null
    const isLate = event.at - (overAt.get(connector) ?? 0) < LATE_ms
    const before = drawing.get(connector)
    drawing.delete(connector)
    if (current_A === null || current_A < policy.lock.on_A || !isFree || isLate) continue
    drawing.set(connector, { id, since: before?.id === id ? before.since : event.at })
    if (before?.id === id && state !== 'charging-locked') return `${current_A} A under ${id} twice, and ${state}`
  }
  return null
}

/** No start goes to a cable through which energy flows, or flowed by the newest sample after an end: somebody else's vehicle hangs on it. */
function noStartWhereItFlows({ lived }: BayRun): string | null {
  for (const { now, draft } of lived)
    for (const effect of ordered(draft, 'start.charging')) {
      const key = `${String(effect['chargePointId'])}/${String(effect['evse'])}`
      const known = now.connectors[key]
      if (known?.flow.drawing || (known?.transaction === null && (known.lastEnded?.draws ?? 0) > 0))
        return `a start goes to ${key}, which draws`
    }
  return null
}

/** Under the name of a transaction that is not the open one, a meter says nothing about it. */
function strangersSayNothing({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'meter.values' || event.transactionId === null) continue
    const [before, after] = [was.connectors[event.connector], now.connectors[event.connector]]
    if (!before?.transaction || before.transaction.transactionId === event.transactionId) continue
    if (before.orphan?.transaction.transactionId === event.transactionId) continue
    if (!isSame(before.flow, after?.flow))
      return `a sample of ${event.transactionId} moved the flow of another transaction`
  }
  return null
}

/** A charge point that says Available and goes on metering a draw has not ended anything. */
function availableEndsNoDraw({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'connector.status' || event.status !== 'available') continue
    const before = was.connectors[event.connector]
    const drew = before?.flow.drawing && before.availableAt !== null && (before.flow.at ?? 0) > before.availableAt
    if (drew && before.transaction && now.connectors[event.connector]?.transaction === null)
      return `Available ended ${before.transaction.transactionId} although it draws`
  }
  return null
}

/** Law 1. A neighbour's camera must never hand a running charge to somebody else's bill. */
export const law: Law = {
  number: 1,
  promise: 'while energy flows the bay is locked',
  matters: "A neighbour's camera must never hand a running charge to somebody else's bill.",
  own: [],
  bay: [
    { says: 'a bay is charging-locked exactly while a transaction is open or current flows', breach: locksExactly },
    { says: 'a live sample of lock.on_A or more locks', breach: currentLocks },
    { says: 'an accepted start locks', breach: startsLock },
    {
      says: 'while fresh current flows no camera, link, second reader or timer changes visit, payer or session',
      breach: nobodyElsePays,
    },
    { says: 'one meter sample never releases a lock that current alone holds', breach: oneSampleReleasesNothing },
    { says: 'between lock.off_A and lock.on_A the lock stays what it was', breach: hysteresis },
    { says: 'Available ends no charge that draws since', breach: availableEndsNoDraw },
    { says: 'a sample of another transaction says nothing of the open one', breach: strangersSayNothing },
    { says: 'samples of the past, or late ones of an ended transaction, lock nothing', breach: lateSamplesLockNothing },
    { says: 'current that flows on after an end locks, whatever its transaction is called', breach: twoSamplesLock },
    { says: 'no start goes to a cable that draws, or may', breach: noStartWhereItFlows },
  ],
}
