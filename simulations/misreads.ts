import { fold } from '../machines/plate.ts'
import { type FrameText, textOf, together } from './frame-text.ts'
import { type MisreadLevel, READER_CONFUSION, type ReaderConfusion, type WeakPlaces } from './reader-confusion.ts'
import { type Draw, pick, whole } from './toy-plates.ts'

/**
 * What the reader says of one parked vehicle, frame after frame, with the measured misreads and their measured obstinacy: which places
 * of the plate are weak, how often each is read wrong and as what is drawn once for the visit; each frame then errs by itself.
 */

/** A vehicle before the camera. */
export type MisreadVisit = {
  /** The texts of the next frame, the plate's first; often one, sometimes none. */
  frame(): readonly FrameText[]
  /** The plate is never read otherwise: what its frames say of it is the truth or nothing. */
  readonly isPlain: boolean
  /** Another text that is read beside it, null = none. */
  readonly stray: string | null
}

/** `difficulty` scales how often places are weak: 1 = as measured. `confusion` default: the measured counts. */
export type MisreadOptions = { readonly difficulty?: number; readonly confusion?: ReaderConfusion }

/** A weak place of this visit's plate. `at` = its place; a `grown` one stands before it. */
type Weak = {
  readonly at: number
  readonly kind: 'lost' | 'swapped' | 'grown'
  /** How often it is read wrong, 0..1. */
  readonly share: number
  readonly as: string
  readonly sureWrong: number
  readonly sureRight: number
}

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** A character that was never seen is as likely another of its kind: so often a misread is drawn from the alphabet, not from the counts. */
const UNSEEN = 0.15
/** Frames seen of a character before its own rate counts as much as the mean. */
const PRIOR_SEEN = 60

/** Opens a visit of a vehicle with this plate (normalized). Each call of `draw` is one number of chance. */
export function openMisreads(plate: string, draw: Draw, options: MisreadOptions = {}): MisreadVisit {
  const model = modelOf(options.confusion ?? READER_CONFUSION)
  const difficulty = options.difficulty ?? 1
  const weak = weakPlaces(plate, draw, model, difficulty)
  const written = writtenAs(plate, draw, model, difficulty)
  const unread = shareOf(model.confusion.unread, draw)
  const half = shareOf(model.confusion.halves, draw)
  const stray = shareOf(model.confusion.strays, draw)
  const strayText = stray > 0 ? strayOf(plate, draw, model) : null
  const halfText = half > 0 ? halfOf(plate, draw) : null
  const sound = bandValue(model.confusion.sound, draw)
  const characters = soundCharacters(plate.length, sound, draw)
  const plain = textOf(written, characters)
  const halfRead = halfText === null ? null : textOf(halfText.text, characters.slice(halfText.from, halfText.to))
  return {
    isPlain: weak.length === 0 && half === 0 && written === plate,
    stray: strayText?.text ?? null,
    frame() {
      const texts: FrameText[] = []
      if (unread === 0 || draw() >= unread) {
        if (halfRead !== null && draw() < half) texts.push(together(halfRead, 'wrong', draw, model.confusion))
        else {
          const read = weak.length === 0 ? plain : misread(written, characters, weak, draw, model)
          texts.push(together(read, fold(read.text) === fold(plate) ? 'right' : 'wrong', draw, model.confusion))
        }
      }
      if (strayText !== null && draw() < stray) texts.push(together(strayText, 'beside', draw, model.confusion))
      return texts
    },
  }
}

/** What is drawn from, made once for each set of counts. */
type Model = {
  readonly confusion: ReaderConfusion
  readonly kinds: readonly {
    readonly kind: Weak['kind']
    readonly where: keyof WeakPlaces
    readonly shares: readonly number[]
  }[]
  /** Chance that two wrong frames of one place read the visit's own wrong character. */
  readonly obstinacy: number
  readonly rates: ReadonlyMap<string, number>
}

const models = new WeakMap<ReaderConfusion, Model>()

function modelOf(confusion: ReaderConfusion): Model {
  const known = models.get(confusion)
  if (known) return known
  const kinds = (['lost', 'swapped', 'grown'] as const).flatMap((kind) =>
    (['first', 'inner', 'last'] as const).map((where) => ({
      kind,
      where,
      shares: confusion[kind][where].flatMap((count, frames) =>
        new Array<number>(count).fill(frames / confusion.frames),
      ),
    })),
  )
  const rows = Object.entries(confusion.swaps)
  const wrong = rows.reduce((sum, [, row]) => sum + row.wrong, 0) / Math.max(1, confusion.characters)
  const made: Model = {
    confusion,
    kinds,
    obstinacy: Math.sqrt(confusion.alike.same / Math.max(1, confusion.alike.pairs)),
    rates: new Map(
      rows.map(([character, row]) => [character, (row.wrong + PRIOR_SEEN * wrong) / (row.seen + PRIOR_SEEN)]),
    ),
  }
  models.set(confusion, made)
  return made
}

/** The index that a draw over counts falls on. */
function drawn(counts: readonly number[], draw: Draw): number {
  let left = draw() * counts.reduce((sum, count) => sum + count, 0)
  for (const [at, count] of counts.entries()) {
    left -= count
    if (left < 0) return at
  }
  return 0
}

/** A share of frames, by a histogram over all of them. */
const shareOf = (histogram: readonly number[], draw: Draw): number => drawn(histogram, draw) / (histogram.length - 1)

/** A confidence, by a histogram of bands. */
const bandValue = (bands: readonly number[], draw: Draw): number => (drawn(bands, draw) + draw()) / bands.length

function weakPlaces(plate: string, draw: Draw, model: Model, difficulty: number): readonly Weak[] {
  let count = 0
  for (let left = difficulty; left > 0; left -= 1)
    if (left >= 1 || draw() < left) count += drawn(model.confusion.weakPlaces, draw)
  const places: Weak[] = []
  for (let n = 0; n < count; n += 1) {
    const one = weakPlace(plate, draw, model)
    if (!places.some(({ at, kind }) => at === one.at && (kind === 'grown') === (one.kind === 'grown'))) places.push(one)
  }
  return places
}

function weakPlace(plate: string, draw: Draw, model: Model): Weak {
  const { kind, where, shares } = model.kinds[
    drawn(
      model.kinds.map((one) => one.shares.length),
      draw,
    )
  ] as Model['kinds'][number]
  const share = pick(draw, shares)
  const at = placeOf(plate, where, kind, draw, model)
  const level = model.confusion.levels[levelOf(share)]
  return {
    at,
    kind,
    share,
    as: kind === 'lost' ? '' : misreadOf(plate, at, kind, draw, model),
    sureWrong: bandValue(level.wrong, draw),
    sureRight: bandValue(level.right.some((count) => count > 0) ? level.right : level.wrong, draw),
  }
}

const levelOf = (share: number): MisreadLevel => (share <= 1 / 3 ? 'rare' : share < 5 / 6 ? 'often' : 'always')

/** Inner places that are swapped or lost: by how often their characters are misread. */
function placeOf(plate: string, where: keyof WeakPlaces, kind: Weak['kind'], draw: Draw, model: Model): number {
  if (where === 'first') return 0
  if (where === 'last') return kind === 'grown' ? plate.length : plate.length - 1
  const inner = plate.slice(1, -1)
  if (kind === 'grown') return 1 + whole(draw, plate.length - 2)
  return (
    1 +
    drawn(
      [...inner].map((character) => model.rates.get(fold(character)) ?? 0),
      draw,
    )
  )
}

/** The plate as this visit's frames write its look-alikes: an O may be a 0 in all of them. */
const writtenAs = (plate: string, draw: Draw, { confusion }: Model, difficulty: number): string =>
  [...plate]
    .map((character) => {
      const row = confusion.looks[character]
      if (row === undefined) return character
      let left = (draw() * row.places) / difficulty
      for (const [read, count] of Object.entries(row.as)) {
        left -= count
        if (left < 0) return read
      }
      return character
    })
    .join('')

/** What is read in the place of a character, or before it. */
function misreadOf(plate: string, at: number, kind: Weak['kind'], draw: Draw, model: Model): string {
  const here = plate[at] ?? plate[at - 1] ?? '0'
  const kin = DIGITS.includes(here) ? DIGITS : LETTERS
  const counted = kind === 'grown' ? model.confusion.grownAs : (model.confusion.swaps[fold(here)]?.as ?? {})
  const choices = Object.entries(counted).filter(([read]) => read !== '')
  if (choices.length === 0 || draw() < UNSEEN)
    return pick(
      draw,
      [...kin].filter((one) => kind === 'grown' || fold(one) !== fold(here)),
    )
  return choices[
    drawn(
      choices.map(([, count]) => count),
      draw,
    )
  ]?.[0] as string
}

/** One frame's text: each weak place errs by itself, mostly as this visit's vehicle makes it err. */
function misread(
  plate: string,
  characters: readonly number[],
  weak: readonly Weak[],
  draw: Draw,
  model: Model,
): FrameText {
  const texts = [...plate]
  const sure = characters.map((one) => [one])
  const grown = new Map<number, { readonly read: string; readonly sure: number }>()
  for (const place of weak) {
    const { at, kind } = place
    const isWrong = draw() < place.share
    const jitter = 0.1 * (draw() - 0.5)
    if (!isWrong) {
      const beside = Math.min(at, plate.length - 1)
      sure[beside] = (sure[beside] ?? []).map((one) => Math.min(one, clamp(place.sureRight + jitter)))
      continue
    }
    const read = kind === 'lost' || draw() < model.obstinacy ? place.as : misreadOf(plate, at, kind, draw, model)
    const sureness = clamp(place.sureWrong + jitter)
    if (kind === 'grown') grown.set(at, { read, sure: sureness })
    else {
      texts[at] = read
      sure[at] = read === '' ? [] : [sureness]
    }
    // A lost character leaves its doubt with the one beside it.
    if (read === '') {
      const beside = at + 1 < plate.length ? at + 1 : at - 1
      sure[beside] = (sure[beside] ?? []).map((one) => Math.min(one, sureness))
    }
  }
  for (const [at, more] of [...grown].sort(([a], [b]) => b - a)) {
    texts.splice(at, 0, more.read)
    sure.splice(at, 0, [more.sure])
  }
  return textOf(texts.join(''), sure.flat())
}

const clamp = (value: number): number => Math.min(1, Math.max(0.01, value))

/** Sure everywhere but for the visit's least sure place. */
function soundCharacters(length: number, sound: number, draw: Draw): number[] {
  const sure = Math.max(sound, 0.99)
  const characters = new Array<number>(length).fill(sure)
  characters[whole(draw, length)] = sound
  return characters
}

/** The first or the last group of a plate without the other. */
function halfOf(plate: string, draw: Draw): { readonly text: string; readonly from: number; readonly to: number } {
  const cut = Math.max(2, Math.min(plate.length - 2, plate.search(/(?<=[A-Z])(?=\d)|(?<=\d)(?=[A-Z])/)))
  const [from, to] = draw() < 0.5 ? [0, cut] : [cut, plate.length]
  return { text: plate.slice(from, to), from, to }
}

/** Another text that could be a plate: a sticker, a telephone number, seldom one that is made as this plate is. */
function strayOf(plate: string, draw: Draw, { confusion }: Model): FrameText {
  const { alike, lettered, digits } = confusion.strayTexts
  // One more of the dangerous kind than was seen.
  const kind = drawn([alike + 1, lettered, digits], draw)
  const anything = (from: string, length: number): string => Array.from({ length }, () => pick(draw, from)).join('')
  const text =
    kind === 0
      ? [...plate].map((one) => pick(draw, DIGITS.includes(one) ? DIGITS : LETTERS)).join('')
      : kind === 1
        ? anything(LETTERS + DIGITS, 4 + whole(draw, 4))
        : anything(DIGITS, 5 + whole(draw, 4))
  return textOf(text, new Array<number>(text.length).fill(0.97))
}
