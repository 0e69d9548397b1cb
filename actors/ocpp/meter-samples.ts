import type { MeterSample, RawSample } from '../ports.ts'
import type { ClockSkew } from './clock-skew.ts'
import { readNumber, readTime, record } from './field-reading.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'

/** What the reading of meter values depends on. `past`: everything in it is old (a stop's transactionData). Times in ms since 1970. */
export type MeterReading = {
  readonly profile: Pick<
    ChargePointProfile,
    'currentFrom' | 'currentOn' | 'currentTimes' | 'powerTimes' | 'liveWithin_s'
  >
  readonly at: number
  readonly skew: ClockSkew
  readonly past: boolean
}

type Quantity = 'current' | 'power' | 'register'
type Value = {
  readonly quantity: Quantity
  readonly exported: boolean
  readonly line: string
  readonly place: number
  /** Amperes, watts or watt-hours; null where it could not be read. */
  readonly amount: number | null
  readonly mended: boolean
  readonly when: 'live' | 'past'
  readonly asked: boolean
}

const MEASURANDS: { readonly [measurand: string]: { readonly quantity: Quantity; readonly exported: boolean } } = {
  'current.import': { quantity: 'current', exported: false },
  'current.export': { quantity: 'current', exported: true },
  'power.active.import': { quantity: 'power', exported: false },
  'energy.active.import.register': { quantity: 'register', exported: false },
}

/** Factor to A, W or Wh by unit; a missing unit is the protocol's own: A, W, Wh. */
const UNITS: { readonly [Q in Quantity]: { readonly [unit: string]: number } } = {
  current: { a: 1, ma: 0.001 },
  power: { w: 1, kw: 1_000 },
  register: { wh: 1, kwh: 1_000 },
}
const SPELLED = new Set(['A', 'W', 'kW', 'Wh', 'kWh'])

/** The largest whole numbers of 31 and 32 bits: a register that was never read. */
export const NO_REGISTER = new Set([2_147_483_647, 4_294_967_295])

/** Beyond these no charge point measures: a byte order, a unit or a counter went wrong. */
const MOST: { readonly [Q in Quantity]: number } = { current: 2_000, power: 2_000_000, register: 1e12 }

/** No moment has more values that matter; the rest of a malicious one is not read. */
const MOST_VALUES = 256

/** A context that speaks of a moment gone by. */
const PAST_CONTEXTS = new Set(['transaction.end', 'interruption.begin', 'interruption.end'])

/** Best first: the outlet is what the car gets. */
const PLACES = ['outlet', 'cable', 'inlet', 'body', 'ev']

/**
 * Reads 1.6 `meterValue` into samples, one for each sampled moment (two where live and past values share a stamp). Rules:
 * - missing measurand = energy register, missing unit = Wh, W or A; strings, decimal commas and odd spellings are mended;
 * - the total of a quantity is the value without phase. Totals and phases are never added up: current and power are the larger of
 *   |total| and the sum of |phases|, so that neither a total that stays 0 nor a missing phase hides a flow; the register is the
 *   total where there is one, else the sum of phases;
 * - L1 and L1-N are one line, the larger counts; line-to-line values count only where no line has its own; N only where nothing else is sent;
 * - Current.Export and N count as the profile says, and figures are as many times larger; signed values are left alone; voltages and
 *   the like make no sample; a register at the end of its 31 or 32 bits was never read;
 * - Transaction.End and Interruption contexts, values older than the profile's `liveWithin_s`, and unset clocks are `past`.
 */
export function readMeterValues(meterValue: unknown, reading: MeterReading): readonly MeterSample[] {
  const moments = Array.isArray(meterValue) ? meterValue : [meterValue]
  return moments.flatMap((moment) => readMoment(moment, reading))
}

function readMoment(moment: unknown, reading: MeterReading): MeterSample[] {
  const fields = record(moment)
  if (!fields) return []
  const sampled = fields['sampledValue']
  const values: Value[] = []
  for (const one of Array.isArray(sampled) ? sampled.slice(0, MOST_VALUES) : [sampled]) {
    const value = readSampled(one)
    if (value) values.push(value)
  }
  if (values.length === 0) return []
  const time = readTime(fields['timestamp'])
  if (time && values.some((v) => v.asked)) reading.skew.certain(time.value, reading.at)
  else if (time && !reading.past) reading.skew.see(time.value, reading.at)
  // A stamp that cannot be read says nothing about age unless the clock was plainly never set.
  const old = reading.past || (time ? stale(time.value, reading) : typeof fields['timestamp'] === 'string')
  const mended = time === null || time.mended
  const samples: MeterSample[] = []
  for (const when of ['live', 'past'] as const) {
    const part = values.filter((v) => (old ? 'past' : v.when) === when)
    if (part.length > 0) samples.push(sample(part, when, time?.value ?? null, mended, reading))
  }
  return samples
}

/** Too far in the future is as little a present as too long ago. */
function stale(stamp: number, reading: MeterReading): boolean {
  return Math.abs(reading.skew.age(stamp, reading.at)) > reading.profile.liveWithin_s * 1_000
}

/** Null for what is signed, or nothing that berth uses. */
function readSampled(sampled: unknown): Value | null {
  const fields = record(sampled)
  if (!fields || lower(fields['format']) === 'signeddata') return null
  const measurand = lower(fields['measurand']) ?? 'energy.active.import.register'
  const meaning = Object.hasOwn(MEASURANDS, measurand) ? MEASURANDS[measurand] : undefined
  if (!meaning) return null
  const context = lower(fields['context'])
  const { amount, mended } = readAmount(fields['value'], fields['unit'], meaning.quantity)
  const place = PLACES.indexOf(lower(fields['location']) ?? 'outlet')
  return {
    quantity: meaning.quantity,
    exported: meaning.exported,
    line: (lower(fields['phase']) ?? '').toUpperCase(),
    place: place < 0 ? PLACES.length : place,
    amount,
    mended: mended || !(context === null || typeof fields['context'] === 'string'),
    when: context !== null && PAST_CONTEXTS.has(context) ? 'past' : 'live',
    asked: context === 'trigger',
  }
}

function readAmount(value: unknown, unit: unknown, quantity: Quantity): { amount: number | null; mended: boolean } {
  const number = readNumber(value, 'string')
  if (number && quantity === 'register' && NO_REGISTER.has(number.value)) return { amount: null, mended: true }
  const absent = unit === undefined || unit === null || unit === ''
  const name = lower(unit) ?? ''
  const factor = absent ? 1 : Object.hasOwn(UNITS[quantity], name) ? UNITS[quantity][name] : undefined
  if (!number || factor === undefined) return { amount: null, mended: true }
  const amount = number.value * factor
  if (Math.abs(amount) > MOST[quantity] || (quantity === 'register' && amount < 0))
    return { amount: null, mended: true }
  const spelled = absent || (typeof unit === 'string' && SPELLED.has(unit))
  // A meter mounted the other way round shows the same flow with a minus.
  return { amount: tidy(Math.abs(amount)), mended: number.mended || !spelled || amount < 0 }
}

function sample(
  values: readonly Value[],
  when: 'live' | 'past',
  happenedAt: number | null,
  mended: boolean,
  reading: MeterReading,
): MeterSample {
  const of = (quantity: Quantity): Value[] => outlet(values.filter((v) => v.quantity === quantity && v.amount !== null))
  const { currentFrom, currentOn, currentTimes, powerTimes } = reading.profile
  const [current, power, energy] = [of('current'), flow(of('power')), register(of('register'))]
  const current_A = times(flow(directed(current, currentFrom), currentOn), currentTimes)
  const power_W = times(power, powerTimes)
  const nothing = current_A === null && power_W === null && energy === null
  const verdict = nothing ? 'unusable' : mended || values.some((v) => v.mended) ? 'repaired' : 'valid'
  const raw = { ...rawCurrent(current), power_W: power, register_Wh: energy }
  return { happenedAt, when, current_A, power_W, register_Wh: energy, verdict, raw }
}

const times = (amount: number | null, factor: number): number | null => (amount === null ? null : tidy(amount * factor))

/** What was sent, before any profile. */
function rawCurrent(current: readonly Value[]): Pick<RawSample, 'import_A' | 'export_A' | 'neutral_A'> {
  return {
    import_A: flow(current.filter((v) => !v.exported && v.line !== 'N')),
    export_A: flow(current.filter((v) => v.exported && v.line !== 'N')),
    neutral_A: byLine(current).neutral,
  }
}

function directed(values: readonly Value[], from: ChargePointProfile['currentFrom']): readonly Value[] {
  return from === 'either' ? values : values.filter((v) => v.exported === (from === 'export'))
}

/** Values of the best place only: inlet and outlet of one box are the same energy twice. */
function outlet(values: readonly Value[]): Value[] {
  if (values.length < 2) return [...values]
  const best = Math.min(...values.map((v) => v.place))
  return values.filter((v) => v.place === best)
}

type Lines = { readonly total: number | null; readonly phases: number | null; readonly neutral: number | null }

/** A place for each line of a phase: L1 to L3, between them, the total, and N. */
const PLACES_OF_LINES = new Map(
  [['L1', 'L1-N'], ['L2', 'L2-N'], ['L3', 'L3-N'], ['L1-L2'], ['L2-L3'], ['L3-L1'], [''], ['N']].flatMap(
    (names, place) => names.map((name) => [name, place] as const),
  ),
)

function byLine(values: readonly Value[]): Lines {
  const most: (number | null)[] = [null, null, null, null, null, null, null, null]
  for (const { line, amount } of values) {
    const place = PLACES_OF_LINES.get(line)
    if (place === undefined) continue
    const before = most[place] ?? null
    if (before === null || (amount ?? 0) > before) most[place] = amount ?? 0
  }
  const at = (place: number): number | null => most[place] ?? null
  const sum = (from: number): number | null => {
    const [a, b, c] = [at(from), at(from + 1), at(from + 2)]
    return a === null && b === null && c === null ? null : tidy((a ?? 0) + (b ?? 0) + (c ?? 0))
  }
  return { total: at(6), phases: sum(0) ?? sum(3), neutral: at(7) }
}

function flow(values: readonly Value[], on: ChargePointProfile['currentOn'] = 'lines'): number | null {
  const { total, phases, neutral } = byLine(values)
  if (total === null && phases === null) return neutral
  return Math.max(total ?? 0, phases ?? 0, on === 'neutral' ? (neutral ?? 0) : 0)
}

function register(values: readonly Value[]): number | null {
  const { total, phases, neutral } = byLine(values)
  return total ?? phases ?? neutral
}

function lower(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.trim().toLowerCase() : null
}

/** Takes off what binary fractions add: 1.1 kWh is 1,100 Wh. */
function tidy(amount: number): number {
  return Math.round(amount * 1e6) / 1e6
}
