import { seededDice } from '../../src/demo/dice.ts'

const LETTERS = [...'ABCEFHJKLMNPRTUVWXY']

/** So many British plates of which no two are one character apart: a crowd of look-alikes is another question than how many there are. */
export function loadPlates(count: number): string[] {
  const dice = seededDice('plates of a load')
  const letters = (length: number): string => Array.from({ length }, () => dice.pick(LETTERS)).join('')
  const near = new Set<string>()
  const plates: string[] = []
  while (plates.length < count) {
    const plate = `${letters(2)}${2 + dice.whole(8)}${2 + dice.whole(8)}${letters(3)}`
    const patterns = [...plate].map((_, place) => `${plate.slice(0, place)}?${plate.slice(place + 1)}`)
    if (patterns.some((pattern) => near.has(pattern))) continue
    for (const pattern of patterns) near.add(pattern)
    plates.push(plate)
  }
  return plates
}
