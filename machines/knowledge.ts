import type { Contradiction } from './contradiction.ts'
import type { Autonomy, ConnectorKey, ConnectorStatus, Handle, Policy, Rank, Tally } from './events.ts'
import type { Signals } from './learn-signals.ts'
import type { Doubt, LastEnded, Owed } from './open-questions.ts'
import type { ConnectorTraits, Zone } from './site-news.ts'

/**
 * What one bay knows: a plain value, folded by `learn` and by nothing else. Times are arrivals, ms since 1970.
 * Invariants:
 * - `visit` is null exactly while the bay is vacant.
 * - a connector's `transaction` is open; what ended moved to the visit's `closed`, what nobody could end to `orphan`.
 * - nothing here is a plate, a card number or a token.
 */
export type Bay = {
  readonly bayId: string
  readonly version: number
  readonly policy: Policy
  readonly connectors: { readonly [key: ConnectorKey]: Connector }
  readonly cameras: { readonly [cameraId: string]: Camera }
  /** The polygons that are in force. */
  readonly zones: readonly Zone[]
  /** What its cameras overlook: a plate that stands in one reaches no bay. */
  readonly masks: readonly Zone[]
  /** The vehicle whose visit another's agreement closed last, and when it was read last, ms since 1970. */
  readonly swapped: { readonly handle: Handle; readonly at: number } | null
  /** Cameras' common word: occupied beats empty, empty beats unknown; `since` when it became so. */
  readonly here: { readonly presence: 'occupied' | 'empty' | 'unknown'; readonly since: number }
  readonly service: 'in-service' | 'out-of-service'
  readonly autonomy: Autonomy | null
  /** The site's switch: starts leave by themselves. */
  readonly automatic: boolean
  readonly visit: Visit | null
  /** When the last visit ended: reads from before open nothing. */
  readonly endedAt: number
  readonly alarms: readonly string[]
  /** Bills of transactions whose end nobody reported; absent = none yet. */
  readonly owed?: readonly Owed[]
  /** The empty bay was last told to be without its charge point, not free. */
  readonly toldAway?: boolean
  /** Witnesses that disagree without changing the state; absent = none ever did. */
  readonly doubts?: readonly Doubt[]
  /** The deadline for which the chart's `wake` is armed. */
  readonly wakeAt: number | null
}

export type Camera = {
  readonly saw: 'occupied' | 'empty' | 'unknown'
  readonly live: boolean
  readonly at: number
  readonly lastReadAt: number | null
}

export type Connector = ConnectorTraits & {
  readonly link: 'online' | 'offline'
  /** The site file names it no more: it only awaits the end of what it owes. */
  readonly retired?: true
  /** Since when the link is so. */
  readonly linkAt: number
  readonly status: ConnectorStatus | null
  readonly statusAt: number | null
  readonly cable: 'in' | 'out' | 'unknown'
  readonly transaction: Transaction | null
  readonly orphan: Orphan | null
  readonly lastEnded: LastEnded | null
  /** It ended last, and its charge point did not say so: it is its payer's again if it draws once more. */
  readonly presumed?: Orphan | null
  readonly flow: Flow
  /** Arrivals of `Available` while a transaction is open: two, 60 s apart, without flow prove it dead. */
  readonly availableAt: number | null
  /** Its signals held against each other; absent where none has been. */
  readonly signals?: Signals
}

/** Drawing with hysteresis: rises at `lock.on_A`, falls after two live samples at or below `lock.off_A`. */
export type Flow = {
  readonly drawing: boolean
  readonly low: number
  readonly current_A: number | null
  readonly power_W: number | null
  readonly at: number | null
  readonly withheldBy: 'vehicle' | 'charge-point' | null
}

export type Payer = {
  readonly rank: Rank
  readonly handle: Handle | null
  readonly accountId: string | null
  readonly person: boolean
}

export type Transaction = {
  readonly transactionId: string
  readonly startId: string | null
  readonly card: Handle | null
  /** Answered Invalid: nobody pays, the charge point is told to stop. */
  readonly unpaid: boolean
  /** Of a card that started, or a charge that came back, beside another open transaction of this bay: it pays for its own, the visit's payer for the rest. */
  readonly payer: Payer | null
  /** A person asked for its end; asked again where the charge point was away. */
  readonly stopAsked: boolean
  /** The charge point began another one meanwhile, which berth refused: what it measures without naming a transaction is not this one's. */
  readonly rivalled?: true
  readonly openedAt: number
  readonly startedAt: number
  readonly first_Wh: number | null
  readonly last_Wh: number | null
  readonly lastAt: number
}

/** A transaction whose visit ended without its end being known. */
export type Orphan = {
  readonly transaction: Transaction
  readonly payer: Payer | null
  readonly billed_Wh: number | null
  /** When its visit ended, ms since 1970; absent in journals from before it was kept. */
  readonly since?: number
}

/** A transaction that is over, with the payer at its end. */
export type Closed = {
  readonly transactionId: string
  readonly connector: ConnectorKey
  readonly startId: string | null
  readonly card: Handle | null
  readonly accountId: string | null
  readonly startedAt: number
  readonly endedAt: number
  /** Register at its start; absent in journals from before it was kept. */
  readonly first_Wh?: number | null
  readonly energy_Wh: number
  readonly reason: string
  /** Why the bill is not beyond doubt, or null. */
  readonly disputed: string | null
}

export const START_REASONS = ['first', 'preparing', 'replug', 'after-restart', 'operator'] as const
export type StartReason = (typeof START_REASONS)[number]

export type Start = {
  readonly startId: string
  readonly reason: StartReason
  readonly connector: ConnectorKey
  readonly at: number
  /** asked: on record, maybe sent; accepted: the charge point will try; the others are dead. */
  readonly state: 'asked' | 'accepted' | 'unanswered' | 'rejected' | 'expired' | 'cancelled' | 'used'
  readonly stateAt: number
  /** On record, but not to leave by itself (autonomy below `act`, out of service): a person can let one go. */
  readonly held: boolean
}

/** A piece of evidence on identity: first and newest arrival, ms since 1970, and how often. */
export type Evidence = {
  readonly rank: Rank
  readonly handle: Handle | null
  readonly accountId: string | null
  readonly source: string
  readonly at: number
  readonly last: number
  readonly times: number
}

/** Why a bay is blocked: nobody ever charged, the payer is known and the cable is not in, the payer was refused, or the charge is over. */
export type BlockedWhy = 'not-charging' | 'not-plugged-in' | 'refused' | 'overstayed'

export type Visit = {
  readonly visitId: string
  readonly openedAt: number
  readonly openedBy: string
  /** Reads before this moment say nothing about this visit's vehicle (a plug-in after an unplug). */
  readonly readsFrom: number
  readonly tally: readonly Tally[]
  /** The vehicle that the witnesses agreed on, before or after its claim. */
  readonly agreed: { readonly handle: Handle; readonly person: boolean } | null
  readonly contested: boolean
  readonly unclear: boolean
  readonly claim: {
    readonly handle: Handle
    readonly state: 'asked' | 'granted' | 'contested'
    readonly rival: string | null
  } | null
  readonly asked: {
    readonly ask: string
    readonly handle: Handle
    readonly answer: 'granted' | 'refused' | null
    readonly reason: string | null
  } | null
  readonly secondRead: {
    readonly ask: string
    readonly outcome: 'read' | 'unreadable' | 'unavailable' | null
    readonly handle: Handle | null
  } | null
  readonly review: { readonly review: string; readonly verdict: string | null } | null
  /** Who pays, decided; only replaced by a stronger identity or a person's word. */
  readonly payer: Payer | null
  /** The account's starts wait for a person. */
  readonly confirm: boolean
  readonly denied: string | null
  readonly starts: readonly Start[]
  readonly closed: readonly Closed[]
  /** Last sign that the vehicle is here. */
  readonly lastSign: number
  readonly unpluggedAt: number | null
  readonly pluggedAt: number | null
  /** The zone was seen empty before this visit's plug, ms since 1970: until its plate is read again nothing starts by itself. */
  readonly goneAt: number | null
  readonly contradiction: Contradiction | null
  /** Time without asking for energy: since when it runs, and what ran so far for whom. */
  readonly idle: {
    readonly since: number | null
    readonly shares: readonly { readonly accountId: string | null; readonly ms: number }[]
  }
  /** Vehicles that a person said are not this visit's: read again they contradict nothing. */
  readonly overruled: readonly Handle[]
  /** Who this may be, by whom: one piece for each source, rank and vehicle; contradictions are pieces too. */
  readonly evidence: readonly Evidence[]
  /** Until when a transaction was open or energy flowed in this visit; null where neither ever did. */
  readonly chargedUntil: number | null
  /** The vehicle takes the bay without charging, since when it is told so. */
  readonly blocked: { readonly why: BlockedWhy; readonly since: number } | null
  /** Asked for while the visit ran; due when it ends. */
  readonly erasures: readonly { readonly erasureId: string; readonly handle: Handle }[]
  /** The newest word meant for the driver; `dark`: instead of it they were told that the charge point is away. */
  readonly word?: { readonly message: string; readonly reason: string; readonly dark: boolean }
  /** A person declared the transaction dead. */
  readonly released: boolean
  /** The site was away while this visit lived: starts need the charge point's word first. */
  readonly resumedAt: number | null
}

/** What leaves berth: the bay's own level, else the policy's. */
export const autonomyOf = (bay: Bay): Autonomy => bay.autonomy ?? bay.policy.autonomy

type InOrder = { readonly of: Bay['connectors'] | null; readonly all: readonly Connector[] }
// What a bay knew before an event and what it knows after it are asked in turn: two places are enough.
let newest: InOrder = { of: null, all: [] }
let before: InOrder = newest

/** All connectors whose cable reaches this bay, in a fixed order. Asked by most guards of one event: sorted once for one knowledge. */
export function connectorsOf({ connectors }: Bay): readonly Connector[] {
  if (newest.of === connectors) return newest.all
  if (before.of === connectors) return before.all
  const all = Object.values(connectors)
  if (all.length > 1) all.sort((one, other) => (one.connector < other.connector ? -1 : 1))
  before = newest
  newest = { of: connectors, all }
  return all
}

/** The connector changed; everything else stays. */
export function withConnector(bay: Bay, key: ConnectorKey, change: Partial<Connector>): Bay {
  const connector = bay.connectors[key]
  return connector ? { ...bay, connectors: { ...bay.connectors, [key]: { ...connector, ...change } } } : bay
}

/** The connector spoke at `at`, ms since 1970, and changed: what one connector says shows that its whole charge point is online. */
export function withHeard(bay: Bay, key: ConnectorKey, at: number, change: Partial<Connector>): Bay {
  const { chargePointId } = bay.connectors[key] ?? {}
  const back = connectorsOf(bay).filter((one) => one.chargePointId === chargePointId && one.link === 'offline')
  return back.reduce(
    (next, { connector }) => withConnector(next, connector, { link: 'online', linkAt: at }),
    withConnector(bay, key, change),
  )
}

/** The visit changed; a bay without one stays as it is. */
export const withVisit = (bay: Bay, change: Partial<Visit>): Bay =>
  bay.visit ? { ...bay, visit: { ...bay.visit, ...change } } : bay
