/** Draws one bay. Shape, border and word tell a state; saturated colour stands only where a person is needed. */
import type { Cell, Grid } from './bay-grid.ts'
import { SHAPES } from './state-icon.ts'
import { type Brush, type Writer, wholeOf, wholeSize, wrapped, writer } from './tile-text.ts'
import type { Tile } from './tile-words.ts'

/** Border of each state: width, then dashes; the same as in the legend. */
const BORDERS: { readonly [state in Tile['state']]: readonly [width: number, ...dashes: number[]] } = {
  vacant: [1.5, 6, 4],
  detecting: [3, 2, 4],
  authorizing: [1.5],
  'charging-locked': [3],
  exiting: [3, 9, 5],
}

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

function paintSmall(brush: Brush, write: Writer, tile: Tile, since: string, width: number, height: number): void {
  const { em } = brush
  const left = em * 0.45
  const icon = em * 1.05
  paintIcon(brush, tile, left - em * 0.1, em * 0.4, icon)
  write(shortName(tile.bayId), left + icon, em * 1.2, width - left - icon - em * 0.3, 0.75, 'bold')
  // The word tells a state and stands there whole, if small.
  const room = width - left - em * 0.2
  write(tile.short, left, em * 2.6, room, wholeSize(brush, tile.short, room))
  writeWhole(brush, write, spansOf(since), left, height - em * 0.75, room, 0.7, true)
}

/** How long, and the same to its largest unit alone: `1 d 10 h`, `1 d`. */
const spansOf = (since: string): readonly string[] => [since, since.split(' ').slice(0, 2).join(' ')]

/** Writes a number whole, in the first of its texts that fits, or not at all; answers the width taken. */
function writeWhole(
  brush: Brush,
  write: Writer,
  texts: readonly string[],
  x: number,
  y: number,
  room: number,
  most: number,
  faint = false,
): number {
  const { text, size } = wholeOf(brush, texts, room, most)
  return write(text, x, y, room, size, 'plain', faint)
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
  const room = width - left * 2.5
  const amps = writeWhole(brush, write, [tile.amps], left, low, room / 2, 0.8)
  context.textAlign = 'end'
  const taken = writeWhole(
    brush,
    write,
    spansOf(since),
    width - left,
    low,
    amps > 0 ? room - amps : width / 2,
    0.8,
    true,
  )
  context.textAlign = 'start'
  if (tile.amps === '') write(tile.plate, left, low, room - taken, 0.8, 'mono')
}

function paintFull(brush: Brush, write: Writer, tile: Tile, since: string, width: number): void {
  const { em, context } = brush
  const left = em * 0.8
  const room = width - left * 2
  const icon = em * 1.6
  paintIcon(brush, tile, left - em * 0.1, em * 0.6, icon)
  context.textAlign = 'end'
  const taken = writeWhole(brush, write, spansOf(since), width - left, em * 1.75, room / 2, 0.75, true)
  context.textAlign = 'start'
  write(tile.bayId, left + icon + em * 0.4, em * 1.75, room - icon - taken - em * 0.9, 1, 'bold')
  const word = write(tile.word, left, em * 3.5, room, 1.15, 'bold')
  const beside = room - word - em * 0.5
  const detail = wrapped(brush, [tile.detail], beside, 1, 'plain')
  if (detail.isWhole) write(tile.detail, left + word + em * 0.5, em * 3.5, beside, detail.size, 'plain', true)
  const plate = write(tile.plate, left, em * 5.05, room, 0.95, 'mono')
  const amps = plate === 0 ? left : left + plate + em * 0.7
  writeWhole(brush, write, [tile.amps], amps, em * 5.05, width - left - amps, 0.95)
  paintLines(brush, write, tile, left, room, detail.isWhole)
}

/** Lines below: what is not as it should be, whole; the substate where it had no room above, and why, in the room that is left. */
function paintLines(
  brush: Brush,
  write: Writer,
  { over, whys, detail }: Tile,
  left: number,
  room: number,
  isDetailed: boolean,
): void {
  const { em } = brush
  const LINES = 2
  const [first = '', ...others] = over
  const rest = others.length === 0 ? first : `${first} +${others.length}`
  const doubts = over.length === 0 ? null : wrapped(brush, [over.join(' · '), rest], room, LINES, 'bold')
  const taken = doubts?.lines.length ?? 0
  const texts = isDetailed || detail === '' ? whys : [...whys.map((why) => `${detail} · ${why}`), detail]
  const why = taken === LINES ? null : wrapped(brush, texts, room, LINES - taken, 'plain')
  const begin = taken + (why?.lines.length ?? 0) === 1 ? 6.75 : 6.4
  for (const [at, line] of (doubts?.lines ?? []).entries())
    write(line, left, em * (begin + at * 1.25), room, doubts?.size ?? 1, 'bold')
  for (const [at, line] of (why?.lines ?? []).entries())
    write(line, left, em * (begin + (taken + at) * 1.25), room, why?.size ?? 1, 'plain', true)
}
