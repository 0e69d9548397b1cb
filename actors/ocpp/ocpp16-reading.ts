import type { ChargePointNews, MeterSample } from '../ports.ts'
import type { ClockSkew } from './clock-skew.ts'
import { type Reading, readText, readTime, readWhole } from './field-reading.ts'
import { NO_REGISTER, readMeterValues } from './meter-samples.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'
import type { RegisterMemory } from './register-memory.ts'

export type Fields = { readonly [key: string]: unknown }

/** What a 1.6 call says: news, something that means nothing here but is answered, a breach of the protocol, or an unknown action. `mended` counts fields. */
export type CallReading = { readonly mended: number } & (
  | { readonly kind: 'news'; readonly news: ChargePointNews }
  | { readonly kind: 'nothing'; readonly says: string }
  | { readonly kind: 'breach'; readonly code: string; readonly says: string }
  | { readonly kind: 'unknown' }
)

type Hearing = {
  readonly chargePointId: string
  readonly profile: ChargePointProfile
  readonly at: number
  readonly skew: ClockSkew
  /** Where its registers slip between Wh and kWh; null where they do not. */
  readonly registers: RegisterMemory | null
}
type Reader = (fields: Fields, hearing: Hearing) => CallReading

/** 1.6 statuses in their own spelling, by lower case. */
const STATUSES = new Map(
  [
    'Available',
    'Preparing',
    'Charging',
    'SuspendedEV',
    'SuspendedEVSE',
    'Finishing',
    'Reserved',
    'Unavailable',
    'Faulted',
  ].map((word) => [word.toLowerCase(), word]),
)
const REASONS = new Map(
  [
    'EmergencyStop',
    'EVDisconnected',
    'HardReset',
    'Local',
    'Other',
    'PowerLoss',
    'Reboot',
    'Remote',
    'SoftReset',
    'UnlockCommand',
    'DeAuthorized',
  ].map((word) => [word.toLowerCase(), word]),
)

const READERS = new Map<string, Reader>([
  ['BootNotification', readBoot],
  ['StatusNotification', readStatus],
  ['Authorize', readAuthorize],
  ['StartTransaction', readStart],
  ['StopTransaction', readStop],
  ['MeterValues', readMeter],
])

/**
 * Reads one call leniently. Only a field without which nothing can be done is a breach: a refused transaction message would be sent
 * again and hold back everything queued behind it.
 */
export function readCall(action: string, fields: Fields, hearing: Hearing): CallReading {
  const reader = READERS.get(action)
  return reader ? reader(fields, hearing) : { kind: 'unknown', mended: 0 }
}

function news(told: ChargePointNews, ...readings: readonly (Reading<unknown> | null)[]): CallReading {
  return { kind: 'news', news: told, mended: readings.filter((r) => r?.mended).length }
}

function breach(code: 'FormationViolation' | 'PropertyConstraintViolation', says: string): CallReading {
  return { kind: 'breach', code, says, mended: 0 }
}

function readBoot(fields: Fields, { chargePointId }: Hearing): CallReading {
  const vendor = readText(fields['chargePointVendor'], 100)
  const model = readText(fields['chargePointModel'], 100)
  const firmware = readText(fields['firmwareVersion'], 100)?.value ?? null
  return news(
    { type: 'booted', chargePointId, vendor: vendor?.value ?? 'unknown', model: model?.value ?? 'unknown', firmware },
    vendor,
    model,
  )
}

function readStatus(fields: Fields, { chargePointId, at, skew }: Hearing): CallReading {
  const connector = readWhole(fields['connectorId'], 0)
  const word = readText(fields['status'], 50)
  if (!connector) return breach('FormationViolation', 'connectorId is missing or no whole number.')
  if (!word) return breach('FormationViolation', 'status is missing or no text.')
  const status = STATUSES.get(word.value.trim().toLowerCase())
  if (!status) return { kind: 'nothing', says: `status ${word.value} is no word of OCPP 1.6.`, mended: 0 }
  const time = readTime(fields['timestamp'])
  if (time) skew.see(time.value, at)
  const error = readText(fields['errorCode'], 100)?.value ?? null
  const errorCode = error === 'NoError' ? null : error
  const told = {
    type: 'status',
    chargePointId,
    evse: connector.value,
    status,
    errorCode,
    happenedAt: time?.value ?? null,
  } as const
  return news(told, connector, time, { value: status, mended: status !== word.value })
}

function readAuthorize(fields: Fields, { chargePointId }: Hearing): CallReading {
  const idTag = readText(fields['idTag'], 255)
  if (!idTag) return breach('FormationViolation', 'idTag is missing or no text.')
  return news({ type: 'authorize', chargePointId, idToken: idTag.value }, idTag)
}

function readStart(fields: Fields, { chargePointId, registers, at }: Hearing): CallReading {
  const connector = readWhole(fields['connectorId'], 0)
  const idTag = readText(fields['idTag'], 255)
  if (!connector) return breach('FormationViolation', 'connectorId is missing or no whole number.')
  if (connector.value === 0)
    return breach(
      'PropertyConstraintViolation',
      'connectorId 0 is the whole charge point; a transaction needs a connector.',
    )
  if (!idTag) return breach('FormationViolation', 'idTag is missing or no text.')
  const meter = settled(registers, connector.value, readRegister(fields['meterStart']), at)
  const time = readTime(fields['timestamp'])
  const told = {
    type: 'started',
    chargePointId,
    evse: connector.value,
    idToken: idTag.value,
    register_Wh: meter?.value ?? null,
    happenedAt: time?.value ?? null,
  } as const
  return news(told, connector, idTag, meter, time)
}

/** No counter of a charge point gets there: what says so is damaged. */
const MOST_REGISTER_Wh = 1e12

function readRegister(value: unknown): Reading<number> | null {
  const meter = readWhole(value, 0, MOST_REGISTER_Wh)
  return meter && NO_REGISTER.has(meter.value) ? null : meter
}

/** A register beside the last one of its connector, where they slip. */
function settled(
  registers: RegisterMemory | null,
  evse: number | null,
  meter: Reading<number> | null,
  at: number,
): Reading<number> | null {
  if (!registers || !meter || evse === null) return meter
  const { value, mended } = registers.settle(evse, meter.value, at)
  return { value, mended: mended || meter.mended }
}

/** Never a breach: a stop that cannot be placed is still recorded and answered. */
function readStop(fields: Fields, hearing: Hearing): CallReading {
  const transaction = readText(fields['transactionId'], 40)
  const idTag = readText(fields['idTag'], 255)
  const { registers, at } = hearing
  const evse = registers?.evseOf(transaction?.value ?? '') ?? null
  const meter = settled(registers, evse, readRegister(fields['meterStop']), at)
  const time = readTime(fields['timestamp'])
  const reason = readText(fields['reason'], 50)?.value ?? null
  const told = {
    type: 'ended',
    chargePointId: hearing.chargePointId,
    transactionId: transaction?.value ?? '',
    idToken: idTag?.value ?? null,
    register_Wh: meter?.value ?? null,
    reason: reason === null ? null : (REASONS.get(reason.toLowerCase()) ?? 'Other'),
    happenedAt: time?.value ?? null,
    samples: readMeterValues(fields['transactionData'], { ...hearing, past: true }),
  } as const
  return news(told, meter, time)
}

/** Never a breach: nothing in a meter value is worth a refusal. */
function readMeter(fields: Fields, hearing: Hearing): CallReading {
  const connector = readWhole(fields['connectorId'], 0)
  if (!connector) return { kind: 'nothing', says: 'meter values without a connectorId are not used.', mended: 0 }
  if (connector.value === 0)
    return { kind: 'nothing', says: 'meter values of the whole charge point are not used.', mended: 0 }
  // -1 and 0 are what boxes send when they have no transaction.
  const transaction = readWhole(fields['transactionId'], 1)
  const transactionId = transaction ? String(transaction.value) : null
  const samples = settledSamples(
    readMeterValues(fields['meterValue'], { ...hearing, past: false }),
    connector.value,
    transactionId,
    hearing,
  )
  if (samples.length === 0) return { kind: 'nothing', says: 'no measurand that berth uses.', mended: 0 }
  const mended = samples.filter((s) => s.verdict === 'repaired').length
  return {
    kind: 'news',
    news: { type: 'meter', chargePointId: hearing.chargePointId, evse: connector.value, transactionId, samples },
    mended,
  }
}

function settledSamples(
  samples: readonly MeterSample[],
  evse: number,
  transactionId: string | null,
  { registers, at }: Hearing,
): readonly MeterSample[] {
  if (!registers) return samples
  registers.ran(transactionId, evse)
  return samples.map((sample) => {
    if (sample.register_Wh === null || sample.when === 'past') return sample
    const { value, mended } = registers.settle(evse, sample.register_Wh, at)
    return mended ? { ...sample, register_Wh: value, verdict: 'repaired' } : sample
  })
}
