import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { SAMPLE_HEIGHT, SAMPLE_WIDTH, samplePlate } from '../../../src/vision/plate-sampler.ts'

/** Written by src/vision/training/write_fixture.py. */
type Fixture = {
  readonly width: number
  readonly height: number
  readonly rgb: string
  readonly every: number
  readonly looks: readonly {
    readonly box: readonly [number, number, number, number, number]
    readonly values: string
  }[]
}

const fixture = JSON.parse(await readFile(new URL('./plate-sampler.fixture.json', import.meta.url), 'utf8')) as Fixture

describe('the plate recogniser sees what it was trained on', () => {
  const picture = { width: fixture.width, height: fixture.height, rgb: Buffer.from(fixture.rgb, 'base64') }
  it.each(fixture.looks)(
    'box $box is cut out as training cuts it, to a hundredth of a grey level',
    ({ box, values }) => {
      const bytes = Buffer.from(values, 'base64')
      const expected = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4))
      const out = new Float32Array(3 * SAMPLE_HEIGHT * SAMPLE_WIDTH)
      const [cx, cy, width, height, angle] = box
      samplePlate(picture, { cx, cy, width, height, angle }, out)
      const seen = expected.map((_, i) => out[i * fixture.every] as number)
      const worst = Math.max(...seen.map((value, i) => Math.abs(value - (expected[i] as number))))
      expect(expected.length).toBe(Math.ceil(out.length / fixture.every))
      expect(worst).toBeLessThan(0.01)
    },
  )
})
