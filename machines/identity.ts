import type { Handle, PlateNews, Policy, Tally } from './events.ts'
import { RANKS, type Rank } from './events.ts'
import type { Payer } from './knowledge.ts'

/** Stronger ranks replace weaker ones; equal ones do not. */
export const stronger = (rank: Rank, than: Rank): boolean => RANKS.indexOf(rank) > RANKS.indexOf(than)

/** Enough witnesses, a plausible plate, and, where the camera is calibrated, enough chance. Confidence alone never counts. */
export const trustworthy = (tally: Tally, policy: Policy): boolean =>
  tally.witnesses >= policy.quorum && tally.plausible && (tally.chance === null || tally.chance >= policy.actConfidence)

/** The one vehicle on which this news's witnesses agree: nobody else has a quorum beside it. Null where there is none. */
export function leads(news: Pick<PlateNews, 'tally' | 'leader'>, policy: Policy): Handle | null {
  const leader = news.tally.find((tally) => tally.handle === news.leader)
  if (!leader || !trustworthy(leader, policy)) return null
  const rivals = news.tally.filter((tally) => tally.handle !== leader.handle && tally.witnesses >= policy.quorum)
  return rivals.length === 0 ? leader.handle : null
}

/** The payer after a new identity has been heard: a decided one yields to a stronger one or to a person's word (laws 8 and 9). */
export function upgraded(old: Payer | null, offered: Payer): Payer {
  if (old === null || offered.person) return offered
  if (old.person) return stronger(offered.rank, 'operator') && offered.rank !== 'plate' ? offered : old
  return stronger(offered.rank, old.rank) ? offered : old
}
