import { cropPicture, type Picture, type PixelBox } from '../../src/vision/picture.ts'
import { promiseOf, type RatedLine, ratePlates, type TextLine, textRating } from '../../src/vision/plate-picker.ts'
import { plausibility } from '../../src/vision/plate-shape.ts'
import { joinedBox, overlap, placedBox, type TextBox } from '../../src/vision/text-box.ts'
import { fuseReadings, type ReadText } from '../../src/vision/text-decoder.ts'
import { findText } from '../../src/vision/text-finder.ts'
import type { TextModels } from '../../src/vision/text-models.ts'
import { readTexts } from '../../src/vision/text-reader.ts'

// What berth read with before it had a recogniser of its own: PP-OCR alone, every text of a part of the picture, looked at again from
// near where none is sure. Kept as the measure that the present reader is held against, side by side in one run.

const MAX_LINES = 24
const LEAST_VIEW = 480
const MOST_VIEW = 960
const NEAR_ENOUGH = 110
const MAX_ZOOMS = 2
const SURE = 0.9

/** The lines of text in one part of a picture that look like plates, the most plate-like first, by PP-OCR's two models alone. */
export async function seeTextsOnly(models: TextModels, picture: Picture, part: PixelBox): Promise<RatedLine[]> {
  const longSide = Math.max(part.width, part.height)
  const view = Math.min(MOST_VIEW, Math.max(LEAST_VIEW, longSide))
  const far = await readPart(models, picture, part, view)
  const near: TextLine[] = []
  const zooms = far.some(isSure) ? [] : worthZooming(far, longSide / view)
  for (const box of zooms) near.push(...(await readPart(models, picture, nearPart(box, picture), LEAST_VIEW)))
  return readAgain(models, picture, ratePlates(fusedLines([...near, ...far])))
}

function worthZooming(lines: readonly TextLine[], pixelsPerView: number): TextBox[] {
  const chosen: TextBox[] = []
  const small = lines.filter((line) => line.box.width / pixelsPerView < NEAR_ENOUGH && promiseOf(line) > 0)
  for (const { box } of small.sort((a, b) => promiseOf(b) - promiseOf(a))) {
    if (chosen.length === MAX_ZOOMS) break
    if (!chosen.some((other) => overlap(other, box) > 0.3)) chosen.push(box)
  }
  return chosen
}

function nearPart(box: TextBox, picture: Picture): PixelBox {
  const width = Math.max(48, 3.2 * Math.max(box.width, 3 * box.height))
  const x = Math.max(0, Math.round(box.cx - width / 2))
  const y = Math.max(0, Math.round(box.cy - 0.375 * width))
  return {
    x,
    y,
    width: Math.max(16, Math.min(picture.width - x, Math.round(width))),
    height: Math.max(16, Math.min(picture.height - y, Math.round(0.75 * width))),
  }
}

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

const isSameLine = (a: TextBox, b: TextBox): boolean =>
  overlap(a, b) >= 0.7 &&
  Math.min(a.width, b.width) > 0.75 * Math.max(a.width, b.width) &&
  Math.min(a.height, b.height) > 0.6 * Math.max(a.height, b.height)

/** The best lines once more, cut closer and without colour, where none is sure. */
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
  const scale = view / Math.max(part.width, part.height)
  const width = Math.max(32, Math.round((part.width * scale) / 32) * 32)
  const height = Math.max(32, Math.round((part.height * scale) / 32) * 32)
  const found = await findText(models.detector, await cropPicture(picture, part, width, height))
  const boxes = found
    .map(({ box }) => placedBox(box, part.width / width, part.height / height, part.x, part.y))
    .filter((box) => box.width > 1.2 * box.height)
    .sort((a, b) => b.height - a.height)
    .slice(0, MAX_LINES)
  const all = [...boxes, ...neighboursJoined(boxes)]
  const texts = await readTexts(models.recogniser, models.characters, picture, all)
  return all.map((box, i) => ({ box, texts: texts[i] ?? [] }))
}

function neighboursJoined(boxes: readonly TextBox[]): TextBox[] {
  const joined: TextBox[] = []
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const both = joinedBox(a, b)
      if (both !== null && both.width < 12 * both.height) joined.push(both)
    }
  })
  return joined.slice(0, MAX_LINES / 2)
}

function weighed(texts: readonly ReadText[]): ReadText[] {
  const weight = (read: ReadText): number => read.chance * (0.02 + plausibility(read.text)) ** 0.5
  return [...texts].sort((a, b) => weight(b) - weight(a))
}
