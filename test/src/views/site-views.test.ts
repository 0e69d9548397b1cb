import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { REPORT_NAMES } from '../../../projections/told.ts'
import { orderKey, orderSpan } from '../../../projections/told-sessions.ts'
import { openDatabaseReadOnly } from '../../../src/journal/sqlite-file.ts'
import { keptViews } from '../../../src/views/kept-views.ts'
import { passingViews, SiteViews, type ToldJournal, type ViewLook } from '../../../src/views/site-views.ts'
import { livedPast } from '../../projections/lived-past.ts'

let folder = ''
let past: readonly FactRecord[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-views-'))
  past = await livedPast(3)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A journal that has grown to so many records of a past. */
function journalOf(records: readonly FactRecord[]): ToldJournal & { length: number } {
  const journal = {
    siteId: 'depot-north',
    length: records.length,
    head: () => {
      const last = records[journal.length - 1]
      return { seq: last?.seq ?? 0, hash: last?.hash ?? '' }
    },
    readSite: async (after = 0, limit = 1_000) =>
      records
        .slice(0, journal.length)
        .filter(({ seq }) => seq > after)
        .slice(0, limit),
  }
  return journal
}
/** Every row on disk as it lies there. */
function bytesOf(path: string): string {
  const database = openDatabaseReadOnly(path)
  const tables = REPORT_NAMES.map((name) => database.prepare(`SELECT key, body FROM view_${name} ORDER BY key`).all())
  database.close()
  return JSON.stringify(tables)
}
const stumble = (cause: unknown): never => {
  throw cause
}

test('rows that followed the journal through many starts are the bytes of rows told anew from nothing', async () => {
  const grown = join(folder, 'grown.views')
  const journal = journalOf(past)
  for (let length = 0; length <= past.length + 99; length += 100) {
    journal.length = Math.min(length, past.length)
    const views = await SiteViews.open(grown, journal, stumble)
    await views.follow()
    await views.close()
  }
  const anew = join(folder, 'anew.views')
  const views = await SiteViews.open(anew, journalOf(past), stumble)
  await views.follow()
  await views.close()
  expect(bytesOf(grown)).toBe(bytesOf(anew))
  expect(bytesOf(anew).length).toBeGreaterThan(20_000)
})

test('what is read from disk is what is told in memory', async () => {
  const views = await SiteViews.open(join(folder, 'both.views'), journalOf(past), stumble)
  const passing = passingViews(journalOf(past))
  for (const name of REPORT_NAMES) expect(await views.read(name)).toEqual(await passing.read(name))
  const [kept, told] = [await views.look('sessions'), await passing.look('sessions')]
  const bills = (look: ViewLook) => look.between(orderSpan().from, orderSpan().until, 1_000).map(([key]) => key)
  expect(bills(kept)).toEqual(bills(told))
  expect(bills(kept).length).toBeGreaterThan(3)
  for (const [key, row] of await views.read('sessions')) {
    expect([kept.get(key), told.get(key)]).toEqual([row, row])
    if (row['status'] === 'billed') expect(bills(kept)).toContain(orderKey(String(row['order']), key))
  }
  const [first] = await views.read('visits')
  const after = await views.read('visits', { bay: 'bay-2' }, first?.[0])
  expect(after.every(([, row]) => row['bayId'] === 'bay-2')).toBe(true)
  expect(after.length).toBeGreaterThan(0)
  await views.close()
})

test('rows of a past that is another one now, or a file that is no database, are told anew', async () => {
  const path = join(folder, 'other.views')
  const whole = await SiteViews.open(path, journalOf(past), stumble)
  await whole.follow()
  await whole.close()
  const good = bytesOf(path)
  const other = past.map((record) => ({ ...record, hash: `${record.hash}x`, decisions: [] }))
  const changed = await SiteViews.open(path, journalOf(other), stumble)
  expect(await changed.read('visits')).toEqual([])
  await changed.close()
  writeFileSync(path, readFileSync(path).fill(7))
  const mended = await SiteViews.open(path, journalOf(past), stumble)
  await mended.follow()
  await mended.close()
  expect(bytesOf(path)).toBe(good)
})

test('a checkpoint that the disk refuses leaves the rows that are told anew', async () => {
  const path = join(folder, 'refused.views')
  const journal = journalOf(past)
  journal.length = 0
  let refused = 0
  const views = await SiteViews.open(path, journal, () => {
    refused += 1
  })
  const busy = new DatabaseSync(path)
  for (const share of [0.4, 0.7, 1]) {
    journal.length = Math.floor(past.length * share)
    busy.exec('BEGIN IMMEDIATE')
    await views.follow()
    busy.exec('ROLLBACK')
    await views.follow()
  }
  busy.close()
  await views.close()
  expect(refused).toBe(3)
  const anew = join(folder, 'unrefused.views')
  const whole = await SiteViews.open(anew, journalOf(past), stumble)
  await whole.follow()
  await whole.close()
  expect(bytesOf(path)).toBe(bytesOf(anew))
})

test('a command tells from the rows that the running site left, folds only what came since, writes nothing, and tells the bytes of rows told anew', async () => {
  const path = join(folder, 'left.views')
  const journal = journalOf(past)
  journal.length = past.length - 150
  const site = await SiteViews.open(path, journal, stumble)
  await site.follow()
  journal.length = past.length
  const read: number[] = []
  const watched: ToldJournal = {
    ...journal,
    head: journal.head,
    readSite: async (after = 0, limit = 1_000) => {
      const page = await journal.readSite(after, limit)
      read.push(...page.map(({ seq }) => seq))
      return page
    },
  }
  const before = bytesOf(path)
  const [kept, anew] = [keptViews(path, watched), passingViews(journal)]
  for (const name of REPORT_NAMES)
    expect(JSON.stringify(await kept.read(name)), name).toBe(JSON.stringify(await anew.read(name)))
  expect(Math.min(...read)).toBe(past.length - 150)
  expect(bytesOf(path)).toBe(before)
  const some = await anew.read('visits', {}, '', 3)
  const behindIt = some[1]?.[0] ?? ''
  expect(await kept.read('visits', {}, behindIt, 5)).toEqual(await anew.read('visits', {}, behindIt, 5))
  await site.close()

  const forged = past.map((record) => (record.seq === past.length - 150 ? { ...record, hash: 'f'.repeat(64) } : record))
  read.length = 0
  const other: ToldJournal = {
    ...watched,
    readSite: async (after = 0, limit = 1_000) => forged.filter(({ seq }) => seq > after).slice(0, limit),
  }
  expect(JSON.stringify(await keptViews(path, other).read('sessions'))).toBe(
    JSON.stringify(await anew.read('sessions')),
  )
  writeFileSync(path, 'no database at all')
  expect(JSON.stringify(await keptViews(path, journal).read('board'))).toBe(JSON.stringify(await anew.read('board')))
  expect(JSON.stringify(await keptViews(join(folder, 'none'), journal).read('board'))).toBe(
    JSON.stringify(await anew.read('board')),
  )
})
