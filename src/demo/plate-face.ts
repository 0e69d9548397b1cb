/**
 * The face of the demo's plates: A-Z and 0-9 as centre lines of an even stroke, in the manner of the narrow grotesques on European
 * plates. Drawn here because a machine may have no font at all, and because a picture must be the same on every machine.
 * Each glyph lives on a grid 4 wide and 8 high, y down; M, L, Q and Z as in SVG paths, absolute.
 */
const GLYPHS: { readonly [character: string]: string } = {
  A: 'M 0 8 L 2 0 L 4 8 M 0.7 5.5 L 3.3 5.5',
  B: 'M 0 4 L 0 0 L 2.2 0 Q 3.8 0 3.8 2 Q 3.8 3.9 2.2 3.9 L 0 3.9 L 0 8 L 2.2 8 Q 4 8 4 6 Q 4 3.9 2.2 3.9',
  C: 'M 4 2.3 Q 4 0 2 0 Q 0 0 0 2.3 L 0 5.7 Q 0 8 2 8 Q 4 8 4 5.7',
  D: 'M 0 0 L 1.7 0 Q 4 0 4 2.6 L 4 5.4 Q 4 8 1.7 8 L 0 8 Z',
  E: 'M 3.9 0 L 0 0 L 0 8 L 3.9 8 M 0 3.9 L 3.3 3.9',
  F: 'M 3.9 0 L 0 0 L 0 8 M 0 4 L 3.2 4',
  G: 'M 4 2.1 Q 4 0 2 0 Q 0 0 0 2.3 L 0 5.7 Q 0 8 2 8 Q 4 8 4 5.7 L 4 4.3 L 2.2 4.3',
  H: 'M 0 0 L 0 8 M 4 0 L 4 8 M 0 4 L 4 4',
  I: 'M 2 0 L 2 8',
  J: 'M 3.6 0 L 3.6 5.8 Q 3.6 8 1.8 8 Q 0 8 0 5.8',
  K: 'M 0 0 L 0 8 M 4 0 L 0 5 M 1.3 3.5 L 4 8',
  L: 'M 0 0 L 0 8 L 3.8 8',
  M: 'M 0 8 L 0 0 L 2 4.6 L 4 0 L 4 8',
  N: 'M 0 8 L 0 0 L 4 8 L 4 0',
  O: 'M 2 0 Q 4.2 0 4.2 2.8 L 4.2 5.2 Q 4.2 8 2 8 Q -0.2 8 -0.2 5.2 L -0.2 2.8 Q -0.2 0 2 0 Z',
  P: 'M 0 8 L 0 0 L 2 0 Q 4 0 4 2.2 Q 4 4.4 2 4.4 L 0 4.4',
  Q: 'M 2 0 Q 4.1 0 4.1 2.6 L 4.1 5.4 Q 4.1 8 2 8 Q -0.1 8 -0.1 5.4 L -0.1 2.6 Q -0.1 0 2 0 Z M 2.5 5.9 L 4.2 8.3',
  R: 'M 0 8 L 0 0 L 2 0 Q 4 0 4 2.2 Q 4 4.4 2 4.4 L 0 4.4 M 2 4.4 L 4 8',
  S: 'M 3.9 2.1 Q 3.9 0 2 0 Q 0.1 0 0.1 2 Q 0.1 3.5 2 3.9 Q 4 4.4 4 6 Q 4 8 2 8 Q 0 8 0 5.9',
  T: 'M 0 0 L 4 0 M 2 0 L 2 8',
  U: 'M 0 0 L 0 5.7 Q 0 8 2 8 Q 4 8 4 5.7 L 4 0',
  V: 'M 0 0 L 2 8 L 4 0',
  W: 'M -0.2 0 L 0.9 8 L 2 2.2 L 3.1 8 L 4.2 0',
  X: 'M 0 0 L 4 8 M 4 0 L 0 8',
  Y: 'M 0 0 L 2 4 L 4 0 M 2 4 L 2 8',
  Z: 'M 0 0 L 4 0 L 0 8 L 4 8',
  0: 'M 2 0 Q 3.9 0 3.9 2.2 L 3.9 5.8 Q 3.9 8 2 8 Q 0.1 8 0.1 5.8 L 0.1 2.2 Q 0.1 0 2 0 Z',
  1: 'M 0.7 1.9 L 2.3 0 L 2.3 8',
  2: 'M 0.1 2.2 Q 0.1 0 2 0 Q 3.9 0 3.9 2.1 Q 3.9 3.2 3 4.4 L 0.1 8 L 4 8',
  3: 'M 0.2 1.8 Q 0.4 0 2 0 Q 3.8 0 3.8 2 Q 3.8 3.8 2 3.8 L 1.5 3.8 M 2 3.8 Q 4 3.8 4 5.9 Q 4 8 2 8 Q 0.2 8 0 6',
  4: 'M 2.5 0 L 0 5.9 L 4 5.9 M 3 3.4 L 3 8',
  5: 'M 3.7 0 L 0.5 0 L 0.3 3.9 Q 0.9 3 2.1 3 Q 4 3 4 5.5 Q 4 8 2 8 Q 0.2 8 0 6.2',
  6: 'M 3.8 1.7 Q 3.5 0 2.1 0 Q 0 0 0 3 L 0 5.5 Q 0 8 2 8 Q 4 8 4 5.7 Q 4 3.4 2 3.4 Q 0 3.4 0 5.6',
  7: 'M 0 0 L 4 0 L 1.5 8',
  8: 'M 2 3.8 Q 0.3 3.8 0.3 1.9 Q 0.3 0 2 0 Q 3.7 0 3.7 1.9 Q 3.7 3.8 2 3.8 Q 4 3.8 4 5.9 Q 4 8 2 8 Q 0 8 0 5.9 Q 0 3.8 2 3.8 Z',
  9: 'M 0.2 6.3 Q 0.5 8 1.9 8 Q 4 8 4 5 L 4 2.5 Q 4 0 2 0 Q 0 0 0 2.3 Q 0 4.6 2 4.6 Q 4 4.6 4 2.4',
}
const GRID_WIDTH = 4
const GRID_HEIGHT = 8
const CURVE_STEPS = 6

/** Points on a plane; u to the right, v up, both in the unit of the caller. */
export type Point2 = readonly [number, number]

/** Characters that the face can draw. */
export const FACE_CHARACTERS: readonly string[] = Object.keys(GLYPHS)

/** Centre lines of one character, scaled to `width` × `height` with the lower left corner at (0, 0). Throws RangeError for a character that the face lacks. */
export function glyphLines(character: string, width: number, height: number): Point2[][] {
  const path = GLYPHS[character]
  if (path === undefined) throw new RangeError(`The plate face has no character ${JSON.stringify(character)}.`)
  return flattenPath(path).map((line) =>
    line.map(([x, y]) => [(x / GRID_WIDTH) * width, (1 - y / GRID_HEIGHT) * height]),
  )
}

/** M, L, Q and Z to polylines. */
function flattenPath(path: string): Point2[][] {
  const words = path.split(' ')
  const lines: Point2[][] = []
  let line: Point2[] = []
  let place = 0
  const number = (): number => Number(words[place++])
  while (place < words.length) {
    const verb = words[place++]
    if (verb === 'M') {
      line = [[number(), number()]]
      lines.push(line)
    } else if (verb === 'L') line.push([number(), number()])
    else if (verb === 'Q') line.push(...curve(line.at(-1) as Point2, [number(), number()], [number(), number()]))
    else line.push(line[0] as Point2)
  }
  return lines
}

/** Points of a quadratic curve, the first left out. */
function curve(from: Point2, bend: Point2, to: Point2): Point2[] {
  return Array.from({ length: CURVE_STEPS }, (_, step) => {
    const t = (step + 1) / CURVE_STEPS
    const at = (a: number, b: number, c: number): number => (1 - t) * (1 - t) * a + 2 * t * (1 - t) * b + t * t * c
    return [at(from[0], bend[0], to[0]), at(from[1], bend[1], to[1])]
  })
}
