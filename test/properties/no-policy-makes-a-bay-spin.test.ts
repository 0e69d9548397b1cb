import { test } from 'vitest'
import { DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import { fc } from '../seeded-check.ts'
import { livedThrough } from './bay-commands.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

const WINDOWS = (Object.keys(DEFAULT_POLICY) as (keyof Policy)[]).filter(
  (name) => name.endsWith('_s') && typeof DEFAULT_POLICY[name] === 'number',
)

/** Windows of any length, also such as end between two milliseconds. */
const policy: fc.Arbitrary<Partial<Policy>> = fc
  .tuple(...WINDOWS.map(() => fc.double({ min: 0.0001, max: 120, noNaN: true })))
  .map((seconds) => Object.fromEntries(WINDOWS.map((name, index) => [name, seconds[index]])))

// A run throws where a timer fires for ever.
test('whatever lengths a site gives its windows, a bay wakes, decides and rests again', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(policy, moves, (windows, story) => {
      livedThrough(story, new BayRun(windows)).pass(3_600_000)
    }),
    { numRuns: Math.min(RUNS, 300) },
  )
})
