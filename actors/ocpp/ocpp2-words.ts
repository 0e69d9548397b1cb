import type { DeskAnswer } from '../ports.ts'

/** Versions of OCPP 2 that are spoken, as their subprotocols are called. */
export type Ocpp2Version = 'ocpp2.0.1' | 'ocpp2.1'

/** `idTokenInfo.status` for what the desk answers. */
export const TOKEN_WORDS: { readonly [S in DeskAnswer['status']]: string } = {
  accepted: 'Accepted',
  invalid: 'Invalid',
  blocked: 'Blocked',
  expired: 'Expired',
  concurrent: 'ConcurrentTx',
}

const BOTH: readonly (readonly [string, object])[] = [
  ['ClearedChargingLimit', {}],
  ['DataTransfer', { status: 'UnknownVendorId' }],
  ['FirmwareStatusNotification', {}],
  ['Get15118EVCertificate', { status: 'Failed', exiResponse: '' }],
  ['GetCertificateStatus', { status: 'Failed' }],
  ['LogStatusNotification', {}],
  ['NotifyChargingLimit', {}],
  ['NotifyCustomerInformation', {}],
  ['NotifyDisplayMessages', {}],
  ['NotifyEVChargingNeeds', { status: 'Rejected' }],
  ['NotifyEVChargingSchedule', { status: 'Accepted' }],
  ['NotifyMonitoringReport', {}],
  ['NotifyReport', {}],
  ['PublishFirmwareStatusNotification', {}],
  ['ReportChargingProfiles', {}],
  ['ReservationStatusUpdate', {}],
  ['SecurityEventNotification', {}],
  ['SignCertificate', { status: 'Rejected' }],
]

/** What only 2.1 has. */
const NEWER: readonly (readonly [string, object])[] = [
  ['ClosePeriodicEventStream', {}],
  ['NotifyDERAlarm', {}],
  ['NotifyDERStartStop', {}],
  ['NotifyPriorityCharging', {}],
  ['NotifySettlement', {}],
  ['NotifyWebPaymentStarted', {}],
  ['OpenPeriodicEventStream', { status: 'Rejected' }],
  ['PullDynamicScheduleUpdate', { status: 'Rejected' }],
  ['ReportDERControl', {}],
]

/** Calls that are answered and mean nothing here, by version. */
export const ANSWERED: { readonly [V in Ocpp2Version]: ReadonlyMap<string, object> } = {
  'ocpp2.0.1': new Map(BOTH),
  'ocpp2.1': new Map([...BOTH, ...NEWER]),
}

/** What a vehicle does at its EVSE while a transaction runs. */
export const CHARGING_STATES = ['EVConnected', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Idle'] as const
export type ChargingState = (typeof CHARGING_STATES)[number]

/** A charging state in the words that bays know. `Idle`, no vehicle at the cable, is the connector's own word to say. */
export const STATE_WORDS: { readonly [S in ChargingState]: string | null } = {
  EVConnected: 'Preparing',
  Charging: 'Charging',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
  Idle: null,
}

/** Reasons for an end. */
export const STOPPED_REASONS = [
  'DeAuthorized',
  'EmergencyStop',
  'EnergyLimitReached',
  'EVDisconnected',
  'GroundFault',
  'ImmediateReset',
  'Local',
  'LocalOutOfCredit',
  'MasterPass',
  'Other',
  'OvercurrentFault',
  'PowerLoss',
  'PowerQuality',
  'Reboot',
  'Remote',
  'ReqEnergyTransferRejected',
  'SOCLimitReached',
  'StoppedByEV',
  'TimeLimitReached',
  'Timeout',
] as const

/** What an Ended without a reason was, by its trigger in lower case. */
export const REASON_OF_TRIGGER: { readonly [trigger: string]: string } = {
  deauthorized: 'DeAuthorized',
  evcommunicationlost: 'EVDisconnected',
  evconnecttimeout: 'Timeout',
  evdeparted: 'EVDisconnected',
  remotestop: 'Remote',
  stopauthorized: 'Local',
}

/** Triggers by which a charge point's own bay sensor speaks, in lower case; the last is no trigger of the specification. */
export const BAY_SENSOR_TRIGGERS: ReadonlySet<string> = new Set(['evdetected', 'evdeparted', 'parkingbayoccupancy'])

/** The 31-bit number by which a station says whose start its transaction is: always the same for one start. */
export function remoteStartIdOf(startId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < startId.length; index += 1)
    hash = Math.imul(hash ^ startId.charCodeAt(index), 0x01000193) >>> 0
  // Mixed once more: ids that differ in their last letter only would stay near each other.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
  return (hash ^ (hash >>> 13)) >>> 1 || 1
}
