import { fold } from '../../machines/plate.ts'
import type { Picture, PixelBox } from './picture.ts'
import { type RatedLine, ratePlates, type TextLine } from './plate-picker.ts'
import { recognisePlates } from './plate-recogniser.ts'
import { asLine, isPlate, ownLines, readCloser, readLikeliest, type SeenLine } from './seen-line.ts'
import { overlap, type TextBox } from './text-box.ts'
import { fuseReadings } from './text-decoder.ts'
import type { TextModels } from './text-models.ts'

/** Lines that are read closely in one glance: where the likeliest is no plate, a closer look says more than the next one. */
const MOST_LINES = 1
/** A wider cut of a line that reads otherwise with this chance shows that the line was cut short. */
const WIDER_SAYS = 0.7
/** Smaller text than this share of a plate's beside it is no part of it. */
const PART_HEIGHT = 0.5

/**
 * A coarse look at a part of the picture, `view` pixels long, that suffices where both recognisers read one whole plate alike; null where
 * a closer look is needed.
 */
export async function glanceAt(
  models: TextModels,
  picture: Picture,
  part: PixelBox,
  view: number,
): Promise<RatedLine[] | null> {
  const lines = await ownLines(models, picture, part, view)
  const seen = await readLikeliest(models, picture, lines, MOST_LINES)
  const rated = await bestAgain(models, picture, seen)
  const best = rated[0]
  if (best === undefined || !isPlate(best)) return null
  if (lines.some(({ box }) => goesOn(best.box, box))) return null
  const [wider] = await recognisePlates(models.plates, picture, [widerBox(best.box)])
  const text = folded(best)
  if (fold(wider?.[0]?.text ?? '') === text) return rated
  const line = seen.find(({ box }) => box === best.box)
  if (line === undefined || (wider?.[0]?.chance ?? 0) > WIDER_SAYS) return null
  const [closer] = await readCloser(models, picture, [{ ...line, own: fuseReadings([line.own, wider ?? []]) }])
  const again = closer === undefined ? null : asLine(closer)
  return again !== null && isPlate(again) && folded(again) === text ? ratePlates([again, ...rated.slice(1)]) : null
}

const folded = (line: TextLine): string => fold(line.texts[0]?.text ?? '')

/** The lines with the best one read once more where the two recognisers do not agree on it. */
async function bestAgain(models: TextModels, picture: Picture, seen: readonly SeenLine[]): Promise<RatedLine[]> {
  const rated = ratePlates(seen.map(asLine))
  const line = seen.find(({ box }) => box === rated[0]?.box)
  if (line === undefined || rated[0]?.agreed !== false) return rated
  return ratePlates([...(await readCloser(models, picture, [line])).map(asLine), ...rated.slice(1)])
}

/** Whether text of another box goes on where a box ends, be it a seal's width away: then it may hold half a plate. */
function goesOn(box: TextBox, other: TextBox): boolean {
  const across = Math.abs(other.cy - box.cy - (other.cx - box.cx) * Math.tan(box.angle))
  const between = Math.abs(other.cx - box.cx) - (box.width + other.width) / 2
  return (
    other !== box &&
    other.height > PART_HEIGHT * box.height &&
    overlap(box, other) < 0.7 &&
    across < 0.6 * box.height &&
    between < 2.5 * box.height
  )
}

const widerBox = (box: TextBox): TextBox => ({
  ...box,
  width: box.width + 1.2 * box.height,
  height: 1.25 * box.height,
})
