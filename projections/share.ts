/** A share with its 95 % interval, all 0..1; `of` is how many it was counted among. */
export type Share = { readonly share: number; readonly low: number; readonly high: number; readonly of: number }

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964

/** The share `hits` of `of` with its 95 % Wilson interval: it stays within 0..1 and says something of few. Nothing counted is anything between 0 and 1. */
export function shareOf(hits: number, of: number): Share {
  if (of === 0) return { share: 0, low: 0, high: 1, of }
  const share = hits / of
  const z2 = Z ** 2 / of
  const middle = (share + z2 / 2) / (1 + z2)
  const half = (Z / (1 + z2)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of))
  return { share, low: hits === 0 ? 0 : middle - half, high: hits === of ? 1 : middle + half, of }
}

/** With 95 % confidence fewer than this share go wrong where none of `of` did (exact; about 3 / `of`, the rule of three). 1 where nothing was counted. */
export const mostAfterNone = (of: number): number => (of === 0 ? 1 : 1 - 0.05 ** (1 / of))
