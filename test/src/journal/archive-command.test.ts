import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Json } from '../../../machines/events.ts'
import { fold } from '../../../machines/plate.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { archive } from '../../../src/commands/archive.ts'
import { exportJournal } from '../../../src/commands/export.ts'
import { replay, replayRecords } from '../../../src/commands/replay.ts'
import { verify } from '../../../src/commands/verify.ts'
import { segmentsIn } from '../../../src/journal/segment.ts'
import { openStoreReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { verifyExports, verifyStore } from '../../../src/journal/verification.ts'
import type { Room } from '../../../src/room.ts'
import type { SiteFile } from '../../../src/site-file.ts'
import { seededRoll, writtenStore } from '../../bench/tamper-yard.ts'
import { tracesUnder } from '../../clear-traces.ts'
import { archiveAll, dropAll } from '../../contracts/archived-store.ts'
import { openStore, scratchFolder } from '../../contracts/journal-drafts.ts'
import { arrives, BY, passes, privateSite, skippingClock, startedRoom } from '../privacy/private-room.ts'
import { until } from '../serve/serving-line.ts'
import { runCommand as run } from './run-command.ts'

const TOP = join(import.meta.dirname, '../../..')
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: the verifier in Python needs python3')

/** What `docs/verify.py` says of these files. */
function python(...paths: string[]): string {
  if (!hasPython) return 'skipped'
  const { stdout, stderr } = spawnSync('python3', ['-B', join(TOP, 'docs/verify.py'), ...paths], { encoding: 'utf8' })
  return `${stdout}${stderr}`.trim()
}

/** A plate comes, a card pays, the vehicle goes. */
async function visit(room: Room, clock: { skip(ms: number): void }, plate: string, card: string): Promise<void> {
  await arrives(room, plate)
  const start = { chargePointId: 'CP-1', evse: 1, idToken: card, happenedAt: null }
  const { transactionId } = await room.chargePointDesk.hear({ type: 'started', ...start, register_Wh: 1000 })
  const end = { transactionId: String(transactionId), register_Wh: 1700, reason: 'Local', samples: [] }
  await room.chargePointDesk.hear({
    type: 'ended',
    chargePointId: 'CP-1',
    idToken: card,
    happenedAt: null,
    ...end,
  })
  for (let i = 0; i < 4; i++) await passes(room, clock, 120_000)
}

const PLATES = ['BX2211KW', 'BX3322KW', 'BX4433KW', 'BX5544KW']

/** A site that served four visits of four accounts, and the time between the second and the third. */
async function servedSite(): Promise<{ file: SiteFile; middle: string }> {
  const file = await privateSite()
  const clock = skippingClock()
  const room = await startedRoom(file, clock)
  await room.register.importVehicles(
    PLATES.map((plate, n) => ({ plate, accountId: `acc-${n}` })),
    BY,
  )
  for (const n of PLATES.keys()) await room.register.putToken(`CARD${n}`, { accountId: `acc-${n}` }, BY)
  let middle = ''
  for (const [n, plate] of PLATES.entries()) {
    if (n === 2) middle = new Date(clock.now()).toISOString()
    await visit(room, clock, plate, `CARD${n}`)
  }
  await room.close()
  return { file, middle }
}

async function recordsOf(room: Room): Promise<readonly FactRecord[]> {
  const records: FactRecord[] = []
  for (let page = await room.journal.readSite(); page.length > 0; page = await room.journal.readSite(records.length))
    records.push(...page)
  return records
}

const billsIn = (records: readonly FactRecord[]): Json[] =>
  records.flatMap(({ decisions }) => decisions.filter(({ type }) => type === 'SessionBilled')) as Json[]

const segmentsBeside = (path: string): string[] =>
  segmentsIn(`${path}.archive`).map((name) => join(`${path}.archive`, name))

test('what is archived and dropped is still told: the site starts, goes on, bills as before, verifies and replays, and the chain links over the border', async () => {
  const { file, middle } = await servedSite()
  const { path } = file.store
  const site = ['--site', file.path]
  const before = await startedRoom(file)
  const past = await recordsOf(before)
  const sessions = await before.desk.sessions.billed({})
  await before.close()
  expect(billsIn(past)).toHaveLength(4)

  expect((await run(archive, ...site, '--before', middle)).code).toBe(0)
  const [segment = ''] = segmentsBeside(path)
  const untouched = openStoreReadOnly(path)
  expect(untouched.reader.ownRows(0, 1)[0]?.seq).toBe(1)
  untouched.database.close()
  const dropped = await run(archive, ...site, '--before', middle, '--drop')
  expect(dropped).toMatchObject({ code: 0, out: expect.stringMatching(/\d+ records dropped, \d+ bytes before/) })
  const border = Number(/-(\d+)\.jsonl\.gz$/.exec(segment)?.[1])
  const own = openStoreReadOnly(path)
  expect(own.reader.ownRows(0, 1)[0]?.seq).toBe(border + 1)
  own.database.close()

  const clock = skippingClock()
  clock.skip(3_600_000)
  const room = await startedRoom(file, clock)
  const whole = await recordsOf(room)
  expect(whole.slice(0, past.length)).toEqual(past)
  expect(await room.desk.sessions.billed({})).toEqual(sessions)
  await visit(room, clock, PLATES[0] as string, 'CARD0')
  expect(billsIn(await recordsOf(room))).toHaveLength(5)
  expect((await room.desk.sessions.billed({})).map(({ sessionId }) => sessionId)).toEqual(
    expect.arrayContaining(sessions.map(({ sessionId }) => sessionId)),
  )
  await room.close()

  for (const [command, ...words] of [
    [verify, ...site],
    [verify, segment],
    [verify, dirname(segment)],
    [replay, ...site],
    [replay, segment],
  ] as const)
    expect(await run(command, ...words), words.join(' ')).toMatchObject({ code: 0, err: '' })
  const [rest, all] = [`${path}.rest.jsonl`, `${path}.all.jsonl`]
  await run(exportJournal, ...site, '--out', rest, '--rest')
  await run(exportJournal, ...site, '--out', all)
  const newest = (out: string) =>
    (JSON.parse(readFileSync(out, 'utf8').trimEnd().split('\n').at(-1) ?? '') as FactRecord).seq
  for (const paths of [[segment, rest], [all]]) {
    const count = newest(paths.at(-1) as string)
    expect(await run(verify, ...paths)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${count} records hold`),
    })
    expect(await run(replay, ...paths)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${count} records replayed`),
    })
    if (hasPython) expect(python(...paths)).toContain(`${count} records hold`)
  }
  expect((await run(verify, rest)).out).toContain(`${newest(rest) - border} records hold`)
  await expect(replay([rest])).rejects.toThrow(/name the segments before it too/)
}, 120_000)

test('a vehicle that is erased after its visits were archived is gone from there too, and nothing of the archive changes', async () => {
  const { file } = await servedSite()
  const { path } = file.store
  await run(archive, '--site', file.path, '--before', '2100-01-01', '--drop')
  const [segment = ''] = segmentsBeside(path)
  const bytes = readFileSync(segment)
  const room = await startedRoom(file)
  const before = await recordsOf(room)
  const handle = String(room.keys.everyVehicle(fold('BX3322KW'))[0])
  const wordsOf = (records: readonly FactRecord[]) =>
    records.flatMap((record) => Object.entries(room.journal.open(record)))
  expect(JSON.stringify(wordsOf(before).filter(([subject]) => subject === handle))).toContain('BX3322KW')
  await room.desk.privacy.erase({ plate: 'BX3322KW', account: 'acc-1' }, BY)
  await until(() => room.desk.privacy.erasures().every(({ status }) => status === 'done'))
  const after = (await recordsOf(room)).slice(0, before.length)
  expect(wordsOf(after)).toEqual(wordsOf(before).filter(([subject]) => subject !== handle))
  expect(wordsOf(after).map(([subject]) => subject)).not.toContain(handle)
  expect(billsIn(after)).toEqual(billsIn(before))
  expect((await replayRecords(after, { bay: null, stop: null })).drift).toBeNull()
  await room.close()
  expect(readFileSync(segment)).toEqual(bytes)
  expect(tracesUnder(dirname(path), { plates: PLATES, pictures: [] })).toEqual([])
  expect(verifyStore(path).broken).toBeNull()
}, 120_000)

/** A store of so many records in segments of a thousand, all archived, the newest 500 still in the store. */
async function archivedStore(folder: string, records: number): Promise<string> {
  const path = await writtenStore(folder, records)
  const { keys, close } = await openStore(folder, 'depot.db')
  for (let upTo = 1_000; upTo <= records - 500; upTo += 1_000) await archiveAll({ path, keys }, upTo)
  await close()
  return path
}

test('one byte changed anywhere in an archive is found and named, and a byte that is cut off too', async () => {
  const path = await archivedStore(scratchFolder(), 2_500)
  dropAll(path)
  expect(verifyStore(path)).toMatchObject({ broken: null, records: 2_500 })
  const roll = seededRoll(Number(process.env['BERTH_SEED'] ?? 7))
  const segments = segmentsBeside(path)
  for (let i = 0; i < 60; i++) {
    const file = segments[i % 2] as string
    const whole = readFileSync(file)
    const bytes = Buffer.from(whole)
    const place = Math.floor(roll() * bytes.length)
    bytes[place] = (bytes[place] as number) ^ (1 << Math.floor(roll() * 8))
    writeFileSync(file, i % 6 === 5 ? whole.subarray(0, place) : bytes)
    const { broken, records } = verifyStore(path)
    expect(broken, `byte ${place} of segment ${i % 2}`).toContain(file.slice(file.lastIndexOf('/') + 1))
    expect(records).toBeLessThanOrEqual(1_000 * ((i % 2) + 1))
    if (i < 6 && hasPython && i % 6 === 5) expect(python(file)).toMatch(/^line \d+: |^the end is missing/)
    writeFileSync(file, whole)
  }
  expect(verifyStore(path).broken).toBeNull()
}, 180_000)

test('a segment that is not there, not in its place, unsealed, or of another site is named; a store that needs it says so and starts nothing', async () => {
  const folder = scratchFolder()
  const path = await archivedStore(folder, 2_500)
  const [one = '', two = ''] = segmentsBeside(path)
  expect(verifyExports([one, two]).broken).toBeNull()
  expect(verifyExports([two, one]).broken).toMatch(/it begins with record 1, and record 2001 comes next/)
  expect(verifyExports([two])).toMatchObject({ broken: null, first: 1_001, records: 1_000 })
  if (hasPython) {
    expect(python(one, two)).toMatch(/^2000 records hold, 2 checkpoints/)
    expect(python(two, one)).toMatch(/it begins with record 1, and record 2001 comes next/)
    expect(python(two)).toMatch(/^1000 records hold/)
  }
  const other = await writtenStore(folder, 1_500, 'elsewhere')
  const { keys, close } = await openStore(folder, 'elsewhere.db', 'elsewhere')
  const foreign = String(await archiveAll({ path: other, keys }, 1_000))
  await close()
  expect(verifyExports([foreign, two]).broken).toMatch(/it is of the site depot, what came before of elsewhere/)
  if (hasPython) expect(python(foreign, two)).toMatch(/it is of the site depot, what came before of elsewhere/)
  dropAll(path)
  copyFileSync(one, `${one}.copy`)
  copyFileSync(foreign, one)
  expect(verifyStore(path).broken).toMatch(/segment-000000001-000001000.*of the site elsewhere/)
  rmSync(one)
  expect(verifyStore(path).broken).toMatch(/the records 1 to 1000 are archived in segment-\S+, which is not there/)
  const store = await openStore(folder, 'depot.db')
  await expect(store.journal.readSite()).rejects.toThrow(/are archived in .*, which is not there; put it back/)
  await store.close()
  renameSync(`${one}.copy`, one)
  expect(verifyStore(path)).toMatchObject({ broken: null, records: 2_500 })
}, 180_000)

test('a command line that says too little, or drops from elsewhere, is refused in a sentence', async () => {
  expect(await run(archive, '--before', '2026-01-01')).toMatchObject({ code: 2 })
  expect(await run(archive, '--site', 'x.yaml', '--before', 'soon')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--before soon is not a time'),
  })
  expect(await run(archive, '--site', 'x.yaml', '--before', '2026-01-01', '--drop', '--out', 'there')).toMatchObject({
    code: 2,
    err: expect.stringContaining('leave out --out, or --drop'),
  })
})
