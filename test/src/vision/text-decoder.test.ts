import { describe, expect, test } from 'vitest'
import { characterMap, decodeText, fuseReadings } from '../../../src/vision/text-decoder.ts'

const keys = ['A', 'b', '1', 'I', '-']
const map = characterMap(keys)
/** One step: chances by key, the rest is blank. */
function output(steps: readonly { readonly [key: string]: number }[]): Float32Array {
  const classes = keys.length + 2
  const chances = new Float32Array(steps.length * classes)
  steps.forEach((step, i) => {
    let rest = 1
    for (const [key, chance] of Object.entries(step)) {
      chances[i * classes + keys.indexOf(key) + 1] = chance
      rest -= chance
    }
    chances[i * classes] = rest
  })
  return chances
}
const read = (...steps: { [key: string]: number }[]) => decodeText(output(steps), steps.length, keys.length + 2, map)

describe('the decoder', () => {
  test('one character over several steps is one, two with a gap between are two', () => {
    expect(read({ A: 1 }, { A: 1 }, { '1': 1 })[0]?.text).toBe('A1')
    expect(read({ A: 1 }, {}, { A: 1 })[0]?.text).toBe('AA')
  })

  test('lower case counts as upper case, a dash as a gap', () => {
    expect(read({ b: 0.9 }, { '-': 1 }, { b: 0.9 })[0]?.text).toBe('BB')
  })

  test('an unsure character shows in its confidence and gives the other reading as a candidate', () => {
    const [best, second] = read({ A: 1 }, { '1': 0.6, I: 0.4 })
    expect(best?.text).toBe('A1')
    expect(best?.characters[1]).toBeCloseTo(0.6, 2)
    expect(second?.text).toBe('AI')
    expect(second?.chance).toBeCloseTo(0.4, 2)
  })

  test('nothing but gaps reads as nothing', () => {
    expect(read({}, {}, {})).toEqual([])
  })

  test('two readings are fused by their chances', () => {
    const one = [
      { text: 'A1', characters: [1, 0.5], chance: 0.5 },
      { text: 'AI', characters: [1, 0.4], chance: 0.45 },
    ]
    const two = [{ text: 'AI', characters: [1, 0.9], chance: 0.9 }]
    const [best] = fuseReadings([one, two])
    expect(best?.text).toBe('AI')
    expect(best?.chance).toBeCloseTo(0.675, 3)
    expect(best?.characters[1]).toBeCloseTo((0.45 * 0.4 + 0.9 * 0.9) / 1.35, 3)
  })
})
