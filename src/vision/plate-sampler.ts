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
      for (let c = 0 as 0 | 1 | 2; c < 3; c++) out[at + c * plane] = sum[c] * share
    }
  }
}

type Sum = [number, number, number]

function tapsOf(step: number): number {
  return Math.min(MOST_TAPS, Math.max(1, Math.floor(step + 0.5)))
}

/** Adds the colour at a place between four pixels. */
export function addSample(picture: Picture, x: number, y: number, sum: Sum): void {
  const { width, height, rgb } = picture
  const cx = Math.min(width - 1, Math.max(0, x))
  const cy = Math.min(height - 1, Math.max(0, y))
  const x0 = Math.floor(cx)
  const y0 = Math.floor(cy)
  const right = x0 < width - 1 ? 3 : 0
  const down = y0 < height - 1 ? width * 3 : 0
  const fx = cx - x0
  const fy = cy - y0
  const at = (y0 * width + x0) * 3
  for (let c = 0; c < 3; c++) {
    const top = (rgb[at + c] as number) * (1 - fx) + (rgb[at + right + c] as number) * fx
    const bottom = (rgb[at + down + c] as number) * (1 - fx) + (rgb[at + down + right + c] as number) * fx
    sum[c as 0 | 1 | 2] += top * (1 - fy) + bottom * fy
  }
}
