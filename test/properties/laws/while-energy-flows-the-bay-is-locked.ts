import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { drawsFresh, isSame, mustLock } from '../plain-facts.ts'

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

/** What a charge point sends late, or of another time, is for the bill alone (E22). */
function lateSamplesLockNothing({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'meter.values' || mustLock(was) || !mustLock(now)) continue
    const ended = was.connectors[event.connector]?.lastEnded
    if (event.when === 'past') return 'a sample of the past locked the bay'
    if (ended && ended.transactionId === event.transactionId) return 'a sample of an ended transaction locked the bay'
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
    { says: 'samples of the past or of an ended transaction lock nothing', breach: lateSamplesLockNothing },
  ],
}
