import { expect, test } from 'vitest'
import { ChanceStreams, type Draws, threefry } from '../../../simulations/design/chance-streams.ts'
import { fc } from '../../seeded-check.ts'

test('threefry gives the words that its authors publish', () => {
  const words = new Uint32Array(2)
  const mixed = (...numbers: readonly [number, number, number, number]): readonly number[] => {
    threefry(...numbers, words)
    return [...words]
  }
  expect(mixed(0, 0, 0, 0)).toEqual([0x6b200159, 0x99ba4efe])
  expect(mixed(-1, -1, -1, -1)).toEqual([0x1cb996fc, 0xbb002be7])
  expect(mixed(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toEqual([0xc4923a9c, 0x483df7a0])
})

const take = (draws: Draws, count: number): readonly number[] => Array.from({ length: count }, () => draws.uniform())

test('a stream says the same whatever was drawn before it, and another stream says something else', () => {
  const key = fc.record({ seed: fc.nat(2 ** 40), replication: fc.nat(1000), number: fc.nat() })
  fc.assert(
    fc.property(key, fc.string(), fc.nat(30), ({ seed, replication, number }, purpose, before) => {
      const fresh = take(new ChanceStreams(seed, replication).of(purpose, number), 4)
      const streams = new ChanceStreams(seed, replication)
      take(streams.of(`${purpose}?`, number), before)
      take(streams.of(purpose, number + 1), before)
      expect(take(streams.of(purpose, number), 4)).toEqual(fresh)
      expect(take(streams.of(purpose, number + 1), 4)).not.toEqual(fresh)
      expect(take(new ChanceStreams(seed, replication + 1).of(purpose, number), 4)).not.toEqual(fresh)
      expect(take(new ChanceStreams(seed + 1, replication).of(purpose, number), 4)).not.toEqual(fresh)
    }),
  )
})

const MANY = 40_000

/** Mean and variance of one draw of each of many streams, as vehicles take them. */
function moments(draw: (draws: Draws) => number): { readonly mean: number; readonly variance: number } {
  const streams = new ChanceStreams(7, 0)
  const values = Array.from({ length: MANY }, (_, i) => draw(streams.of('x', i)))
  const mean = values.reduce((a, b) => a + b, 0) / MANY
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / (MANY - 1) }
}

test.each([
  ['uniform', (d: Draws) => d.uniform(), 0.5, 1 / 12],
  ['exponential', (d: Draws) => d.exponential(3), 3, 9],
  ['normal', (d: Draws) => d.normal(), 0, 1],
  ['lognormal', (d: Draws) => d.lognormal(2, 0.8), 2, 2.56],
  ['gamma of a small cv', (d: Draws) => d.gamma(5, 0.4), 5, 4],
  ['gamma of a large cv', (d: Draws) => d.gamma(5, 1.5), 5, 56.25],
  ['gamma without spread', (d: Draws) => d.gamma(5, 0), 5, 0],
  ['poisson', (d: Draws) => d.poisson(40), 40, 40],
  ['negative binomial', (d: Draws) => d.negativeBinomial(20, 2.2), 20, 44],
  ['negative binomial of dispersion 1', (d: Draws) => d.negativeBinomial(20, 1), 20, 20],
])('draws of %s have the mean and the variance they claim', (_name, draw, mean, variance) => {
  const seen = moments(draw)
  // Four standard errors; those of the variance for a kurtosis up to 12, which the heaviest tail here has.
  expect(Math.abs(seen.mean - mean)).toBeLessThanOrEqual(4 * Math.sqrt(variance / MANY))
  expect(Math.abs(seen.variance - variance)).toBeLessThanOrEqual(4 * variance * Math.sqrt(20 / MANY))
})

test('uniforms of neighbouring streams fill their places evenly and are not linked', () => {
  const streams = new ChanceStreams(1, 0)
  const first = Array.from({ length: MANY }, (_, i) => streams.of('arrival', i).uniform())
  const counts = new Array<number>(100).fill(0)
  for (const value of first) counts[Math.floor(value * 100)] = (counts[Math.floor(value * 100)] ?? 0) + 1
  const chi = counts.reduce((sum, count) => sum + (count - MANY / 100) ** 2 / (MANY / 100), 0)
  expect(chi).toBeLessThan(149) // 99 degrees: one run in a thousand is beyond
  const link = first.reduce((sum, value, i) => sum + (value - 0.5) * ((first[i + 1] ?? 0.5) - 0.5), 0) / MANY
  expect(Math.abs(link * 12)).toBeLessThan(4 / Math.sqrt(MANY))
})
