import type { Looks } from '../actors/looks.ts'
import type { Journal } from '../actors/ports.ts'
import type { Autonomy, CommandType, Json } from '../machines/events.ts'
import type { AlarmView, BayView, ConnectorView, ReviewDetail, ReviewView, WhyView } from '../projections/bay-view.ts'
import type { BlindDifference, CameraAccuracy } from '../projections/blind-reviews.ts'
import type { StuckTransaction } from '../projections/stuck-transactions.ts'
import type { CheckpointDesk } from './journal/checkpoint-desk.ts'
import type { PrivacyDesk } from './privacy/privacy-desk.ts'
import type { SiteSessions } from './site-sessions.ts'
import type { SwitchDesk } from './switch-desk.ts'
import type { TriedDraft, WrittenBays, ZoneVersion } from './zones/zone-versions.ts'

/** Who asks: name for the record, role for what may be done and seen; `accounts`: those that a token of the role `fleet` is for. */
export type Caller = {
  readonly name: string
  readonly role: Role
  readonly accounts?: readonly string[]
  /** A driver at the bay's own page, about their own charge: nobody else need agree. */
  readonly isDriver?: true
  /** A person at the centre: it stands for who that is. */
  readonly isCentral?: true
}
export type Role = 'viewer' | 'operator' | 'supervisor' | 'installer' | 'fleet' | 'auditor' | 'admin'

/** A command as it comes from outside; `id` makes it idempotent. */
export type Command = {
  readonly id: string
  readonly type: CommandType
  readonly reason?: string
  readonly expectVersion?: number
  readonly plate?: string
  readonly accountId?: string
  readonly idToken?: string
  readonly level?: Autonomy
  /** Of an order that expires: no second person may agree to it later, ms since 1970. */
  readonly notAfter?: number
}
/**
 * An order that waits for a second person, until then (ISO 8601): what it was judged on (`accountId` would pay; `plate` as it was typed, the
 * edge masks it), and `against`: a sentence where it would be refused now. Of a bay, or of the site's zones (`bayId` null, `zones`: what
 * would be published over which version, and what its trial came to).
 */
export type WaitingOrder = {
  readonly id: string
  readonly bayId: string | null
  readonly type: CommandType | 'publish-zones'
  readonly reason: string | null
  readonly by: string
  readonly plate: string | null
  readonly accountId: string | null
  readonly level: Autonomy | null
  readonly zones: {
    readonly expectVersion: number
    readonly putBack: number | null
    readonly bays: WrittenBays
    readonly tried: TriedDraft | null
  } | null
  readonly against: string | null
  readonly since: string
  readonly until: string
}
/** `done` = recorded under `seq`; `conflict` carries the newer bay, `newer-zones` the version that counts meanwhile; `refused` says why not; `second-person`: somebody else must agree, until then. */
export type CommandAnswer =
  | { readonly outcome: 'done'; readonly seq: number }
  | { readonly outcome: 'conflict'; readonly bay: BayView }
  | { readonly outcome: 'newer-zones'; readonly newer: ZoneVersion | null }
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'unknown-bay' }
  | { readonly outcome: 'second-person'; readonly until: string }
  /** Somebody else is at this review, until then (ISO 8601). */
  | { readonly outcome: 'held'; readonly by: string; readonly until: string }

/** What a person says of a review; `bayId` of one that asks where, `seat` names the screen, where one name is signed in at several; `order`: the id
 * of the order of the centre that this is. */
export type ReviewAnswer = { readonly seat?: string; readonly order?: string } & (
  | { readonly plate: string; readonly bayId?: string }
  | { readonly unreadable: true }
  | { readonly notAPlate: true }
)

/** Reads that wait for people. */
export interface ReviewsDesk {
  all(): readonly ReviewView[]
  /** Everything about one, with handles in the place of plates of candidates, votes and neighbours; null where it is not open. */
  detail(reviewId: string): Promise<ReviewDetail | null>
  /** Takes it, or says who was first (`mine` false); null where it is not open. */
  claim(
    reviewId: string,
    who: { readonly by: string; readonly seat: string | null },
  ): { readonly mine: boolean; readonly by: string; readonly until: string } | null
  /** False where somebody else holds it. */
  release(reviewId: string, who: { readonly by: string; readonly seat: string | null }): boolean
  /** A crop as JPEG: that this person looked is durable before it comes. Null where there is none. */
  look(reviewId: string, index: number, by: Caller): Promise<Uint8Array | null>
  answer(reviewId: string, answer: ReviewAnswer, by: Caller): Promise<CommandAnswer>
  /** How often what cameras' frames agreed on was right, by blind reviews, and the newest cases in which it was not. */
  accuracy(): { readonly cameras: readonly CameraAccuracy[]; readonly differences: readonly BlindDifference[] }
  /** Who may review and is there: a call, and a page that stays open until the answer is called. */
  readonly presence: { called(): void; opened(): () => void }
}

export type Account = {
  readonly accountId: string
  readonly name: string | null
  readonly status: 'active' | 'blocked'
  readonly confirm: 'never' | 'first-visit' | 'always'
  /** Charges that may begin by a plate alone on one day; absent = as the site says. */
  readonly plateStartsPerDay?: number
}
export type Vehicle = {
  readonly plate: string
  readonly accountId: string
  readonly fleet: string | null
  readonly alias: string | null
  readonly validFrom: string | null
  readonly validTo: string | null
  readonly hours: string | null
  readonly blocked: boolean
  /** Why it is blocked, where it was blocked by itself rather than with a whole entry. */
  readonly block?: VehicleBlock
}
/** Reasons are words of a list: what a person types freely may name people. */
export type BlockReason = (typeof BLOCK_REASONS)[number]
export const BLOCK_REASONS = ['lost', 'stolen', 'sold', 'unpaid', 'misused', 'left-fleet', 'mistake', 'other'] as const
/** Who blocked a vehicle, in which role, and why. */
export type VehicleBlock = { readonly reason: BlockReason; readonly by: string; readonly role: Role }
/** What a file of vehicles would do, or did: rows (1-based) that are refused, and those that lift a block. */
export type VehicleImport = {
  readonly added: number
  readonly changed: number
  readonly same: number
  readonly lifts: readonly number[]
  readonly refused: readonly { readonly row: number; readonly says: string }[]
}
export type IdTokenEntry = {
  readonly idToken: string
  readonly accountId: string
  readonly validFrom: string | null
  readonly validTo: string | null
  readonly blocked: boolean
}

/** Who pays: facts of the `register` stream. Writes resolve when durable; they reject with Fault PLATE_TAKEN, BODY_INVALID or STORE_UNWRITABLE. */
export interface RegisterDesk {
  account(accountId: string): Account | null
  accounts(): readonly Account[]
  putAccount(accountId: string, fields: { readonly [key: string]: Json }, by: Caller): Promise<Account>
  deleteAccount(accountId: string, by: Caller): Promise<boolean>
  vehicle(plate: string): Vehicle | null
  vehicles(): readonly Vehicle[]
  putVehicle(plate: string, fields: { readonly [key: string]: Json }, by: Caller): Promise<Vehicle>
  /** All rows or none; the answer names each refused row (1-based) with a sentence. */
  importVehicles(
    rows: readonly { readonly [key: string]: Json }[],
    by: Caller,
  ): Promise<{
    readonly imported: number
    readonly refused: readonly { readonly row: number; readonly says: string }[]
  }>
  /** What `importVehicles` would do with these rows now; nothing is written. */
  judgeVehicles(rows: readonly { readonly [key: string]: Json }[], by: Caller): Promise<VehicleImport>
  /** Blocks a vehicle, or lifts its block, with a reason on record; null where it is not registered. Rejects with Fault FORBIDDEN. */
  blockVehicle(
    plate: string,
    order: { readonly blocked: boolean; readonly reason: BlockReason },
    by: Caller,
  ): Promise<Vehicle | null>
  deleteVehicle(plate: string, by: Caller): Promise<boolean>
  token(idToken: string): IdTokenEntry | null
  putToken(idToken: string, fields: { readonly [key: string]: Json }, by: Caller): Promise<IdTokenEntry>
  deleteToken(idToken: string, by: Caller): Promise<boolean>
}

/** What changed with one commit. */
export type SiteChange = {
  readonly seq: number
  readonly bays: readonly BayView[]
  readonly alarmsChanged: boolean
  /** Who works on a review changed, which no record says. */
  readonly reviewsChanged?: boolean
}

/** The site after a record: bays that differ from how they were after another one, or all of them; `gone` had no record yet. */
export type SiteWas = {
  readonly at: string
  readonly bays: readonly BayView[]
  readonly gone: readonly string[]
  readonly alarms: readonly AlarmView[]
  /** Reads of its bays that waited for a person. */
  readonly reviews: readonly ReviewView[]
}

/** All that a bay knew after a record, and why it was as it was. Plates and cards stand in it by handle. */
export type BayKnew = {
  readonly told: { readonly seq: number; readonly at: string } & Pick<WhyView, 'event' | 'rule' | 'guards'>
  readonly knows: Json
}

/** Everything that servers (HTTP, live feed, inspector) need of a running site. Only committed state is ever shown. */
export interface SiteDesk {
  readonly siteId: string
  readonly name: string
  readonly timezone: string
  readonly epoch: number
  readonly journal: Journal
  /** Seq of the newest committed record. */
  seq(): number
  /** What is missing for readiness, empty when ready. */
  missing(): readonly string[]
  bays(): readonly BayView[]
  bay(bayId: string): BayView | null
  /** Every connector of the site: what all bays' views say of theirs, for little. */
  connectors(): readonly ConnectorView[]
  /** The bay as it was after the record `seq`, or at the time (ISO 8601), rebuilt from the journal. */
  at(bayId: string, when: { readonly seq: number } | { readonly time: string }): Promise<BayView | null>
  /** The whole site after the record `seq`; `from`: only bays that differ from how they were after that one. */
  siteAt(seq: number, from?: number): Promise<SiteWas>
  /** What a bay knew after a record; null before its first. */
  knew(bayId: string, seq: number): Promise<BayKnew | null>
  command(bayId: string, command: Command, by: Caller): Promise<CommandAnswer>
  /** Orders that two people must want. */
  readonly orders: {
    waiting(): readonly WaitingOrder[]
    /** Agrees to one as somebody else; refused where it waits no more, or by the one who gave it. */
    agree(id: string, by: Caller): Promise<CommandAnswer>
    withdraw(id: string, by: Caller): Promise<boolean>
    /** From now on orders of whoever does not stand any more are withdrawn. */
    heed(stands: (by: Caller) => boolean): void
  }
  readonly register: RegisterDesk
  readonly reviews: ReviewsDesk
  /** Charging sessions, read from the site's views. */
  readonly sessions: Pick<SiteSessions, 'billed' | 'one' | 'worded'>
  dispute(sessionId: string, reason: string, by: Caller): Promise<boolean>
  /** Ends a dispute, with how it was settled: what was kept for it need not be kept any more. */
  settle(sessionId: string, reason: string, by: Caller): Promise<'settled' | 'unknown' | 'not-disputed'>
  alarms(): readonly AlarmView[]
  /** Transactions of which nobody knows how they end, oldest first, also of bays that the site file names no more. */
  orphans(): readonly StuckTransaction[]
  readonly privacy: PrivacyDesk
  readonly checkpoints: CheckpointDesk
  readonly automaticStarts: SwitchDesk
  /** Plate text of a handle, or null where its key is gone. */
  plateOf(handle: string): string | null
  /** The vehicle's handle where it has one. */
  handleOf(plate: string): string | null
  /** Puts on record who was shown what in clear. */
  readonly looks: Pick<Looks, 'saw'>
  subscribe(listener: (change: SiteChange) => void): () => void
  /** For the inspector: the statechart's definition (JSON of the machine's config), and a bay's state paths that are active (`charging-locked.charging`). */
  readonly definition: Json
  readonly machine: string
  /** Counters by name, for /metrics: monotonic, unit in the name. */
  counters(): { readonly [name: string]: number }
}
