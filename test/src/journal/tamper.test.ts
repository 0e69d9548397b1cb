import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import type { Verdict } from '../../../src/journal/export-check.ts'
import { fullLine, hashLine, headerLine } from '../../../src/journal/export-file.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { openStoreReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { verifyExport, verifyStore } from '../../../src/journal/verification.ts'
import {
  mixedAndCut,
  seededRoll,
  tamperByte,
  tamperCell,
  writtenExport,
  writtenStore,
} from '../../bench/tamper-yard.ts'
import { draftOf, openStore, scratchFolder } from '../../contracts/journal-drafts.ts'
import { SEED } from '../../seeded-check.ts'

const RECORDS = 30
const FLIPS = 400

/** A store of thirty records, closed. */
async function closedStore(folder: string): Promise<string> {
  const store = await openStore(folder)
  for (let i = 1; i <= RECORDS; i++) {
    const personal = i % 2 === 0 ? { [store.keys.vehicle(`P${i}`)]: { plate: `P${i}` } } : {}
    await store.journal.append([draftOf(`bay:bay-${i % 3}`, Math.ceil(i / 3), personal, { nth: i })])
  }
  await store.close()
  return store.path
}

/** An export of it; every fifth record stands as its hashes. */
async function exportOf(folder: string): Promise<string> {
  const { siteId, database, reader } = openStoreReadOnly(await closedStore(folder))
  const lines = reader.rows(0, RECORDS).map((row) => (row.seq % 5 === 0 ? hashLine(row) : fullLine(row)))
  const path = join(folder, 'export.jsonl')
  writeFileSync(path, `${[headerLine(siteId, reader.head()), ...lines].join('\n')}\n`)
  database.close()
  return path
}

console.log(`tamper: BERTH_SEED=${SEED}`)
const roll = seededRoll(SEED)
const pick = (below: number): number => Math.floor(roll() * below)

test(`an export with any one byte changed is refused at that very line, ${FLIPS} times`, async () => {
  const path = await exportOf(scratchFolder())
  const whole = readFileSync(path)
  expect(verifyExport(path)).toMatchObject({ broken: null, records: RECORDS, leftOut: RECORDS / 5, siteId: 'depot' })
  const headerEnd = whole.indexOf(10)
  for (let i = 0; i < FLIPS; i++) {
    const bytes = Buffer.from(whole)
    const place = pick(bytes.length)
    bytes[place] = (bytes[place] as number) ^ (1 << pick(8))
    writeFileSync(path, bytes)
    const { broken } = verifyExport(path)
    const line = whole.subarray(0, place).toString('latin1').split('\n').length
    const at = `byte ${place}: ${String.fromCharCode(whole[place] as number)} became ${String.fromCharCode(bytes[place] as number)}`
    if (place < headerEnd) expect(broken, at).not.toBeNull()
    else expect(broken, at).toMatch(new RegExp(`^line ${line}: `))
  }
}, 180_000)

test('an export cut off at any byte is refused', async () => {
  const path = await exportOf(scratchFolder())
  const whole = readFileSync(path)
  for (let i = 0; i < 60; i++) {
    writeFileSync(path, whole.subarray(0, pick(whole.length - 1)))
    expect(verifyExport(path).broken).not.toBeNull()
  }
  writeFileSync(path, whole.subarray(0, whole.lastIndexOf(10, whole.length - 2) + 1))
  expect(verifyExport(path).broken).toBe(
    `the end is missing: the header promises ${RECORDS} records, after record ${RECORDS - 1} comes nothing`,
  )
})

test('a line taken out, doubled, swapped, from elsewhere or that is no JSON is named with its number', async () => {
  const path = await exportOf(scratchFolder())
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const broken = (changed: string[]) => {
    writeFileSync(path, `${changed.join('\n')}\n`)
    return verifyExport(path).broken
  }
  expect(broken(lines.toSpliced(7, 1))).toBe('line 8: record 7 is missing or out of place: seq 8 stands there')
  expect(broken(lines.toSpliced(7, 0, lines[7] as string))).toBe(
    'line 9: record 8 is missing or out of place: seq 7 stands there',
  )
  expect(broken(lines.with(7, lines[8] as string).with(8, lines[7] as string))).toMatch(/^line 8: record 7 is missing/)
  expect(broken(lines.with(9, '{"seq": 9, half'))).toBe(
    'line 10: this is not JSON (cut off, or damaged), after record 8',
  )
  expect(broken(lines.with(9, ''))).toBe('line 10: this is not JSON (cut off, or damaged), after record 8')
  expect(broken(lines.with(9, '[]'))).toBe('line 10: this is not a record, after record 8')
  expect(broken(lines.slice(1))).toBeNull()
  expect(verifyExport(path).notes).toEqual(['There is no header line, so a missing end cannot be noticed.'])
})

/** What somebody may do to one row who has the file and SQLite, and what verification must say of record 10. */
const CHANGES: readonly (readonly [string, RegExp])[] = [
  [`UPDATE record SET content = replace(content, '6.1', '6.2') WHERE seq = 10`, /^record 10: its content was altered/],
  [`UPDATE record SET content = CAST(content AS BLOB) WHERE seq = 10`, /^record 10: its text is damaged/],
  [
    `UPDATE record SET personal = replace(personal, '"veh-', '"veh_') WHERE seq = 10`,
    /^record 10: its personal fields were altered/,
  ],
  [`UPDATE record SET personal = '{}' WHERE seq = 10`, /^record 10: its personal fields were altered/],
  [`UPDATE record SET personal_hash = content_hash, personal = NULL WHERE seq = 10`, /^record 10: its hash is/],
  [`UPDATE record SET content_hash = personal_hash WHERE seq = 10`, /^record 10: its content was altered/],
  [`UPDATE record SET prev = hash WHERE seq = 10`, /^record 10: its prev is .*, but record 9 has the hash/],
  [`UPDATE record SET hash = prev WHERE seq = 10`, /^record 10: its hash is/],
  [`UPDATE record SET stream = 'site' WHERE seq = 10`, /^record 10: the column stream says site, the record bay:bay-1/],
  [`UPDATE record SET version = 999 WHERE seq = 10`, /^record 10: the column version says 999/],
  [`UPDATE record SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 10`, /^record 10: the column at says/],
  [`UPDATE record SET seq = 999 WHERE seq = 10`, /^record 10 is missing or out of place: seq 11 stands there/],
  [`DELETE FROM record WHERE seq = 10`, /^record 10 is missing or out of place: seq 11 stands there/],
]

test('a store in which one cell was changed or one record deleted is refused at that record, and what went before it holds', async () => {
  const folder = scratchFolder()
  const path = await closedStore(folder)
  expect(verifyStore(path)).toMatchObject({ broken: null, records: RECORDS })
  for (const [sql, says] of CHANGES) {
    const copy = join(folder, 'copy.db')
    copyFileSync(path, copy)
    const database = openDatabase(copy, sql)
    database.close()
    expect(verifyStore(copy), sql).toMatchObject({ broken: expect.stringMatching(says), records: 9 })
  }
})

test('a record whose personal fields were erased verifies, and is counted', async () => {
  const path = await closedStore(scratchFolder())
  openDatabase(path, 'UPDATE record SET personal = NULL WHERE seq IN (10, 12)').close()
  expect(verifyStore(path)).toMatchObject({ broken: null, records: RECORDS, erased: 2 })
})

test('a store’s file with any one byte changed is refused, or everything read from it is as it was', async () => {
  const folder = scratchFolder()
  const path = await closedStore(folder)
  const whole = readFileSync(path)
  const before = readRows(path)
  const copy = join(folder, 'copy.db')
  let refused = 0
  for (let i = 0; i < 150; i++) {
    const bytes = Buffer.from(whole)
    const place = pick(bytes.length)
    bytes[place] = (bytes[place] as number) ^ (1 << pick(8))
    writeFileSync(copy, bytes)
    if (noticed(() => verifyStore(copy))) refused++
    else expect(readRows(copy), `byte ${place}`).toEqual(before)
  }
  expect(refused).toBeGreaterThan(30)
}, 180_000)

function noticed(verify: () => Verdict): boolean {
  try {
    return verify().broken !== null
  } catch (error) {
    if (error instanceof Fault) return true
    throw error
  }
}

function readRows(path: string): unknown[] {
  const { database, reader } = openStoreReadOnly(path)
  const rows = reader.rows(0, RECORDS * 2)
  database.close()
  return rows
}

test('one byte changed anywhere in a long journal is named, in the store and in its export; so are a cut tail and another site’s records', async () => {
  const folder = scratchFolder()
  const store = await writtenStore(folder, 2_000)
  const out = writtenExport(store)
  const whole = readFileSync(out)
  const chance = seededRoll(SEED)
  for (let i = 0; i < 12; i++) {
    const tampered = i % 2 === 0 ? tamperCell(store, 2_000, chance) : tamperByte(out, whole, chance)
    expect(tampered).toMatchObject({ named: true })
  }
  writeFileSync(out, whole)
  expect([verifyStore(store).broken, verifyExport(out).broken]).toEqual([null, null])
  const foreign = writtenExport(await writtenStore(folder, 100, 'yard'))
  const { mixed, cut } = mixedAndCut(folder, out, foreign)
  expect(mixed.broken).toBe('line 51: record 50 is of the site yard, the others of depot')
  expect(cut.broken).toMatch(/^the end is missing: the header promises 2000 records, after record 1999/)
}, 180_000)
