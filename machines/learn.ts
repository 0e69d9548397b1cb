import type { Observation, Stamped, TimerFired } from './events.ts'
import { withEvidence } from './identity-evidence.ts'
import { withIdleShared } from './idle-shares.ts'
import { type Bay, withVisit } from './knowledge.ts'
import { learnAnswer, learnCommand } from './learn-answers.ts'
import { learnCamera, learnPlate } from './learn-camera.ts'
import { learnConnector, learnIdle, learnResumed, learnWake } from './learn-connector.ts'
import { learnMeter } from './learn-meter.ts'
import { learnSite, withoutSettled } from './learn-site.ts'
import { learnTransaction } from './learn-transaction.ts'
import { isHeld } from './lock.ts'

/** What a chart event can be: an observation, a fired timer, or the wake that knowledge asked for. */
export type BayEvent =
  | Stamped<Observation | TimerFired>
  | {
      readonly type: 'bay.wake'
      readonly at: number
      readonly version: number
      readonly id: string
      readonly source: string
    }

/** Folds one observation into what the bay knows. Pure; decides nothing. */
export function learn(bay: Bay, event: BayEvent): Bay {
  const heard = fold({ ...bay, version: event.version }, event)
  return withEvidence(withIdleShared(bay, withLastHold(bay, heard, event.at), event.at), event)
}

/** The end of a charge is a sign too: until then the vehicle was there, whatever a camera saw, and every way out counts from it. */
const withLastHold = (before: Bay, after: Bay, at: number): Bay =>
  after.visit !== null && isHeld(before) && !isHeld(after) ? withVisit(after, { lastSign: at }) : after

function fold(known: Bay, event: BayEvent): Bay {
  switch (event.type) {
    case 'plate.seen':
    case 'plate.agreed':
    case 'plate.contested':
    case 'plate.lost':
      return learnPlate(known, event)
    case 'vehicle.seen':
    case 'zone.empty':
    case 'zone.unknown':
    case 'camera.lost':
    case 'camera.back':
      return learnCamera(known, event)
    case 'charger.online':
    case 'charger.offline':
    case 'connector.status':
      return learnConnector(known, event)
    case 'transaction.started':
    case 'transaction.ended':
    case 'transaction.updated':
      return learnIdle(withoutSettled(learnTransaction(known, event)), event.at)
    case 'meter.values':
      return learnMeter(known, event)
    case 'operator.commanded':
      return learnCommand(known, event)
    case 'bay.wake':
      return learnWake(known, event.at)
    case 'site.resumed':
      return learnResumed(known, event)
    case 'policy.adopted':
    case 'zones.published':
    case 'profile.adopted':
    case 'switch.turned':
    case 'erasure.asked':
      return learnSite(known, event)
    case 'token.presented':
    case 'authorization.granted':
    case 'authorization.refused':
    case 'start.accepted':
    case 'start.rejected':
    case 'start.unanswered':
    case 'start.expired':
    case 'second.read':
    case 'review.answered':
    case 'claim.granted':
    case 'claim.lost':
    case 'claim.contested':
    case 'claim.doubled':
    case 'claim.alone':
      return learnAnswer(known, event)
    default:
      return known
  }
}

/** What is known after an event, what was known before it, and the event. */
export type Learned = { readonly now: Bay; readonly was: Bay; readonly event: BayEvent }
let newest: Learned | null = null

/** `learn`, computed once for one event on one bay: its guards and acts, asked one after the other, share it. */
export function learned(bay: Bay, event: BayEvent): Learned {
  if (newest === null || newest.event !== event || newest.was !== bay)
    newest = { now: learn(bay, event), was: bay, event }
  return newest
}
