import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { playStory } from '../../../simulations/player.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { World } from '../../../simulations/world.ts'
import { exportSource } from '../../../src/journal/journal-source.ts'
import { ownMachines } from '../../../src/journal/machines-bundle.ts'
import { openTwins } from '../../../src/journal/machines-sandbox.ts'
import { tried } from './tried.ts'

const GOLDEN = join(import.meta.dirname, '../../golden')
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Edge cases of which every story is lived: claims, restarts, cables that two bays reach. */
const WHOLE = ['E12', 'E16', 'E27', 'E33', 'E34']

test('with the same rules nothing changes in any edge case of the field', async () => {
  for (const { name, edgeCase, stories } of SCENARIOS)
    for (const story of WHOLE.includes(edgeCase) ? stories : stories.slice(0, 1)) {
      const { records } = await playStory(story)
      const { totals, visits } = await tried(records)
      expect({ changed: totals.changed, visits }, `${name}: ${story.promise}`).toEqual({ changed: 0, visits: [] })
    }
})

test.each([3])(
  'with the same rules nothing changes in the world of seed %i, under every fault at once',
  async (seed) => {
    const world = new World({ seed, days: 0.12, bays: 12, breathe: () => setImmediate(), digest })
    const { violation } = await world.run()
    expect(violation).toBeNull()
    const { totals, visits } = await tried(world.records)
    expect(totals.visits).toBeGreaterThan(9)
    expect({ changed: totals.changed, visits }).toEqual({ changed: 0, visits: [] })
    const again = JSON.stringify(await tried(world.records, { quorum: 3, absence_s: 400 }))
    expect(JSON.stringify(await tried(world.records, { quorum: 3, absence_s: 400 }))).toBe(again)
  },
)

test.each(['0.1.0'])('a journal of %s, lived by its own machines behind the wall, is as it was', async (version) => {
  const source = gunzipSync(readFileSync(join(GOLDEN, `machines-${version}.js.gz`))).toString()
  const records = [...(exportSource([join(GOLDEN, `journal-${version}.jsonl`)]).records as Iterable<FactRecord>)]
  const { totals } = await tried(records, {}, { lives: openTwins(source, version) })
  expect(totals).toMatchObject({ visits: 5, changed: 0, energy_Wh: { before: 13, after: 13, unknown: 0 } })
})

test('machines behind the wall try as those before it', async () => {
  const { name, source } = ownMachines()
  const stories = SCENARIOS.filter(({ edgeCase }) => ['E12', 'E16', 'E27'].includes(edgeCase)).flatMap(
    (one) => one.stories,
  )
  for (const story of stories) {
    const { records } = await playStory(story)
    const lives = openTwins(source, name)
    expect(await tried(records, { quorum: 3 }, { lives })).toEqual(await tried(records, { quorum: 3 }))
  }
})
