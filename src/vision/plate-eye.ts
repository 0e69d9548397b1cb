import { cropPicture, type Picture, type PixelBox } from './picture.ts'
import { promiseOf, type RatedLine, ratePlates, type TextLine, textRating } from './plate-picker.ts'
import { plausibility } from './plate-shape.ts'
import { joinedBox, overlap, placedBox, type TextBox } from './text-box.ts'
import { fuseReadings, type ReadText } from './text-decoder.ts'
import { findText } from './text-finder.ts'
import type { TextModels } from './text-models.ts'
import { readTexts } from './text-reader.ts'

/** Boxes read in one look: beyond it a picture is a page of text, and time is bounded. */
const MAX_LINES = 24
/** The long side (pixels) that the detector sees: more costs time, less loses small plates. */
const LEAST_VIEW = 480
const MOST_VIEW = 960
/** Lines that are narrower than this in the detector's view are looked at again from near. */
const NEAR_ENOUGH = 110
const MAX_ZOOMS = 2
/** A reading with this chance needs no second look (measured: it changes nothing but the time). */
const SURE = 0.9

/** Reads the lines of text in one part of a picture that look like plates, the most plate-like first. */
export async function seePlates(models: TextModels, picture: Picture, part: PixelBox): Promise<RatedLine[]> {
  const longSide = Math.max(part.width, part.height)
  const view = Math.min(MOST_VIEW, Math.max(LEAST_VIEW, longSide))
  const far = await readPart(models, picture, part, view)
  const near: TextLine[] = []
  const zooms = far.some(isSure) ? [] : worthZooming(far, longSide / view)
  for (const box of zooms) near.push(...(await readPart(models, picture, nearPart(box, picture), LEAST_VIEW)))
  const lines = fusedLines([...near, ...far])
  return readAgain(models, picture, ratePlates(lines))
}

/** Runs both models once, so that the first picture does not pay for their set-up. */
export async function warmUp(models: TextModels): Promise<void> {
  const picture: Picture = { width: 320, height: 320, rgb: new Uint8Array(320 * 320 * 3).fill(128) }
  await findText(models.detector, picture)
  await readTexts(models.recogniser, models.characters, picture, [
    { cx: 160, cy: 160, width: 200, height: 40, angle: 0 },
  ])
}

/** The boxes of the most promising small lines, one for each place. */
function worthZooming(lines: readonly TextLine[], pixelsPerView: number): TextBox[] {
  const chosen: TextBox[] = []
  const small = lines.filter((line) => line.box.width / pixelsPerView < NEAR_ENOUGH && promiseOf(line) > 0)
  for (const { box } of small.sort((a, b) => promiseOf(b) - promiseOf(a))) {
    if (chosen.length === MAX_ZOOMS) break
    if (!chosen.some((other) => overlap(other, box) > 0.3)) chosen.push(box)
  }
  return chosen
}

/** The surroundings of a line: about three plates wide, as a bay's zone would show it. */
function nearPart(box: TextBox, picture: Picture): PixelBox {
  const width = Math.max(48, 3.2 * Math.max(box.width, 3 * box.height))
  const height = 0.75 * width
  const x = Math.max(0, Math.round(box.cx - width / 2))
  const y = Math.max(0, Math.round(box.cy - height / 2))
  return {
    x,
    y,
    width: Math.max(16, Math.min(picture.width - x, Math.round(width))),
    height: Math.max(16, Math.min(picture.height - y, Math.round(height))),
  }
}

/** Lines that several looks found at one place become one, with their readings fused. */
function fusedLines(lines: readonly TextLine[]): TextLine[] {
  const places: TextLine[][] = []
  for (const line of lines) {
    const place = places.find(([first]) => first !== undefined && isSameLine(first.box, line.box))
    if (place === undefined) places.push([line])
    else place.push(line)
  }
  return places.map((place) => ({
    box: (place[0] as TextLine).box,
    texts: weighed(fuseReadings(place.map((line) => line.texts))),
  }))
}

function isSameLine(a: TextBox, b: TextBox): boolean {
  if (overlap(a, b) < 0.7) return false
  return (
    Math.min(a.width, b.width) > 0.75 * Math.max(a.width, b.width) &&
    Math.min(a.height, b.height) > 0.6 * Math.max(a.height, b.height)
  )
}

/** Reads the best lines once more, cut closer and without colour: what both readings agree on is seldom a drawing or a band. */
async function readAgain(models: TextModels, picture: Picture, rated: readonly RatedLine[]): Promise<RatedLine[]> {
  const best = rated.slice(0, 2)
  if (best[0] === undefined || isSure(best[0])) return [...rated]
  const closer = best.map(({ box }) => ({ ...box, height: 0.88 * box.height }))
  const again = await readTexts(models.recogniser, models.characters, picture, closer, { grey: true })
  const fused: TextLine[] = best.map((line, i) => ({
    box: line.box,
    texts: weighed(fuseReadings([line.texts, again[i] ?? []])),
  }))
  return ratePlates([...fused, ...rated.slice(2)])
}

function isSure(line: TextLine): boolean {
  const best = line.texts[0]
  return best !== undefined && best.chance >= SURE && textRating(best) > 0.7
}

async function readPart(models: TextModels, picture: Picture, part: PixelBox, view: number): Promise<TextLine[]> {
  const boxes = await textBoxes(models, picture, part, view)
  const all = [...boxes, ...joinNeighbours(boxes)]
  const texts = await readTexts(models.recogniser, models.characters, picture, all)
  return all.map((box, i) => ({ box, texts: texts[i] ?? [] }))
}

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

function joinNeighbours(boxes: readonly TextBox[]): TextBox[] {
  const joined: TextBox[] = []
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const both = joinedBox(a, b)
      if (both !== null && both.width < 12 * both.height) joined.push(both)
    }
  })
  return joined.slice(0, MAX_LINES / 2)
}

/** Ranks readings by their chance and by how much their text looks like a plate. */
function weighed(texts: readonly ReadText[]): ReadText[] {
  const weight = (read: ReadText): number => read.chance * (0.02 + plausibility(read.text)) ** 0.5
  return [...texts].sort((a, b) => weight(b) - weight(a))
}
