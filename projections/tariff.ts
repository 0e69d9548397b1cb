import type { Json } from '../machines/events.ts'
import { readPrice, toMinor } from './money.ts'

/** What a charge costs, before taxes, as decimals in the currency. Idle time is priced by the minute once the grace is over. */
export type Tariff = {
  /** ISO 4217. */
  readonly currency: string
  readonly perKwh: string
  readonly perSession: string
  readonly idlePerMinute: string
  readonly idleGrace_min: number
  readonly tax: { readonly name: string; readonly percent: string } | null
  /**
   * Charges that began before the site had any tariff, and from then on (ISO 8601 UTC), are priced by it too; null = none of them. Absent:
   * all of them, as tariffs on record from before that could be said.
   */
  readonly since?: string | null
}

/** What one session costs, in minor units of the tariff's currency. `net` and `gross` are the sums of their parts. */
export type Cost = {
  readonly energy: number
  readonly session: number
  readonly idle: number
  readonly net: number
  readonly tax: number
  readonly gross: number
  /** Tax of each part, in their order: they add up to `tax`. */
  readonly taxes: { readonly energy: number; readonly session: number; readonly idle: number }
}

/** What is charged for: Wh with three digits after the point at most, and whole seconds of idle time. */
export type Consumed = { readonly energy_Wh: number; readonly idle_s: number }

const priceIn = (text: string): bigint => readPrice(text) ?? 0n

/** What a session costs by this tariff. */
export function costOf(tariff: Tariff, { energy_Wh, idle_s }: Consumed): Cost {
  const { currency } = tariff
  const milliWh = BigInt(Math.round(Math.max(0, energy_Wh) * 1000))
  const billed_s = BigInt(Math.max(0, Math.round(idle_s) - Math.round(tariff.idleGrace_min * 60)))
  const energy = toMinor(milliWh * priceIn(tariff.perKwh), 1_000_000n, currency)
  const session = toMinor(priceIn(tariff.perSession), 1n, currency)
  const idle = toMinor(billed_s * priceIn(tariff.idlePerMinute), 60n, currency)
  const percent = tariff.tax === null ? 0n : priceIn(tariff.tax.percent)
  // A hundred per cent of a minor unit is one of it: percent in millionths over 100 million.
  const taxOn = (part: number): number => Number((2n * BigInt(part) * percent + 100_000_000n) / 200_000_000n)
  const taxes = { energy: taxOn(energy), session: taxOn(session), idle: taxOn(idle) }
  const net = energy + session + idle
  const tax = taxes.energy + taxes.session + taxes.idle
  return { energy, session, idle, net, tax, gross: net + tax, taxes }
}

/** The tariff in a record's words; null where it holds none. */
export function tariffIn(value: Json | undefined): Tariff | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { currency, perKwh, perSession, idlePerMinute, idleGrace_min, tax, since } = value as {
    readonly [field: string]: Json
  }
  if (typeof currency !== 'string') return null
  const text = (field: Json | undefined): string => (typeof field === 'string' ? field : '0')
  const named = tax as { readonly name?: Json; readonly percent?: Json } | null | undefined
  return {
    currency,
    perKwh: text(perKwh),
    perSession: text(perSession),
    idlePerMinute: text(idlePerMinute),
    idleGrace_min: typeof idleGrace_min === 'number' ? idleGrace_min : 0,
    tax: named ? { name: text(named.name), percent: text(named.percent) } : null,
    ...(since === undefined ? {} : { since: typeof since === 'string' ? since : null }),
  }
}

/** A tariff and since when it is in force, ISO 8601 UTC; null = from then on there is none. */
export type Adopted = { readonly from: string; readonly tariff: Tariff | null }

/**
 * The tariff under which a session began: the newest adopted by then; before all of them the first that says it reaches back so far. Null
 * where there was none.
 */
export function tariffAt(adopted: readonly Adopted[], startedAt: string): Tariff | null {
  const then = adopted.findLast(({ from }) => from <= startedAt)
  if (then !== undefined) return then.tariff
  const reachesBack = ({ since = '' }: Tariff): boolean => since !== null && since <= startedAt
  return adopted.find(({ tariff }) => tariff !== null && reachesBack(tariff))?.tariff ?? null
}
