/** How usual a plate of so many characters is, by index. */
const LENGTHS = [0, 0, 0.05, 0.15, 0.4, 0.8, 1, 1, 0.7, 0.4, 0.2]
const LONGEST = 0.02

/** Series that change between letters and digits more than twice (A = letter, 0 = digit), with where they are issued. */
const RESTLESS_SERIES: ReadonlySet<string> = new Set([
  'AA0A0A', // Missouri
  'AAA0A00', // Brazil, Argentina's neighbours: Mercosur
  'A000AA00', // Russia
  'A000AA000', // Russia
  'AA00AA0000', // India
  'AA00A0000', // India
])

/** The series of a text: A for each letter, 0 for each digit. */
export function seriesOf(text: string): string {
  return text.replace(/[A-Z]/g, 'A').replace(/[0-9]/g, '0')
}

/**
 * How much a text alone looks like a plate, 0..1, whoever issued it: plates have five to eight characters, both digits and
 * letters, in few groups. It weighs readings that the recogniser holds possible, never makes one up.
 */
export function plausibility(text: string): number {
  const series = seriesOf(text)
  const length = LENGTHS[text.length] ?? LONGEST
  if (!series.includes('A')) return length * (text.length >= 8 ? 0.1 : 0.6)
  if (!series.includes('0')) return length * 0.2
  const groups = series.match(/A+|0+/g)?.length ?? 0
  return length * (groups <= 3 || RESTLESS_SERIES.has(series) ? 1 : groups === 4 ? 0.5 : 0.2)
}
