import type { ChargePointNews, MeterSample } from '../ports.ts'
import type { ClockSkew } from './clock-skew.ts'
import { readText, readTime, readWhole, record } from './field-reading.ts'
import { readMeterValues2 } from './ocpp2-samples.ts'
import { CHARGING_STATES, type ChargingState, REASON_OF_TRIGGER, STOPPED_REASONS } from './ocpp2-words.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'

export type Fields = { readonly [key: string]: unknown }

/** What reading depends on. Times in ms since 1970. */
export type Hearing2 = {
  readonly chargePointId: string
  readonly profile: ChargePointProfile
  readonly at: number
  readonly skew: ClockSkew
}

/** A token as it was shown: its value, and how the station came by it. */
export type ShownToken = {
  readonly value: string
  readonly rank?: 'autocharge' | 'plug-and-charge'
  readonly own: boolean
}

/** One TransactionEvent. `trigger` in lower case; null = not said or not readable. */
export type TransactionEvent = {
  readonly kind: 'started' | 'updated' | 'ended'
  /** As the station calls it. */
  readonly transactionId: string
  readonly evse: number | null
  readonly token: ShownToken | null
  readonly trigger: string
  readonly seqNo: number | null
  readonly happenedAt: number | null
  readonly state: ChargingState | null
  readonly reason: string | null
  readonly remoteStartId: number | null
  /** It was kept while there was no connection, or is too old to speak of now. */
  readonly past: boolean
  readonly samples: readonly MeterSample[]
  /** Fields that had to be mended. */
  readonly mended: number
}

/** One connector of an EVSE; `word` in OCPP's spelling, null where it is none of OCPP's. */
export type ConnectorNotice = {
  readonly evse: number
  readonly connector: number
  readonly word: string | null
  readonly said: string
  readonly happenedAt: number | null
  readonly mended: number
}

const STATUS_WORDS = ['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted'] as const
/** Spec: 36; what boxes add is taken. */
const MOST_ID = 64
const MOST_TOKEN = 255

/** The word of a list that a text spells in any case; null for any other. */
function spelled<W extends string>(words: readonly W[], value: unknown): W | null {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : null
  return words.find((word) => word.toLowerCase() === text) ?? null
}

export function readBoot(fields: Fields, chargePointId: string): Extract<ChargePointNews, { type: 'booted' }> {
  const station = record(fields['chargingStation']) ?? {}
  return {
    type: 'booted',
    chargePointId,
    vendor: readText(station['vendorName'], 100)?.value ?? 'unknown',
    model: readText(station['model'], 100)?.value ?? 'unknown',
    firmware: readText(station['firmwareVersion'], 100)?.value ?? null,
  }
}

/** A connector's status; null without EVSE or status: nothing can be done with it. */
export function readStatus(fields: Fields, { at, skew }: Hearing2): ConnectorNotice | null {
  const evse = readWhole(fields['evseId'], 0)
  const connector = readWhole(fields['connectorId'], 0)
  const said = readText(fields['connectorStatus'], 50)
  if (!evse || !said) return null
  const time = readTime(fields['timestamp'])
  if (time) skew.see(time.value, at)
  const word = spelled(STATUS_WORDS, said.value)
  return {
    evse: evse.value,
    connector: connector?.value ?? 1,
    word,
    said: said.value,
    happenedAt: time?.value ?? null,
    mended: [evse.mended, connector?.mended !== false, time?.mended === true, word !== said.value].filter(Boolean)
      .length,
  }
}

/** A shown token; null where there is none. One without a value (`NoAuthorization`) is a token too: nobody's. */
export function readToken(value: unknown): ShownToken | null {
  const fields = record(value)
  if (!fields) return null
  const type = typeof fields['type'] === 'string' ? fields['type'].toLowerCase() : ''
  const text = readText(fields['idToken'], MOST_TOKEN)?.value
  if (text === undefined && type !== 'noauthorization') return null
  const rank = type === 'emaid' ? 'plug-and-charge' : type === 'macaddress' ? 'autocharge' : null
  return { value: text ?? '', own: type === 'central', ...(rank === null ? {} : { rank }) }
}

/** MeterValues: which EVSE, and what was measured. Null without an EVSE. */
export function readMeter(fields: Fields, hearing: Hearing2): { evse: number; samples: readonly MeterSample[] } | null {
  const evse = readWhole(fields['evseId'], 0)
  if (!evse) return null
  return { evse: evse.value, samples: readMeterValues2(fields['meterValue'], { ...hearing, past: false }) }
}

/** Reads one TransactionEvent leniently; null only where it names no transaction. */
export function readTransactionEvent(fields: Fields, hearing: Hearing2): TransactionEvent | null {
  const info = record(fields['transactionInfo']) ?? {}
  const id = readText(info['transactionId'], MOST_ID)
  if (!id) return null
  const kind = spelled(['Started', 'Updated', 'Ended'], fields['eventType'])
  const evse = readWhole(record(fields['evse'])?.['id'], 1)
  const seqNo = readWhole(fields['seqNo'], 0)
  const time = readTime(fields['timestamp'])
  const offline = fields['offline'] === true
  // Its own Trigger is of now for certain; what was kept while offline teaches nothing of the clock.
  if (time && !offline) hearing.skew.see(time.value, hearing.at)
  const past =
    offline || (time !== null && hearing.skew.age(time.value, hearing.at) > hearing.profile.liveWithin_s * 1_000)
  const trigger = typeof fields['triggerReason'] === 'string' ? fields['triggerReason'].slice(0, 50).toLowerCase() : ''
  const samples = fields['meterValue'] === undefined ? [] : readMeterValues2(fields['meterValue'], { ...hearing, past })
  const remoteStartId = readWhole(info['remoteStartId'], 0)
  return {
    kind: kind === 'Started' ? 'started' : kind === 'Ended' ? 'ended' : 'updated',
    transactionId: id.value,
    evse: evse?.value ?? null,
    token: readToken(fields['idToken']),
    trigger,
    seqNo: seqNo?.value ?? null,
    happenedAt: time?.value ?? null,
    state: spelled(CHARGING_STATES, info['chargingState']) ?? plainState(kind, trigger, samples),
    reason: reasonOf(info['stoppedReason'], trigger),
    remoteStartId: remoteStartId?.value ?? null,
    past,
    samples,
    mended:
      [id.mended, kind === null, evse?.mended, time?.mended, seqNo?.mended, remoteStartId?.mended].filter(
        (one) => one === true,
      ).length + samples.filter((sample) => sample.verdict === 'repaired').length,
  }
}

/** Absent is Local by the specification, but boxes leave it out of remote stops too: then the trigger says it, or nobody knows. */
function reasonOf(said: unknown, trigger: string): string | null {
  if (typeof said === 'string' && said !== '') return spelled(STOPPED_REASONS, said) ?? 'Other'
  return Object.hasOwn(REASON_OF_TRIGGER, trigger) ? (REASON_OF_TRIGGER[trigger] ?? null) : null
}

/** What the vehicle does where it is not said and plainly happens. */
function plainState(kind: string | null, trigger: string, samples: readonly MeterSample[]): ChargingState | null {
  if (kind === 'Ended') return null
  if (samples.some((sample) => sample.when === 'live' && (sample.current_A ?? 0) >= PLAINLY_A)) return 'Charging'
  return trigger === 'cablepluggedin' ? 'EVConnected' : null
}
const PLAINLY_A = 1

/** The register of the first or last sample that has one, Wh. */
export function registerOf(samples: readonly MeterSample[], which: 'first' | 'last'): number | null {
  const has = (sample: MeterSample): boolean => sample.register_Wh !== null
  return (which === 'first' ? samples.find(has) : samples.findLast(has))?.register_Wh ?? null
}
