import { fold, plausible } from '../../machines/plate.ts'
import { countriesThatIssue } from '../../machines/plate-formats.ts'

/** Chance: a whole number from 0 up to below `below`. */
export type Roll = (below: number) => number

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
/** Plates of which one misread or two turn one into the other stay so: what a vote or a crowd made of them depends on it. */
const NEAR = 2
const TRIES = 400

/** Characters of one look, by how they are made up: only those of one kind may take each other's places, or a look-alike would be lost. */
const LOOKS: readonly (readonly string[])[] = [['2Z', '5S', '8B', '6G'], ['1IL'], ['0ODQ']]
const LONE_LETTERS = [...LETTERS].filter((letter) => fold(letter) === letter)
const LONE_DIGITS = ['3', '4', '7', '9']

/**
 * Other plates for these (normalized), one for each: of the countries whose formats they fit where that can be found, as far from one
 * another as they were where they were near, and never one of the originals nor near one.
 */
export function inventPlates(plates: readonly string[], roll: Roll): ReadonlyMap<string, string> {
  const invented = new Map<string, string>()
  const originals = [...new Set(plates)]
  for (const family of familiesOf(originals)) {
    const taken = [...originals, ...invented.values()].map(fold)
    let best: { readonly made: readonly string[]; readonly worth: number } | null = null
    for (let tries = 0; tries < TRIES && (best === null || best.worth < family.length * 2); tries++) {
      const made = family.length === 1 ? [like(family[0] as string, roll)] : exchanged(family, roll)
      if (made.some((plate) => taken.some((other) => distance(fold(plate), other) === 0))) continue
      const worth = family.reduce((sum, plate, at) => sum + worthOf(plate, made[at] as string, taken), 0)
      if (best === null || worth > best.worth) best = { made, worth }
    }
    const made = best?.made ?? family.map((plate) => like(plate, roll))
    for (const [at, plate] of family.entries()) invented.set(plate, made[at] as string)
  }
  return invented
}

/** Plates that are near one another, directly or through others. */
function familiesOf(plates: readonly string[]): string[][] {
  const families: string[][] = []
  for (const plate of plates) {
    const near = families.filter((family) => family.some((one) => distance(fold(one), fold(plate)) <= NEAR))
    const joined = [...near.flat(), plate]
    for (const family of near) families.splice(families.indexOf(family), 1)
    families.push(joined)
  }
  return families
}

/** 2 where it is of the same countries and near nobody else, 1 where one of the two holds. */
function worthOf(plate: string, made: string, taken: readonly string[]): number {
  const [before, now] = [countriesThatIssue(plate), countriesThatIssue(made)]
  const isSameForm =
    plausible(plate) === plausible(made) && before.length === now.length && before.every((one) => now.includes(one))
  const isApart = taken.every((other) => distance(fold(made), other) > NEAR)
  return (isSameForm ? 1 : 0) + (isApart ? 1 : 0)
}

/** A letter for a letter, a digit for a digit. */
const like = (plate: string, roll: Roll): string =>
  plate.replace(/[A-Z]/g, () => LETTERS[roll(26)] as string).replace(/\d/g, () => DIGITS[roll(10)] as string)

/** All of a family through one exchange of characters: whatever they had in common, or looked alike, they still have. */
function exchanged(family: readonly string[], roll: Roll): string[] {
  const table = new Map<string, string>()
  const exchange = (from: readonly string[]): void => {
    const to = shuffled(from, roll)
    for (const [at, one] of from.entries()) {
      const [given, taken] = [one, to[at] as string]
      const letters = shuffled([...taken].slice(1), roll)
      for (const [place, character] of [...given].entries())
        table.set(character, place === 0 ? (taken[0] as string) : (letters[place - 1] as string))
    }
  }
  for (const kind of [...LOOKS, LONE_LETTERS, LONE_DIGITS]) exchange(kind)
  return family.map((plate) => [...plate].map((one) => table.get(one) ?? one).join(''))
}

function shuffled<T>(list: readonly T[], roll: Roll): T[] {
  const rest = [...list]
  return list.map(() => rest.splice(roll(rest.length), 1)[0] as T)
}

/** Characters put in, taken out or exchanged between two texts. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)),
      )
    row = next
  }
  return row[other.length] ?? 0
}
