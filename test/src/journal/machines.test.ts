import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { playStory } from '../../../simulations/player.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { systemClock } from '../../../src/clock.ts'
import { exportJournal } from '../../../src/commands/export.ts'
import { replay } from '../../../src/commands/replay.ts'
import { verify } from '../../../src/commands/verify.ts'
import { keptMachines } from '../../../src/journal/adopted-machines.ts'
import { sha256 } from '../../../src/journal/chain.ts'
import { bundleMachines, ownMachines } from '../../../src/journal/machines-bundle.ts'
import { openMachines } from '../../../src/journal/machines-sandbox.ts'
import { lanesOf, ReplayLanes, segmentsOf } from '../../../src/journal/replay-lanes.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand as run } from './run-command.ts'

const TOP = join(import.meta.dirname, '../../..')
const GOLDEN = join(TOP, 'test/golden')

/** The records of an edge case with claims and a lock. */
async function lived(): Promise<readonly FactRecord[]> {
  const story = SCENARIOS.find(({ edgeCase }) => edgeCase === 'E12')?.stories[0]
  if (!story) throw new Error('E12 has no story')
  return (await playStory(story)).records
}

/** The first drift of records lived by these lanes. */
function driftIn(records: readonly FactRecord[], lanes: ReplayLanes) {
  for (const record of records) {
    const found = lanes.take(record)
    if (found) return found
  }
  return null
}

test('the machines room is bundled to the same bytes each time, named by their hash, and decides behind the wall as before it', async () => {
  const { name, source } = ownMachines()
  expect(sha256(source)).toBe(name)
  expect(bundleMachines(join(TOP, 'machines'))).toEqual({ name, source })
  const records = await lived()
  const sandbox = { name, from: 1, to: null, reliving: openMachines(source, name) }
  const own = lanesOf(segmentsOf([]), () => null)
  const [behind, before] = [new ReplayLanes([sandbox]), new ReplayLanes(own)]
  expect(driftIn(records, behind)).toBeNull()
  expect(driftIn(records, before)).toBeNull()
  expect(behind.lines()).toEqual(before.lines())
  expect(behind.lines().length).toBeGreaterThan(1)
})

test.each([
  ['the time', 'Date.now()'],
  ['the time', 'new Date()'],
  ['the time', 'Date()'],
  ['chance', 'Math.random()'],
  ['require', 'require("node:fs")'],
  ['process', 'process.exit(1)'],
  ['timers', 'setTimeout(() => {}, 1)'],
  ['code from texts', 'eval("1")'],
  ['code from texts by a constructor', '(() => {}).constructor("return process")()'],
  ['an import', 'import("node:fs")'],
  ['a hidden import', 'import /* quietly */ // so\n ("node:fs")'],
  ['an import behind a comment of old pages', 'import<!-- so\n("node:fs")'],
  ['an import behind an end of such a comment', 'import/*\n*/--> so\n("node:fs")'],
  ['an import behind a comment that a carriage return ends', 'import// so\r("node:fs")'],
  ['an import behind a comment that a line separator ends', 'import// so\u2028("node:fs")'],
])('machines behind the wall cannot have %s: %s', async (_what, code) => {
  const source = `(() => () => { const answer = ${code}; return { take: () => '', lines: () => JSON.stringify([String(answer)]) } })()`
  expect(() => openMachines(source, 'a'.repeat(64)).take({} as FactRecord) === null).toThrow(/cannot be opened/)
})

test('each segment is held to the machines that wrote it, and a difference is shown field by field', async () => {
  const records = await lived()
  const { name, source } = ownMachines()
  const older = source.replaceAll("'VisitOpened'", "'VisitBegun'")
  expect(older).not.toBe(source)
  const middle = Math.ceil(records.length / 2)
  const adoptions = [
    { seq: 1, name: 'older' },
    { seq: middle, name },
  ]
  const rewritten = records.map((record) =>
    record.seq < middle
      ? (JSON.parse(JSON.stringify(record).replaceAll('"VisitOpened"', '"VisitBegun"')) as FactRecord)
      : record,
  )
  const lanes = (of: typeof adoptions) =>
    new ReplayLanes(lanesOf(segmentsOf(of), (one) => (one === 'older' ? older : null)))
  expect(rewritten.some(({ decisions }) => decisions.some(({ type }) => type === 'VisitBegun'))).toBe(true)
  expect(driftIn(rewritten, lanes(adoptions))).toBeNull()
  const found = driftIn(rewritten, lanes([{ seq: 1, name }]))
  expect(found).toMatchObject({ field: 'decisions' })
  expect(found?.places).toContainEqual({ path: 'decisions[0].type', recorded: 'VisitBegun', now: 'VisitOpened' })
  expect(() => lanes([{ seq: 5, name: 'f'.repeat(64) }])).toThrow(/that wrote the records 5 to the end are not here/)
})

/** Every released version: its journal, and the machines of that version, stand in the folder of golden files from its release on. */
const RELEASED = [...readFileSync(join(TOP, 'CHANGELOG.md'), 'utf8').matchAll(/^## (\d+\.\d+\.\d+)$/gm)].map(
  ([, version]) => version as string,
)

test('there are released versions whose journals are kept', () => {
  expect(RELEASED).toContain('0.1.0')
})

test.each(RELEASED)(
  'a journal of %s verifies, replays without a difference by its own machines, and is still understood by these',
  async (version) => {
    const file = join(GOLDEN, `journal-${version}.jsonl`)
    const machines = join(scratchFolder(), 'machines.js')
    writeFileSync(machines, gunzipSync(readFileSync(join(GOLDEN, `machines-${version}.js.gz`))))
    expect(await run(verify, file)).toMatchObject({ code: 0, err: '' })
    const own = await run(replay, file, '--machines', machines)
    expect(own).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/\d{3,} records replayed, no difference\./),
    })
    const today = await run(replay, file)
    expect(today.code).toBe(1)
    expect(today.err).toMatch(/^Record \d+ \(bay:bay-1, .*\) differs in \w+:\n {2}\S+: recorded .*, now /)
  },
)

const SITE = `site: { id: depot, name: Depot, timezone: Europe/London }
store: { kind: sqlite, path: ./site.db }
http: { host: 127.0.0.1, port: 0 }
ocpp: { host: 127.0.0.1, port: 0 }
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1, zones: [] }
chargePoints:
  - { id: CP-1 }
`

test('a site keeps the machines that write its records, says so once in the journal, and hands them on in exports', async () => {
  const folder = scratchFolder()
  const path = join(folder, 'site.yaml')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, SITE)
  const file = await readSiteFile(path, {})
  const live = async () => {
    const room = await openRoom(file, systemClock, () => {}, {})
    await room.start()
    const records = await room.journal.readSite(0, 1000)
    await room.close()
    return records.filter(({ cause }) => cause.type === 'machines.adopted')
  }
  const { name, source } = ownMachines()
  expect(await live()).toMatchObject([
    { seq: 1, stream: 'site', cause: { bundle: name, machine: expect.stringMatching(/^bay-\d+$/) } },
  ])
  expect(await live()).toHaveLength(1)
  expect(readdirSync(`${file.store.path}.machines`)).toEqual([`${name}.js`, `${name}.svg`, 'made-of.json'])
  expect(keptMachines(file.store.path, name)).toBe(source)
  const out = join(folder, 'export.jsonl')
  expect((await run(exportJournal, '--site', path, '--out', out)).code).toBe(0)
  expect(await run(verify, out)).toMatchObject({ code: 0, err: '' })
  for (const from of [['--site', path], [out]])
    expect(await run(replay, ...from)).toMatchObject({ code: 0, out: expect.stringContaining('no difference') })
  writeFileSync(
    out,
    readFileSync(out, 'utf8').replace('may not stand in a journaled machine', 'may stand in a journaled machine'),
  )
  expect((await run(verify, out)).err).toContain(`the machines ${name} were altered`)
  const kept = join(`${file.store.path}.machines`, `${name}.js`)
  writeFileSync(kept, 'something else')
  expect(keptMachines(file.store.path, name)).toBeNull()
  writeFileSync(join(`${file.store.path}.machines`, 'made-of.json'), '{"cut')
  expect(await live(), 'what was altered is made again').toHaveLength(1)
  expect(readFileSync(kept, 'utf8')).toBe(source)
})
