import { fold } from '../machines/plate.ts'

/**
 * How densely registered plates lie among those that could be issued. Where they lie densely, a stranger's plate that is misread by one
 * look-alike or one character is likely somebody's: the same evidence is worth less there.
 */
export type PlateDensity = {
  /** Registered plates that are expected to be exactly this one, by how often each character stands at its place in plates of this series. */
  expected(plate: string): number
  /** Registered plates that are expected to be one changed character away. */
  expectedNear(plate: string): number
}

/** Plates of one series (`AAA000`: letters and digits by place): how many, how often each character stands at each place, and how they begin. */
type Series = { count: number; readonly places: readonly Map<string, number>[]; readonly heads: Map<string, number> }

/** A district's letters come together: so many characters are counted as one where enough plates begin with them. */
const HEAD = 3
/** Fewer plates than this say nothing of which characters their series or beginning uses. */
const TELLING = 30
/** A character that none of them has at a place is as likely as this share of one plate. */
const UNSEEN = 0.1

/** Counts registered plates (normalized). */
export function plateDensity(plates: Iterable<string>): PlateDensity {
  const all = new Map<string, Series>()
  for (const plate of plates) {
    const name = seriesName(plate)
    const series = all.get(name) ?? { count: 0, places: Array.from(plate, () => new Map()), heads: new Map() }
    all.set(name, series)
    series.count += 1
    series.heads.set(plate.slice(0, HEAD), (series.heads.get(plate.slice(0, HEAD)) ?? 0) + 1)
    for (let at = 0; at < plate.length; at += 1) {
      const place = series.places[at] as Map<string, number>
      place.set(plate[at] as string, (place.get(plate[at] as string) ?? 0) + 1)
    }
  }
  const massOf = (plate: string): Mass => massIn(all.get(seriesName(plate)), plate)
  return {
    expected: (plate) => Math.max(massOf(plate).apart, massOf(plate).together),
    expectedNear(plate) {
      const { apart, together, each } = massOf(plate)
      const others = each.map((one) => (1 - one) / one)
      const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0)
      return Math.max(apart * sum(others), together * sum(others.slice(HEAD)))
    },
  }
}

/** Plates expected to be exactly one: every place by itself, or its beginning as one (0 where too few begin so); and each place's share. */
type Mass = { readonly apart: number; readonly together: number; readonly each: readonly number[] }

function massIn(series: Series | undefined, plate: string): Mass {
  if (series === undefined) return { apart: 0, together: 0, each: [] }
  const each = Array.from(plate, (one, at) => shareAt(series, at, one))
  const head = series.heads.get(plate.slice(0, HEAD)) ?? 0
  const times = (list: readonly number[], from: number): number => list.reduce((product, one) => product * one, from)
  return {
    apart: times(each, series.count),
    together: head < TELLING ? 0 : times(each.slice(HEAD), head),
    each,
  }
}

const seriesName = (plate: string): string => plate.replace(/\d/g, '0').replace(/[A-Z]/g, 'A')

/** How usual a character is at a place of its series. */
function shareAt({ count, places }: Series, at: number, character: string): number {
  const choices = /\d/.test(character) ? 10 : 26
  if (count < TELLING) return 1 / choices
  return ((places[at]?.get(character) ?? 0) + UNSEEN) / (count + UNSEEN * choices)
}

/** Characters of equal matching key. */
const LOOKALIKES: ReadonlyMap<string, readonly string[]> = (() => {
  const groups = new Map<string, string[]>()
  for (const one of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    groups.set(fold(one), [...(groups.get(fold(one)) ?? []), one])
  return groups
})()

/**
 * Share of vehicles at which our reader writes one look-alike for another in most frames (simulations/reader-confusion.ts): O and 0, I
 * and 1 nearly at will, others as a digit or a digit as them once in about 20 places, a letter for another letter at none of 60.
 */
const OFTEN = new Set(['0O', 'O0', '1I', 'I1'])
const OFTEN_SHARE = 0.5
const SELDOM = new Set(['D0', 'L1', 'G6', '2Z', 'Z2', 'Q0'])
const SELDOM_SHARE = 0.05
const RARE_SHARE = 0.01
/** Spellings less likely than this are not looked at. */
const LEAST = 1e-4

/** Share of vehicles with `one` on their plate at which `read` is written. */
const written = (one: string, read: string): number =>
  one === read ? 1 : OFTEN.has(one + read) ? OFTEN_SHARE : SELDOM.has(one + read) ? SELDOM_SHARE : RARE_SHARE

/**
 * Other vehicles that are expected to have another spelling of the registered plate's matching key (`ABO12`, `ABD12` and `AB012` are one
 * key) and to be read as this text, for each vehicle that has the registered plate and is read so.
 */
export function otherSpellings(density: PlateDensity, text: string, registered: string): number {
  let others = 0
  const spell = (at: number, spelling: string, likely: number): void => {
    if (likely < LEAST) return
    if (at === text.length) {
      if (spelling !== registered) others += likely * density.expected(spelling)
      return
    }
    const read = text[at] as string
    for (const one of LOOKALIKES.get(fold(read)) ?? [read]) spell(at + 1, spelling + one, likely * written(one, read))
  }
  spell(0, '', 1)
  return others / [...registered].reduce((likely, one, at) => likely * written(one, text[at] as string), 1)
}
