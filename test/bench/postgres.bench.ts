import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Journal } from '../../actors/ports.ts'
import type { Draft } from '../../machines/record.ts'
import { systemChance } from '../../src/chance.ts'
import { systemClock } from '../../src/clock.ts'
import type { JournalRow } from '../../src/journal/journal-row.ts'
import { openPostgresJournal } from '../../src/journal/postgres.ts'
import { openPostgresAsItIs } from '../../src/journal/postgres-reader.ts'
import { columnsOf } from '../../src/journal/postgres-tables.ts'
import { openKeyStore } from '../../src/privacy/key-store.ts'
import { binaries, PostgresCluster } from '../contracts/postgres-cluster.ts'
import { atLeast, type Figure } from './figure-table.ts'

const BATCH = 64
const TURN = 10
const TURNS = 15
const BAYS = 12

/** The least that keeps the same rows: one insert of a whole batch, its own commit, the same columns and indexes. */
const BARE_TABLE = `CREATE TABLE bare (site text COLLATE "C", seq bigint, stream text COLLATE "C", version bigint, at text, content text,
  personal text, personal_hash text, content_hash text, prev text, hash text, PRIMARY KEY (site, seq), UNIQUE (site, stream, version))`
const BARE_INSERT = `INSERT INTO bare SELECT 'bench', row.* FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[],
  $6::text[], $7::text[], $8::text[], $9::text[], $10::text[]) AS row`

/**
 * Appends batches of 64 to a private PostgreSQL and bare inserts of the same rows in turns, so that whatever else the machine does meets
 * both alike. Answers the ratio (the median of the turns' ratios) and rates; one line where there is no PostgreSQL.
 */
export async function postgresBench(): Promise<Figure[]> {
  const bin = binaries()
  if (bin === null) {
    process.stdout.write(
      'skipped: the journal on a PostgreSQL; install its server (Debian: apt-get install postgresql)\n',
    )
    return []
  }
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'))
  const cluster = await PostgresCluster.open(bin, tmpdir())
  try {
    return await raced(folder, cluster)
  } finally {
    await cluster.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function raced(folder: string, cluster: PostgresCluster): Promise<Figure[]> {
  const [path, siteId, clock, url] = [join(folder, 'bench'), 'bench', systemClock, cluster.url()]
  const keys = openKeyStore({ path: `${path}.keys`, siteId, clock, chance: systemChance, env: {} })
  const journal = await openPostgresJournal({ url, path, siteId, clock, keys })
  const log = await openPostgresAsItIs({ url, siteId })
  const bare = new Client({ connectionString: url })
  await bare.connect()
  await bare.query(BARE_TABLE)
  const handles = Array.from({ length: 200 }, (_, i) => keys.vehicle(`PLATE${i}`))
  const ratios: number[] = []
  const total = { ours: 0, theirs: 0 }
  for (let turn = -3; turn < TURNS; turn++) {
    const time = { ours: 0, theirs: 0 }
    for (let i = 0; i < TURN; i++) {
      const drafts = batchBehind(journal, handles)
      const { seq } = journal.head()
      time.ours += await timed(() => journal.append(drafts))
      const rows: readonly JournalRow[] = await log.rows(seq, BATCH)
      time.theirs += await timed(() => bare.query(BARE_INSERT, [...columnsOf(rows)]))
    }
    if (turn < 0) continue
    ratios.push(time.theirs / time.ours)
    total.ours += time.ours
    total.theirs += time.theirs
  }
  await bare.end()
  await log.close()
  await journal.close()
  keys.close()
  const rate = (ms: number) => Math.round((BATCH * TURN * TURNS * 1_000) / ms)
  const ratio = ratios.sort((a, b) => a - b)[ratios.length >> 1] as number
  return [
    {
      name: 'appends to a PostgreSQL, every record sealed, records/s',
      value: rate(total.ours),
      floor: rate(total.theirs),
      ratio,
      note: 'floor: bare inserts; 64 a commit, fsync, loopback; the ratio is the median of turns',
      ...atLeast(0.4, ratio),
    },
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** Drafts as a charging site writes them: about 1 kB, twelve bays, vehicles seen before. */
function batchBehind(journal: Journal, handles: readonly string[]): Draft[] {
  const { seq } = journal.head()
  return Array.from({ length: BATCH }, (_, i): Draft => {
    const count = seq + i
    const bayId = `bay-${count % BAYS}`
    const at = '2026-11-22T10:00:00.000Z'
    const handle = handles[count % handles.length] as string
    const meter = { source: 'CP-1', connector: 'CP-1/1', current_A: 6.1, power_W: 1400, register_Wh: 123_456 + count }
    return {
      ...{ schema: 1, stream: `bay:${bayId}`, bayId, version: Math.floor(count / BAYS) + 1, at, machine: 'bay-1' },
      cause: { type: 'meter.values', id: `obs-${count}`, happenedAt: at, ...meter },
      rule: 'drawing',
      decisions: [{ type: 'DrawResumed', visitId: 'visit-12' }],
      guards: [{ name: 'drawing', ok: true, value: 6.1 }],
      effects: [],
      timers: { set: [{ id: 'bay.charging.stale', due: '2026-11-22T10:01:30.000Z' }], cleared: [] },
      state: 'charging-locked',
      detail: 'charging',
      personal: { [handle]: { plate: 'AB12CDE', tally: [{ text: 'AB12CDE', witnesses: 3 }], crop: `frame-${count}` } },
    }
  })
}
