import type { Chance } from '../../actors/ports.ts'

/** Seeded chance for the demo: the same seed gives the same car park, the same timetable and the same distractors. */
export type Dice = Chance & {
  /** Next number in 0..1, 1 excluded. */
  next(): number
  /** A number in from..to. */
  between(from: number, to: number): number
  /** A whole number in 0..below, `below` excluded. */
  whole(below: number): number
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T
  /** A new list in another order. */
  shuffle<T>(list: readonly T[]): T[]
}

const HEX = '0123456789ABCDEF'

/** Dice with a seed (a whole number or a text). Not for secrets. */
export function seededDice(seed: number | string): Dice {
  let state = typeof seed === 'number' ? seed >>> 0 : hashText(seed)
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const whole = (below: number): number => Math.floor(next() * below)
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)] as T
  return {
    next,
    whole,
    pick,
    between: (from, to) => from + next() * (to - from),
    hex: (length) => Array.from({ length }, () => HEX[whole(16)]).join(''),
    shuffle(list) {
      const out = [...list]
      for (let last = out.length - 1; last > 0; last--) {
        const other = whole(last + 1)
        const kept = out[last] as (typeof out)[number]
        out[last] = out[other] as (typeof out)[number]
        out[other] = kept
      }
      return out
    },
  }
}

/** FNV-1a: spreads a text over 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  return hash >>> 0
}
