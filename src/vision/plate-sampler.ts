import { sampleBox } from './box-sampler.ts'
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
  const taps = (step: number): number => Math.min(MOST_TAPS, Math.max(1, Math.floor(step + 0.5)))
  const [tapsU, tapsV] = [taps(box.width / SAMPLE_WIDTH), taps(box.height / SAMPLE_HEIGHT)]
  const grid = { columns: SAMPLE_WIDTH, rows: SAMPLE_HEIGHT, tapsU, tapsV }
  sampleBox(picture, box, grid, out, { offset, row: SAMPLE_WIDTH, plane: SAMPLE_WIDTH * SAMPLE_HEIGHT })
}
