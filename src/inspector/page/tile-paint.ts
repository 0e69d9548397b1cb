/** Draws one bay. Shape, border and word tell a state; saturated colour stands only where a person is needed. */
import type { Cell, Grid } from './bay-grid.ts'
import type { Palette } from './palette.ts'
import { SHAPES } from './state-icon.ts'
import type { Tile } from './tile-words.ts'

/** What a drawing is made with; `em` px. */
export type Brush = {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly em: number
  readonly family: string
}

/** Border of each state: width, then dashes; the same as in the legend. */
const BORDERS: { readonly [state in Tile['state']]: readonly [width: number, ...dashes: number[]] } = {
  vacant: [1.5, 6, 4],
  detecting: [3, 2, 4],
  authorizing: [1.5],
  'charging-locked': [3],
  exiting: [3, 9, 5],
}
const MONO = '"DejaVu Sans Mono", ui-monospace, monospace'

const shapes = new Map<string, readonly Path2D[]>()
function shapeOf(name: string): readonly Path2D[] {
  const paths = shapes.get(name) ?? (SHAPES[name] ?? []).map((d) => new Path2D(d))
  shapes.set(name, paths)
  return paths
}

/** Draws a tile at its cell; `since` is its duration in words, `faded` = not what is looked for. */
export function paintTile(brush: Brush, grid: Grid, cell: Cell, tile: Tile, since: string, faded: boolean): void {
  const { context } = brush
  const { width, height, level } = grid
  // The focus ring is the button's; around a tile nothing is drawn.
  context.clearRect(cell.x - 1, cell.y - 1, width + 2, height + 2)
  context.save()
  context.translate(cell.x, cell.y)
  if (faded) context.globalAlpha = 0.3
  paintSheet(brush, tile, width, height)
  const text = writer(brush)
  if (level === 'small') paintSmall(brush, text, tile, grid.saysSince ? since : '', width, height)
  else if (level === 'short') paintShort(brush, text, tile, since, width, height)
  else paintFull(brush, text, tile, since, width)
  if (tile.over.length > 0 && level !== 'full') paintDoubt(brush, width)
  context.restore()
}

function paintSheet({ context, palette, em }: Brush, tile: Tile, width: number, height: number): void {
  const [line, ...dashes] = BORDERS[tile.state]
  const half = line / 2
  context.beginPath()
  context.roundRect(half, half, width - line, height - line, em * 0.4)
  context.fillStyle = tile.needsYou
    ? palette['need-ground']
    : tile.state === 'charging-locked'
      ? palette.charge
      : palette.sheet
  context.fill()
  if (tile.isOff) hatch({ context, palette, em }, width, height)
  context.lineWidth = line
  context.setLineDash(dashes)
  context.strokeStyle = tile.needsYou ? palette.need : tile.state === 'vacant' ? palette.line : palette.strong
  context.stroke()
  context.setLineDash([])
  if (tile.state === 'authorizing') {
    context.beginPath()
    context.roundRect(4, 4, width - 8, height - 8, em * 0.25)
    context.stroke()
  }
  if (!tile.needsYou) return
  context.fillStyle = palette.need
  context.fillRect(0, em * 0.4, em * 0.3, height - em * 0.8)
}

/** Out of service: a hatched frame, so that what is written stays readable. */
function hatch(
  { context, palette, em }: Pick<Brush, 'context' | 'palette' | 'em'>,
  width: number,
  height: number,
): void {
  context.save()
  context.clip()
  context.beginPath()
  for (let at = -height; at < width; at += em * 0.5) {
    context.moveTo(at, height)
    context.lineTo(at + height, 0)
  }
  context.lineWidth = 1.5
  context.strokeStyle = palette.strong
  context.stroke()
  const inset = em * 0.4
  context.fillStyle = palette.sheet
  context.fillRect(inset, inset, width - inset * 2, height - inset * 2)
  context.restore()
  context.beginPath()
  context.roundRect(1, 1, width - 2, height - 2, em * 0.4)
}

function paintIcon({ context, palette }: Brush, tile: Tile, x: number, y: number, size: number): void {
  const name = tile.needsYou ? 'alarm' : tile.state
  const [outline, ...inner] = shapeOf(name)
  context.save()
  context.translate(x, y)
  context.scale(size / 24, size / 24)
  context.lineWidth = 2
  context.strokeStyle = context.fillStyle = tile.needsYou ? palette.need : palette.ink
  if (outline) context.stroke(outline)
  for (const path of inner) {
    if (name === 'exiting' || name === 'alarm') context.stroke(path)
    else context.fill(path)
  }
  context.restore()
}

/** A corner that says: look closer, something here is not as it should be. */
function paintDoubt({ context, palette, em }: Brush, width: number): void {
  const side = em * 0.8
  context.beginPath()
  context.moveTo(width, 0)
  context.lineTo(width, side)
  context.lineTo(width - side, 0)
  context.fillStyle = palette.ink
  context.fill()
}

/** Writes from `x` within `room` px, cut with an ellipsis; answers the width taken. */
type Writer = (
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

function writer({ context, palette, em, family }: Brush): Writer {
  const widthOf = (text: string): number => {
    const key = `${context.font} ${text}`
    let width = widths.get(key)
    if (width === undefined) {
      if (widths.size > MOST_WIDTHS) widths.clear()
      width = context.measureText(text).width
      widths.set(key, width)
    }
    return width
  }
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

function paintSmall(brush: Brush, write: Writer, tile: Tile, since: string, width: number, height: number): void {
  const { em } = brush
  const left = em * 0.45
  const icon = em * 1.05
  paintIcon(brush, tile, left - em * 0.1, em * 0.4, icon)
  write(shortName(tile.bayId), left + icon, em * 1.2, width - left - icon - em * 0.3, 0.75, 'bold')
  // The word tells a state and stands there whole, if small.
  const room = width - left - em * 0.2
  write(tile.short, left, em * 2.6, room, wholeSize(brush, tile.short, room))
  write(since, left, height - em * 0.75, width - left - em * 0.2, 0.7, 'plain', true)
}

const sizes = new Map<string, number>()

/** The largest letter, em, in which a word stands whole; no smaller than one can read. */
function wholeSize({ context, em, family }: Brush, text: string, room: number): number {
  const key = `${text} ${Math.round(room)} ${em}`
  let size = sizes.get(key)
  if (size === undefined) {
    const fits = (one: number) => {
      context.font = `${one * em}px ${family}`
      return context.measureText(text).width <= room
    }
    if (sizes.size > MOST_WIDTHS) sizes.clear()
    size = [0.72, 0.66, 0.6].find(fits) ?? 0.56
    sizes.set(key, size)
  }
  return size
}

/** `bay-12` is 12 where there is room for no more. */
const shortName = (bayId: string): string => /^bay-(\w+)$/i.exec(bayId)?.[1] ?? bayId

function paintShort(brush: Brush, write: Writer, tile: Tile, since: string, width: number, height: number): void {
  const { em, context } = brush
  const left = em * 0.55
  const icon = em * 1.3
  paintIcon(brush, tile, left - em * 0.1, em * 0.4, icon)
  write(tile.bayId, left + icon + em * 0.2, em * 1.35, width - left - icon - em * 0.8, 0.9, 'bold')
  write(tile.word, left, em * 2.75, width - left * 1.5, 1, 'bold')
  const low = height - em * 0.7
  context.textAlign = 'end'
  const taken = write(since, width - left, low, width / 2, 0.8, 'plain', true)
  context.textAlign = 'start'
  write(tile.amps || tile.plate, left, low, width - left * 2.5 - taken, 0.8, tile.amps === '' ? 'mono' : 'plain')
}

function paintFull(brush: Brush, write: Writer, tile: Tile, since: string, width: number): void {
  const { em, context } = brush
  const left = em * 0.8
  const room = width - left * 2
  const icon = em * 1.6
  paintIcon(brush, tile, left - em * 0.1, em * 0.6, icon)
  context.textAlign = 'end'
  const taken = write(since, width - left, em * 1.75, room / 2, 0.95, 'plain', true)
  context.textAlign = 'start'
  write(tile.bayId, left + icon + em * 0.4, em * 1.75, room - icon - taken - em * 0.9, 1, 'bold')
  const word = write(tile.word, left, em * 3.5, room, 1.15, 'bold')
  write(tile.detail, left + word + em * 0.5, em * 3.5, room - word - em * 0.5, 1, 'plain', true)
  const plate = write(tile.plate, left, em * 5.05, room, 0.95, 'mono')
  const amps = plate === 0 ? left : left + plate + em * 0.7
  write(tile.amps, amps, em * 5.05, width - left - amps, 0.95)
  write(tile.over.join(' · '), left, em * 6.45, room, 0.9, 'bold')
  write(tile.why, left, em * (tile.over.length > 0 ? 7.75 : 6.75), room, 0.85, 'plain', true)
}
