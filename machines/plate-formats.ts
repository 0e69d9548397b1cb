import { EUROPE } from './plate-countries-europe.ts'
import { WORLD } from './plate-countries-world.ts'

/**
 * How plates of a country are built, as data. A series is written place by place: `@` a letter of the country, `#` a digit, `[A-F2]` one of
 * these, anything else itself; `{2,4}` repeats what stands before it so often.
 */
export type PlateCountry = {
  /** ISO 3166 code. */
  readonly country: string
  readonly series: readonly string[]
  /** Letters that it issues; all where absent. */
  readonly letters?: string
  /** Plates of cars come in two lines as well: the upper one is read first. */
  readonly twoLine?: boolean
}

/** Every country that is known here. */
export const PLATE_COUNTRIES: readonly PlateCountry[] = [...EUROPE, ...WORLD]

/** The characters that one place may hold. */
type Place = ReadonlySet<string>
/** One way to build a plate, place by place. */
type Form = readonly Place[]

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
/** Characters of one look, the likeliest first: which of them a place holds is what its format says. */
const LOOKS = ['0ODQ', '1IL', '2Z', '5S', '8B', '6G']

const byCountry = new Map<string, ReadonlyMap<number, readonly Form[]>>()

/** The countries of these codes that are known here; all of them for an empty list. */
export const countriesOf = (codes: readonly string[]): readonly PlateCountry[] =>
  codes.length === 0 ? PLATE_COUNTRIES : PLATE_COUNTRIES.filter(({ country }) => codes.includes(country))

/** The countries whose formats a normalized plate fits as it is written. */
export const countriesThatIssue = (
  plate: string,
  among: readonly PlateCountry[] = PLATE_COUNTRIES,
): readonly string[] =>
  among
    .filter((one) => formsOf(one, plate.length).some((form) => form.every((place, at) => place.has(plate[at] ?? ''))))
    .map(({ country }) => country)

/**
 * A normalized read as these countries would have issued it: itself where it fits, else with look-alikes exchanged only at places that
 * demand it (`LBI7WQT` is `LB17WQT` in Britain), the fewest exchanges first, each spelling once. Nothing where even that fits none. The
 * matching key never changes: this is what people are shown, and what tells nonsense from a plate.
 */
export function repaired(read: string, among: readonly PlateCountry[] = PLATE_COUNTRIES): readonly string[] {
  const found = new Map<string, number>()
  for (const country of among)
    for (const form of formsOf(country, read.length)) {
      const spelling = spelledIn(form, read)
      if (spelling !== null) found.set(spelling.text, spelling.swaps)
    }
  const fewest = Math.min(...found.values())
  return [...found].filter(([, swaps]) => swaps === fewest).map(([text]) => text)
}

function spelledIn(form: Form, read: string): { readonly text: string; readonly swaps: number } | null {
  let text = ''
  let swaps = 0
  for (const [at, place] of form.entries()) {
    const one = read[at] ?? ''
    if (place.has(one)) text += one
    else {
      const look = LOOKS.find((group) => group.includes(one)) ?? ''
      const other = [...look].find((like) => place.has(like))
      if (other === undefined) return null
      text += other
      swaps += 1
    }
  }
  return { text, swaps }
}

/** A country's forms of so many places. */
function formsOf(country: PlateCountry, length: number): readonly Form[] {
  const known = byCountry.get(country.country) ?? compiled(country)
  byCountry.set(country.country, known)
  return known.get(length) ?? []
}

function compiled({ series, letters = LETTERS }: PlateCountry): ReadonlyMap<number, readonly Form[]> {
  const forms = new Map<number, Form[]>()
  for (const one of series)
    for (const form of expanded(placesOf(one, letters)))
      forms.set(form.length, [...(forms.get(form.length) ?? []), form])
  return forms
}

type Repeated = { readonly place: Place; readonly from: number; readonly to: number }

/** Reads a series. Throws RangeError where it is not written as the type says. */
function placesOf(series: string, letters: string): Repeated[] {
  const places: Repeated[] = []
  for (const [whole, one = '', from, to] of series.matchAll(
    /(@|#|\[[A-Z0-9-]+\]|[A-Z0-9])(?:\{(\d)(?:,(\d))?\})?|./g,
  )) {
    if (one === '') throw new RangeError(`A plate's series may not hold ${whole}: ${series}`)
    const least = Number(from ?? 1)
    places.push({ place: placeOf(one, letters), from: least, to: Number(to ?? least) })
  }
  return places
}

function placeOf(one: string, letters: string): Place {
  if (one === '@') return new Set(letters)
  if (one === '#') return new Set(DIGITS)
  const inside = one.replace(/[[\]]/g, '')
  return new Set(
    [...inside.matchAll(/(.)-(.)|./g)].flatMap(([single, from, to]) => {
      const all = LETTERS + DIGITS
      return from && to ? [...all.slice(all.indexOf(from), all.indexOf(to) + 1)] : [single]
    }),
  )
}

function expanded(places: readonly Repeated[]): Form[] {
  let forms: Place[][] = [[]]
  for (const { place, from, to } of places)
    forms = forms.flatMap((form) =>
      Array.from({ length: to - from + 1 }, (_, more) => [
        ...form,
        ...Array.from({ length: from + more }, () => place),
      ]),
    )
  return forms
}
