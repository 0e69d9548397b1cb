import type { OcppCounters, OcppLog } from './ocpp-counters.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'

/** What a charge point is set to after a boot: its name there, and its value. `only-known`: set only where it has such a setting and keeps another value. */
export type WantedSetting = { readonly name: string; readonly value: string; readonly set: 'always' | 'only-known' }

type Words = { readonly [meaning in Meaning]: string }
type Meaning = 'authorizeRemote' | 'localPreAuthorize' | 'knownOffline' | 'unknownOffline' | 'stopOnInvalid'

const WORDS_16: Words = {
  authorizeRemote: 'AuthorizeRemoteTxRequests',
  localPreAuthorize: 'LocalPreAuthorize',
  knownOffline: 'LocalAuthorizeOffline',
  unknownOffline: 'AllowOfflineTxForUnknownId',
  stopOnInvalid: 'StopTransactionOnInvalidId',
}
const WORDS_2: Words = {
  authorizeRemote: 'AuthCtrlr.AuthorizeRemoteStart',
  localPreAuthorize: 'AuthCtrlr.LocalPreAuthorize',
  knownOffline: 'AuthCtrlr.LocalAuthorizeOffline',
  unknownOffline: 'AuthCtrlr.OfflineTxForUnknownIdEnabled',
  stopOnInvalid: 'TxCtrlr.StopTxOnInvalidId',
}

/**
 * Who may charge: a remote start is asked for once more before it begins, so that one that was withdrawn meanwhile begins nothing; a
 * token that was once accepted is asked for again, and a refused one stops; what an offline charge point lets charge is the profile's.
 */
function whoMayCharge({ authorizesRemote, offline }: ChargePointProfile, words: Words): readonly WantedSetting[] {
  const wanted: readonly (readonly [Meaning, boolean])[] = [
    ['authorizeRemote', authorizesRemote],
    ['localPreAuthorize', false],
    ['knownOffline', offline !== 'nobody'],
    ['unknownOffline', offline === 'everybody'],
    ['stopOnInvalid', true],
  ]
  return wanted.map(([meaning, value]) => ({ name: words[meaning], value: String(value), set: 'only-known' }))
}

const always = (name: string, value: string): WantedSetting => ({ name, value, set: 'always' })

/** The settings of OCPP 1.6 (configuration keys). */
export const wanted16 = (profile: ChargePointProfile): readonly WantedSetting[] => [
  always('MeterValuesSampledData', profile.measurands.join(',')),
  always('MeterValueSampleInterval', String(profile.sampleInterval_s)),
  ...whoMayCharge(profile, WORDS_16),
]

/** The settings of OCPP 2 (`component.variable`). */
export const wanted2 = (profile: ChargePointProfile): readonly WantedSetting[] => [
  always('SampledDataCtrlr.TxStartedMeasurands', 'Energy.Active.Import.Register'),
  always('SampledDataCtrlr.TxUpdatedMeasurands', profile.measurands.join(',')),
  always('SampledDataCtrlr.TxEndedMeasurands', 'Energy.Active.Import.Register'),
  always('SampledDataCtrlr.TxUpdatedInterval', String(profile.sampleInterval_s)),
  ...whoMayCharge(profile, WORDS_2),
]

/** Hears what a charge point keeps although it accepted something else, a phrase for each setting; empty = it keeps what was set. */
export type SettingsHeard = (chargePointId: string, ignored: readonly string[]) => void

type LedgerParts = {
  readonly chargePointId: string
  readonly profile: ChargePointProfile
  readonly counters: OcppCounters
  readonly log: OcppLog
  readonly settled?: SettingsHeard
}

const LONGEST_VALUE = 60

/**
 * What one charge point made of its settings: what it took is held against what it says afterwards. Nothing of this is fatal; it is
 * counted, logged and shown, and the bay then lives on what is sent.
 */
export class SettingsLedger {
  readonly #parts: LedgerParts
  readonly #taken = new Map<string, string>()
  readonly #kept = new Map<string, string>()

  constructor(parts: LedgerParts) {
    this.#parts = parts
  }

  /** Its answer to one setting. What needs a reboot says its new value after that. */
  answered({ name, value, set }: WantedSetting, status: string): void {
    if (status === 'Accepted') this.#taken.set(name, value)
    if (status === 'Accepted' || status === 'RebootRequired') return
    if (set === 'only-known') return this.#note('config_rejected', `${name} was not taken (${status.slice(0, 40)})`)
    const says = `${name} was not taken (${status.slice(0, 40)}); meter values may be missing or slow.`
    this.#note('config_rejected', says)
  }

  /** Names that were taken. */
  taken(): readonly string[] {
    return [...this.#taken.keys()]
  }

  /** What it says of a setting now; only what it took before counts. */
  says(name: string, value: unknown): void {
    const wanted = this.#taken.get(name)
    if (wanted === undefined || alike(wanted, value)) return void this.#kept.delete(name)
    this.#kept.set(name, `${name} (asked ${short(wanted)}, kept ${short(String(value))})`)
    this.#note('config_ignored', `${name} is something else than what was set; meter values may be missing or slow.`)
  }

  /** How long it waits for a cable, seconds, held against the profile's (E18). */
  patience(name: string, value: unknown): void {
    const { profile } = this.#parts
    const seconds = Number(value)
    if (!(seconds > 0) || seconds === profile.connectionTimeout_s) return
    const says =
      `${name} is ${seconds} s at the charge point and ${profile.connectionTimeout_s} s in its profile ${profile.name}; ` +
      'a start that came to nothing is noticed early or late. Set them alike.'
    this.#note('config_differs', says)
  }

  /** All was asked: who watches hears what it took and does not keep. */
  close(): void {
    this.#parts.settled?.(this.#parts.chargePointId, [...this.#kept.values()])
  }

  #note(counter: 'config_rejected' | 'config_ignored' | 'config_differs', says: string): void {
    const { counters, log, chargePointId } = this.#parts
    counters.add(counter)
    log({ level: 'warn', says, about: { chargePointId } })
  }
}

const short = (text: string): string => (text === '' ? 'nothing' : text.slice(0, LONGEST_VALUE))

/** Lists in any order, and words in any case, are the same setting. */
export function alike(wanted: string, found: unknown): boolean {
  const sorted = (text: string): string =>
    text
      .toLowerCase()
      .split(',')
      .map((one) => one.trim())
      .sort()
      .join(',')
  return sorted(wanted) === sorted(String(found ?? ''))
}
