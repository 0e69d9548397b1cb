/** Text in a tile: written within its room, in the largest letters in which it stands there whole. */
import type { Palette } from './palette.ts'

/** What a drawing is made with; `em` px. */
export type Brush = {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly em: number
  readonly family: string
}

const MONO = '"DejaVu Sans Mono", ui-monospace, monospace'

/** Writes from `x` within `room` px, cut with an ellipsis; answers the width taken. */
export type Writer = (
  text: string,
  x: number,
  y: number,
  room: number,
  size: number,
  style?: 'bold' | 'plain' | 'mono',
  faint?: boolean,
) => number

/** Texts that are measured once; durations make new ones all day, so that a wall screen must let them go. */
const MOST_WIDTHS = 400
const widths = new Map<string, number>()

function widthIn(context: Brush['context'], text: string): number {
  const key = `${context.font} ${text}`
  let width = widths.get(key)
  if (width === undefined) {
    if (widths.size > MOST_WIDTHS) widths.clear()
    width = context.measureText(text).width
    widths.set(key, width)
  }
  return width
}

/** What writes with this brush. */
export function writer({ context, palette, em, family }: Brush): Writer {
  const widthOf = (text: string): number => widthIn(context, text)
  const cut = (text: string, room: number): string => {
    if (widthOf(text) <= room) return text
    let most = Math.max(0, Math.floor((text.length * room) / widthOf(text)))
    while (most > 0 && widthOf(`${text.slice(0, most)}…`) > room) most -= 1
    return most === 0 ? '' : `${text.slice(0, most)}…`
  }
  return (text, x, y, room, size, style = 'plain', faint = false) => {
    if (text === '' || room <= 0) return 0
    context.font = `${style === 'bold' ? '700 ' : ''}${size * em}px ${style === 'mono' ? MONO : family}`
    context.fillStyle = faint ? palette.faint : palette.ink
    const fitting = cut(text, room)
    context.fillText(fitting, x, y)
    return widthOf(fitting)
  }
}

const SMALLEST = 0.56
/** Sizes of letters, em, from large to what one can still read. */
const STEPS = [1, 0.9, 0.85, 0.78, 0.72, 0.66, 0.6] as const
const sizes = new Map<string, number>()

/** The largest letter, em, up to `most`, in which a text stands whole; no smaller than one can read. */
export function wholeSize({ context, em, family }: Brush, text: string, room: number, most = 0.72): number {
  const key = `${text} ${Math.round(room)} ${em} ${most}`
  let size = sizes.get(key)
  if (size === undefined) {
    const fits = (one: number) => {
      context.font = `${one * em}px ${family}`
      return context.measureText(text).width <= room
    }
    if (sizes.size > MOST_WIDTHS) sizes.clear()
    size = STEPS.find((one) => one <= most && fits(one)) ?? SMALLEST
    sizes.set(key, size)
  }
  return size
}

/** A text, and the size of its letters, em. */
type Fitting = { readonly text: string; readonly size: number }

/** A number says something else where it is cut: the first of its texts, longest first, that stands whole; the last one in smaller letters too. Empty where none does. */
export function wholeOf({ context, em, family }: Brush, texts: readonly string[], room: number, size: number): Fitting {
  const last = texts.at(-1) ?? ''
  const smaller = [...STEPS, SMALLEST].filter((one) => one < size).map((one): Fitting => ({ text: last, size: one }))
  const found = [...texts.map((text): Fitting => ({ text, size })), ...smaller].find((one) => {
    context.font = `${one.size * em}px ${family}`
    return widthIn(context, one.text) <= room
  })
  return found ?? { text: '', size }
}

/** Lines of a text, and the size of their letters, em; `isWhole`: nothing of it is cut or left out. */
export type Wrapped = { readonly lines: readonly string[]; readonly size: number; readonly isWhole: boolean }
const wraps = new Map<string, Wrapped>()

/** The first of these texts, longest first, that stands whole in so many lines; the last one in any case. */
export function wrapped(
  { context, em, family }: Brush,
  texts: readonly string[],
  room: number,
  most: number,
  style: 'bold' | 'plain',
): Wrapped {
  const key = `${texts.join('|')} ${Math.round(room)} ${em} ${most} ${style}`
  const known = wraps.get(key)
  if (known !== undefined) return known
  const at = (text: string, size: number): Wrapped => {
    context.font = `${style === 'bold' ? '700 ' : ''}${size * em}px ${family}`
    const fits = (line: string) => context.measureText(line).width <= room
    const lines = linesOf(text, fits)
    return { lines, size, isWhole: lines.length <= most && lines.every(fits) }
  }
  const largest = style === 'bold' ? 0.9 : 0.85
  const tries = texts.flatMap((text) => STEPS.filter((size) => size <= largest).map((size) => [text, size] as const))
  const fitting = tries.map(([text, size]) => at(text, size)).find(({ isWhole }) => isWhole)
  const last = at(texts.at(-1) ?? '', SMALLEST)
  const found = fitting ?? { ...last, lines: last.lines.slice(0, most) }
  if (wraps.size > MOST_WIDTHS) wraps.clear()
  wraps.set(key, found)
  return found
}

/** Whole words, as many in a line as fit. */
function linesOf(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const joined = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && fits(joined)) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  return lines
}
