import { expect, test } from 'vitest'
import { HeardSites } from '../../../src/centre/heard-sites.ts'
import type { PostgresLine } from '../../../src/journal/postgres-line.ts'

test('each site that is heard for the first time is written down at once, the others every half minute', async () => {
  const written: string[][] = []
  // What is sent to the database is all that this asks of it.
  const line = { read: async (_: string, [sites]: string[][]) => void written.push(sites ?? []) }
  const settled = () => new Promise((go) => setImmediate(go))
  let now = 1_000_000
  const heard = new HeardSites(line as unknown as PostgresLine, { now: () => now })
  heard.hear('north')
  await settled()
  heard.hear('south')
  await settled()
  expect(written.flat()).toEqual(['north', 'south'])
  heard.hear('north')
  now += 30_000
  heard.hear('north')
  await settled()
  expect(written.flat()).toEqual(['north', 'south', 'north'])
})
