import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { verifyStore } from '../../../src/journal/verification.ts'
import { openStore, scratchFolder } from '../../contracts/journal-drafts.ts'

/** `npm run crash` kills it, and cuts its log, a hundred times. */
const KILLS = Number(process.env['BERTH_KILLS'] ?? 10)
const CUTS = Number(process.env['BERTH_CUTS'] ?? 20)
const CRASHER = fileURLToPath(new URL('./privacy-crasher.ts', import.meta.url))

/** What was acknowledged over all lives of the store. */
type Said = { batch: number; period: number; readonly erased: Set<number> }

test(`an owner killed ${KILLS} times while it records, erases and changes keys keeps every acknowledged record and every other plate, and nobody who was erased comes back, not even where the key store’s log is cut`, async () => {
  const folder = scratchFolder()
  const said: Said = { batch: 0, period: 1, erased: new Set() }
  for (let kills = 0; kills < KILLS; kills++) {
    await killAtRandom(join(folder, 'site.db'), said)
    if (kills % 5 === 4) await checkStore(folder, said)
  }
  await checkStore(folder, said)
  expect(said.batch).toBeGreaterThan(KILLS)
  expect(said.erased.size).toBeGreaterThan(0)
  expect(said.period).toBeGreaterThan(1)
  await killAtRandom(join(folder, 'site.db'), said)
  for (let cut = 0; cut < CUTS; cut++) await checkCut(folder, join(folder, `cut-${cut}`), said)
}, 600_000)

async function killAtRandom(path: string, said: Said): Promise<void> {
  const child = spawn(process.execPath, [CRASHER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let isArmed = false
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const [what, number] = line.split(' ')
    if (what === 'batch') said.batch = Math.max(said.batch, Number(number))
    if (what === 'period') said.period = Math.max(said.period, Number(number))
    if (what === 'erased') said.erased.add(Number(number))
    if (what !== 'batch' || isArmed) return
    isArmed = true
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 120)
  })
  await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
}

async function recordsOf(store: Awaited<ReturnType<typeof openStore>>): Promise<FactRecord[]> {
  const records: FactRecord[] = []
  for (let page = await store.journal.readSite(); page.length > 0; page = await store.journal.readSite(records.length))
    records.push(...page)
  return records
}

async function checkStore(folder: string, said: Said): Promise<void> {
  const store = await openStore(folder)
  const batches = Map.groupBy(await recordsOf(store), ({ cause }) => Number(cause['batch']))
  expect([...batches.keys()]).toEqual(Array.from({ length: batches.size }, (_, i) => i + 1))
  expect(batches.size).toBeGreaterThanOrEqual(said.batch)
  expect(store.keys.periods()[0]?.period).toBeGreaterThanOrEqual(said.period)
  for (const [batch, inBatch] of batches) {
    expect(inBatch.map(({ cause }) => cause['nth'])).toEqual(Array.from({ length: 1 + (batch % 4) }, (_, i) => i))
    const handle = store.keys.findVehicle(`PLATE${batch}`)
    // An erasure that nobody was told of may have happened or not.
    if (handle === null) expect((batch + 1) % 3, `PLATE${batch} is lost`).toBe(0)
    if (said.erased.has(batch)) expect(handle, `PLATE${batch} came back`).toBeNull()
    for (const record of inBatch)
      expect(store.journal.open(record)).toEqual(handle === null ? {} : { [handle]: { plate: `PLATE${batch}` } })
  }
  await store.close()
  expect(verifyStore(store.path).broken).toBeNull()
}

/** The key store's log loses its end, as a disk that lied may leave it: nobody who was erased is readable. */
async function checkCut(from: string, to: string, said: Said): Promise<void> {
  mkdirSync(to)
  for (const end of ['', '-wal', '.keys', '.keys-wal', '.keys.master', '.keys.erased'])
    if (existsSync(join(from, `site.db${end}`))) copyFileSync(join(from, `site.db${end}`), join(to, `site.db${end}`))
  const log = join(to, 'site.db.keys-wal')
  if (existsSync(log)) truncateSync(log, Math.floor(Math.random() * readFileSync(log).length))
  const store = await openStore(to)
  for (const record of await recordsOf(store)) {
    if (!said.erased.has(Number(record.cause['batch']))) continue
    expect(store.journal.open(record)).toEqual({})
  }
  for (const batch of said.erased) expect(store.keys.findVehicle(`PLATE${batch}`)).toBeNull()
  await store.close()
  expect(verifyStore(store.path).broken).toBeNull()
}
