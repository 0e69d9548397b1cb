import type { Picture, PixelBox } from './picture.ts'
import { glanceAt } from './plate-glance.ts'
import { promiseOf, type RatedLine, ratePlates, type TextLine } from './plate-picker.ts'
import { asLine, fusedLines, isSure, ownLines, readCloser, readLikeliest, type SeenLine } from './seen-line.ts'
import { overlap, type TextBox } from './text-box.ts'
import { findText } from './text-finder.ts'
import type { TextModels } from './text-models.ts'
import { readTexts } from './text-reader.ts'

/** The long side (pixels) that the detector sees: more costs time, less loses small plates. */
const GLANCE = 224
const LEAST_VIEW = 480
const MOST_VIEW = 960
/** Lines that are narrower than this in the detector's view are looked at again from near. */
const NEAR_ENOUGH = 110
const MAX_ZOOMS = 2
/** Lines that both recognisers read in one closer look. */
const MAX_SECOND = 4

/**
 * Reads the lines of text in one part of a picture that look like plates, the most plate-like first. A glance comes first: where both
 * recognisers agree on a whole plate there, nothing more is looked at.
 */
export async function seePlates(models: TextModels, picture: Picture, part: PixelBox): Promise<RatedLine[]> {
  const longSide = Math.max(part.width, part.height)
  const glance = await glanceAt(models, picture, part, GLANCE)
  if (glance !== null) return glance
  const view = Math.min(MOST_VIEW, Math.max(LEAST_VIEW, longSide))
  const far = await readPart(models, picture, part, view)
  const near: SeenLine[] = []
  const zooms = far.some((line) => isSure(asLine(line))) ? [] : worthZooming(far.map(asLine), longSide / view)
  for (const box of zooms) near.push(...(await readPart(models, picture, nearPart(box, picture), LEAST_VIEW)))
  return readAgain(models, picture, fusedLines([...near, ...far]))
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

/** Reads the best lines once more, where no line is sure yet. */
async function readAgain(models: TextModels, picture: Picture, seen: readonly SeenLine[]): Promise<RatedLine[]> {
  const rated = ratePlates(seen.map(asLine))
  if (rated[0] === undefined || isSure(rated[0])) return rated
  const best = rated.slice(0, 2).flatMap(({ box }) => seen.find((line) => line.box === box) ?? [])
  const again = await readCloser(models, picture, best)
  return ratePlates([...again.map(asLine), ...rated.slice(2)])
}

/** The likeliest lines of a part of the picture, as both recognisers read them. */
async function readPart(models: TextModels, picture: Picture, part: PixelBox, view: number): Promise<SeenLine[]> {
  const lines = await ownLines(models, picture, part, view)
  return readLikeliest(models, picture, lines, MAX_SECOND)
}
