import { fold } from '../../machines/plate.ts'
import { cropPicture, type Picture, type PixelBox } from './picture.ts'
import { promiseOf, type RatedLine, ratePlates, type TextLine, textRating } from './plate-picker.ts'
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
/** The long side (pixels) that the detector sees: more costs time, less loses small plates. */
const GLANCE = 320
const LEAST_GLANCE = 256
const GLANCE_LINES = 3
const LEAST_VIEW = 480
const MOST_VIEW = 960
/** Lines that are narrower than this in the detector's view are looked at again from near. */
const NEAR_ENOUGH = 110
const MAX_ZOOMS = 2
/** Lines that both recognisers read in one look. */
const MAX_SECOND = 4
/** A reading with this chance needs no second look (measured: it changes nothing but the time). */
const SURE = 0.9

/**
 * Reads the lines of text in one part of a picture that look like plates, the most plate-like first. A glance comes first: where both
 * recognisers agree on a whole plate there, nothing more is looked at.
 */
export async function seePlates(models: TextModels, picture: Picture, part: PixelBox): Promise<RatedLine[]> {
  const longSide = Math.max(part.width, part.height)
  const glance = await glanceAt(models, picture, part, Math.min(GLANCE, Math.max(LEAST_GLANCE, longSide)))
  if (glance !== null) return glance
  const view = Math.min(MOST_VIEW, Math.max(LEAST_VIEW, longSide))
  const far = await readPart(models, picture, part, view)
  const near: SeenLine[] = []
  const zooms = far.some((line) => isSure(asLine(line))) ? [] : worthZooming(far.map(asLine), longSide / view)
  for (const box of zooms) near.push(...(await readPart(models, picture, nearPart(box, picture), LEAST_VIEW)))
  return readAgain(models, picture, fusedLines([...near, ...far]))
}

/** The lines that a coarse look shows, or null where that does not suffice: no plate that both read alike, or perhaps only its half. */
async function glanceAt(
  models: TextModels,
  picture: Picture,
  part: PixelBox,
  view: number,
): Promise<RatedLine[] | null> {
  const seen = await readPart(models, picture, part, view, GLANCE_LINES)
  const rated = ratePlates(seen.map(asLine))
  const best = rated[0]
  if (best === undefined || best.agreed !== true || !isSure(best)) return null
  if (seen.some(({ box }) => goesOn(best.box, box))) return null
  const [wider] = await recognisePlates(models.plates, picture, [widerBox(best.box)])
  return fold(wider?.[0]?.text ?? '') === fold(best.texts[0]?.text ?? '') ? rated : null
}

/** A line as each recogniser reads it: two witnesses, kept apart until the end. */
type SeenLine = { readonly box: TextBox; readonly own: readonly ReadText[]; readonly other: readonly ReadText[] }

function asLine({ box, own, other }: SeenLine): TextLine {
  const joint = joinReadings(own, other)
  return { box, texts: weighed(joint.texts), agreed: joint.agreed }
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

/** Lines that several looks found at one place become one, with the readings of each recogniser fused. */
function fusedLines(lines: readonly SeenLine[]): SeenLine[] {
  const places: SeenLine[][] = []
  for (const line of lines) {
    const place = places.find(([first]) => first !== undefined && isSameLine(first.box, line.box))
    if (place === undefined) places.push([line])
    else place.push(line)
  }
  return places.map((place) => ({
    box: (place[0] as SeenLine).box,
    own: fuseReadings(place.map((line) => line.own)),
    other: fuseReadings(place.map((line) => line.other)),
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
async function readAgain(models: TextModels, picture: Picture, seen: readonly SeenLine[]): Promise<RatedLine[]> {
  const rated = ratePlates(seen.map(asLine))
  const best = rated.slice(0, 2).flatMap(({ box }) => seen.find((line) => line.box === box) ?? [])
  if (rated[0] === undefined || isSure(rated[0])) return rated
  const closer = best.map(({ box }) => ({ ...box, height: 0.88 * box.height }))
  const again = await readTexts(models.recogniser, models.characters, picture, closer, { grey: true })
  const fused = best.map((line, i) => asLine({ ...line, other: fuseReadings([line.other, again[i] ?? []]) }))
  return ratePlates([...fused, ...rated.slice(2)])
}

function isSure(line: TextLine): boolean {
  const best = line.texts[0]
  if (best === undefined) return false
  return line.agreed === true ? textRating(best) > 0.5 : best.chance >= SURE && textRating(best) > 0.7
}

/** Our own recogniser reads every box; the text recogniser, which takes ten times as long, only those that may be plates. */
async function readPart(
  models: TextModels,
  picture: Picture,
  part: PixelBox,
  view: number,
  most = MAX_SECOND,
): Promise<SeenLine[]> {
  const boxes = await textBoxes(models, picture, part, view)
  const all = [...boxes, ...joinNeighbours(boxes)]
  const first = await recognisePlates(models.plates, picture, all)
  const likely = likeliest(all.map((box, i) => ({ box, texts: first[i] ?? [] }))).slice(0, most)
  const found = likely.map(({ box }) => box)
  const other = await readTexts(models.recogniser, models.characters, picture, found)
  const tight = await recognisePlates(models.plates, picture, found.map(tightBox))
  return likely.map(({ box, texts }, i) => ({
    box,
    own: fuseReadings([texts, tight[i] ?? []]),
    other: other[i] ?? [],
  }))
}

/** Whether text of another box goes on where a box ends, be it a seal's width away: then it may hold half a plate. */
function goesOn(box: TextBox, other: TextBox): boolean {
  const across = Math.abs(other.cy - box.cy - (other.cx - box.cx) * Math.tan(box.angle))
  const between = Math.abs(other.cx - box.cx) - (box.width + other.width) / 2
  return other !== box && overlap(box, other) < 0.7 && across < 0.6 * box.height && between < 2.5 * box.height
}

const tightBox = (box: TextBox): TextBox => ({ ...box, height: 0.88 * box.height })
const widerBox = (box: TextBox): TextBox => ({ ...box, width: box.width + 1.2 * box.height, height: 1.25 * box.height })

/** The lines that a second reader should see: by what the first made of them, and by their height. */
function likeliest(lines: readonly TextLine[]): TextLine[] {
  const tallest = Math.max(1, ...lines.map((line) => line.box.height))
  const likely = (line: TextLine): number => (0.05 + promiseOf(line)) * (line.box.height / tallest)
  return [...lines].sort((a, b) => likely(b) - likely(a)).slice(0, MAX_SECOND)
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
