import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyStore } from '../../../src/journal/verification.ts'
import { seededRoll } from '../../bench/tamper-yard.ts'
import { codeOf, draftOf, openStore, scratchFolder } from '../../contracts/journal-drafts.ts'
import { SEED } from '../../seeded-check.ts'

const CASES = Number(process.env['BERTH_CUTS'] ?? 64)
const BATCHES = 40
const SECTOR = 512

console.log(`torn: BERTH_SEED=${SEED}`)
const chance = seededRoll(SEED)

test(`a write-ahead log cut, zeroed or garbled at any of ${CASES} places opens to whole batches from the first on, and goes on from there`, async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const ends = new Set([0])
  for (let batch = 0; batch < BATCHES; batch++) {
    const version = store.journal.version('site')
    const size = 1 + (batch % 5)
    await store.journal.append(
      Array.from({ length: size }, (_, i) =>
        draftOf('site', version + 1 + i, { [store.keys.vehicle(`P${batch}`)]: { plate: `P${batch}` } }),
      ),
    )
    ends.add(store.journal.head().seq)
  }
  const heads = new Set<number>()
  for (let i = 0; i < CASES; i++) {
    const torn = tornCopy(store.path, join(folder, `case-${i}`), i)
    const seq = await reopened(torn)
    expect(ends).toContain(seq)
    heads.add(seq)
  }
  await store.close()
  // Were the damage never felt, this test would prove nothing.
  expect(heads.size).toBeGreaterThan(CASES / 8)
}, 600_000)

/** A copy as a power cut may leave it: the log's end missing, a sector of it zeroed, or one of its bytes another. */
function tornCopy(path: string, folder: string, nth: number): string {
  mkdirSync(folder)
  for (const end of ['.keys', '.keys-wal', '.keys.master', '', '-wal'])
    copyFileSync(`${path}${end}`, join(folder, `site.db${end}`))
  const log = join(folder, 'site.db-wal')
  const bytes = readFileSync(log)
  const place = Math.floor(chance() * bytes.length)
  if (nth % 3 === 0) truncateSync(log, place)
  else {
    if (nth % 3 === 1) bytes.fill(0, place, place + SECTOR)
    else bytes[place] = (bytes[place] as number) ^ (1 + Math.floor(chance() * 255))
    writeFileSync(log, bytes)
  }
  return folder
}

/** Opens a damaged copy, reads it through, appends to it; answers the seq at which it stood. */
async function reopened(folder: string): Promise<number> {
  const store = await openStore(folder)
  const { seq } = store.journal.head()
  const records = await store.journal.readSite()
  expect(records.length).toBe(seq)
  for (const record of records) expect(Object.keys(store.journal.open(record)).length).toBe(1)
  expect(await codeOf(() => store.journal.append([draftOf('site', seq + 1)]))).toBe('no fault')
  await store.close()
  expect(verifyStore(store.path)).toMatchObject({ broken: null, records: seq + 1 })
  return seq
}
