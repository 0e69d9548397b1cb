import { plausibility } from './plate-shape.ts'
import { overlap, type TextBox } from './text-box.ts'
import type { ReadText } from './text-decoder.ts'

/** A line of text in a picture: where, the ways to read it, best first, and whether two readers read the same folded plate. */
export type TextLine = { readonly box: TextBox; readonly texts: readonly ReadText[]; readonly agreed?: boolean }

/** A line with how much it looks like a plate, 0..1. */
export type RatedLine = TextLine & { readonly rating: number }

/** What two readers read differently is less often a plate: lettering and drawings; so few characters of it are hardly ever one. */
const DISAGREED = 0.5
const SHORT = { to: 4, disagreed: 0.25 }

/** Rates every line by its text and its height beside the others, drops what overlaps a better one, best first. */
export function ratePlates(lines: readonly TextLine[]): RatedLine[] {
  const tallest = Math.max(0, ...lines.filter((line) => textRating(line.texts[0]) > 0.3).map((line) => line.box.height))
  const rated = lines
    .map((line) => ({
      ...line,
      rating:
        textRating(line.texts[0]) *
        agreementRating(line) *
        shapeRating(line) *
        Math.min(1, line.box.height / (tallest || 1)) ** 0.5,
    }))
    .filter((line) => line.rating > 0)
    .sort((a, b) => b.rating - a.rating)
  const kept: RatedLine[] = []
  for (const line of rated) if (!kept.some((other) => overlap(other.box, line.box) > 0.5)) kept.push(line)
  return kept
}

function agreementRating({ agreed, texts }: TextLine): number {
  if (agreed !== false) return 1
  return (texts[0]?.text.length ?? 0) <= SHORT.to ? SHORT.disagreed : DISAGREED
}

/** How much a reading looks like a plate, 0..1: what its text is like, and the recogniser's certainty. */
export function textRating(read: ReadText | undefined): number {
  if (read === undefined) return 0
  const certainty = read.characters.reduce((sum, c) => sum + c, 0) / read.characters.length
  return plausibility(read.text) * certainty ** 2
}

/** Plates' characters are upright and set apart evenly: a character takes 0.4 to 1 heights of its line. */
function shapeRating(line: TextLine): number {
  const pitch = line.box.width / line.box.height / (line.texts[0]?.text.length ?? 1)
  return pitch < 0.25 || pitch > 1.6 ? 0.3 : pitch < 0.35 || pitch > 1.2 ? 0.7 : 1
}

/** How much a line read from afar may turn out a plate from near: small text reads badly, so that its shape counts too. */
export function promiseOf(line: TextLine): number {
  const text = line.texts[0]?.text ?? ''
  if (/^[0-9]{8,}$/.test(text) || text.length > 10) return 0
  const shape = line.box.width / line.box.height
  return textRating(line.texts[0]) + (shape > 1.8 && shape < 7 ? 0.1 : 0)
}
