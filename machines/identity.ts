import type { Handle, PlateNews, Policy, Tally } from './events.ts'
import { RANKS, type Rank } from './events.ts'
import type { Payer, Visit } from './knowledge.ts'

/** Stronger ranks replace weaker ones; equal ones do not. */
export const stronger = (rank: Rank, than: Rank): boolean => RANKS.indexOf(rank) > RANKS.indexOf(than)

/** Chance that a plate needs whose one-character neighbours are registered to others: half the doubt that is left to any plate. */
const crowdedChance = (policy: Policy): number => 1 - (1 - policy.actConfidence) / 2

/**
 * Enough witnesses, a plausible plate, and, where the reader is calibrated, enough chance. Confidence alone never counts. A plate
 * with registered neighbours of other accounts needs one witness more and half the doubt: a misread there bills somebody.
 */
export function trustworthy(
  { witnesses, plausible, chance, crowd = 0 }: Omit<Tally, 'handle' | 'share'>,
  policy: Policy,
): boolean {
  const isCrowded = crowd > 0
  return (
    witnesses >= policy.quorum + (isCrowded ? 1 : 0) &&
    plausible &&
    (chance === null || chance >= (isCrowded ? crowdedChance(policy) : policy.actConfidence))
  )
}

/** The one vehicle on which this news's witnesses agree: nobody else has a quorum beside it. Null where there is none. */
export function leads(news: Pick<PlateNews, 'tally' | 'leader'>, policy: Policy): Handle | null {
  const leader = news.tally.find((tally) => tally.handle === news.leader)
  if (!leader || !trustworthy(leader, policy)) return null
  const rivals = news.tally.filter((tally) => tally.handle !== leader.handle && tally.witnesses >= policy.quorum)
  return rivals.length === 0 ? leader.handle : null
}

/** The payer showed something to the charge point, which then starts by itself. */
export const isPresented = (payer: Payer | null | undefined): boolean =>
  payer?.rank === 'card' || payer?.rank === 'autocharge' || payer?.rank === 'plug-and-charge'

/** The vehicle that a visit goes by: the one agreed on or named. Of one that a card pays for, the first that was agreed on since; a card is no vehicle. */
export function vehicleOf(visit: Visit): string | null {
  if (visit.agreed !== null) return visit.agreed.handle
  if (!isPresented(visit.payer)) return visit.payer?.handle ?? null
  return visit.evidence.find(({ rank }) => rank === 'plate')?.handle ?? null
}

/** The payer after a new identity has been heard: a decided one yields to a stronger one or to a person's word (laws 8 and 9). */
export function upgraded(old: Payer | null, offered: Payer): Payer {
  if (old === null || offered.person) return offered
  if (old.person) return stronger(offered.rank, 'operator') && offered.rank !== 'plate' ? offered : old
  return stronger(offered.rank, old.rank) ? offered : old
}
