import { cropPicture, type Picture, type PixelBox } from './picture.ts'
import { findPlates } from './plate-detector.ts'
import { promiseOf, type TextLine, textRating } from './plate-picker.ts'
import { recognisePlates } from './plate-recogniser.ts'
import { plausibility } from './plate-shape.ts'
import { joinedBox, overlap, placedBox, type TextBox } from './text-box.ts'
import { fuseReadings, type ReadText } from './text-decoder.ts'
import { findText } from './text-finder.ts'
import type { TextModels } from './text-models.ts'
import { readTexts } from './text-reader.ts'
import { joinReadings } from './two-readers.ts'

/** Boxes read in one look: beyond it a picture is a page of text, and time is bounded. */
const MAX_LINES = 24
/** A reading of one recogniser with this chance needs no second look (measured: it changes nothing but the time). */
const SURE = 0.9
/** Plates read in one look at least, where one was found. */
const MOST_PLATES = 3
/** A line with this promise by our own recogniser may be a second plate. */
const PLATE_LIKE = 0.35

/** A line as each recogniser reads it: two witnesses, kept apart until the end. `other` null = the text recogniser was not asked. */
export type SeenLine = {
  readonly box: TextBox
  readonly own: readonly ReadText[]
  readonly other: readonly ReadText[] | null
}

/** A line as both recognisers together read it; `agreed` is left out where one reads alone. */
export function asLine({ box, own, other }: SeenLine): TextLine {
  if (other === null) return { box, texts: weighed(own) }
  const joint = joinReadings(own, other)
  return { box, texts: weighed(joint.texts), agreed: joint.agreed }
}

/** Whether a reading needs no further look: both recognisers say it, or one is certain, and it looks like a plate. */
export function isSure(line: TextLine): boolean {
  const best = line.texts[0]
  if (best === undefined) return false
  return line.agreed === true ? textRating(best) > 0.5 : best.chance >= SURE && textRating(best) > 0.7
}

/**
 * The lines of text in a part of the picture, seen `view` pixels long, as our own recogniser reads them (2 ms a line), those first that
 * are likeliest plates by its reading and by their height.
 */
export async function ownLines(
  models: TextModels,
  picture: Picture,
  part: PixelBox,
  view: number,
): Promise<SeenLine[]> {
  const boxes = models.finder
    ? (await findPlates(models.finder, picture, part)).slice(0, MAX_LINES)
    : withJoined(await textBoxes(models, picture, part, view))
  const texts = await recognisePlates(models.plates, picture, boxes)
  const lines = boxes.map((box, i) => ({ box, own: texts[i] ?? [], other: null }))
  const tallest = Math.max(1, ...boxes.map((box) => box.height))
  const likely = ({ box, own }: SeenLine): number => (0.05 + promiseOf({ box, texts: own })) * (box.height / tallest)
  return lines.sort((a, b) => likely(b) - likely(a))
}

/**
 * The first lines, at most `most`, as both recognisers read them: the likeliest one, and the next ones only where that was no plate
 * or they look like plates too: the text recogniser takes ten times as long as ours.
 */
export async function readLikeliest(
  models: TextModels,
  picture: Picture,
  lines: readonly SeenLine[],
  most: number,
): Promise<SeenLine[]> {
  const seen: SeenLine[] = []
  for (const line of lines) {
    const isFound = seen.some((other) => isPlate(asLine(other)))
    // Beside a plate every other plate must be read: of two in one place none may start a charge by itself.
    if (seen.length >= (isFound ? Math.max(most, MOST_PLATES) : most)) break
    if (isFound && (isAmong(line, seen) || promiseOf({ box: line.box, texts: line.own }) < PLATE_LIKE)) continue
    seen.push(await readBy(models, picture, line))
  }
  return seen
}

/** Whether a line is read well enough to look no further: by both alike, or by ours alone where the other was not asked. */
export const isPlate = (line: TextLine): boolean => line.agreed !== false && isSure(line)

const isAmong = (line: SeenLine, seen: readonly SeenLine[]): boolean =>
  seen.some(({ box }) => overlap(box, line.box) > 0.5)

/**
 * A line that our own recogniser has read: read by it once more, cut closer, and by the text recogniser, unless that is asked only where
 * ours is unsure.
 */
async function readBy(models: TextModels, picture: Picture, { box, own }: SeenLine): Promise<SeenLine> {
  const [tight] = await recognisePlates(models.plates, picture, [closerBox(box)])
  const texts = fuseReadings([own, tight ?? []])
  if (models.second === 'unsure' && isSure({ box, texts: weighed(texts) })) return { box, own: texts, other: null }
  const [other] = await readTexts(models.recogniser, models.characters, picture, [box])
  return { box, own: texts, other: other ?? [] }
}

/** Lines with the text recogniser's reading of a closer cut without colour beside its first: what both give is seldom a drawing or a band. */
export async function readCloser(
  models: TextModels,
  picture: Picture,
  lines: readonly SeenLine[],
): Promise<SeenLine[]> {
  const boxes = lines.map(({ box }) => closerBox(box))
  const again = await readTexts(models.recogniser, models.characters, picture, boxes, { grey: true })
  return lines.map((line, i) => ({
    ...line,
    other: fuseReadings([...(line.other === null ? [] : [line.other]), again[i] ?? []]),
  }))
}

/** Lines that several looks found at one place become one, with the readings of each recogniser fused. */
export function fusedLines(lines: readonly SeenLine[]): SeenLine[] {
  const places: SeenLine[][] = []
  for (const line of lines) {
    const place = places.find(([first]) => first !== undefined && isSameLine(first.box, line.box))
    if (place === undefined) places.push([line])
    else place.push(line)
  }
  return places.map((place) => ({
    box: (place[0] as SeenLine).box,
    own: fuseReadings(place.map((line) => line.own)),
    other: fusedOther(place),
  }))
}

function fusedOther(lines: readonly SeenLine[]): readonly ReadText[] | null {
  const asked = lines.flatMap(({ other }) => (other === null ? [] : [other]))
  return asked.length === 0 ? null : fuseReadings(asked)
}

function isSameLine(a: TextBox, b: TextBox): boolean {
  if (overlap(a, b) < 0.7) return false
  return (
    Math.min(a.width, b.width) > 0.75 * Math.max(a.width, b.width) &&
    Math.min(a.height, b.height) > 0.6 * Math.max(a.height, b.height)
  )
}

const closerBox = (box: TextBox): TextBox => ({ ...box, height: 0.88 * box.height })

async function textBoxes(models: TextModels, picture: Picture, part: PixelBox, longSide: number): Promise<TextBox[]> {
  const scale = longSide / Math.max(part.width, part.height)
  const width = Math.max(32, Math.round((part.width * scale) / 32) * 32)
  const height = Math.max(32, Math.round((part.height * scale) / 32) * 32)
  const view = await cropPicture(picture, part, width, height)
  const found = await findText(models.detector, view)
  return found
    .map(({ box }) => placedBox(box, part.width / width, part.height / height, part.x, part.y))
    .filter((box) => box.width > 1.2 * box.height)
    .sort((a, b) => b.height - a.height)
    .slice(0, MAX_LINES)
}

/** Boxes, and those that two neighbours on one line make together. */
function withJoined(boxes: readonly TextBox[]): TextBox[] {
  const joined: TextBox[] = []
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const both = joinedBox(a, b)
      if (both !== null && both.width < 12 * both.height) joined.push(both)
    }
  })
  return [...boxes, ...joined.slice(0, MAX_LINES / 2)]
}

/** Ranks readings by their chance and by how much their text looks like a plate. */
function weighed(texts: readonly ReadText[]): ReadText[] {
  const weight = (read: ReadText): number => read.chance * (0.02 + plausibility(read.text)) ** 0.5
  return [...texts].sort((a, b) => weight(b) - weight(a))
}
