import { escaped } from '../../escaped-text.ts'

/** A text in lines of so many letters at most: broken between words, and within one that is too long by itself. */
export const brokenLines = (text: string, letters: number): readonly string[] =>
  text.match(new RegExp(`\\S.{0,${letters - 1}}(?=\\s|$)|\\S{1,${letters}}`, 'g')) ?? [text]

/** A sentence as HTML, what stands in backticks as code. */
export const coded = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

/** A figure with its interval as HTML: what stands in brackets is kept on one line, so that a narrow column breaks before it. */
export const figureCell = (text: string): string =>
  escaped(text).replaceAll(/\([^)]*\)|\[[^\]]*\]/g, '<span class="i">$&</span>')

/** What remains of sums that cancel out is no figure. */
const NOUGHT = 1e-12

/** A number with three digits that count; `–` where there is none. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) < NOUGHT) return '0'
  const rounded = Number(value.toPrecision(3))
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en') : String(rounded)
}

/** A share in per cent, another number as it is, with its unit. */
export const amount = (value: number, unit: string): string =>
  unit === 'share' ? `${digits(value * 100)} %` : `${digits(value)} ${unit}`

/** A coordinate of a drawing: a tenth of a pixel is enough, and the same everywhere. */
export const at = (value: number): string => String(Math.round(value * 10) / 10)
