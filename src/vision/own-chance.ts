import type { Candidate } from '../../machines/vote.ts'

/**
 * Chance that a plate on which frames of our own reader agree is right, by its weakest character and by whether single frames
 * read it one character otherwise. Measured on photographs of three continents (184 plates, up to six simulated frames each, the
 * reader of this version); counts are right of all. Confidence alone says little; the weakest place and near rivals say much.
 */
const ALONE = [
  { from: 0.85, chance: 0.96 }, // 136 of 142
  { from: 0.7, chance: 0.92 }, //  24 of 26
  { from: 0.6, chance: 0.82 }, //   9 of 11
  { from: 0, chance: 0.6 }, //      3 of 5
]
const WITH_RIVALS = [
  { from: 0.8, chance: 0.9 }, // 7 of 7: too few to say more
  { from: 0, chance: 0.47 }, //  8 of 17
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
