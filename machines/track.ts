import type { Json, Policy } from './events.ts'
import { fold } from './plate.ts'
import { independentFrames } from './plate-path.ts'
import { type Candidate, countWitnesses, newestAllSay, tally, type Vote, witness } from './vote.ts'
import type { Rectangle } from './zone.ts'

/**
 * One track per camera and bay: turns reads, five a second, into news, at most about one a minute while nothing changes.
 * It decides from its newest 32 reads only. Pure: `at` is the arrival of the read, ms since 1970.
 */

/** Reads that a track remembers. */
export const WINDOW_READS = 32
/** Read marks remembered against re-sent ones. */
const MARKS = 256
/** While the same plate stays, one confirmation in this time at most. */
const CONFIRM_MS = 60_000
/** A confirmation is a sign of presence: two of them fit into the time after which a bay without signs is let go. */
export const confirm_ms = (policy: Policy): number => Math.min(CONFIRM_MS, policy.absence_s * 500)

/** Without reads for this long the plate is lost: information only, presence is decided elsewhere. */
export const LOST_MS = 120_000
/** First sights and changes of a leader that nobody agreed on, told at once; later ones wait for the next confirmation. */
const HASTE = 4
/** A rival with this share of the leader's witnesses contests it; a smaller one must be what all newest frames say. */
const RIVAL_SHARE = 0.25

/** One read in a zone, ready to vote. */
export type TrackRead = Vote & {
  /** The device's name of the read, null where it has none. */
  readonly id: string | null
  readonly box: Rectangle | null
  /** Arrival. */
  readonly at: number
  /** Device clock, as claimed. */
  readonly capturedAt: number | null
  /** The place in the picture is unambiguous. */
  readonly clear: boolean
  /** Young enough to trigger something. */
  readonly fresh: boolean
  /** What else the device said of it: evidence that no vote looks at. */
  readonly told?: Json
}

export type TrackNewsType = 'seen' | 'agreed' | 'contested' | 'lost'

/** What a bay is told, still with texts: the plate feed puts handles in their place. */
export type TrackNews = {
  readonly type: TrackNewsType
  /** Folded key of the leader. */
  readonly leader: string | null
  /** Candidates of the vote, leader first, at most four; single odd reads among many are left out. */
  readonly candidates: readonly Candidate[]
  readonly clear: boolean
  readonly fresh: boolean
  /** Arrival of the leader's oldest read in this vote. */
  readonly windowFrom: number
  /** Reads since the last news, less one. */
  readonly thinned: number
  /** Nothing new: the slow word that all is as before. */
  readonly confirmation: boolean
  /** The window the vote came from, oldest first: all of it, so that it can be run again under another policy. */
  readonly window: readonly TrackRead[]
}

/** A track: plain data. */
export type Track = {
  readonly trackId: string
  readonly window: readonly TrackRead[]
  readonly marks: readonly string[]
  /** Folded key that had agreement last, until it is lost. */
  readonly agreed: string | null
  /** Folded key of the leader that the bay was told of. */
  readonly leader: string | null
  readonly contested: boolean
  /** Whether the last agreement told was in an unambiguous place. */
  readonly clear: boolean
  readonly told: TrackNewsType | null
  readonly toldAt: number
  readonly readAt: number
  /** Reads since the last news. */
  readonly unheard: number
  /** Hasty news left. */
  readonly haste: number
  readonly fresh: boolean
  /** The agreement told is one that a bay acts on. */
  readonly sure: boolean
}

/** Whether a bay would act on a candidate that has a quorum: where it would not yet, the agreement is told again once it would. */
export type Suffices = (candidate: Candidate) => boolean

/** A track without reads. `previous`: its marks go on, so that an old read re-sent does not open a new track. */
export const startTrack = (trackId: string, previous?: Track): Track => ({
  trackId,
  window: [],
  marks: previous?.marks ?? [],
  agreed: null,
  leader: null,
  contested: false,
  clear: false,
  told: null,
  toldAt: 0,
  readAt: 0,
  unheard: 0,
  haste: HASTE,
  fresh: false,
  sure: false,
})

/** How the mark of a read begins that its device did not name: it holds the plate's text. */
export const BY_TEXT = 'frame '

/**
 * Duplicate: same id, else same frame key and plate of the same reader (a track has one camera). A frame name that a device uses
 * again for another moment is another frame.
 */
const markOf = (read: TrackRead): string =>
  read.id === null ? `${BY_TEXT}${witness(read)} ${read.capturedAt ?? ''} ${read.text}` : `id ${read.reader} ${read.id}`

/** Reads that may vote now: fresh ones within the vote window; only where there is none, the stale ones, as evidence. */
function electorate(window: readonly TrackRead[], at: number, policy: Policy): readonly TrackRead[] {
  const young = window.filter((read) => at - read.at <= policy.voteWindow_s * 1_000)
  const fresh = young.filter((read) => read.fresh)
  return fresh.length > 0 ? fresh : young
}

type Verdict = {
  readonly leader: Candidate | null
  readonly agreed: boolean
  readonly sure: boolean
  readonly rival: Candidate | null
}

/** Counts: who leads, whether by quorum, and whether another plate has quorum too and is more than a repeated misread. */
function judge(
  track: Track,
  reads: readonly TrackRead[],
  candidates: readonly Candidate[],
  policy: Policy,
  suffices: Suffices,
): Verdict {
  // A parked vehicle's frames repeat their misreads: what was read at several places weighs more than what one place says often.
  const worth = independentFrames(reads, (read) => fold(read.text))
  const weigh = ({ folded }: Candidate): number => worth.get(folded) ?? 0
  const plates = candidates.filter((one) => one.plausible).sort((a, b) => weigh(b) - weigh(a))
  const first = plates[0]
  if (!first) return { leader: null, agreed: false, sure: false, rival: null }
  const fresh = reads.some((read) => read.fresh)
  // On equal counts the plate that was told of stays in front.
  const incumbent = plates.find((plate) => plate.folded === (track.agreed ?? track.leader))
  const leader = incumbent && weigh(incumbent) >= weigh(first) - 1e-9 ? incumbent : first
  const rivals = plates.filter((plate) => plate !== leader && plate.witnesses >= policy.quorum)
  // A well established plate needs one frame more against it: misreads repeat, as errors of one reader do.
  const run = leader.witnesses > 4 * policy.quorum ? policy.quorum + 1 : policy.quorum
  const rival = rivals.find(
    (plate) =>
      track.contested || plate.witnesses >= RIVAL_SHARE * leader.witnesses || newestAllSay(reads, plate.folded, run),
  )
  const overtaken = track.agreed !== null && leader.folded !== track.agreed ? incumbent : undefined
  const agreed = fresh && leader.witnesses >= policy.quorum
  return {
    leader,
    agreed,
    sure: agreed && suffices(leader),
    rival: fresh ? (rival ?? overtaken ?? null) : null,
  }
}

/** What the verdict is worth telling, and whether it may wait. */
function newsType(
  track: Track,
  verdict: Verdict,
  clear: boolean,
  fresh: boolean,
): { readonly type: TrackNewsType; readonly pace: 'now' | 'hasty' | 'slow' } {
  const leader = verdict.leader?.folded ?? null
  if (verdict.rival) return { type: 'contested', pace: track.told === 'contested' ? 'slow' : 'now' }
  if (verdict.agreed) {
    const known = track.agreed === leader && !track.contested
    return { type: 'agreed', pace: known && (track.clear || !clear) && (track.sure || !verdict.sure) ? 'slow' : 'now' }
  }
  // Of a plate that was agreed, single reads only confirm; of another, they are worth a word while words are left.
  const same = track.told !== null && track.leader === leader && (track.fresh || !fresh)
  return { type: 'seen', pace: same || leader === track.agreed ? 'slow' : 'hasty' }
}

/** Candidates worth telling: the leader first, then those with two witnesses or a fifth of the weight, at most four. */
const worthTelling = (candidates: readonly Candidate[], leader: Candidate): readonly Candidate[] =>
  [
    leader,
    ...candidates.filter((one) => one !== leader && one.plausible && (one.witnesses >= 2 || one.share >= 0.2)),
  ].slice(0, 4)

/** Whether the leader's place is unambiguous: for an agreement by as many witnesses as the quorum asks. */
function isClear(reads: readonly TrackRead[], leader: string, verdict: Verdict, policy: Policy): boolean {
  const clear = countWitnesses(reads.filter((read) => read.clear && fold(read.text) === leader))
  return clear >= (verdict.agreed ? policy.quorum : 1)
}

/** A track after reads, its news, and how many of the reads were duplicates. */
export type Tracked = { readonly track: Track; readonly news: TrackNews | null; readonly duplicates: number }

/** Folds reads that came together (one frame, one message) and judges once, so that two plates in one picture are seen together. */
export function trackReads(
  track: Track,
  arrived: readonly TrackRead[],
  policy: Policy,
  suffices: Suffices = () => true,
): Tracked {
  const marks = [...track.marks]
  const added = arrived.filter((read) => {
    const mark = markOf(read)
    if (marks.includes(mark) || read.text === '') return false
    marks.push(mark)
    return true
  })
  const duplicates = arrived.length - added.length
  const newest = added.at(-1)
  if (!newest) return { track, news: null, duplicates }
  const window = [...track.window, ...added].slice(-WINDOW_READS)
  const unheard = track.unheard + added.length
  const heard: Track = { ...track, window, marks: marks.slice(-MARKS), readAt: newest.at, unheard }
  const reads = electorate(window, newest.at, policy)
  const candidates = tally(reads)
  const verdict = judge(track, reads, candidates, policy, suffices)
  return { ...tell(heard, verdict, reads, candidates, policy, newest.at), duplicates }
}

/** One read: see `trackReads`. */
export const trackRead = (track: Track, read: TrackRead, policy: Policy): Tracked => trackReads(track, [read], policy)

/** The track with its news, if there is something to tell. */
function tell(
  track: Track,
  verdict: Verdict,
  reads: readonly TrackRead[],
  candidates: readonly Candidate[],
  policy: Policy,
  at: number,
): { readonly track: Track; readonly news: TrackNews | null } {
  if (!verdict.leader) return { track, news: null }
  const leader = verdict.leader.folded
  const fresh = reads.some((read) => read.fresh && fold(read.text) === leader)
  const clear = isClear(reads, leader, verdict, policy)
  const { type, pace } = newsType(track, verdict, clear, fresh)
  const due = at - track.toldAt >= confirm_ms(policy)
  if (pace === 'slow' ? !due : pace === 'hasty' && track.haste === 0 && !due) return { track, news: null }
  const news: TrackNews = {
    type,
    leader,
    candidates: worthTelling(candidates, verdict.leader),
    clear,
    fresh,
    windowFrom: reads.find((read) => fold(read.text) === leader)?.at ?? at,
    thinned: track.unheard - 1,
    confirmation: pace === 'slow',
    window: track.window,
  }
  const agreedAnew = type === 'agreed' && leader !== track.agreed
  const told: Track = {
    ...track,
    leader,
    told: type,
    toldAt: at,
    unheard: 0,
    contested: type === 'contested',
    fresh,
    agreed: type === 'agreed' ? leader : track.agreed,
    sure: type === 'agreed' ? verdict.sure : track.sure && leader === track.agreed,
    clear: type !== 'agreed' ? track.clear : clear || (track.clear && !agreedAnew),
    haste: agreedAnew ? HASTE : pace === 'hasty' ? Math.max(0, track.haste - 1) : track.haste,
  }
  return { track: told, news }
}

/** Called now and then: tells once that a plate has not been read for `LOST_MS`. For the next read start a new track with this one as `previous`. */
export function trackSilence(track: Track, at: number): { readonly track: Track; readonly news: TrackNews | null } {
  if (track.told === null || track.told === 'lost' || at - track.readAt < LOST_MS) return { track, news: null }
  const news: TrackNews = {
    type: 'lost',
    leader: track.leader,
    candidates: [],
    clear: false,
    fresh: false,
    windowFrom: track.readAt,
    thinned: track.unheard,
    confirmation: false,
    window: [],
  }
  // Device names of reads stay known; names of frames may be used again for the next vehicle.
  const marks = track.marks.filter((mark) => mark.startsWith('id '))
  return { track: { ...startTrack(track.trackId), marks, told: 'lost', toldAt: at }, news }
}
