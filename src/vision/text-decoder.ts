/** The 36 characters of plates, in the order of the decoder's classes; class 36 is "nothing of a plate". */
export const PLATE_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const NOTHING = PLATE_CHARACTERS.length

/** For each class of the recogniser: the plate character it stands for, or 36. */
export type CharacterMap = Uint8Array

/** One way to read a line: normalised text, the chance of each character, and the text's own chance among all readings, all 0..1. */
export type ReadText = { readonly text: string; readonly characters: readonly number[]; readonly chance: number }

const BEAM = 12
const LEAST_CHANCE = 0.002

/** Maps the recogniser's key list (one key a line) to plate characters: class 0 is the blank, the class after the last key the space. */
export function characterMap(keys: readonly string[]): CharacterMap {
  const map = new Uint8Array(keys.length + 2).fill(NOTHING)
  keys.forEach((key, i) => {
    const at = key.length === 1 ? PLATE_CHARACTERS.indexOf(key.toUpperCase()) : -1
    if (at >= 0) map[i + 1] = at
  })
  return map
}

/**
 * The likeliest texts of one line, best first: a prefix beam search over the recogniser's output (steps × classes),
 * with lower case counted as upper case, and everything that no plate has counted as a gap.
 */
export function decodeText(output: Float32Array, steps: number, classes: number, map: CharacterMap): ReadText[] {
  let beam: Prefix[] = [{ text: '', last: -1, gap: 1, stay: 0, peaks: [] }]
  const chances = new Float64Array(NOTHING + 1)
  for (let step = 0; step < steps; step++) {
    foldStep(output, step * classes, classes, map, chances)
    beam = isGap(chances) ? afterGap(beam, chances[NOTHING] as number) : nextBeam(beam, chances)
  }
  const total = beam.reduce((sum, p) => sum + p.gap + p.stay, 0)
  return beam
    .filter((p) => p.text !== '')
    .map((p) => ({ text: p.text, characters: p.peaks, chance: (p.gap + p.stay) / total }))
}

type Prefix = { text: string; last: number; gap: number; stay: number; peaks: readonly number[] }

function foldStep(
  output: Float32Array,
  offset: number,
  classes: number,
  map: CharacterMap,
  chances: Float64Array,
): void {
  chances.fill(0)
  for (let k = 0; k < classes; k++) {
    const chance = output[offset + k] as number
    const as = map[k] ?? NOTHING
    chances[as] = (chances[as] as number) + chance
  }
}

/** Most steps lie between two characters: nothing but a gap is likely there. */
function isGap(chances: Float64Array): boolean {
  for (let k = 0; k < NOTHING; k++) if ((chances[k] as number) >= LEAST_CHANCE) return false
  return true
}

/** What `nextBeam` gives where only the gap is likely, in a fraction of its time. */
function afterGap(beam: readonly Prefix[], chance: number): Prefix[] {
  const next = beam.map((prefix) => ({
    ...prefix,
    gap: (prefix.gap + prefix.stay) * Math.max(chance, 1e-6),
    stay: 0,
  }))
  return next.sort((a, b) => b.gap - a.gap)
}

function nextBeam(beam: readonly Prefix[], chances: Float64Array): Prefix[] {
  const next = new Map<string, Prefix>()
  const reach = (text: string, last: number, peaks: readonly number[]): Prefix => {
    const prefix = next.get(text) ?? { text, last, gap: 0, stay: 0, peaks }
    next.set(text, prefix)
    return prefix
  }
  for (const prefix of beam) {
    const mass = prefix.gap + prefix.stay
    for (let k = 0; k <= NOTHING; k++) {
      const chance = chances[k] as number
      if (chance < LEAST_CHANCE && k !== NOTHING) continue
      if (k === NOTHING) {
        reach(prefix.text, prefix.last, prefix.peaks).gap += mass * Math.max(chance, 1e-6)
        continue
      }
      if (k === prefix.last) {
        const same = reach(prefix.text, prefix.last, prefix.peaks)
        same.stay += prefix.stay * chance
        const peak = same.peaks[same.peaks.length - 1] ?? 0
        if (chance > peak) same.peaks = [...same.peaks.slice(0, -1), chance]
      }
      const entering = (k === prefix.last ? prefix.gap : mass) * chance
      if (entering === 0) continue
      const longer = reach(prefix.text + PLATE_CHARACTERS[k], k, [...prefix.peaks, chance])
      longer.stay += entering
    }
  }
  return [...next.values()].sort((a, b) => b.gap + b.stay - a.gap - a.stay).slice(0, BEAM)
}

/** One ranking from several readings of the same line: a text's chance is its mean over all, its characters' the mean where it was read. */
export function fuseReadings(readings: readonly (readonly ReadText[])[]): ReadText[] {
  const sums = new Map<string, { chance: number; characters: number[] }>()
  for (const read of readings.flat()) {
    const sum = sums.get(read.text) ?? { chance: 0, characters: read.characters.map(() => 0) }
    sum.chance += read.chance
    sum.characters = sum.characters.map((value, i) => value + read.chance * (read.characters[i] ?? 0))
    sums.set(read.text, sum)
  }
  return [...sums]
    .map(([text, sum]) => ({
      text,
      characters: sum.characters.map((value) => value / sum.chance),
      chance: sum.chance / readings.length,
    }))
    .sort((a, b) => b.chance - a.chance)
    .slice(0, BEAM)
}
