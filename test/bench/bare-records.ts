import { hash } from 'node:crypto'
import type { FactRecord } from '../../machines/record.ts'
import { type BaySnapshot, eventOf, opened, step } from '../../machines/step.ts'
import { openDatabaseReadOnly } from '../../src/journal/sqlite-file.ts'

/** So many per second of the processor's time, whatever else the machine does. */
export function perCpuSecond(count: number, work: () => unknown): number {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return (count * 1e6) / (user + system)
}

/** What reading the rows and parsing them costs, and reading and hashing them once: records/s, and per CPU-second. */
export function bareRows(path: string): { readonly parsed: number; readonly hashed: number } {
  const reader = openDatabaseReadOnly(path)
  const all = reader.prepare('SELECT content, personal FROM record ORDER BY seq')
  const begun = performance.now()
  let count = 0
  for (const row of all.iterate()) {
    JSON.parse(String(row['content']))
    count += 1
  }
  const parsed = (count * 1_000) / (performance.now() - begun)
  const hashed = perCpuSecond(count, () => {
    for (const row of all.iterate()) hash('sha256', String(row['content']))
  })
  reader.close()
  return { parsed, hashed }
}

/** Steps of every bay from its own records, without the journal around them. */
export function bareSteps(journals: readonly (readonly FactRecord[])[]): number {
  const own = journals.map((records) => records.filter(({ bayId }) => bayId !== null))
  const live = () => {
    for (const records of own) {
      const bays = new Map<string, BaySnapshot>()
      for (const record of records) {
        const bayId = record.bayId as string
        bays.set(bayId, step(bays.get(bayId) ?? opened(bayId), eventOf(record)).snapshot)
      }
    }
  }
  live()
  return perCpuSecond(
    own.reduce((sum, records) => sum + records.length, 0),
    live,
  )
}
