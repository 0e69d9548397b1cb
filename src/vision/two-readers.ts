import { fold } from '../../machines/plate.ts'
import type { ReadText } from './text-decoder.ts'

/** One line as two independent networks read it: one ranking, and whether the first choice of both is the same folded plate. */
export type JointReading = { readonly texts: readonly ReadText[]; readonly agreed: boolean }

/** What a reader that does not list a text still gives it: its own errors are not all among its candidates. */
const UNLISTED = 0.01
/** Readings in the joint ranking. */
const MOST = 12
/** Readings of equal length are mixed where they differ in at most so many places. */
const MOST_DIFFERENCES = 3

/**
 * Joins the plate recogniser's reading of a line with the text recogniser's. A text's chance is the product of what both give it, so that
 * a text that both hold possible passes one that only one likes; where both read equally many characters, mixtures of the two count too.
 */
export function joinReadings(own: readonly ReadText[], other: readonly ReadText[]): JointReading {
  const [a, b] = [own[0], other[0]]
  if (a === undefined || b === undefined) return { texts: [...own, ...other], agreed: false }
  const sums = new Map<string, { weight: number; characters: readonly number[] }>()
  const weigh = (text: string, characters: readonly number[], weight: number): void => {
    const known = sums.get(text)
    if (known === undefined || known.weight < weight) sums.set(text, { weight, characters })
  }
  for (const { text } of [...own, ...other]) {
    const [mine, theirs] = [find(own, text), find(other, text)]
    const weight = ((mine?.chance ?? 0) + UNLISTED) * ((theirs?.chance ?? 0) + UNLISTED)
    weigh(text, charactersOf(text, testimony(text, own), testimony(text, other)), weight)
  }
  for (const { text, chance } of mixtures(a, b))
    weigh(text, charactersOf(text, testimony(text, own), testimony(text, other)), chance)
  const total = [...sums.values()].reduce((sum, { weight }) => sum + weight, 0)
  const texts = [...sums]
    .map(([text, { weight, characters }]) => ({ text, characters, chance: weight / total }))
    .sort((p, q) => q.chance - p.chance)
    .slice(0, MOST)
  return { texts, agreed: fold(a.text) === fold(b.text) }
}

function find(readings: readonly ReadText[], text: string): ReadText | undefined {
  return readings.find((read) => read.text === text)
}

/** Each character of a text as sure as both readers together hold it: support adds up, contradiction weighs against it. */
function charactersOf(text: string, mine: Testimony, theirs: Testimony): number[] {
  return [...text].map((_, i) => together(mine[i] ?? 0.5, theirs[i] ?? 0.5))
}

/** What one reader says of each character of a text: the chance that it is right, by the reader's own confidence. */
type Testimony = readonly number[]

/**
 * Of a text that the reader lists, its characters. Else its first choice is laid beside the text from both ends: characters that are the same
 * are supported, what stands between is contradicted.
 */
function testimony(text: string, readings: readonly ReadText[]): Testimony {
  const listed = readings.find((read) => read.text === text)
  const first = readings[0]
  if (first === undefined) return []
  if (listed !== undefined && listed.chance >= 0.5) return listed.characters
  let head = 0
  while (head < Math.min(text.length, first.text.length) && text[head] === first.text[head]) head++
  let tail = 0
  const rest = Math.min(text.length, first.text.length) - head
  while (tail < rest && text[text.length - 1 - tail] === first.text[first.text.length - 1 - tail]) tail++
  const sameLength = text.length === first.text.length
  return [...text].map((c, i) => {
    const fromEnd = i - text.length
    if (i < head) return first.characters[i] ?? 0
    if (fromEnd >= -tail) return first.characters[first.text.length + fromEnd] ?? 0
    const own = first.characters[i] ?? 0
    if (sameLength) return c === first.text[i] ? own : Math.max(UNLISTED, 1 - own)
    return 1 - middle(first.characters)
  })
}

/** Two independent opinions of one yes or no. */
function together(p: number, q: number): number {
  const [a, b] = [Math.min(0.995, Math.max(0.005, p)), Math.min(0.995, Math.max(0.005, q))]
  return (a * b) / (a * b + (1 - a) * (1 - b))
}

const middle = (values: readonly number[]): number =>
  Math.min(0.95, values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length))

/** Texts that take some places from one reading and the rest from the other, with the chance that both readers give them. */
function mixtures(a: ReadText, b: ReadText): { text: string; chance: number }[] {
  if (a.text.length !== b.text.length) return []
  const places = [...a.text].flatMap((c, i) => (c === b.text[i] ? [] : [i]))
  if (places.length < 2 || places.length > MOST_DIFFERENCES) return []
  const mixed: { text: string; chance: number }[] = []
  for (let choice = 1; choice < 2 ** places.length - 1; choice++) {
    const fromB = new Set(places.filter((_, bit) => (choice >> bit) & 1))
    const text = [...a.text].map((c, i) => (fromB.has(i) ? b.text[i] : c)).join('')
    const sure = (i: number): number => {
      const [taken, left] = fromB.has(i) ? [b, a] : [a, b]
      return (taken.characters[i] ?? 0) * Math.max(UNLISTED, 1 - (left.characters[i] ?? 0))
    }
    mixed.push({ text, chance: a.chance * b.chance * places.reduce((product, i) => product * sure(i), 1) })
  }
  return mixed
}
