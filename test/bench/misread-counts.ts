import { fold, plausible } from '../../machines/plate.ts'
import type { MisreadLevel, ReaderConfusion } from '../../simulations/reader-confusion.ts'
import { type Aligned, alignRead, type ReadPlace } from './read-alignment.ts'

/** What the reader said of one photo, frame by frame; each frame's texts, the most plate-like first. */
export type PhotoReads = {
  readonly plate: string
  readonly frames: readonly (readonly {
    readonly text: string
    readonly characters: readonly number[]
    /** Both recognisers read it. */
    readonly agreed: boolean
  }[])[]
}

/** What one frame said of the plate. */
type Sight = { readonly aligned: Aligned | null; readonly isHalf: boolean; readonly strays: readonly string[] }

/** Characters that share their matching key with another. */
const LOOKALIKES = 'OQDILZSBG012586'
/** Bands of a confidence histogram. */
const BANDS = 20

const zeros = (length: number): number[] => new Array<number>(length).fill(0)

/** The counts while they grow: the type of what is committed, but writable. */
const noCounts = (frames: number, measured: string) => {
  const histogram = (): number[] => zeros(frames + 1)
  const everywhere = () => ({ first: histogram(), inner: histogram(), last: histogram() })
  const level = () => ({ right: zeros(BANDS), wrong: zeros(BANDS) })
  return {
    measured,
    photos: 0,
    frames,
    characters: 0,
    unread: histogram(),
    halves: histogram(),
    strays: histogram(),
    strayTexts: { alike: 0, lettered: 0, digits: 0 },
    weakPlaces: zeros(9),
    lost: everywhere(),
    swapped: everywhere(),
    grown: everywhere(),
    alike: { pairs: 0, same: 0 },
    swaps: {} as Record<string, { seen: number; wrong: number; as: Record<string, number> }>,
    looks: {} as Record<string, { places: number; as: Record<string, number> }>,
    together: { right: { texts: 0, agreed: 0 }, wrong: { texts: 0, agreed: 0 }, beside: { texts: 0, agreed: 0 } },
    grownAs: {} as Record<string, number>,
    levels: { rare: level(), often: level(), always: level() },
    sound: zeros(BANDS),
  }
}
type Counts = ReturnType<typeof noCounts>

const add = (list: number[], at: number): void => {
  const place = Math.min(list.length - 1, at)
  list[place] = (list[place] ?? 0) + 1
}
const bandOf = (sure: readonly number[]): number => Math.min(BANDS - 1, Math.floor(mean(sure) * BANDS))

/** Counts what the reader's errors are made of, over photos of which each has `frames` frames. Nothing of a single photo is left in them. */
export function countMisreads(photos: readonly PhotoReads[], frames: number, measured: string): ReaderConfusion {
  const counts = noCounts(frames, measured)
  for (const photo of photos) countPhoto(counts, photo)
  return counts
}

function countPhoto(counts: Counts, photo: PhotoReads): void {
  const truth = fold(photo.plate)
  const sights = photo.frames.map((texts) => sightOf(truth, texts))
  const stray = mostOften(sights.flatMap(({ strays }) => [...new Set(strays)]))
  counts.photos += 1
  add(counts.unread, sights.filter(({ aligned, isHalf }) => !aligned && !isHalf).length)
  add(counts.halves, sights.filter(({ isHalf }) => isHalf).length)
  add(counts.strays, stray.times)
  if (stray.times >= 2) counts.strayTexts[kindOf(stray.text, photo.plate)] += 1
  countLooks(photo, counts.looks)
  for (const texts of photo.frames) countTogether(truth, texts, counts.together)
  const read = sights.flatMap(({ aligned }) => (aligned ? [aligned] : []))
  if (read.length === 0) return
  let weak = 0
  const sound: number[] = []
  for (let at = 0; at <= truth.length; at += 1) {
    const where = at === 0 ? 'first' : at >= truth.length - 1 ? 'last' : 'inner'
    if (countGrown(counts, read, at, where)) weak += 1
    if (at === truth.length) break
    const sure = countPlace(counts, read, truth[at] as string, at, where)
    if (sure === null) weak += 1
    else sound.push(sure)
  }
  add(counts.weakPlaces, weak)
  if (sound.length > 0) add(counts.sound, bandOf([Math.min(...sound)]))
}

/** How often both recognisers read a frame's texts alike: the one nearest to the plate, and what stands beside it. */
function countTogether(truth: string, texts: PhotoReads['frames'][number], into: Counts['together']): void {
  const rated = texts
    .map(({ text, characters, agreed }) => ({ agreed, text, ...alignRead(truth, fold(text), characters) }))
    .sort((a, b) => a.edits - b.edits)
  for (const [at, { edits, text, agreed }] of rated.entries()) {
    if (at > 0 && !plausible(text)) continue
    const row = into[edits === 0 ? 'right' : at === 0 && edits < truth.length ? 'wrong' : 'beside']
    row.texts += 1
    if (agreed) row.agreed += 1
  }
}

/** What was read before a place and is not there; whether anything was. */
function countGrown(counts: Counts, read: readonly Aligned[], at: number, where: keyof Counts['grown']): boolean {
  const seen = read.map(({ places, after, afterSure }) => {
    const place = places[at]
    return place ? { text: place.before, sure: place.beforeSure } : { text: after, sure: afterSure }
  })
  const grown = seen.filter(({ text }) => text !== '')
  if (grown.length === 0) return false
  add(counts.grown[where], scaled(grown.length, read.length, counts.frames))
  for (const { text } of grown) counts.grownAs[text[0] as string] = (counts.grownAs[text[0] as string] ?? 0) + 1
  countPairs(
    grown.map(({ text }) => text),
    counts.alike,
  )
  add(counts.levels[levelOf(grown.length / read.length)].wrong, bandOf(grown.map(({ sure }) => sure)))
  return true
}

/** What was read at a place; how surely where every frame read it right, null at a weak place. */
function countPlace(
  counts: Counts,
  read: readonly Aligned[],
  character: string,
  at: number,
  where: keyof Counts['lost'],
): number | null {
  const places = read.flatMap((one) => one.places[at] ?? [])
  const wrong = places.filter((place) => place.read !== character)
  const right = places.filter((place) => place.read === character)
  const row = counts.swaps[character] ?? { seen: 0, wrong: 0, as: {} }
  counts.swaps[character] = row
  counts.characters += places.length
  row.seen += places.length
  row.wrong += wrong.length
  for (const place of wrong) row.as[place.read] = (row.as[place.read] ?? 0) + 1
  const sure = (list: readonly ReadPlace[]): readonly number[] => list.flatMap((place) => place.sure ?? [])
  if (wrong.length === 0) return mean(sure(right))
  const isLost = wrong.filter((place) => place.read === '').length * 2 > wrong.length
  add((isLost ? counts.lost : counts.swapped)[where], scaled(wrong.length, places.length, counts.frames))
  countPairs(
    wrong.map((place) => place.read),
    counts.alike,
  )
  const group = counts.levels[levelOf(wrong.length / places.length)]
  if (sure(wrong).length > 0) add(group.wrong, bandOf(sure(wrong)))
  if (sure(right).length > 0) add(group.right, bandOf(sure(right)))
  return null
}

/** Whether a text beside a plate has its letters and digits as the plate has, has letters at all, or is a number. */
function kindOf(text: string, plate: string): 'alike' | 'lettered' | 'digits' {
  const series = (one: string): string => one.replace(/\d/g, '0').replace(/[A-Z]/g, 'A')
  return series(text) === series(plate) ? 'alike' : /[A-Z]/.test(fold(text)) ? 'lettered' : 'digits'
}

/** How the reader writes look-alikes where it reads the plate: its most usual writing over the frames of a photo. */
function countLooks(
  { plate, frames }: PhotoReads,
  looks: Record<string, { places: number; as: Record<string, number> }>,
) {
  const same = frames.flatMap((texts) => texts.filter(({ text }) => fold(text) === fold(plate)).slice(0, 1))
  if (same.length === 0) return
  for (const [at, character] of [...plate].entries()) {
    if (!LOOKALIKES.includes(character)) continue
    const row = looks[character] ?? { places: 0, as: {} }
    looks[character] = row
    row.places += 1
    const written = mostOften(same.map(({ text }) => text[at] ?? '')).text
    if (written !== character) row.as[written] = (row.as[written] ?? 0) + 1
  }
}

const levelOf = (share: number): MisreadLevel => (share <= 1 / 3 ? 'rare' : share < 5 / 6 ? 'often' : 'always')

/** Frames out of all, where fewer were read. */
const scaled = (count: number, of: number, frames: number): number => Math.max(1, Math.round((count / of) * frames))

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

function mostOften(texts: readonly string[]): { readonly text: string; readonly times: number } {
  const times = new Map<string, number>()
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1)
  return [...times].reduce((most, [text, count]) => (count > most.times ? { text, times: count } : most), {
    text: '',
    times: 0,
  })
}

/** Of two wrong frames of one place: how often they are wrong alike. */
function countPairs(wrong: readonly string[], into: { pairs: number; same: number }): void {
  wrong.forEach((one, at) => {
    for (const other of wrong.slice(at + 1)) {
      into.pairs += 1
      if (one === other) into.same += 1
    }
  })
}

/** The text nearest to the truth is the plate's unless more than half of it is other; a beginning or an end alone is a half read. */
function sightOf(truth: string, texts: PhotoReads['frames'][number]): Sight {
  const rated = texts
    .map(({ text, characters }) => ({
      text: fold(text),
      raw: text,
      characters,
      ...alignRead(truth, fold(text), characters),
    }))
    .sort((a, b) => a.edits - b.edits)
  const best = rated[0]
  const isHalf = (text: string): boolean =>
    text.length >= 3 && text.length <= truth.length - 2 && (truth.startsWith(text) || truth.endsWith(text))
  const isPlate = best !== undefined && best.edits <= Math.floor(truth.length / 2) && !isHalf(best.text)
  const own = isPlate || (best !== undefined && isHalf(best.text)) ? best : undefined
  return {
    aligned: isPlate && best ? best.aligned : null,
    isHalf: best !== undefined && isHalf(best.text),
    strays: rated.filter((one) => one !== own && plausible(one.raw)).map((one) => one.raw),
  }
}
