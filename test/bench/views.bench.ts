import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FactRecord } from '../../machines/record.ts'
import { HeldRows } from '../../projections/row-fold.ts'
import { TOLD } from '../../projections/told.ts'
import { SiteViews } from '../../src/views/site-views.ts'
import { livedPast } from '../projections/lived-past.ts'
import { type Figure, rates } from './figure-table.ts'

/** Times that the same day is told, one after the other. */
const TIMES = 4

/** Records per CPU-second: every report told anew from a journal in memory, onto the disk, and the folds alone. */
export async function viewsBench(): Promise<Figure[]> {
  const past = await livedPast(1, 1)
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'))
  try {
    const alone = await rate(past, async () => {
      for (const { fold } of TOLD) {
        const rows = new HeldRows()
        for (const record of past) fold(rows, record)
      }
    })
    let run = 0
    const stored = await rate(past, async () => {
      const views = await SiteViews.open(join(folder, `${++run}.views`), journalOf(past), (cause) => {
        throw cause
      })
      await views.follow()
      await views.close()
    })
    const note = `floor: folded in memory; ${TOLD.length} folds over a day of 4 bays under every fault`
    return [{ name: 'projections rebuilt onto the disk, records per CPU-second', ...rates(stored, alone), note }]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function rate(past: readonly FactRecord[], work: () => Promise<void>): Promise<number> {
  await work()
  const from = process.cpuUsage()
  for (let time = 0; time < TIMES; time++) await work()
  const { user, system } = process.cpuUsage(from)
  return Math.round((past.length * TIMES) / ((user + system) / 1e6))
}

const journalOf = (past: readonly FactRecord[]) => ({
  siteId: 'bench',
  head: () => past.at(-1) ?? { seq: 0, hash: '' },
  readSite: async (after = 0, limit = 1_000) => {
    const at = past.findIndex(({ seq }) => seq > after)
    return at < 0 ? [] : past.slice(at, at + limit)
  },
})

if (import.meta.main)
  for (const { name, value, note } of await viewsBench())
    process.stdout.write(`${name}: ${value}${note ? ` (${note})` : ''}\n`)
