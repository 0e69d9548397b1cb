import type { Candidate } from '../../machines/vote.ts'

/**
 * Chance that a plate on which frames of our own reader agree is right, by its weakest character and by whether single frames
 * read it one character otherwise. Measured on photographs of three continents (182 plates, six simulated frames each, in a zone five
 * plates wide, both recognisers); counts are right of all: of photographs on which two frames or more agree, and of single frames that both
 * recognisers read alike. The confidence of a character is what both say together.
 */
const ALONE = [
  { from: 0.85, chance: 0.96 }, // 150 of 153; one frame: 888 of 914
  { from: 0.7, chance: 0.92 }, //   14 of 14; 38 of 39: too few to say more
  { from: 0.5, chance: 0.85 }, //   3 of 3; 15 of 17
  { from: 0, chance: 0.5 }, //      none; 9 of 10
]
const WITH_RIVALS = [
  { from: 0.5, chance: 0.7 }, // 5 of 7
  { from: 0, chance: 0.4 }, //   1 of 3
]

/** A plate that is part of another registered one is as likely that other one, half read. */
const HALF_READ = 0.5

/**
 * The measured chance for a candidate that our reader read, whoever else did: its doubt is not taken away by a device that agrees. Null for
 * reads of devices alone, which are judged by agreement, format, match and zone.
 */
export function ownChance(
  { weakest, near, readers }: Pick<Candidate, 'weakest' | 'near' | 'readers'>,
  isPart = false,
): number | null {
  if (weakest === null || !readers.includes('berth')) return null
  if (isPart) return HALF_READ
  const table = near > 0 ? WITH_RIVALS : ALONE
  return table.find((band) => weakest >= band.from)?.chance ?? 0
}
