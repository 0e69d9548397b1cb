import { fold, plausible } from './plate.ts'
import { independentFrames, type PlacedVote } from './plate-path.ts'
import { composeByCharacter, tally } from './vote.ts'

/** What a strategy makes of one vehicle's reads: the plate it would show, and whether it would act on it. */
export type Verdict = { readonly text: string; readonly acts: boolean }
/** A way to make one plate of many reads. */
export type VoteStrategy = (reads: readonly PlacedVote[], quorum: number) => Verdict

const NOTHING: Verdict = { text: '', acts: false }
/** The mean confidence above which a single read is acted on, where confidence is the gate: what many products ship with. */
const CONFIDENT = 0.9
/** Frames that know nothing of each other, at least: two places, or more than can come from one. */
const INDEPENDENT = 1.25

const only = (reads: readonly PlacedVote[]): readonly PlacedVote[] => reads.filter(({ text }) => plausible(text))

/**
 * The strategies that are compared, by name, over all reads of a vehicle at once. None is a track to the letter. A track (track.ts) has the
 * quorum of `agreement`, distinct frames, however alike, and holds back for a second plate as it does; which plate leads it takes from
 * `independent`, whose own bar (more than one place's frames are worth) it does not ask. A track also forgets: it sees its newest reads only.
 */
export const VOTE_STRATEGIES: { readonly [name: string]: VoteStrategy } = {
  first: (reads) => {
    const [first] = only(reads)
    return first ? { text: first.text, acts: true } : NOTHING
  },
  confidence: (reads) => {
    const best = [...only(reads)].sort((a, b) => b.confidence - a.confidence)[0]
    return best ? { text: best.text, acts: best.confidence >= CONFIDENT } : NOTHING
  },
  characters: (reads, quorum) => {
    const made = composeByCharacter(only(reads))
    if (!made) return NOTHING
    const frames = new Set(only(reads).map(({ reader, frame }) => `${reader} ${frame}`))
    return { text: made.text, acts: frames.size >= quorum && made.characters.every((share) => share >= 0.5) }
  },
  agreement: (reads, quorum) => {
    const [leader, next] = tally(only(reads)).filter((one) => one.plausible)
    return leader ? { text: leader.text, acts: leader.witnesses >= quorum && (next?.witnesses ?? 0) < quorum } : NOTHING
  },
  majority: (reads, quorum) => {
    const [leader] = tally(only(reads)).filter((one) => one.plausible)
    return leader ? { text: leader.text, acts: leader.witnesses >= quorum } : NOTHING
  },
  independent: (reads, quorum) => {
    const worth = independentFrames(only(reads), ({ text }) => fold(text))
    const plates = tally(only(reads)).filter((one) => one.plausible)
    const leader = [...plates].sort((a, b) => (worth.get(b.folded) ?? 0) - (worth.get(a.folded) ?? 0))[0]
    if (!leader) return NOTHING
    return { text: leader.text, acts: leader.witnesses >= quorum && (worth.get(leader.folded) ?? 0) > INDEPENDENT }
  },
}
