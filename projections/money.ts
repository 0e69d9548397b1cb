/**
 * Money is whole millionths of the currency until it is told, and whole minor units (cents) from then on: no binary fraction ever holds it.
 * The rule: each part of a price is rounded once, half away from zero, to the minor unit; every sum is the sum of its rounded parts.
 */

/** Currencies whose minor unit is not a hundredth (ISO 4217). */
const OTHER_DIGITS: { readonly [currency: string]: number } = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((one) => [one, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((one) => [one, 3])),
}

/** Digits after the point of an amount in this currency (ISO 4217). */
export const digitsOf = (currency: string): number => OTHER_DIGITS[currency] ?? 2

const MILLION = 1_000_000n

/** A price as it is written, `0.35` or `-1`, in whole millionths; null where it is none, or has more than six digits after the point. */
export function readPrice(text: string | number): bigint | null {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(String(text))
  if (match === null) return null
  const amount = BigInt(match[2] ?? '0') * MILLION + BigInt((match[3] ?? '').padEnd(6, '0'))
  return match[1] === '-' ? -amount : amount
}

/** The fraction `over / under` (`under` above 0), rounded to a whole number, half away from zero. */
export function rounded(over: bigint, under: bigint): bigint {
  const half = 2n * (over < 0n ? -over : over) + under
  const whole = half / (2n * under)
  return over < 0n ? -whole : whole
}

/** `over / under` millionths of the currency in its minor units. */
export function toMinor(over: bigint, under: bigint, currency: string): number {
  return Number(rounded(over, under * 10n ** BigInt(6 - digitsOf(currency))))
}

/** Minor units as they are written: 1234 is `12.34`. */
export function amountText(minor: number, currency: string): string {
  const digits = digitsOf(currency)
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  const point = text.length - digits
  return `${minor < 0 ? '-' : ''}${text.slice(0, point)}${digits === 0 ? '' : `.${text.slice(point)}`}`
}

/** An amount as it is written, in minor units; null where it is none in this currency. */
export function readAmount(text: string, currency: string): number | null {
  const price = readPrice(text.trim())
  const unit = 10n ** BigInt(6 - digitsOf(currency))
  return price === null || price % unit !== 0n ? null : Number(price / unit)
}

/** A whole split by weights (0 or more), in minor units: the parts add up to it, and none is off by a whole unit. No weight at all gives all to the last. */
export function split(whole: number, weights: readonly number[]): readonly number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  if (all <= 0) return weights.map((_weight, place) => (place === weights.length - 1 ? whole : 0))
  let given = 0
  let weighed = 0
  return weights.map((weight) => {
    weighed += weight
    const until = Math.round((whole * weighed) / all)
    const part = until - given
    given = until
    return part
  })
}
