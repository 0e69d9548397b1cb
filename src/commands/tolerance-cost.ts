import { fold, normalize } from '../../machines/plate.ts'
import { seededDice } from '../demo/dice.ts'
import { neighboursOf } from '../plate-crowd.ts'
import { type Share, wilson } from '../vision/reader-bench.ts'

/** What each tolerance would cost on a list: the share of strangers, with plates built like the list's own, that would be taken for a listed vehicle. */
export type ToleranceCost = { readonly strangers: number; readonly lookalikes: Share; readonly oneCharacter: Share }

const STRANGERS = 4000

const seriesOf = (plate: string): string => plate.replace(/\d/g, '0').replace(/[A-Z]/g, 'A')

/**
 * Draws strangers' plates whose every place holds what some listed plate of the same series holds there, and counts whom each tolerance
 * would take for somebody on the list: equal but for look-alikes (what berth allows), and one character otherwise (what it never does).
 */
export function toleranceCost(plates: readonly string[], strangers = STRANGERS): ToleranceCost {
  const normal = plates.map(normalize).filter((plate) => plate !== '')
  const listed = new Set(normal)
  const keys = new Set(normal.map(fold))
  const series = new Map<string, string[]>()
  for (const plate of normal) {
    const name = seriesOf(plate)
    const members = series.get(name)
    if (members) members.push(plate)
    else series.set(name, [plate])
  }
  const dice = seededDice('strangers')
  let [drawn, alike, near] = [0, 0, 0]
  for (let attempt = 0; attempt < 4 * strangers && drawn < strangers && normal.length > 0; attempt++) {
    const like = dice.pick(normal)
    const group = series.get(seriesOf(like)) ?? [like]
    const stranger = [...like].map((_, at) => dice.pick(group)[at]).join('')
    if (listed.has(stranger)) continue
    drawn += 1
    const key = fold(stranger)
    if (keys.has(key)) alike += 1
    else if ([...neighboursOf(key)].some((other) => keys.has(other))) near += 1
  }
  return { strangers: drawn, lookalikes: wilson(alike, drawn), oneCharacter: wilson(near, drawn) }
}
