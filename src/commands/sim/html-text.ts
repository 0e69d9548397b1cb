/** A number with three digits that count; `–` where there is none. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const rounded = Number(value.toPrecision(3))
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en') : String(rounded)
}

/** A share in per cent, another number as it is, with its unit. */
export const amount = (value: number, unit: string): string =>
  unit === 'share' ? `${digits(value * 100)} %` : `${digits(value)} ${unit}`

/** A coordinate of a drawing: a tenth of a pixel is enough, and the same everywhere. */
export const at = (value: number): string => String(Math.round(value * 10) / 10)
