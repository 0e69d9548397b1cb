/**
 * The alphabet: what a bay is told (observations), what it decides (decisions), what it asks of the world (effects).
 * Observations are past tense and carry three clocks: `at` (arrival, ms since 1970, never decreasing within a site: it orders
 * everything and fires timers), `happenedAt` (what the device claims: bills and evidence only), and the record's `recordedAt`.
 * Nothing here holds a plate, a card number or a token: people are handles.
 */
import type { AuthorizationGranted, AuthorizationRefused, FarAuthorizer } from './authorization-news.ts'
import type { SecondOpinion } from './second-opinion.ts'
import type {
  ErasureAsked,
  PlugAmbiguous,
  PolicyAdopted,
  ProfileAdopted,
  SiteResumed,
  SwitchTurned,
  ZonesPublished,
} from './site-news.ts'

/** What JSON can hold: records are canonical JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Random name of one vehicle (per key period), or of one card; found through the key store only. */
export type Handle = string

/** `CP-1/1`: charge point id and EVSE number (1.6: connectorId). */
export type ConnectorKey = string

/** Names one connector: `CP-1`, 1 gives `CP-1/1`. */
export const connectorKey = (chargePointId: string, evse: number): ConnectorKey => `${chargePointId}/${evse}`

/** A token as the bay may see it: its own start, a card known by handle, or something nobody knows. */
export type TokenRef =
  | { readonly kind: 'start'; readonly startId: string; readonly visitId: string; readonly live: boolean }
  | {
      readonly kind: 'card'
      readonly handle: Handle
      readonly accountId: string | null
      readonly standing: Standing
      /** How the charge point came by it: a contract certificate, a vehicle's own address, or (absent) a card or an app. */
      readonly rank?: Presented
      /** Who knew it, where the register did not. */
      readonly by?: FarAuthorizer
      /** That one did not answer now, and had accepted it before. */
      readonly kept?: true
    }

/** How the register stands to a vehicle or a card. */
export type Standing = 'accepted' | 'blocked' | 'unknown' | 'expired' | 'out-of-hours'

/** Weakest first. A decided identity is only replaced by a higher rank or a person's word. */
export const RANKS = ['guess', 'plate', 'autocharge', 'operator', 'card', 'plug-and-charge'] as const
export type Rank = (typeof RANKS)[number]

/** What a charge point can be shown: a card or an app, the vehicle's own address (Autocharge), a contract certificate. */
export type Presented = 'card' | 'autocharge' | 'plug-and-charge'

/** One vehicle that a track's window speaks for. */
export type Tally = {
  readonly handle: Handle
  /** Distinct witnesses: frames, or independent readers of one frame. */
  readonly witnesses: number
  /** Share of the window's weight, 0..1. */
  readonly share: number
  /** The text fits a plate format (letters and digits in a plausible pattern). */
  readonly plausible: boolean
  /** Chance that the text is right by the camera's calibration, or null where it is not calibrated. */
  readonly chance: number | null
  /** Vehicles of other accounts in the register whose plates differ by one character: a misread would bill one of them. Absent = none. */
  readonly crowd?: number
  /** What devices themselves said of it, mean of their figures, 0..1: decides nothing, and is what calibration learns from. Absent = our own reader alone. */
  readonly said?: number
}

/** What every observation says of itself. */
export type Told = { readonly id: string; readonly source: string; readonly happenedAt?: number | null }

/** A track's news. `leader` is the vehicle with most witnesses; `clear` false = the zone is ambiguous (goes to review). */
export type PlateNews = Told & {
  readonly type: 'plate.seen' | 'plate.agreed' | 'plate.contested' | 'plate.lost'
  readonly cameraId: string
  readonly trackId: string
  readonly leader: Handle | null
  readonly tally: readonly Tally[]
  readonly clear: boolean
  /** Within `freshness_s` by the camera's own clock: an older read is evidence, never a trigger. */
  readonly fresh: boolean
  /** First read of this news's window, arrival clock: a plate must be read after a plug-in to identify it. */
  readonly windowFrom: number
  /** Reads folded into this news since the last one. */
  readonly thinned: number
  /** Whether the leader's vehicle still came, or stood; absent where nothing is read any more. */
  readonly phase?: 'approach' | 'parked'
}

export type ZoneNews = Told & {
  readonly type: 'vehicle.seen' | 'zone.empty' | 'zone.unknown' | 'camera.lost' | 'camera.back'
  readonly cameraId: string
}

export type LinkNews = Told & { readonly type: 'charger.online' | 'charger.offline'; readonly chargePointId: string }

export type ConnectorStatus =
  | 'available'
  | 'preparing'
  | 'charging'
  | 'suspended-ev'
  | 'suspended-evse'
  | 'finishing'
  | 'reserved'
  | 'unavailable'
  | 'faulted'

export type StatusNews = Told & {
  readonly type: 'connector.status'
  readonly connector: ConnectorKey
  readonly status: ConnectorStatus
  readonly errorCode: string | null
}

export type TokenPresented = Told & {
  readonly type: 'token.presented'
  readonly chargePointId: string
  readonly token: TokenRef
}

export type TransactionStarted = Told & {
  readonly type: 'transaction.started'
  readonly connector: ConnectorKey
  readonly transactionId: string
  readonly token: TokenRef
  readonly register_Wh: number | null
  /** Keyed mark of (charge point, connector, token, register, time): a repeat with a new message id is the same start. */
  readonly key?: string
  /** What berth answers the charge point: accepted, or invalid (a dead or unknown token). */
  readonly accepted: boolean
}

export type TransactionEnded = Told & {
  readonly type: 'transaction.ended'
  readonly connector: ConnectorKey
  readonly transactionId: string
  readonly register_Wh: number | null
  readonly reason: string | null
}

/** Answer to a question about a transaction: `ongoing` false proves it dead. */
export type TransactionUpdated = Told & {
  readonly type: 'transaction.updated'
  readonly connector: ConnectorKey
  readonly transactionId: string
  readonly ongoing: boolean
}

/** A sample, thinned: edges at once, else one a minute with the interval's extremes. */
export type MeterValues = Told & {
  readonly type: 'meter.values'
  readonly connector: ConnectorKey
  readonly transactionId: string | null
  /** `live` samples may lock; `past` ones (Transaction.End, offline, buffered) are accounting only. */
  readonly when: 'live' | 'past'
  /** Sum of phases or total, by the charge point's profile; null where it is not sent. */
  readonly current_A: number | null
  readonly power_W: number | null
  readonly register_Wh: number | null
  readonly verdict: 'valid' | 'repaired' | 'unusable'
  readonly max_A: number | null
  readonly thinned: number
  /** The current as it was sent, where `current_A` follows a signal that is trusted more. */
  readonly sent_A?: number
}

export type StartAnswered = Told & {
  readonly type: 'start.accepted' | 'start.rejected' | 'start.unanswered' | 'start.expired'
  readonly startId: string
}
export type SecondRead = Told &
  SecondOpinion & {
    readonly type: 'second.read'
    readonly ask: string
    readonly handle: Handle | null
    readonly outcome: 'read' | 'unreadable' | 'unavailable'
  }
export type ReviewAnswered = Told & {
  readonly type: 'review.answered'
  readonly review: string
  readonly verdict: 'plate' | 'unreadable' | 'not-a-plate' | 'no-reviewer'
  readonly handle: Handle | null
  /** Who pays for that vehicle, where the register knows; looked up before it was recorded. */
  readonly accountId?: string | null
  readonly by: string
}
export type CommandType =
  | 'authorize'
  | 'deny'
  | 'correct-plate'
  | 'release-lock'
  | 'remote-stop'
  | 'out-of-service'
  | 'in-service'
  | 'autonomy'
  | 'learn-empty'
export type OperatorCommanded = Told & {
  readonly type: 'operator.commanded'
  readonly command: CommandType
  readonly by: string
  /** Who agreed, where the site asks for two people. */
  readonly second?: string
  readonly handle?: Handle | null
  readonly accountId?: string | null
  readonly level?: Autonomy
  readonly reason?: string | null
}
export type ClaimAnswered = Told & {
  /** `doubled`, `alone`: to the holder, that another bay reads its plate too, or no more. */
  readonly type: 'claim.granted' | 'claim.lost' | 'claim.contested' | 'claim.doubled' | 'claim.alone'
  readonly handle: Handle
  readonly visitId: string
  /** The other bay, for people. */
  readonly rival: string | null
}
/** A fired timer: the id is the name under which the chart declared it. */
export type TimerFired = Told & { readonly type: `xstate.after.${string}` }

/** Everything a bay can be told, before the site stamps it. */
export type Observation =
  | PlateNews
  | ZoneNews
  | LinkNews
  | StatusNews
  | TokenPresented
  | TransactionStarted
  | TransactionEnded
  | TransactionUpdated
  | MeterValues
  | AuthorizationGranted
  | AuthorizationRefused
  | StartAnswered
  | SecondRead
  | ReviewAnswered
  | OperatorCommanded
  | ClaimAnswered
  | SiteResumed
  | PolicyAdopted
  | ZonesPublished
  | ProfileAdopted
  | SwitchTurned
  | ErasureAsked
  | PlugAmbiguous

/** An observation with the site's stamp: arrival and the version of the record that it will be. */
export type Stamped<O = Observation | TimerFired> = O & { readonly at: number; readonly version: number }

export type Autonomy = 'observe' | 'suggest' | 'act'

/** The site's rules, journaled when adopted. Units are in the names; defaults and reasons in the README. */
export type Policy = {
  readonly autonomy: Autonomy
  readonly quorum: number
  readonly voteWindow_s: number
  readonly freshness_s: number
  readonly actConfidence: number
  readonly authorizeTimeout_s: number
  readonly plugInWindow_s: number
  readonly plugAmbiguity_s: number
  readonly reviewTimeout_s: number
  readonly exitGrace_s: number
  readonly absence_s: number
  readonly blockedGrace_s: number
  readonly overstayGrace_s: number
  /** A device whose clock is off by more is alarmed; it orders nothing. */
  readonly clockSkew_s: number
  readonly lock: {
    readonly by: readonly ('transaction' | 'current')[]
    readonly on_A: number
    readonly off_A: number
    readonly stale_s: number
  }
  /** A reviewer watches the queue; false skips review and goes to fallback; `present` skips it while none is there. */
  readonly reviewers: boolean | 'present'
}

/** The defaults of the contract. */
export const DEFAULT_POLICY: Policy = {
  autonomy: 'act',
  quorum: 2,
  voteWindow_s: 8,
  freshness_s: 15,
  actConfidence: 0.9,
  authorizeTimeout_s: 10,
  plugInWindow_s: 120,
  plugAmbiguity_s: 5,
  reviewTimeout_s: 120,
  exitGrace_s: 30,
  absence_s: 300,
  blockedGrace_s: 600,
  overstayGrace_s: 900,
  clockSkew_s: 60,
  lock: { by: ['transaction', 'current'], on_A: 0.2, off_A: 0.1, stale_s: 90 },
  reviewers: true,
}
