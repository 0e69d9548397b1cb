import type { EffectDraft } from '../machines/deeds.ts'
import type { Handle, Json } from '../machines/events.ts'
import type { Cause, Decision, Draft, FactRecord } from '../machines/record.ts'
import type { ReaderZone, ZoneAnswer } from './reader-zone.ts'
import type { PictureView } from './zone-look.ts'

/** Wall time in ms since 1970, and timers. The site holds a clock that steps back; this port may step. */
export interface Clock {
  now(): number
  /** Calls `run` once, about `delay` ms from now; the answer cancels it. */
  after(delay: number, run: () => void): () => void
}

/** New names: `next('visit')` is unique for ever on this site. */
export interface Ids {
  next(kind: string): string
}

/** Chance: `hex(n)` gives n random characters of 0-9A-F. */
export interface Chance {
  hex(length: number): string
}

/** The site log: gapless `seq`, one owner with an epoch, a version per stream. */
export interface Journal {
  readonly siteId: string
  readonly epoch: number
  head(): { readonly seq: number; readonly hash: string }
  /** Newest version in a stream, 0 where it is empty. */
  version(stream: string): number
  /**
   * Appends all or none; durable when it resolves. Each draft's version must be its stream's newest + 1.
   * Rejects with Fault VERSION_CONFLICT, STORE_FENCED or STORE_UNWRITABLE. Embedded adapters do the work before they return.
   */
  append(drafts: readonly Draft[]): Promise<readonly FactRecord[]>
  /** One page of records with seq > after (0 = all), oldest first; `limit` default 1,000. */
  readSite(after?: number, limit?: number): Promise<readonly FactRecord[]>
  /** One page of records of one stream with version > after, oldest first; `limit` default 1,000. */
  readStream(stream: string, after?: number, limit?: number): Promise<readonly FactRecord[]>
  /** Opens a record's personal fields: subjects whose key is gone are left out. */
  open(record: FactRecord): { readonly [subject: string]: Json }
  close(): Promise<void>
}

/** The key store: the only place where a plate or a card meets its handle. All calls are synchronous; what they make is durable before the next append. */
export interface Keys {
  /** The vehicle's handle, made at first sight. `folded` is the folded plate. */
  vehicle(folded: string): Handle
  /** The vehicle's handle if it has one. */
  findVehicle(folded: string): Handle | null
  /** The card's handle, made at first sight. `idToken` upper case. */
  card(idToken: string): Handle
  findCard(idToken: string): Handle | null
  /** The token of one start of one visit, made (durably) at first call; 14 to 20 of 0-9A-F. */
  startToken(startId: string, visitId: string, length: number): string
  /** The start that a token was made for, dead or alive; null when berth never made it. */
  findStart(idToken: string): { readonly startId: string; readonly visitId: string } | null
  /** The token text of a start, for bills and people; null when never made. */
  tokenOf(startId: string): string | null
  /** Destroys a subject's key and unties its handle from plate or card, durably. False where there was nothing to destroy. */
  destroy(subject: string): boolean
  /** Keyed hash of device data (for duplicates), base64url; not reversible without the site key. */
  mark(text: string): string
}

/** A polygon in 0..1 of the picture. */
export type Polygon = readonly (readonly [number, number])[]

/** One text found in a picture that may be a plate; `characters`: confidence of each, 0..1; `confidence`: their mean. */
export type PictureRead = {
  readonly text: string
  readonly candidates: readonly { readonly text: string; readonly confidence: number }[]
  readonly characters: readonly number[]
  readonly confidence: number
  /** Four corners in 0..1 of the whole picture, clockwise from top left; `crop` is a small JPEG of it, where the reader was opened to give it; `agreed`: two recognisers read the same folded plate (left out where one reads alone). */
  readonly quad: Polygon
  readonly crop?: Uint8Array
  readonly agreed?: boolean
}

/** What the reader saw in one picture. `zones` answers the zones asked for, by id: reads in that crop, and a small grey picture of it for presence. `view`: the whole at a glance, for the camera's health. */
export type PictureAnswer = {
  readonly width: number
  readonly height: number
  readonly ms: number
  readonly view?: PictureView
  readonly zones: { readonly [zoneId: string]: ZoneAnswer }
}

/** Reads plates in pictures (JPEG or PNG bytes). Throws Fault PICTURE_UNREADABLE, PICTURE_TOO_LARGE, READER_BUSY or READER_FAILED. */
export interface PlateReader {
  read(picture: Uint8Array, zones: { readonly [zoneId: string]: ReaderZone }): Promise<PictureAnswer>
  close(): Promise<void>
}

/** Orders towards charge points. Each call throws Fault CHARGE_POINT_OFFLINE, CHARGE_POINT_SILENT, CHARGE_POINT_REFUSED or CALL_CANCELLED. */
export interface ChargePoints {
  online(chargePointId: string): boolean
  /** Asks for a start. Waits for an offline charge point until `deadline` (ms since 1970); after it the call is never sent. `withdrawn()` is asked at the moment of sending. */
  start(order: StartOrder): Promise<'accepted' | 'rejected'>
  stop(order: { readonly chargePointId: string; readonly transactionId: string }): Promise<'accepted' | 'rejected'>
  /** Asks for news (TriggerMessage); the news comes in by itself. */
  ask(order: {
    readonly chargePointId: string
    readonly evse: number
    readonly about: 'status' | 'meter'
  }): Promise<'accepted' | 'rejected' | 'not-implemented'>
}
export type StartOrder = {
  readonly chargePointId: string
  readonly evse: number
  readonly startId: string
  readonly idToken: string
  readonly deadline: number
  readonly withdrawn: () => boolean
}

/** What a charge point says, in the field's words, before the register and the key store have looked at it. Times are ms since 1970 by the charge point's clock. */
export type ChargePointNews =
  | { readonly type: 'online' | 'offline'; readonly chargePointId: string }
  | {
      readonly type: 'booted'
      readonly chargePointId: string
      readonly vendor: string
      readonly model: string
      readonly firmware: string | null
    }
  | {
      readonly type: 'status'
      readonly chargePointId: string
      readonly evse: number
      readonly status: string
      readonly errorCode: string | null
      readonly happenedAt: number | null
    }
  | {
      readonly type: 'authorize'
      readonly chargePointId: string
      readonly idToken: string
      /** How it came by the token, where it says so (2.x); absent = a card, or as its profile says. */
      readonly rank?: 'autocharge' | 'plug-and-charge'
      /** What another back end has answered (proxy); absent = berth answers. */
      readonly verdict?: DeskAnswer['status']
      /** The transaction that it was shown to, where the charge point says so (2.x), by the site's name. */
      readonly transactionId?: string
    }
  | {
      readonly type: 'started'
      readonly chargePointId: string
      readonly evse: number
      readonly idToken: string
      readonly rank?: 'autocharge' | 'plug-and-charge'
      /** `CP-1/…` where the charge point names its transactions itself (2.x), or another back end does (proxy); absent = berth gives a number. */
      readonly transactionId?: string
      /** What another back end has answered (proxy, and then it has named the transaction where it is 1.6); absent = berth answers. */
      readonly verdict?: DeskAnswer['status']
      /** The name is another back end's, which may give it again for another transaction. */
      readonly namedAnew?: true
      readonly register_Wh: number | null
      readonly happenedAt: number | null
    }
  | {
      readonly type: 'ended'
      readonly chargePointId: string
      readonly transactionId: string
      readonly idToken: string | null
      readonly register_Wh: number | null
      readonly reason: string | null
      readonly happenedAt: number | null
      readonly samples: readonly MeterSample[]
    }
  /** Its transaction has begun with a token, and no vehicle is at the cable yet (2.x). */
  | {
      readonly type: 'announced'
      readonly chargePointId: string
      readonly transactionId: string
      readonly idToken: string
    }
  /** Its own bay sensor (2.x): somebody stands at this EVSE, nobody does, or it says nothing of now. */
  | {
      readonly type: 'sensed'
      readonly chargePointId: string
      readonly evse: number
      readonly word: 'occupied' | 'empty' | 'unknown'
    }
  /** It was asked for a transaction: whether that still runs. */
  | {
      readonly type: 'updated'
      readonly chargePointId: string
      readonly transactionId: string
      readonly ongoing: boolean
    }
  | {
      readonly type: 'meter'
      readonly chargePointId: string
      readonly evse: number
      readonly transactionId: string | null
      readonly samples: readonly MeterSample[]
    }

/** One sampled moment before any profile gave it its meaning: what was sent in which direction and on N, in A, W and Wh by the unit it names; null = not sent. */
export type RawSample = {
  readonly import_A: number | null
  readonly export_A: number | null
  readonly neutral_A: number | null
  readonly power_W: number | null
  readonly register_Wh: number | null
}

/** One sampled moment, normalized: amperes, watts, watt-hours. */
export type MeterSample = {
  readonly happenedAt: number | null
  readonly when: 'live' | 'past'
  readonly current_A: number | null
  readonly power_W: number | null
  readonly register_Wh: number | null
  readonly verdict: 'valid' | 'repaired' | 'unusable'
  /** As sent, for those who learn traits from it. */
  readonly raw?: RawSample
}

/** What the site answers a charge point; resolved only once the news is durable. Rejects (no answer to the charge point) when the commit failed. */
export interface ChargePointDesk {
  hear(news: ChargePointNews): Promise<DeskAnswer>
  /** What bays take for its open transactions, orphans included; absent = not known. */
  open?(chargePointId: string): readonly OpenTransaction[]
  /** The token of the start that a transaction was announced for; null where none was. */
  tokenOfTransaction?(transactionId: string): string | null
  /** The token of the start that a station names by its remote start id (2.x); null where no visit has such a start. */
  tokenOfStart?(chargePointId: string, remoteStartId: number): string | null
}
export type OpenTransaction = {
  readonly transactionId: string
  readonly evse: number
  /** What its start was answered. */
  readonly accepted: boolean
}
export type DeskAnswer = {
  readonly status: 'accepted' | 'invalid' | 'blocked' | 'expired' | 'concurrent'
  readonly transactionId: string | null
}

/** One record of a stream without a machine (`register`, `audit`, `site`), before the site gives it its arrival and version. */
export type Entry = {
  readonly stream: string
  readonly cause: Cause
  readonly decisions: readonly Decision[]
  /** What people are told by it (`raise.alarm`, `clear.alarm`); absent = nothing. */
  readonly effects?: readonly EffectDraft[]
  readonly personal: { readonly [subject: string]: Json }
}

/** The site's single writer, for entries decided outside a bay. All of one call are one atomic batch; resolves when durable. */
export interface Scribe {
  write(entries: readonly Entry[]): Promise<readonly FactRecord[]>
}

/** What the driver at one bay shall know. `seq` is the record that says so, `at` its arrival (ISO 8601 UTC); no plate, no account. */
export type DriverWord = {
  readonly bayId: string
  /** The visit that it is about; null where there is none. */
  readonly visitId: string | null
  /** What to do: `plug-in`, `present-card`, … with its reason; both have words in every language of `driver-words-table.ts`. */
  readonly message: string
  readonly reason: string
  readonly at: string
  readonly seq: number
}

/** Whatever shows words to drivers: signs, displays. */
export interface DriverSigns {
  /**
   * Takes a word over and answers at once. The newest word of a bay replaces its older ones that are not shown yet. A sign that
   * fails is counted and tried again: nobody who tells waits for it, and it never rejects.
   */
  tell(word: DriverWord): Promise<void>
}

/** One text for one EVSE's display. */
export type DisplayOrder = {
  readonly chargePointId: string
  readonly evse: number
  readonly message: string
  readonly reason: string
  /** RFC 5646: `en`. */
  readonly language: string
  readonly text: string
  /** Never sent after this, ms since 1970. */
  readonly deadline: number
  /** Asked at the moment of sending. */
  readonly withdrawn: () => boolean
}

/** Charge points' own displays. `unable`: this charge point shows no texts, whatever they say. Faults as in `ChargePoints`. */
export interface ChargePointDisplays {
  show(order: DisplayOrder): Promise<'shown' | 'rejected' | 'unable' | 'none'>
}
