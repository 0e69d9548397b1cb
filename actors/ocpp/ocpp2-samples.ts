import type { ChargePointNews, MeterSample } from '../ports.ts'
import { readWhole, record } from './field-reading.ts'
import { type MeterReading, readMeterValues } from './meter-samples.ts'
import type { RegisterMemory } from './register-memory.ts'

/** Powers of ten beyond these are no multiplier of a meter. */
const MOST_MULTIPLIER = 9

/** Reads 2.x `meterValue` as 1.6's is read: values are numbers there, and their unit stands in `unitOfMeasure` with a power of ten. */
export function readMeterValues2(meterValue: unknown, reading: MeterReading): readonly MeterSample[] {
  const moments = Array.isArray(meterValue) ? meterValue : [meterValue]
  return readMeterValues(
    moments.map((moment) => {
      const fields = record(moment)
      if (!fields) return moment
      const sampled = fields['sampledValue']
      return { ...fields, sampledValue: Array.isArray(sampled) ? sampled.slice(0, 256).map(as16) : as16(sampled) }
    }),
    reading,
  )
}

function as16(sampled: unknown): unknown {
  const fields = record(sampled)
  if (!fields) return sampled
  const measure = record(fields['unitOfMeasure'])
  const power = measure?.['multiplier'] === undefined ? 0 : whole(measure['multiplier'])
  const value = power === null ? null : amount(fields['value'], power)
  return { ...fields, value, ...(measure ? { unit: measure['unit'] } : {}) }
}

const whole = (value: unknown): number | null => readWhole(value, -MOST_MULTIPLIER, MOST_MULTIPLIER)?.value ?? null

/** 1.6's reader wants text and mends numbers: here text is what has to be mended. */
function amount(value: unknown, power: number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value * 10 ** power) : null
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value.trim().replace(',', '.')) : Number.NaN
  return Number.isFinite(number) ? number * 10 ** power : null
}

/** News with its registers put back beside the last ones of their EVSE, where they slip. `at`: its arrival, ms since 1970. */
export function settledNews(news: ChargePointNews, registers: RegisterMemory, at: number): ChargePointNews {
  const settle = (evse: number | null, register_Wh: number | null): number | null =>
    evse === null || register_Wh === null ? register_Wh : registers.settle(evse, register_Wh, at).value
  if (news.type === 'started') {
    registers.ran(news.transactionId ?? null, news.evse)
    return { ...news, register_Wh: settle(news.evse, news.register_Wh) }
  }
  if (news.type === 'ended')
    return { ...news, register_Wh: settle(registers.evseOf(news.transactionId), news.register_Wh) }
  if (news.type !== 'meter') return news
  const samples = news.samples.map((sample): MeterSample => {
    const register_Wh = sample.when === 'past' ? sample.register_Wh : settle(news.evse, sample.register_Wh)
    return register_Wh === sample.register_Wh ? sample : { ...sample, register_Wh, verdict: 'repaired' }
  })
  return { ...news, samples }
}
