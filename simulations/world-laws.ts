import type { Site } from '../actors/site.ts'
import { actsAlone } from '../machines/guards.ts'
import { stronger, upgraded } from '../machines/identity.ts'
import type { Bay } from '../machines/knowledge.ts'
import { holdsNothing, isHeld } from '../machines/lock.ts'
import type { FactRecord } from '../machines/record.ts'

/** A law that did not hold, in words, with the record at which it was seen. */
export type Violation = { readonly law: string; readonly says: string; readonly seq: number; readonly at: string }

/** One record of a bay, with what the bay knew before and knows after. */
export type Moment = {
  readonly record: FactRecord
  readonly was: Bay
  readonly now: Bay
  readonly stateBefore: string
}

type Law = (moment: Moment) => string | null

/** Late by this much a bay that holds nothing is stuck: a timer fires at its due time, not before the next breath, ms. */
const BREATH_ms = 60_000

const isCamera = (type: string): boolean => /^(plate|zone|camera|vehicle)\./.test(type)
const byPerson = ({ record }: Moment): boolean =>
  record.cause.type === 'operator.commanded' || record.cause.type === 'review.answered'

/** The laws of the bay, each asked of every record. */
const LAWS: { readonly [law: string]: Law } = {
  'while energy flows the bay is locked': ({ now, record }) =>
    isHeld(now) !== (record.state === 'charging-locked')
      ? `${record.state}, and ${isHeld(now) ? 'held' : 'not held'}`
      : null,

  'a decided identity yields only to a stronger one or to a person': (moment) => {
    const [before, after] = [moment.was.visit, moment.now.visit]
    if (!before?.payer || !after || before.visitId !== after.visitId) return null
    const { payer } = before
    if (after.payer && (after.payer.accountId === payer.accountId || upgraded(payer, after.payer) === after.payer))
      return null
    if (byPerson(moment)) return null
    // The register may take back its word before anything was started (E16).
    if (moment.record.cause.type === 'authorization.refused' && !isHeld(moment.was) && payer.rank === 'plate')
      return null
    return `${payer.rank} ${payer.accountId} became ${after.payer?.rank ?? 'nobody'} ${after.payer?.accountId ?? ''} by ${moment.record.cause.type}`
  },

  'what a person said is not overwritten by a machine': (moment) => {
    const [before, after] = [moment.was.visit, moment.now.visit]
    if (!before?.payer?.person || !after || before.visitId !== after.visitId || byPerson(moment)) return null
    const same = after.payer?.accountId === before.payer.accountId
    return same || (after.payer && stronger(after.payer.rank, 'operator')) ? null : `by ${moment.record.cause.type}`
  },

  'no camera alone decides without witnesses that agree, fresh, in this zone': ({ record, now }) => {
    if (
      !isCamera(record.cause.type) ||
      !record.decisions.some((one) => one.type === 'PlateAgreed' && one['by'] !== 'person')
    )
      return null
    const { fresh, clear, leader, tally } = record.cause as {
      fresh?: boolean
      clear?: boolean
      leader?: string
      tally?: readonly { handle: string; witnesses: number; plausible: boolean }[]
    }
    const first = tally?.find((one) => one.handle === leader)
    const rival = tally?.some((one) => one.handle !== leader && one.witnesses >= now.policy.quorum)
    if (fresh && clear && first?.plausible && first.witnesses >= now.policy.quorum && !rival) return null
    return `agreed by ${JSON.stringify(record.cause)}`
  },

  'no camera bills a charge that runs': ({ record, was }) => {
    if (!isCamera(record.cause.type) || !isHeld(was) || !record.decisions.some((one) => one.type === 'SessionBilled'))
      return null
    // Link down and the zone seen empty for absence_s: the visit ends, billed to the last register.
    return record.rule === 'lostSight' ? null : `by ${record.rule ?? 'no rule'}`
  },

  'a visit is started once for each reason': (moment) => {
    const { record, was } = moment
    const twice = record.decisions.find(
      (one) =>
        one.type === 'StartRequested' &&
        // Each word of a person is a start of its own.
        !(one['reason'] === 'operator' && byPerson(moment)) &&
        was.visit?.visitId === one['visitId'] &&
        was.visit?.starts.some((start) => start.reason === one['reason']),
    )
    return twice ? `twice for ${String(twice['reason'])}` : null
  },

  'nothing starts by itself where the bay does not act by itself': ({ record, now }) => {
    const start = record.effects.find((one) => one.type === 'start.charging' && one['leaves'] === true)
    if (!start || actsAlone(now) || start['reason'] === 'operator' || now.visit?.payer?.person === true) return null
    return `started for ${String(start['reason'])}`
  },

  'nobody is started for whom nobody pays': ({ record, now }) =>
    record.effects.some((one) => one.type === 'start.charging') && (now.visit?.payer?.accountId ?? null) === null
      ? 'no payer'
      : null,

  'a bay has a visit exactly while it is not vacant': ({ record, now }) =>
    (now.visit === null) !== (record.state === 'vacant')
      ? `${record.state} with ${now.visit?.visitId ?? 'no visit'}`
      : null,
}

/** Checks one record of a bay against every law; the first that does not hold. */
export function checkMoment(moment: Moment): Violation | null {
  for (const [law, ask] of Object.entries(LAWS)) {
    const says = ask(moment)
    if (says !== null)
      return { law, says: `${moment.record.bayId}: ${says}`, seq: moment.record.seq, at: moment.record.at }
  }
  return null
}

/** What must hold of the whole site whenever it rests. */
export function checkSite(site: Site, at: number, seq: number): Violation | null {
  const violation = (law: string, says: string): Violation => ({ law, says, seq, at: new Date(at).toISOString() })
  const held = new Map<string, string>()
  for (const { bay, bayId } of site.hosts.values()) {
    const { visit } = bay
    if (!visit) continue
    const late = at - visit.lastSign - bay.policy.absence_s * 1000
    if (holdsNothing(bay) && late > BREATH_ms)
      return violation(
        'no bay stays occupied by nothing',
        `${bayId} holds nothing, ${Math.round(late / 1000)} s longer than absence_s`,
      )
    if (visit.claim?.state !== 'granted') continue
    const other = held.get(visit.claim.handle)
    if (other !== undefined)
      return violation('one plate has at most one live visit', `${visit.claim.handle} at ${other} and ${bayId}`)
    held.set(visit.claim.handle, bayId)
  }
  return null
}
