import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { verifyStore } from '../../../src/journal/verification.ts'
import { openStore, scratchFolder } from '../../contracts/journal-drafts.ts'

/** `npm run crash` kills it a hundred times. */
const KILLS = Number(process.env['BERTH_KILLS'] ?? 16)
const APPENDER = fileURLToPath(new URL('./crash-appender.ts', import.meta.url))

test(`an owner killed ${KILLS} times in the middle of its work loses no acknowledged record, leaves no half batch, and its keys open all`, async () => {
  const folder = scratchFolder()
  let acknowledged = 0
  let kills = 0
  for (; kills < KILLS; kills++) {
    const newest = await killAtRandom(join(folder, 'site.db'))
    acknowledged = Math.max(acknowledged, newest)
    // Now and then somebody looks between two crashes; the other times the next owner finds what the crash left.
    if (kills % 4 === 3) await checkStore(folder, acknowledged)
  }
  await checkStore(folder, acknowledged)
  expect(acknowledged).toBeGreaterThan(KILLS)
}, 600_000)

/** Starts an owner, kills it a random while after its first acknowledged batch, and answers the newest batch that it acknowledged. */
async function killAtRandom(path: string): Promise<number> {
  const child = spawn(process.execPath, [APPENDER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let newest = 0
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      if (line.startsWith('fault')) reject(new Error(line))
      if (!line.startsWith('batch')) return
      if (newest === 0) setTimeout(() => child.kill('SIGKILL'), Math.random() * 60)
      newest = Number(line.slice(6))
    })
    lines.on('close', resolve)
  })
  await gone(child)
  return newest
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
}

async function checkStore(folder: string, acknowledged: number): Promise<void> {
  const store = await openStore(folder)
  const records: FactRecord[] = []
  for (let page = await store.journal.readSite(); page.length > 0; page = await store.journal.readSite(records.length))
    records.push(...page)
  const batches = Map.groupBy(records, ({ cause }) => Number(cause['batch']))
  expect([...batches.keys()]).toEqual(Array.from({ length: batches.size }, (_, i) => i + 1))
  expect(batches.size).toBeGreaterThanOrEqual(acknowledged)
  for (const [batch, inBatch] of batches) {
    expect(inBatch.map(({ cause }) => cause['nth'])).toEqual(Array.from({ length: 1 + (batch % 16) }, (_, i) => i))
    const token = store.keys.tokenOf(`start-${batch}`)
    expect(token).toMatch(/^[0-9A-F]{16}$/)
    for (const record of inBatch) {
      expect(store.journal.open(record)).toEqual({
        [store.keys.findVehicle(`PLATE${batch}`) ?? 'lost']: { plate: `PLATE${batch}`, token },
      })
    }
  }
  await store.close()
  expect(verifyStore(store.path).broken).toBeNull()
}
