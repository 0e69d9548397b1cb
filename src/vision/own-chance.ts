import type { Candidate } from '../../machines/vote.ts'

/**
 * Chance that a plate on which frames of our own reader agree is right, by its weakest character and by whether single frames
 * read it one character otherwise. Measured on photographs of three continents (182 plates, six simulated frames each, in a zone five
 * plates wide, both recognisers, our own after 208,000 of the 300,000 looks that it has learnt from now); counts are right of all. The confidence of a character is what both say together.
 */
const ALONE = [
  { from: 0.85, chance: 0.96 }, // 154 of 157
  { from: 0.7, chance: 0.92 }, //   6 of 6: too few to say more
  { from: 0.5, chance: 0.85 }, //   7 of 7: likewise
  { from: 0, chance: 0.5 }, //      none seen
]
const WITH_RIVALS = [
  { from: 0.5, chance: 0.7 }, // 7 of 9
  { from: 0, chance: 0.4 }, //   0 of 1
]

/** A plate that is part of another registered one is as likely that other one, half read. */
const HALF_READ = 0.5

/** The measured chance for a candidate of our reader; null for reads of devices, which are judged by agreement, format, match and zone alone. */
export function ownChance(
  { weakest, near, readers }: Pick<Candidate, 'weakest' | 'near' | 'readers'>,
  isPart = false,
): number | null {
  if (weakest === null || readers.some((reader) => reader !== 'berth')) return null
  if (isPart) return HALF_READ
  const table = near > 0 ? WITH_RIVALS : ALONE
  return table.find((band) => weakest >= band.from)?.chance ?? 0
}
