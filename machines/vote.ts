import { fold, plausible } from './plate.ts'

/**
 * Votes over the reads of one place: whole strings by folded key, and character by character. Both are pure, and neither the
 * order of reads nor a re-sent one changes them. Edit distance never merges two texts: the tally is the evidence.
 */

/** One read as a vote sees it. */
export type Vote = {
  /** Normalized text. */
  readonly text: string
  /** Device's or reader's figure for the plate, 0..1: a weight only. */
  readonly confidence: number
  /** Confidence of each character of `text`; empty where the device gives none. */
  readonly characters: readonly number[]
  /** Frame key. With `reader` it names the witness: two readers of one frame are two witnesses. */
  readonly frame: string
  readonly reader: string
  /** Two recognisers that know nothing of each other read this plate in this frame. */
  readonly agreed?: boolean
  /** Its device sends one result a vehicle: all that it says of one plate is one witness, however many events it makes of it. */
  readonly perVehicle?: boolean
}

/** One plate that the votes speak for. */
export type Candidate = {
  readonly folded: string
  /** The raw text with most weight: for people. */
  readonly text: string
  /**
   * Distinct frames, or independent readers of one frame, and a device that sends one result a vehicle once; of a frame that two recognisers read alike both, unless more frames say
   * another plate: then it is the misread of one frame.
   */
  readonly witnesses: number
  /** Sum over witnesses of their best confidence. */
  readonly weight: number
  /** Mean of the device's own figures for it, one a frame; null where no device read it. What our reader says of it is not in it. */
  readonly said: number | null
  /** Share of all weight, 0..1. */
  readonly share: number
  /** At least one of its texts fits a plate format. */
  readonly plausible: boolean
  /** The weakest place: least mean confidence of a character over our reader's reads of it, else over all, 0..1; null where none says its characters. */
  readonly weakest: number | null
  /** Witnesses that read it one character otherwise instead: a doubtful place. */
  readonly near: number
  /** Who read it: `device`, `berth`. */
  readonly readers: readonly string[]
}

/** A text made of each place's strongest character, and how strong each is (share of the weight in that place, 0..1). */
export type Composed = { readonly text: string; readonly folded: string; readonly characters: readonly number[] }

/** A confidence of 0 still is a read; one above 1 is a device's mistake. */
const weightOf = (confidence: number): number =>
  Number.isFinite(confidence) ? Math.min(1, Math.max(0.05, confidence)) : 0.05

/** The witness behind a read. */
export const witness = (vote: Pick<Vote, 'frame' | 'reader'>): string => `${vote.reader} ${vote.frame}`

/** Who speaks for one plate with a read: its frame, or the device that tells of its vehicle, once for all that it sends. */
const speaker = (vote: Vote): string => (vote.perVehicle === true ? vote.reader : witness(vote))

/** How many witnesses stand behind reads of one plate: each frame, and again each that two recognisers read alike. */
export const countWitnesses = (votes: readonly Vote[]): number =>
  new Set(votes.flatMap((vote) => [speaker(vote), ...(vote.agreed === true ? [`again ${speaker(vote)}`] : [])])).size

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Adds in one fixed order, so that a sum of fractions does not depend on the order of arrival. */
const sum = (numbers: readonly number[]): number =>
  numbers.length < 2
    ? (numbers[0] ?? 0)
    : [...numbers].sort((a, b) => a - b).reduce((total, number) => total + number, 0)

/** Each witness's best read of each key of `keyOf`: what one frame says twice counts once. */
function ballots(votes: readonly Vote[], keyOf: (vote: Vote) => string): Map<string, Map<string, number>> {
  const boxes = new Map<string, Map<string, number>>()
  for (const vote of votes) {
    const key = keyOf(vote)
    const one = speaker(vote)
    const box = boxes.get(key) ?? new Map<string, number>()
    boxes.set(key, box.set(one, Math.max(box.get(one) ?? 0, weightOf(vote.confidence))))
  }
  return boxes
}

/** The text of a group to show people: the one with most weight, among those that fit a format if any does. */
function shown(votes: readonly Vote[]): { readonly text: string; readonly plausible: boolean } {
  const only = votes[0]
  if (only && votes.length === 1) return { text: only.text, plausible: plausible(only.text) }
  const texts = [...ballots(votes, (vote) => vote.text)]
    .map(([text, box]) => ({ text, weight: sum([...box.values()]) }))
    .sort((a, b) => b.weight - a.weight || byText(a.text, b.text))
  const fitting = texts.find(({ text }) => plausible(text))
  return { text: (fitting ?? texts[0])?.text ?? '', plausible: fitting !== undefined }
}

/**
 * Least mean of a place's confidence over the witnesses that say their characters; what one of them says twice counts once. Where our
 * reader is among them, of its reads alone: a device's figures are on another scale, and take no doubt away.
 */
function weakestPlace(votes: readonly Vote[]): number | null {
  const own = votes.filter((vote) => vote.reader === 'berth')
  const said = (own.length > 0 ? own : votes).filter(
    (vote) => vote.characters.length > 0 && vote.characters.length === vote.text.length,
  )
  const first = said[0]
  if (!first) return null
  const means = first.characters.map((_, place) => {
    const best = new Map<string, number>()
    for (const vote of said)
      best.set(speaker(vote), Math.max(best.get(speaker(vote)) ?? 0, vote.characters[place] ?? 0))
    return sum([...best.values()]) / best.size
  })
  return Math.min(...means)
}

/** Witnesses that read the plate one character otherwise, and do not read it so as well. */
function nearWitnesses(folded: string, own: readonly Vote[], groups: ReadonlyMap<string, readonly Vote[]>): number {
  const ours = new Set(own.map(speaker))
  const theirs = new Set<string>()
  for (const [other, votes] of groups) {
    if (!isOneEdit(folded, other)) continue
    for (const vote of votes) if (!ours.has(speaker(vote))) theirs.add(speaker(vote))
  }
  return theirs.size
}

/** Whether one changed, added or missing character makes one text the other. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let same = 0
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same += 1
  const rest = (text: string, from: number): string => text.slice(from)
  if (a.length === b.length) return rest(a, same + 1) === rest(b, same + 1)
  return a.length > b.length ? rest(a, same + 1) === rest(b, same) : rest(a, same) === rest(b, same + 1)
}

/** The mean of a device's own figures, the best of each frame. */
function saidByDevice(votes: readonly Vote[]): number | null {
  const best = new Map<string, number>()
  for (const { reader, frame, confidence } of votes)
    if (reader === 'device') best.set(frame, Math.max(best.get(frame) ?? 0, weightOf(confidence)))
  return best.size === 0 ? null : sum([...best.values()]) / best.size
}

/** Whole-string majority by folded key: most witnesses first, then most weight, then by key. Reads with look-alikes count together. */
export function tally(votes: readonly Vote[]): readonly Candidate[] {
  const groups = new Map<string, Vote[]>()
  for (const vote of votes) {
    const folded = fold(vote.text)
    const group = groups.get(folded)
    if (group) group.push(vote)
    else groups.set(folded, [vote])
  }
  const boxes = ballots(votes, (vote) => fold(vote.text))
  const most = Math.max(0, ...[...boxes.values()].map(({ size }) => size))
  const counted = [...groups].map(([folded, group]) => {
    const box = boxes.get(folded) ?? new Map<string, number>()
    const twice = box.size < most ? [] : group.filter((vote) => vote.agreed === true).map(speaker)
    const weights = [...box, ...[...new Set(twice)].map((one) => [one, box.get(one) ?? 0] as const)]
    const readers = [...new Set(group.map((vote) => vote.reader))].sort(byText)
    return {
      folded,
      ...shown(group),
      witnesses: weights.length,
      said: saidByDevice(group),
      weight: sum(weights.map(([, weight]) => weight)),
      weakest: weakestPlace(group),
      near: nearWitnesses(folded, group, groups),
      readers,
    }
  })
  const all = sum(counted.map((group) => group.weight))
  return counted
    .map((group) => ({ ...group, share: group.weight / all }))
    .sort((a, b) => b.witnesses - a.witnesses || b.weight - a.weight || byText(a.folded, b.folded))
}

/**
 * Character-by-character confidence vote over the reads of the length with most weight: look-alikes of one place add up.
 * A suggestion for people and second readers; nobody may have read the whole text, so it is never an agreement. Null without reads.
 */
export function composeByCharacter(votes: readonly Vote[]): Composed | null {
  const lengths = [...ballots(votes, (vote) => String(vote.text.length))].map(([length, box]) => ({
    length: Number(length),
    weight: sum([...box.values()]),
  }))
  const length = lengths
    .filter((found) => found.length > 0)
    .sort((a, b) => b.weight - a.weight || a.length - b.length)[0]?.length
  if (length === undefined) return null
  const aligned = votes.filter((vote) => vote.text.length === length)
  const places = Array.from({ length }, (_, place) => strongest(aligned, place))
  const text = places.map((place) => place.character).join('')
  return { text, folded: fold(text), characters: places.map((place) => place.share) }
}

/** The strongest character of one place: the folded key with most weight, shown as its most heavily read character. */
function strongest(votes: readonly Vote[], place: number): { readonly character: string; readonly share: number } {
  const placed = votes.map((vote) => ({
    ...vote,
    text: vote.text[place] ?? '',
    confidence: vote.characters[place] ?? vote.confidence,
  }))
  const rank = (keyOf: (vote: Vote) => string, among: readonly Vote[]) =>
    [...ballots(among, keyOf)]
      .map(([key, box]) => ({ key, weight: sum([...box.values()]) }))
      .sort((a, b) => b.weight - a.weight || byText(a.key, b.key))
  const keys = rank((vote) => fold(vote.text), placed)
  const winner = keys[0]
  if (!winner) return { character: '', share: 0 }
  const written = rank(
    (vote) => vote.text,
    placed.filter((vote) => fold(vote.text) === winner.key),
  )
  return { character: written[0]?.key ?? winner.key, share: winner.weight / sum(keys.map((key) => key.weight)) }
}

/** Whether every one of the newest `length` frames was read as this plate. */
export function newestAllSay(reads: readonly Vote[], folded: string, length: number): boolean {
  const witnesses = [
    ...new Set(
      reads
        .filter((read) => plausible(read.text))
        .map(witness)
        .reverse(),
    ),
  ].slice(0, length)
  const say = new Set(reads.filter((read) => fold(read.text) === folded).map(witness))
  return witnesses.length === length && witnesses.every((one) => say.has(one))
}
