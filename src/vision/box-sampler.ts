import type { Picture } from './picture.ts'
import type { TextBox } from './text-box.ts'

/** How a box is cut up: so many columns and rows, and in each cell so many samples along and across. */
type Grid = { readonly columns: number; readonly rows: number; readonly tapsU: number; readonly tapsV: number }
/** Where planes lie in an array: the first value's index, and how far apart rows and planes begin. */
type Planes = { readonly offset: number; readonly row: number; readonly plane: number }

/**
 * Samples a turned box of a picture into three planes (red, green, blue; 0..255): each cell is the mean of bilinear samples spread evenly
 * over it, and beyond its edge the picture goes on as at its edge. The cells must be 0 before. Written out without calls: its inner
 * part runs twenty thousand times for each line.
 */
export function sampleBox(
  { width, height, rgb }: Picture,
  box: TextBox,
  { columns, rows, tapsU, tapsV }: Grid,
  out: Float32Array,
  { offset, row, plane }: Planes,
): void {
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)]
  const [stepU, stepV] = [box.width / (columns * tapsU), box.height / (rows * tapsV)]
  const [right, bottom, line] = [width - 1, height - 1, width * 3]
  const share = 1 / (tapsU * tapsV)
  for (let fine = 0; fine < rows * tapsV; fine++) {
    const v = (fine + 0.5) * stepV - box.height / 2
    const [rowX, rowY] = [box.cx - v * sin - 0.5, box.cy + v * cos - 0.5]
    let u = 0.5 * stepU - box.width / 2
    let at = offset + Math.floor(fine / tapsV) * row
    for (let column = 0; column < columns; column++, at++) {
      let [red, green, blue] = [0, 0, 0]
      for (let tap = 0; tap < tapsU; tap++, u += stepU) {
        const wideX = rowX + u * cos
        const wideY = rowY + u * sin
        const x = wideX < 0 ? 0 : Math.min(wideX, right)
        const y = wideY < 0 ? 0 : Math.min(wideY, bottom)
        const x0 = Math.floor(x)
        const y0 = Math.floor(y)
        const fx = x - x0
        const fy = y - y0
        const p = y0 * line + x0 * 3
        const q = x0 < right ? p + 3 : p
        const down = y0 < bottom ? line : 0
        const r = p + down
        const s = q + down
        const d = fx * fy
        const b = fx - d
        const c = fy - d
        const a = 1 - fx - c
        red += a * (rgb[p] as number) + b * (rgb[q] as number) + c * (rgb[r] as number) + d * (rgb[s] as number)
        green +=
          a * (rgb[p + 1] as number) +
          b * (rgb[q + 1] as number) +
          c * (rgb[r + 1] as number) +
          d * (rgb[s + 1] as number)
        blue +=
          a * (rgb[p + 2] as number) +
          b * (rgb[q + 2] as number) +
          c * (rgb[r + 2] as number) +
          d * (rgb[s + 2] as number)
      }
      out[at] = (out[at] as number) + red * share
      out[at + plane] = (out[at + plane] as number) + green * share
      out[at + 2 * plane] = (out[at + 2 * plane] as number) + blue * share
    }
  }
}
