import { autonomyOf, type Bay } from '../machines/knowledge.ts'
import type { Effect, FactRecord } from '../machines/record.ts'

/**
 * What an effect reaches. `inside`: berth and its own people. `asks`: a question to a charge point, which answers with news that it sends
 * anyway (status, meter values); nothing there is changed by it. `acts`: somebody outside is told or made to do something.
 */
export const REACH: { readonly [type: string]: 'inside' | 'asks' | 'acts' } = {
  'claim.plate': 'inside',
  'release.plate': 'inside',
  'tell.bay': 'inside',
  'ask.authorizer': 'inside',
  'ask.second-reader': 'inside',
  'open.review': 'inside',
  'close.review': 'inside',
  'cancel.start': 'inside',
  'erase.subject': 'inside',
  'raise.alarm': 'inside',
  'clear.alarm': 'inside',
  'ask.charger': 'asks',
  'start.charging': 'acts',
  'stop.charging': 'acts',
  'tell.driver': 'acts',
}

type Ordered = Pick<FactRecord, 'cause'>

/**
 * Whether an effect may leave: at a bay that observes, nothing that acts does, unless a person ordered it. An effect that nobody has
 * placed yet acts. `bay` is the bay as it is now, undefined for a record of no bay.
 */
export function mayLeave(effect: Effect, record: Ordered, bay: Bay | undefined): boolean {
  if ((REACH[effect.type] ?? 'acts') !== 'acts' || bay === undefined) return true
  return autonomyOf(bay) !== 'observe' || byPerson(effect, record, bay)
}

const byPerson = (effect: Effect, { cause }: Ordered, bay: Bay): boolean =>
  effect['reason'] === 'operator' ||
  cause.type === 'operator.commanded' ||
  (effect.type === 'start.charging' && bay.visit?.payer?.person === true)

/** What carries out effects, behind the gate. `held` is told what stayed. */
export function gated(
  carryOut: (effect: Effect, record: FactRecord) => void,
  bay: (bayId: string) => Bay | undefined,
  held: (effect: Effect) => void,
): (effect: Effect, record: FactRecord) => void {
  return (effect, record) => {
    if (mayLeave(effect, record, record.bayId === null ? undefined : bay(record.bayId))) carryOut(effect, record)
    else held(effect)
  }
}
