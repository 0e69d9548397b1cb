import { fold } from '../machines/plate.ts'

/** Plates as countries and states issue them, drawn by a given chance: seeded, so that a run can be repeated. */

/** The formats that toy vehicles carry. */
export const TOY_FORMATS = [
  'british',
  'german',
  'french',
  'dutch',
  'swedish',
  'polish',
  'us-7',
  'us-6',
  'brazilian',
  'mercosur',
] as const
export type ToyFormat = (typeof TOY_FORMATS)[number]

/** A source of chance: each call gives a number in 0..1, 1 excluded. The same seed gives the same numbers. */
export type Draw = () => number

/** Chance from a seed. Not for secrets. */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A whole number in 0..below, `below` excluded. */
export const whole = (draw: Draw, below: number): number => Math.floor(draw() * below)

/** One of a list that is not empty. */
export const pick = <T>(draw: Draw, list: ArrayLike<T>): T => list[whole(draw, list.length)] as T

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const without = (left: string): string => [...LETTERS].filter((letter) => !left.includes(letter)).join('')

/** Letters that each issuer uses. */
const BRITISH_AREA = without('IQZ')
const BRITISH = without('IQ')
const FRENCH = without('IOU')
const DUTCH = 'BDFGHJKLNPRSTVXZ'
const SWEDISH = without('IQV')
const POLISH = without('BDIOQZ')

/** Registration districts by how usual they are at one place: the first is where the site is, and half of its vehicles come from there. */
const GERMAN_DISTRICTS = 'M B HH K F S D DO E L HB DD H N DU BO W BI BN MS KA MA A WI AC KI MD FR OB ER TUT FFB STA EBE'
const POLISH_DISTRICTS = 'WA WB WE WF WI WPI WPR KR PO GD DW EL LU SK SB CB BI RZ OP KN KRA GDA PZ DWR'

/** Series by format: `L` a letter of the format, `A` one for the first place of it, `N` a digit, `P` a digit but no 0. */
const SERIES: { readonly [format in ToyFormat]: readonly string[] } = {
  british: [], // made by hand below: the age number is not any number
  german: ['LP', 'LPN', 'LPNN', 'LPNNN', 'LLP', 'LLPN', 'LLPNN', 'LLPNN', 'LLPNNN', 'LLPNNN'],
  french: ['ALNNNLL'],
  dutch: ['NNLLLN', 'NLLLNN', 'LLNNNL', 'LNNNLL'],
  swedish: ['LLLNNN', 'LLLNNN', 'LLLNNL'],
  polish: ['NNNNN', 'NNNNL', 'NNNLL', 'LNNN', 'NNLL', 'NLNN'],
  'us-7': ['LLLNNNN', 'LLLNNNN', 'NLLLNNN'],
  'us-6': ['LLLNNN', 'NNNLLL', 'LLNLNL'],
  brazilian: ['LLLNNNN'],
  mercosur: ['LLLNLNN'],
}
const ALPHABET: { readonly [format in ToyFormat]: string } = {
  british: BRITISH,
  german: LETTERS,
  french: FRENCH,
  dutch: DUTCH,
  swedish: SWEDISH,
  polish: POLISH,
  'us-7': LETTERS,
  'us-6': LETTERS,
  brazilian: LETTERS,
  mercosur: LETTERS,
}
/** French series are issued in order: the first letter has come to H. */
const FIRST = 'ABCDEFGH'

/** Plates of three characters exist, but berth takes none for a plate: their drivers use a card. */
const SHORTEST = 4

/** One plate of a format, normalized; at least four characters. */
export function toyPlate(format: ToyFormat, draw: Draw): string {
  for (;;) {
    const plate = anyPlate(format, draw)
    if (plate.length >= SHORTEST) return plate
  }
}

function anyPlate(format: ToyFormat, draw: Draw): string {
  if (format === 'british') return britishPlate(draw)
  const series = pick(draw, SERIES[format])
  const rest = filled(series, ALPHABET[format], draw)
  if (format === 'german') return `${district(GERMAN_DISTRICTS, draw)}${rest}`.slice(0, 8)
  if (format === 'polish') return `${district(POLISH_DISTRICTS, draw)}${rest}`.slice(0, 8)
  return rest
}

const filled = (series: string, letters: string, draw: Draw): string =>
  [...series].map((kind) => pick(draw, { N: DIGITS, P: DIGITS.slice(1), A: FIRST }[kind] ?? letters)).join('')

/** Area, age number (03 to 26, or 50 more), three letters. */
function britishPlate(draw: Draw): string {
  const area = filled('LL', BRITISH_AREA, draw)
  const age = 3 + whole(draw, 24) + (draw() < 0.5 ? 50 : 0)
  return `${area}${String(age).padStart(2, '0')}${filled('LLL', BRITISH, draw)}`
}

function district(names: string, draw: Draw): string {
  const all = names.split(' ')
  return draw() < 0.5 ? (all[0] as string) : pick(draw, all)
}

/** A plate with another matching key, one edit away: mostly a character of the same kind in place of one, else one fewer or one more. */
export function nearPlate(plate: string, draw: Draw): string {
  const at = whole(draw, plate.length)
  const kind = draw()
  if (kind >= 0.7 && kind < 0.85) return plate.slice(0, at) + plate.slice(at + 1)
  const kin = /\d/.test(plate[at] ?? '') ? DIGITS : LETTERS
  const other = pick(
    draw,
    [...kin].filter((one) => fold(one) !== fold(plate[at] ?? '')),
  )
  return plate.slice(0, at) + other + plate.slice(kind < 0.7 ? at + 1 : at)
}

/** What a register is made of. `near` = share of its plates that are one edit from another plate of it, 0..1, default 0. */
export type RegisterMake = { readonly formats: readonly ToyFormat[]; readonly count: number; readonly near?: number }

/**
 * `count` plates with distinct matching keys. Formats take turns. Throws where the formats hold too few plates: a broken invariant of
 * the caller.
 */
export function toyRegister({ formats, count, near = 0 }: RegisterMake, draw: Draw): readonly string[] {
  const plates: string[] = []
  const keys = new Set<string>()
  for (let attempt = 0; plates.length < count; attempt += 1) {
    if (attempt > 50 * count) throw new Error(`${formats.join(', ')} hold no ${count} plates with distinct keys`)
    const isNear = plates.length > 0 && draw() < near
    const plate = isNear
      ? nearPlate(pick(draw, plates), draw)
      : toyPlate(formats[plates.length % formats.length] as ToyFormat, draw)
    const key = fold(plate)
    if (plate.length < SHORTEST || keys.has(key)) continue
    keys.add(key)
    plates.push(plate)
  }
  return plates
}
