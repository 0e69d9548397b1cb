import type { ZoneCut } from './zone-cut.ts'

/** Numbers of a print. The distance of two prints is that of their pictures to about a sixteenth. */
export const PRINT_LENGTH = 128
/** Pixels along each side of a cell: coarser than what JPEG throws away, fine enough for a sensor's noise. */
const CELL = 4
/** Cells looked at, at most. */
const MOST_CELLS = 4096

/**
 * What a zone's cut shows as a few numbers: each is a sum of greys of a few dozen cells (4 × 4 pixels) from all over it, half of them taken
 * away. The root of the mean square of the differences of two prints is how far, in grey levels, a cell of the one lies from the same
 * cell of the other; no plate can be read in it.
 */
export function printOf({ picture }: ZoneCut): readonly number[] {
  const [columns, rows] = [Math.floor(picture.width / CELL), Math.floor(picture.height / CELL)]
  const step = Math.max(1, Math.ceil(Math.sqrt((columns * rows) / MOST_CELLS)))
  const sums = new Float64Array(PRINT_LENGTH)
  let cells = 0
  for (let row = 0; row < rows; row += step) {
    for (let column = 0; column < columns; column += step) {
      // A fixed scatter: the same cell always counts for the same number with the same sign.
      const scattered = Math.imul(row * columns + column + 1, 0x9e3779b1) >>> 0
      const at = (scattered >>> 8) % PRINT_LENGTH
      sums[at] = (sums[at] as number) + (scattered >>> 31 === 1 ? -1 : 1) * greyOfCell(picture, column, row)
      cells += 1
    }
  }
  const scale = Math.sqrt(PRINT_LENGTH / Math.max(1, cells))
  return [...sums].map((sum) => Math.round(sum * scale * 1e3) / 1e3)
}

/** Mean grey of a cell. */
function greyOfCell({ rgb, width }: ZoneCut['picture'], column: number, row: number): number {
  let sum = 0
  for (let y = row * CELL; y < (row + 1) * CELL; y++) {
    const from = 3 * (y * width + column * CELL)
    for (let at = from; at < from + 3 * CELL; at += 3)
      sum += 0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number)
  }
  return sum / (CELL * CELL)
}
