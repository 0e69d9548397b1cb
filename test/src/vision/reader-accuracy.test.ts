import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { benchReaderOn } from '../../bench/reader.bench.ts'

const plates = fileURLToPath(new URL('../../../../shared/plates/', import.meta.url))
const there = existsSync(plates)
if (!there) console.log('skipped: accuracy on photographs needs the labelled photos in ../shared/plates')

describe.skipIf(!there)('accuracy on photographs, folded, in a region three plates wide', () => {
  test.each([
    ['eu', 0.963],
    ['us', 0.89],
    ['br', 0.947],
  ] as const)(
    '%s: at least %f',
    async (set, floor) => {
      const figures = await benchReaderOn(`${plates}${set}`, 3)
      expect(figures.folded).toBeGreaterThanOrEqual(floor)
      expect(figures.located).toBeGreaterThanOrEqual(0.98)
    },
    240_000,
  )
})
