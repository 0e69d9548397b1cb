import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { playStory } from '../../../simulations/player.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { archive } from '../../../src/commands/archive.ts'
import { bundle } from '../../../src/commands/bundle.ts'
import { replay } from '../../../src/commands/replay.ts'
import { verify } from '../../../src/commands/verify.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { openKurrentStore, testDouble } from '../../contracts/kurrent-store.ts'
import { runCommand as run } from './run-command.ts'

vi.setConfig({ testTimeout: 180_000 })

test('a journal on a KurrentDB is archived and bundled as one in a file is, and nothing is dropped from its log', async () => {
  const double = await testDouble()
  const folder = scratchFolder()
  const story = SCENARIOS.find(({ edgeCase }) => edgeCase === 'E21')?.stories[0]
  if (!story) throw new Error('E21 has no story')
  const store = await openKurrentStore(double.url, folder, { patience: { call: 20_000, whole: 40_000 } })
  const { records } = await playStory(story)
  for (const { personal: _sealed, ...record } of records) {
    const {
      seq: _seq,
      siteId: _site,
      recordedAt: _at,
      personalHash: _p,
      contentHash: _c,
      prev: _v,
      hash: _h,
      ...draft
    } = record
    await store.journal.append([{ ...draft, personal: {} }])
  }
  const { seq } = store.journal.head()
  await store.close()
  const site = join(folder, 'site.yaml')
  writeFileSync(
    site,
    `site: { id: depot, name: Depot, timezone: UTC }
store: { kind: kurrentdb, url: "${double.url}", path: ./site.db }
http: { host: 127.0.0.1, port: 0 }
ocpp: { host: 127.0.0.1, port: 0 }
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1, zones: [] }
chargePoints:
  - { id: CP-1 }
`,
  )
  const [segments, out] = [join(folder, 'segments'), join(folder, 'bundle.jsonl.gz')]
  const middle = records.find(({ at }) => at > (records[0]?.at ?? ''))?.at ?? ''
  const closed = await run(archive, '--site', site, '--before', middle, '--out', segments)
  expect(closed, closed.err).toMatchObject({ code: 0 })
  expect(await run(archive, '--site', site, '--before', '2100-01-01', '--out', segments)).toMatchObject({ code: 0 })
  expect(await run(verify, segments)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/ and 1 more: depot: \d+ records hold[\s\S]*2 checkpoints hold/),
  })
  const replayed = await run(replay, segments)
  expect(replayed).toMatchObject({ code: 0, out: expect.stringContaining('no difference') })
  expect(Number(/(\d+) records replayed/.exec(replayed.out)?.[1])).toBeGreaterThan(seq)
  const span = ['--bay', 'bay-1', '--from', '2020-01-01', '--to', '2100-01-01', '--out', out]
  expect(await run(bundle, '--site', site, ...span)).toMatchObject({ code: 0 })
  expect(await run(replay, out)).toMatchObject({ code: 0, out: expect.stringContaining('no difference') })
  expect(await run(archive, '--site', site, '--before', middle, '--drop')).toMatchObject({
    code: 2,
    err: expect.stringContaining('its own log'),
  })
})
