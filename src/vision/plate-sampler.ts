import type { Picture } from './picture.ts'
import type { TextBox } from './text-box.ts'

/** The plate recogniser's input, pixels. */
export const SAMPLE_HEIGHT = 40
export const SAMPLE_WIDTH = 128
const MOST_TAPS = 8

/**
 * Cuts a turned box out of a picture, 128×40 pixels whatever its shape: three planes (red, green, blue), values 0..255, written to
 * `out` from `offset` on. Each pixel is the mean of several bilinear samples; beyond its edge the picture goes on as at its edge.
 * The network was trained on the same arithmetic (training/plate_sampler.py), to the pixel.
 */
export function samplePlate(picture: Picture, box: TextBox, out: Float32Array, offset = 0): void {
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)]
  const [stepU, stepV] = [box.width / SAMPLE_WIDTH, box.height / SAMPLE_HEIGHT]
  const [tapsU, tapsV] = [tapsOf(stepU), tapsOf(stepV)]
  const share = 1 / (tapsU * tapsV)
  const plane = SAMPLE_WIDTH * SAMPLE_HEIGHT
  const sum: Sum = [0, 0, 0]
  for (let y = 0; y < SAMPLE_HEIGHT; y++) {
    for (let x = 0; x < SAMPLE_WIDTH; x++) {
      sum[0] = sum[1] = sum[2] = 0
      for (let ty = 0; ty < tapsV; ty++) {
        const v = (y + (ty + 0.5) / tapsV) * stepV - box.height / 2
        for (let tx = 0; tx < tapsU; tx++) {
          const u = (x + (tx + 0.5) / tapsU) * stepU - box.width / 2
          addSample(picture, box.cx + u * cos - v * sin - 0.5, box.cy + u * sin + v * cos - 0.5, sum)
        }
      }
      const at = offset + y * SAMPLE_WIDTH + x
      out[at] = sum[0] * share
      out[at + plane] = sum[1] * share
      out[at + 2 * plane] = sum[2] * share
    }
  }
}

type Sum = [number, number, number]

function tapsOf(step: number): number {
  return Math.min(MOST_TAPS, Math.max(1, Math.floor(step + 0.5)))
}

/** Adds the colour at a place between four pixels. Written out: it runs twenty thousand times for each line. */
export function addSample({ width, height, rgb }: Picture, x: number, y: number, sum: Sum): void {
  const cx = Math.min(width - 1, Math.max(0, x))
  const cy = Math.min(height - 1, Math.max(0, y))
  const x0 = Math.floor(cx)
  const y0 = Math.floor(cy)
  const fx = cx - x0
  const fy = cy - y0
  const [a, b, c, d] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy]
  const p = (y0 * width + x0) * 3
  const q = x0 < width - 1 ? p + 3 : p
  const down = y0 < height - 1 ? width * 3 : 0
  const r = p + down
  const s = q + down
  sum[0] += a * (rgb[p] as number) + b * (rgb[q] as number) + c * (rgb[r] as number) + d * (rgb[s] as number)
  sum[1] +=
    a * (rgb[p + 1] as number) + b * (rgb[q + 1] as number) + c * (rgb[r + 1] as number) + d * (rgb[s + 1] as number)
  sum[2] +=
    a * (rgb[p + 2] as number) + b * (rgb[q + 2] as number) + c * (rgb[r + 2] as number) + d * (rgb[s + 2] as number)
}
