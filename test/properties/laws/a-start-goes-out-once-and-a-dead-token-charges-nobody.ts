import { equal } from 'node:assert/strict'
import { ToySite } from '../../../simulations/toy-site.ts'
import { fc } from '../../seeded-check.ts'
import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { decided, isPlugged, mayStillCharge, ordered } from '../plain-facts.ts'

type Line = { readonly transactionId: string; readonly accountId: string | null }

function onceForEachReason({ lived }: BayRun): string | null {
  const seen = new Set<string>()
  const sent = new Set<string>()
  for (const { draft, event } of lived)
    for (const decision of decided(draft, 'StartRequested')) {
      const word = decision['reason'] === 'operator' ? ` ${event.id}` : ''
      const once = `${decision['visitId']} ${decision['reason']}${word}`
      if (seen.has(once)) return `a second start: ${once}`
      seen.add(once)
      const startId = String(decision['startId'])
      if (sent.has(startId) !== (decision['reason'] === 'after-restart')) return `a start again: ${decision['reason']}`
      sent.add(startId)
    }
  return null
}

/** What was sent and may still become a transaction is waited for before the next start goes out. */
function oneAtATime({ lived }: BayRun): string | null {
  for (const { was, event, draft } of lived)
    for (const start of ordered(draft, 'start.charging')) {
      if (start['reason'] === 'after-restart' || event.type === 'operator.commanded') continue
      const under = (was.visit?.starts ?? []).find(
        (one) =>
          one.connector === `${start['chargePointId']}/${start['evse']}` &&
          (one.state === 'asked' || one.state === 'unanswered') &&
          decided(draft, 'VisitEnded').length === 0 &&
          event.type !== 'start.rejected' &&
          event.type !== 'start.expired',
      )
      if (under) return `${start['reason']} although ${under.reason} is ${under.state}`
    }
  return null
}

function deadStaysDead({ lived }: BayRun): string | null {
  const dead = new Set<string>()
  for (const { now, was, draft } of lived) {
    const again = decided(draft, 'StartRequested').some((decision) => decision['reason'] === 'after-restart')
    const live = (now.visit?.starts ?? []).filter((one) => mayStillCharge(one.state)).map((one) => one.startId)
    const risen = live.find((startId) => dead.has(startId))
    if (risen) return `${risen} was dead and lives`
    for (const { startId } of was.visit?.starts ?? []) if (!again && !live.includes(startId)) dead.add(startId)
  }
  return null
}

/** Sent or not: a start that berth gives up is called back, so that what waits for its charge point never leaves. */
function deadIsCalledBack({ lived }: BayRun): string | null {
  for (const { was, now, draft, event } of lived) {
    if (event.type.startsWith('start.') || event.type === 'transaction.started') continue
    const live = (now.visit?.starts ?? []).filter((one) => mayStillCharge(one.state)).map((one) => one.startId)
    const called = ordered(draft, 'cancel.start').map((effect) => effect['startId'])
    for (const { startId, state, held } of was.visit?.starts ?? []) {
      if (!mayStillCharge(state) || live.includes(startId) || called.includes(startId)) continue
      // A start that was held back and let go by a person goes on under another token.
      if (held && ordered(draft, 'start.charging').length > 0) continue
      return `${startId} died by ${draft.rule} and was not called back`
    }
  }
  return null
}

/** Once a car has left, or a person says no, nothing of its visit starts. */
function deniedStartsNothing({ lived }: BayRun): string | null {
  for (const { now, draft, state } of lived)
    if (
      ordered(draft, 'start.charging').length > 0 &&
      (now.visit === null || (now.visit.denied !== null && !now.visit.payer?.person))
    )
      return `a start for a visit that is ${now.visit === null ? 'over' : 'denied'} (${state})`
  return null
}

/** Below `act`, out of service or switched off, only a person's word sends a start. */
function leavesByRight({ lived }: BayRun): string | null {
  for (const { now, draft } of lived)
    for (const start of ordered(draft, 'start.charging')) {
      const person = start['reason'] === 'operator' || now.visit?.payer?.person === true
      const alone = (now.autonomy ?? now.policy.autonomy) === 'act' && now.service === 'in-service' && now.automatic
      if (start['leaves'] !== (person || alone)) return `${start['reason']} leaves: ${start['leaves']}`
    }
  return null
}

/** What became of the newest start is said, and nothing that came to nothing is waited for. */
function failureIsSaid({ lived }: BayRun): string | null {
  for (const { now, event, draft, detailBefore } of lived) {
    if (detailBefore !== 'starting' || (event.type !== 'start.expired' && event.type !== 'start.rejected')) continue
    const start = now.visit?.starts.at(-1)
    if (start?.startId !== event.startId || start.reason === 'after-restart') continue
    if (event.type === 'start.rejected' && !isPlugged(now)) continue
    if (decided(draft, 'StartFailed').length === 0) return `${event.type}, and nobody says so`
  }
  return null
}

/** A charge point that already holds the token may refuse to be told again: the start may still become a charge. */
function repeatSurvivesNo({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'start.rejected') continue
    const before = was.visit?.starts.findLast((one) => one.startId === event.startId)
    // With its visit a token dies in any case.
    if (before?.reason !== 'after-restart' || before.state !== 'asked' || now.visit?.visitId !== was.visit?.visitId)
      continue
    const after = now.visit?.starts.findLast((one) => one.startId === event.startId)
    if (!mayStillCharge(after?.state ?? '')) return `${event.startId}, sent once more, is ${after?.state}`
  }
  return null
}

/** Automatic starts switched off: what no charge point has answered yet is called back. */
function switchCallsBack({ lived }: BayRun): string | null {
  for (const { was, event, draft, detailBefore } of lived) {
    if (event.type !== 'switch.turned' || event.automatic || detailBefore !== 'starting') continue
    const start = was.visit?.starts.at(-1)
    if (start?.state !== 'asked' || was.visit?.payer?.person === true) continue
    if (ordered(draft, 'cancel.start').length === 0) return `${start.startId} goes on although starts are switched off`
  }
  return null
}

/** Transactions that berth answered Invalid. */
const refusedOf = ({ lived }: BayRun): Set<string> =>
  new Set(
    lived.flatMap(({ event }) =>
      event.type === 'transaction.started' && !event.accepted ? [String(event.transactionId)] : [],
    ),
  )

function deadTokenChargesNobody(run: BayRun): string | null {
  const refused = refusedOf(run)
  for (const { draft, event } of run.lived) {
    if (event.type === 'transaction.started' && !event.accepted) {
      const stopped = ordered(draft, 'stop.charging').some((effect) => effect['transactionId'] === event.transactionId)
      if (!stopped) return `${event.transactionId} came with a dead token and was not told to stop`
    }
    for (const ended of decided(draft, 'TransactionEnded'))
      if (refused.has(String(ended['transactionId'])) && ended['accountId'] !== null)
        return `${ended['transactionId']} came with a dead token and ended for ${ended['accountId']}`
    for (const bill of decided(draft, 'SessionBilled'))
      for (const line of bill['lines'] as unknown as Line[])
        if (refused.has(line.transactionId) && line.accountId !== null)
          return `${line.transactionId} came with a dead token and is billed to ${line.accountId}`
  }
  return null
}

/** A start that berth refuses takes nothing from the one that somebody pays for (E19). */
function firstStartWins({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'transaction.started' || event.accepted) continue
    const before = was.connectors[event.connector]?.transaction
    if (
      before &&
      !before.unpaid &&
      now.connectors[event.connector]?.transaction?.transactionId !== before.transactionId
    )
      return `${event.transactionId} displaced ${before.transactionId}`
  }
  return null
}

/** Law 4. A second start is a second bill, or a charge for a car that has left. */
export const law: Law = {
  number: 4,
  promise: 'a start goes out once and a dead token charges nobody',
  matters: 'A second start is a second bill, or a charge for a car that has left.',
  own: [
    {
      says: 'below act nothing reaches a charge point by itself',
      share: 0.02,
      property: () =>
        fc.asyncProperty(fc.constantFrom('observe' as const, 'suggest' as const), async (autonomy) => {
          const bays = [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }]
          const site = await new ToySite({ bays, policy: { autonomy } }).open()
          await site.registers('AB12CDE', 'acc-1')
          await site.hear({ type: 'online', chargePointId: 'CP-1' })
          for (let frame = 0; frame < 4; frame += 1) {
            await site.camera('cam-1', { plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }] })
            await site.pass(300)
          }
          equal(site.bay('bay-1')?.visit?.payer?.accountId, 'acc-1')
          equal(site.starts().length, 0)
        }) as fc.IRawProperty<unknown>,
    },
  ],
  bay: [
    {
      says: 'a visit starts at most once for each reason and for each word of a person, and only the restart repeats a token',
      breach: onceForEachReason,
    },
    { says: 'no start goes out while another may still become a transaction', breach: oneAtATime },
    { says: 'a start that died stays dead', breach: deadStaysDead },
    { says: 'a start that berth gives up is called back', breach: deadIsCalledBack },
    { says: 'nothing is started for a visit that was denied or is over', breach: deniedStartsNothing },
    { says: 'a start leaves by itself only where the bay acts by itself', breach: leavesByRight },
    { says: 'a start that came to nothing is said so', breach: failureIsSaid },
    { says: 'a no to a start that was sent once more does not kill its token', breach: repeatSurvivesNo },
    {
      says: 'a start that nobody answered is called back when automatic starts are switched off',
      breach: switchCallsBack,
    },
    {
      says: 'a transaction that came with a dead token is billed to nobody and told to stop',
      breach: deadTokenChargesNobody,
    },
    { says: 'a refused start displaces no transaction that somebody pays for', breach: firstStartWins },
  ],
}
