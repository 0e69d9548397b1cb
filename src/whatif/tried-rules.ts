import type { Json, Policy, Tally } from '../../machines/events.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import type { Cause } from '../../machines/record.ts'
import type { Zone } from '../../machines/site-news.ts'
import { alike } from './lane.ts'

/** Keys of the policy that are tried, with their values; all others stay as they were recorded. */
export type PolicyChange = {
  readonly [key in keyof Policy]?: key extends 'lock' ? Partial<Policy['lock']> : Policy[key]
}

/** Zones that are tried, by bay; a bay that is not named keeps its own. */
export type TriedZones = ReadonlyMap<string, readonly Zone[]>

/** A rival with this share of the leader's witnesses contests it, as in a track. */
const RIVAL_SHARE = 0.25

/** The rules that are tried in the place of the recorded ones. */
export class TriedRules {
  readonly change: PolicyChange
  readonly zones: TriedZones | null

  constructor(change: PolicyChange, zones: TriedZones | null) {
    this.change = change
    this.zones = zones
  }

  /** What is tried, in words. */
  words(): readonly string[] {
    const { lock = {}, ...rest } = this.change
    const all = [...Object.entries(rest), ...Object.entries(lock).map(([key, value]) => [`lock.${key}`, value])]
    const policy = all.map(
      ([key, value]) => `${String(key)} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    return [...policy, ...(this.zones ? [`the zones of ${[...this.zones.keys()].join(', ')}`] : [])]
  }

  /** What a journal does not hold, and this trial would need. */
  cannotSee(): readonly string[] {
    const { quorum, voteWindow_s, absence_s } = this.change
    return [
      'Drivers and people do what was recorded: nobody here chooses otherwise because a start came, or did not.',
      'Looks, plugs and meter values reached the bays that they were recorded at; where bays share a cable that was decided before.',
      'While a bay charged, signs of presence were not written: a visit that would not have charged then may seem to end sooner.',
      'Clocks, cameras, exchanged pairs and limits of starts a day are not judged again.',
      ...(quorum === undefined && voteWindow_s === undefined
        ? []
        : ['Reads that said nothing new were folded into one word: witnesses count as they were told with it.']),
      ...(absence_s === undefined
        ? []
        : [
            'Signs of presence were written once a minute at most: an absence_s below two minutes finds gaps that were none.',
          ]),
    ]
  }

  /** Where nobody was asked to look, somebody is now. */
  get asksReviewers(): boolean {
    return this.change.reviewers !== undefined && this.change.reviewers !== false
  }

  /** What a bay is told in the place of a recorded adoption; the same value where nothing changes. */
  adopted(bayId: string, cause: Cause): Cause {
    if (cause.type === 'policy.adopted') {
      const policy = this.policyFor(cause['policy'] ?? null)
      return alike(policy, cause['policy']) ? cause : { ...cause, policy }
    }
    const zones = this.zones?.get(bayId)
    if (!zones) return cause
    const cameras = [...new Set(zones.map(({ cameraId }) => cameraId))]
    const told = { ...cause, cameras, zones: zones as unknown as Json }
    return alike(told, cause) ? cause : told
  }

  /** The tried policy where this one was recorded; null where the bay was told none yet. */
  policyFor(recorded: Json): Json {
    if (typeof recorded !== 'object' || recorded === null) return recorded
    const { lock, ...rest } = this.change
    const known = recorded as unknown as Policy
    return { ...known, ...rest, ...(lock ? { lock: { ...known.lock, ...lock } } : {}) } as unknown as Json
  }

  /**
   * News of a plate as a track would have told it by the tried quorum, from the witnesses that were kept. `less`: an agreement
   * is none any more, and reads after it were not told one by one.
   */
  reread(cause: Cause, recorded: Json): { readonly cause: Cause; readonly less: boolean } {
    const { quorum } = this.change
    const was = { ...DEFAULT_POLICY, ...(recorded as Partial<Policy> | null) }.quorum
    if (quorum === undefined || quorum === was || cause.type === 'plate.lost') return { cause, less: false }
    const type = typeBy(cause, quorum, was)
    return { cause: type === cause.type ? cause : { ...cause, type }, less: type === 'plate.seen' }
  }
}

function typeBy(cause: Cause, quorum: number, was: number): string {
  const tally = (cause['tally'] ?? []) as unknown as readonly Tally[]
  const leader = tally.find(({ handle }) => handle === cause['leader'])
  if (!leader) return cause.type
  const rivals = tally.filter((one) => one !== leader && one.plausible && one.witnesses >= quorum)
  const isContested = rivals.some((one) => one.witnesses >= RIVAL_SHARE * leader.witnesses)
  if (cause.type === 'plate.contested' && (isContested || quorum < was)) return cause.type
  if (isContested && cause['fresh'] === true) return 'plate.contested'
  return leader.witnesses >= quorum && cause['fresh'] === true ? 'plate.agreed' : 'plate.seen'
}
