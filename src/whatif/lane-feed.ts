import type { BayEvent } from '../../machines/learn.ts'
import type { Cause, FactRecord } from '../../machines/record.ts'
import { eventOf } from '../../machines/step.ts'
import type { Lane, TwinLives } from './lane.ts'
import { ANSWERS } from './lane-answers.ts'
import type { TriedClaims } from './tried-claims.ts'
import type { TriedRules } from './tried-rules.ts'

/**
 * What the tried life is told in the place of a record. `event` null: nothing; `same`: what was recorded. `why` says in words what is
 * withheld or changed; `loses`: from here on nobody knows.
 */
export type Fed = {
  readonly event: BayEvent | null
  readonly same: boolean
  /** Told otherwise than by the rules that are tried: the lives go apart. */
  readonly apart: boolean
  readonly why: string
  readonly loses?: string
  /** An agreement is none any more, and reads after it were not told one by one. */
  readonly less?: boolean
}

export type FeedParts = { readonly lives: TwinLives; readonly claims: TriedClaims; readonly rules: TriedRules }

const AS_IT_WAS = 'the same, judged by other rules'
const same = (event: BayEvent): Fed => ({ event, same: true, apart: false, why: AS_IT_WAS })
const nothing = (why: string): Fed => ({ event: null, same: false, apart: true, why })

/** The record's cause, changed, as an event. */
const as = (record: FactRecord, cause: Cause): BayEvent => eventOf({ ...record, cause })

/** What the tried life of a bay is told where this is recorded. Notes what is withheld in the lane. */
export function fedTo(lane: Lane, record: FactRecord, event: BayEvent, parts: FeedParts): Fed {
  const { cause } = record
  const names = ANSWERS[cause.type]
  if (names !== undefined) return answer(lane, record, event, names, parts)
  if (cause.type.startsWith('claim.')) {
    const news = parts.claims.newsFor(lane, cause)
    if (news === cause) return same(event)
    return news ? { event: as(record, news), same: false, apart: true, why: 'another visit' } : nothing('no such claim')
  }
  switch (cause.type) {
    case 'policy.adopted':
    case 'zones.published': {
      const adopted = parts.rules.adopted(lane.bayId, cause)
      return adopted === cause
        ? same(event)
        : { event: as(record, adopted), same: false, apart: false, why: 'other rules' }
    }
    case 'transaction.started':
      return started(lane, record, event, parts)
    case 'transaction.updated':
    case 'transaction.ended':
    case 'meter.values':
    case 'connector.status':
      return isWithheld(lane, cause) ? nothing('of a charge that was not started') : same(event)
    default:
      return same(event)
  }
}

function answer(lane: Lane, record: FactRecord, event: BayEvent, names: string, { rules }: FeedParts): Fed {
  const { cause } = record
  const id = String(cause[names])
  if (cause['verdict'] === 'no-reviewer' && rules.asksReviewers) return nothing('people would have been there')
  const name = lane.answers.nameOf(id)
  if (name === id) return same(event)
  if (name !== null)
    return { event: as(record, { ...cause, [names]: name }), same: false, apart: true, why: 'asked at another moment' }
  lane.answers.unasked(id, cause, Date.parse(record.at))
  return nothing('an answer to what was not asked')
}

type StartToken = { readonly kind: string; readonly startId: string; readonly live: boolean }

/** A charge begins. By a start of berth's it does so only where the tried life sent that start, and gets its word for it. */
function started(lane: Lane, record: FactRecord, event: BayEvent, { lives }: FeedParts): Fed {
  const { cause } = record
  const connector = String(cause['connector'])
  const token = cause['token'] as unknown as StartToken
  if (token.kind !== 'start') {
    lane.withheld.delete(connector)
    return same(event)
  }
  const startId = lane.answers.nameOf(token.startId)
  if (startId === null) {
    lane.answers.began(token.startId)
    lane.withheld.set(connector, { transactionId: String(cause['transactionId']), open: true })
    return nothing('a charge by a start that was not sent')
  }
  const [recorded, tried] = [lives.standing(lane.bayId, 'recorded'), lives.standing(lane.bayId, 'tried')]
  const [lived, lives_] = [recorded.liveStarts.includes(token.startId), tried.liveStarts.includes(startId)]
  if (lived === lives_ && startId === token.startId) return same(event)
  const said = { ...token, startId, visitId: tried.visitId ?? '', ...(lived === lives_ ? {} : { live: lives_ }) }
  const told = { ...cause, token: said, ...(lived === lives_ ? {} : { accepted: lives_ }) } as unknown as Cause
  const loses = 'the charge point would have got another answer to its start'
  return {
    event: as(record, told),
    same: false,
    apart: true,
    why: lived === lives_ ? 'by a start of another moment' : loses,
    ...(lived === lives_ ? {} : { loses }),
  }
}

/** Words of a connector that say that a vehicle charges, or did. */
const OF_A_CHARGE = ['charging', 'suspended-ev', 'suspended-evse', 'finishing']

/** Whether this is of a charge that the tried life did not start. The cable that comes out ends that. */
function isWithheld(lane: Lane, cause: Cause): boolean {
  const connector = String(cause['connector'])
  const charge = lane.withheld.get(connector)
  if (!charge) return false
  if (cause.type === 'connector.status') {
    const status = String(cause['status'])
    if (status === 'available' || (status === 'preparing' && !charge.open)) lane.withheld.delete(connector)
    return OF_A_CHARGE.includes(status)
  }
  const transactionId = cause['transactionId'] ?? null
  if (transactionId !== null && transactionId !== charge.transactionId) return false
  if (cause.type === 'transaction.ended') charge.open = false
  return true
}
