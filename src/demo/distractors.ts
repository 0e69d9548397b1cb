import { fold } from '../../machines/plate.ts'
import type { Dice } from './dice.ts'

/** A plate that somebody else registered. `why` it is there: at random, one edit from a true plate, or alike to the eye. */
export type Distractor = { readonly plate: string; readonly why: 'random' | 'neighbour' | 'look-alike' }

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const DIGITS = [...'0123456789']
/** At most so large a share of the distractors is made from the true plates, of each kind. */
const KIND_SHARE = 0.25
/** Neighbours of each true plate, at most; look-alikes likewise. */
const OF_EACH = 12

/** What an eye or a reader mistakes beyond the pairs that the matching key already makes equal. */
const ALIKE: { readonly [character: string]: string } = {
  A: '4',
  B: '3',
  C: 'G',
  D: 'U',
  E: 'F',
  F: 'P',
  G: 'C',
  H: 'N',
  I: 'T',
  J: 'U',
  K: 'X',
  L: 'E',
  M: 'N',
  N: 'M',
  O: 'C',
  P: 'R',
  Q: 'C',
  R: 'P',
  S: '3',
  T: '7',
  U: 'V',
  V: 'Y',
  W: 'M',
  X: 'K',
  Y: 'V',
  Z: '7',
  0: 'C',
  1: '7',
  2: '7',
  3: '8',
  4: 'A',
  5: '3',
  6: '4',
  7: '1',
  8: '3',
  9: '4',
}

/**
 * `count` plates of the same formats as the true ones, none with the matching key of a true plate or of another distractor: one-edit
 * neighbours and look-alikes of every true plate, the rest at random. Fewer where the formats hold no more.
 */
export function makeDistractors(truePlates: readonly string[], count: number, dice: Dice): Distractor[] {
  const keys = new Set(truePlates.map(fold))
  const made: Distractor[] = []
  const add = (plate: string, why: Distractor['why']): void => {
    const key = fold(plate)
    if (plate.length < 2 || keys.has(key)) return
    keys.add(key)
    made.push({ plate, why })
  }
  const share = Math.floor(count * KIND_SHARE)
  fill(
    truePlates,
    share,
    OF_EACH,
    (plate) => add(edited(plate, dice), 'neighbour'),
    () => made.length,
  )
  const neighbours = made.length
  fill(
    truePlates,
    share,
    OF_EACH,
    (plate) => add(alike(plate, dice), 'look-alike'),
    () => made.length - neighbours,
  )
  for (let attempt = 0; made.length < count && attempt < count * 40; attempt++)
    add(sameFormat(dice.pick(truePlates), dice), 'random')
  return made.slice(0, count)
}

/** Goes round the plates until there are `most`, or each had its turns. */
function fill(
  plates: readonly string[],
  most: number,
  turns: number,
  make: (plate: string) => void,
  have: () => number,
): void {
  for (let turn = 0; turn < turns; turn++) {
    for (const plate of plates) {
      if (have() >= most) return
      make(plate)
    }
  }
}

const kindOf = (character: string): readonly string[] => (DIGITS.includes(character) ? DIGITS : LETTERS)

/** One character other, more or fewer. */
export function edited(plate: string, dice: Dice): string {
  const at = dice.whole(plate.length)
  const here = plate[at] as string
  const kind = dice.next()
  if (kind < 0.7)
    return plate.slice(0, at) + dice.pick(kindOf(here).filter((one) => one !== here)) + plate.slice(at + 1)
  if (kind < 0.85) return plate.slice(0, at) + plate.slice(at + 1)
  return plate.slice(0, at) + dice.pick(kindOf(here)) + plate.slice(at)
}

/** One or two characters replaced by ones that look like them. */
function alike(plate: string, dice: Dice): string {
  const characters = [...plate]
  const changes = dice.next() < 0.7 ? 1 : 2
  for (let change = 0; change < changes; change++) {
    const at = dice.whole(characters.length)
    characters[at] = ALIKE[characters[at] as string] ?? (characters[at] as string)
  }
  return characters.join('')
}

/** Letters for letters, digits for digits. */
function sameFormat(plate: string, dice: Dice): string {
  return [...plate].map((character) => dice.pick(kindOf(character))).join('')
}
