import type { Outcome, WatchedVisit } from './shadow.ts'
import { mostAfterNone, type Share, shareOf } from './share.ts'

/**
 * Starts that must have been compared, none of them wrong, before a bay is advised to act: then with 95 % confidence fewer than 5 %
 * are wrong (rule of three: 3 / 60).
 */
export const SAMPLE = 60
/** Starts of one vehicle in that sample: the commuter of every morning says little of the plates of others. */
export const PER_VEHICLE = 5

/** What was counted of the visits of one bay, or of one camera. */
export type ShadowTally = {
  readonly name: string
  /** Visits that are over. */
  readonly visits: number
  readonly counts: { readonly [outcome in Outcome]: number }
  /** Of `unasked`, those with a cable in: they would have been charged for. */
  readonly unaskedPlugged: number
  /** Among visits whose payer is known (right, wrong, missed). */
  readonly right: Share
  readonly missed: Share
  /** Among the starts that can be compared (right, wrong). */
  readonly wrong: Share
  /** Of those the ones that advice rests on: of each vehicle at most `PER_VEHICLE` right ones. */
  readonly sample: number
  /** Why starts were missed, the commonest first. */
  readonly why: readonly (readonly [why: string, visits: number])[]
  /** Seq of the records that opened the visits with a wrong start. */
  readonly wrongAt: readonly number[]
}

/** One tally for each name that `namesOf` gives a visit, in the order of names. */
export function tallies(
  visits: readonly WatchedVisit[],
  namesOf: (visit: WatchedVisit) => readonly string[],
): readonly ShadowTally[] {
  const groups = new Map<string, WatchedVisit[]>()
  for (const visit of visits)
    for (const name of namesOf(visit)) {
      const group = groups.get(name)
      if (group) group.push(visit)
      else groups.set(name, [visit])
    }
  return [...groups].map(([name, group]) => tallyOf(name, group)).sort((a, b) => byName.compare(a.name, b.name))
}
const byName = new Intl.Collator('en', { numeric: true })

/** What was counted of these visits. */
export function tallyOf(name: string, visits: readonly WatchedVisit[]): ShadowTally {
  const counts = { right: 0, confirmed: 0, wrong: 0, missed: 0, unasked: 0, 'unknown-card': 0, nothing: 0 }
  const why = new Map<string, number>()
  for (const visit of visits) {
    counts[visit.outcome] += 1
    if (visit.outcome === 'missed' && visit.why !== null) why.set(visit.why, (why.get(visit.why) ?? 0) + 1)
  }
  const { right, wrong, missed } = counts
  return {
    name,
    visits: visits.length,
    counts,
    unaskedPlugged: visits.filter((visit) => visit.outcome === 'unasked' && visit.plugged).length,
    right: shareOf(right, right + wrong + missed),
    missed: shareOf(missed, right + wrong + missed),
    wrong: shareOf(wrong, right + wrong),
    sample: wrong + variedOf(visits.filter((visit) => visit.outcome === 'right')),
    why: [...why].sort((a, b) => b[1] - a[1]),
    wrongAt: visits.filter((visit) => visit.outcome === 'wrong').map((visit) => visit.seq),
  }
}

/** How many visits there are when each vehicle counts a few times only; where its reads name none, the account stands for it. */
function variedOf(visits: readonly WatchedVisit[]): number {
  const times = new Map<string, number>()
  for (const { vehicle, proposed } of visits) {
    const name = vehicle ?? `account ${proposed}`
    times.set(name, (times.get(name) ?? 0) + 1)
  }
  return [...times.values()].reduce((total, one) => total + Math.min(one, PER_VEHICLE), 0)
}

/** Whether a bay may go to `act`, in one sentence with its numbers. */
export type Advice = { readonly act: boolean; readonly says: string }

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

/** Act is advised after `SAMPLE` compared starts without a wrong one; a wrong one is to be explained first. */
export function adviceOn({
  counts,
  wrong,
  wrongAt,
  sample,
}: Pick<ShadowTally, 'counts' | 'wrong' | 'wrongAt' | 'sample'>): Advice {
  if (counts.wrong > 0) {
    const where = wrongAt
      .slice(0, 5)
      .map((seq) => `record ${seq}`)
      .join(', ')
    return {
      act: false,
      says: `act is not advised: ${counts.wrong} of ${count(wrong.of, 'start')} would have charged another account (95 %: up to ${percent(wrong.high)}); find out why (${where}), mend it, and count again with --from.`,
    }
  }
  const compared = `${count(sample, 'start')} compared with cards (of each vehicle at most ${PER_VEHICLE})`
  const most = `fewer than ${percent(mostAfterNone(sample))} are wrong (95 % confidence)`
  if (sample >= SAMPLE) return { act: true, says: `act is advised: ${compared} and none wrong, so ${most}.` }
  const so = sample === 0 ? '' : `, which only says that ${most}`
  return {
    act: false,
    says: `act is not advised yet: ${compared} and none wrong${so}; at least ${SAMPLE} with none wrong are needed, which says fewer than 5 %.`,
  }
}
