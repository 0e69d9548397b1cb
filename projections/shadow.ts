import { type Autonomy, DEFAULT_POLICY, type PlateNews, type Policy } from '../machines/events.ts'
import { leads } from '../machines/identity.ts'
import type { Cause, Decision, FactRecord } from '../machines/record.ts'
import { emptyRegister, foldRegister, type Register } from '../machines/register.ts'
import { listOf, type Projection, textOf } from './projection.ts'

/**
 * How a visit ended that berth only watched. `right`: it would have started for the account whose card was presented (or that the
 * vehicle or an app named); `confirmed`: an operator, who saw that it would, let it; `wrong`: for another account than either named; `missed`: a card charged and berth would not have started; `unasked`: it would have
 * started and nobody presented anything; `unknown-card`: a card that the register does not accept; `nothing`: nobody did anything.
 */
export type Outcome = 'right' | 'confirmed' | 'wrong' | 'missed' | 'unasked' | 'unknown-card' | 'nothing'

/** One visit that is over, at a bay that did not act by itself. */
export type WatchedVisit = {
  readonly visitId: string
  readonly bayId: string
  /** Seq of the record that opened it. */
  readonly seq: number
  readonly openedAt: string
  /** Whose reads it rests on; where none read anything, all that cover the bay. */
  readonly cameras: readonly string[]
  /** The one vehicle that the reads agreed on, by handle; null where there was none, or more than one. */
  readonly vehicle: string | null
  /** The account for which berth would have started. */
  readonly proposed: string | null
  readonly told: { readonly by: 'card' | 'person'; readonly accountId: string } | null
  readonly charged: boolean
  /** A cable was in at some time. */
  readonly plugged: boolean
  readonly outcome: Outcome
  /** Why berth would not have started, in a few words; null where it would have. */
  readonly why: string | null
}

/** Every watched visit, oldest end first, and who pays by the register of the newest record. */
export type Shadow = {
  readonly visits: WatchedVisit[]
  readonly register: Register
  readonly bays: Map<string, Watch>
}

/** What is known of a bay between two records. */
type Watch = {
  policy: Policy
  own: Autonomy | null
  automatic: boolean
  cameras: readonly string[]
  visit: Running | null
}

/** A visit under way. */
type Running = {
  readonly visitId: string
  readonly seq: number
  readonly openedAt: string
  /** The bay acted by itself when it began, or a start of it left. */
  acts: boolean
  readonly readers: Set<string>
  readonly vehicles: Set<string>
  agreedBy: string | null
  plateAccount: string | null
  no: string | null
  person: boolean
  told: WatchedVisit['told']
  unknownCard: boolean
  charged: boolean
  plugged: boolean
}

/** What berth would have started beside what cards did, wherever it only watches. Visits that berth started itself are not in it. */
export const shadow: Projection<Shadow> = {
  name: 'shadow',
  start: () => ({ visits: [], register: emptyRegister(), bays: new Map() }),
  fold(told, record) {
    if (record.stream === 'register') foldRegister(told.register, record)
    if (record.bayId === null) return told
    const watch = watchOf(told, record.bayId)
    adopt(watch, record.cause)
    for (const decision of record.decisions) {
      if (decision.type === 'VisitOpened') watch.visit = opened(watch, decision, record)
      else if (watch.visit !== null && decision['visitId'] === watch.visit.visitId)
        decided(told, watch, watch.visit, decision, record)
    }
    if (watch.visit !== null) heard(watch, watch.visit, record)
    return told
  },
}

function watchOf({ bays }: Shadow, bayId: string): Watch {
  const known = bays.get(bayId)
  if (known) return known
  const fresh: Watch = { policy: DEFAULT_POLICY, own: null, automatic: true, cameras: [], visit: null }
  bays.set(bayId, fresh)
  return fresh
}

/** What decides whether a start leaves, and who covers the bay. */
function adopt(watch: Watch, cause: Cause): void {
  if (cause.type === 'policy.adopted') watch.policy = { ...DEFAULT_POLICY, ...(cause['policy'] as Partial<Policy>) }
  if (cause.type === 'zones.published') watch.cameras = listOf(cause['cameras']).map(String)
  if (cause.type === 'switch.turned') watch.automatic = cause['automatic'] === true
  if (cause.type === 'operator.commanded' && cause['command'] === 'autonomy')
    watch.own = (textOf(cause['level']) as Autonomy | null) ?? null
}

const opened = ({ policy, own, automatic }: Watch, decision: Decision, record: FactRecord): Running => ({
  visitId: textOf(decision['visitId']) ?? '',
  seq: record.seq,
  openedAt: record.at,
  acts: automatic && (own ?? policy.autonomy) === 'act',
  readers: new Set(),
  vehicles: new Set(),
  agreedBy: null,
  plateAccount: null,
  no: null,
  person: false,
  told: null,
  unknownCard: false,
  charged: false,
  plugged: false,
})

/** Offers that say that berth gave the start up; the others follow from the start having been held back. */
const GIVES_UP = ['a person confirms', 'reads disagree', 'plug-ambiguous', 'plate-elsewhere']
const PRESENTED = ['card', 'autocharge', 'plug-and-charge']

function decided(shadow: Shadow, watch: Watch, visit: Running, decision: Decision, record: FactRecord): void {
  const reason = textOf(decision['reason']) ?? ''
  switch (decision.type) {
    case 'PlateAgreed':
      visit.vehicles.add(String(decision['handle']))
      if (visit.told === null) visit.agreedBy = textOf(record.cause['cameraId']) ?? visit.agreedBy ?? ''
      break
    case 'VisitAuthorized':
      identified(visit, textOf(decision['identifiedBy']), decision, record.cause)
      break
    case 'IdentityUpgraded':
      identified(visit, textOf(decision['to']), decision, record.cause)
      break
    case 'VisitRefused':
      if (visit.told === null) visit.no = reason
      break
    case 'FallbackOffered':
      if (visit.told === null && GIVES_UP.includes(reason)) visit.no = reason
      break
    case 'BayLocked':
      visit.charged ||= decision['transactionId'] !== null
      break
    case 'VisitEnded':
      if (!visit.acts && record.bayId !== null) shadow.visits.push(watched(watch, visit, record.bayId))
      watch.visit = null
      break
    default:
      break
  }
}

/** Who pays, and who says so: the card before the person. */
function identified(visit: Running, rank: string | null, decision: Decision, cause: Cause): void {
  const accountId = textOf(decision['accountId'])
  if (accountId === null) return
  if (rank !== null && PRESENTED.includes(rank)) visit.told = { by: 'card', accountId }
  else if (decision['person'] !== true) Object.assign(visit, { plateAccount: accountId, no: null })
  else if (cause.type === 'operator.commanded' && cause['command'] === 'authorize')
    visit.told ??= { by: 'person', accountId }
  else visit.person = true
}

/** What the cause says beside the decisions: who read, a card that nobody knows, a cable, a start that left. */
function heard(watch: Watch, visit: Running, { cause, effects }: FactRecord): void {
  if (cause.type.startsWith('plate.') && cause.type !== 'plate.lost') {
    visit.readers.add(String(cause['cameraId']))
    const news = cause as unknown as PlateNews
    const leader = cause.type === 'plate.agreed' && news.clear && news.fresh ? leads(news, watch.policy) : null
    if (leader !== null) visit.vehicles.add(leader)
  }
  if (cause.type === 'token.presented' || cause.type === 'transaction.started') {
    const token = cause['token'] as { readonly kind?: string; readonly standing?: string } | undefined
    if (token?.kind === 'card' && token.standing !== 'accepted') visit.unknownCard = true
  }
  if (cause.type === 'connector.status' && PLUGGED.includes(String(cause['status']))) visit.plugged = true
  for (const effect of effects)
    if (effect.type === 'start.charging' && effect['leaves'] === true && !visit.person && visit.told === null)
      visit.acts = true
}
const PLUGGED = ['preparing', 'charging', 'suspended-ev', 'suspended-evse', 'finishing']

function watched(watch: Watch, visit: Running, bayId: string): WatchedVisit {
  const why = whyNot(visit)
  const proposed = why === null ? visit.plateAccount : null
  const readers = visit.readers.size > 0 ? [...visit.readers] : watch.cameras
  return {
    visitId: visit.visitId,
    bayId,
    seq: visit.seq,
    openedAt: visit.openedAt,
    cameras: visit.agreedBy ? [visit.agreedBy] : readers,
    vehicle: visit.vehicles.size === 1 ? ([...visit.vehicles][0] ?? null) : null,
    proposed,
    told: visit.told,
    charged: visit.charged,
    plugged: visit.plugged || visit.charged,
    outcome: outcomeOf(visit, proposed),
    why,
  }
}

function outcomeOf({ told, charged, unknownCard }: Running, proposed: string | null): Outcome {
  // Who confirms a proposal has seen it: that proves nothing of it. Who names another account does.
  if (told !== null && proposed !== null)
    return told.accountId !== proposed ? 'wrong' : told.by === 'person' ? 'confirmed' : 'right'
  if (told !== null && charged) return 'missed'
  if (unknownCard && told === null) return 'unknown-card'
  return proposed !== null ? 'unasked' : 'nothing'
}

/** Why berth would not have started, or null where it would have. */
function whyNot(visit: Running): string | null {
  if (visit.no !== null) return REASONS[visit.no] ?? visit.no
  if (visit.person) return 'a person read the plate'
  if (visit.plateAccount !== null) return null
  if (visit.agreedBy !== null) return 'the card came before the register answered'
  if (visit.vehicles.size > 0) return 'the card came before the plate was agreed on'
  return visit.readers.size > 0 ? 'no plate was agreed on' : 'no plate was read'
}

const REASONS: { readonly [reason: string]: string } = {
  unanswered: 'nobody answered who pays',
  unknown: 'the plate is not registered',
  blocked: 'the register blocks it',
  expired: 'it is not valid in the register now',
  'out-of-hours': 'it may not charge at this hour',
  'no-alias': 'the back end knows it by no token',
  'alias-busy': 'its token at the back end was in a session',
  objected: 'its people want no start by the plate',
  operator: 'a person said no',
  'a person confirms': 'a person must confirm it',
  'plug-ambiguous': 'two waiting bays reach the plug',
  'plate-elsewhere': 'another bay held the plate',
}
