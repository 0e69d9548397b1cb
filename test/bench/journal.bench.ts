import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Journal } from '../../actors/ports.ts'
import { BY_TABLES } from '../../machines/compiled-step.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import { TwinBays } from '../../projections/twin-bays.ts'
import { playStory } from '../../simulations/player.ts'
import { SCENARIOS } from '../../simulations/scenario-list.ts'
import { systemChance } from '../../src/chance.ts'
import { systemClock } from '../../src/clock.ts'
import { lanesOf, ReplayLanes, segmentsOf } from '../../src/journal/replay-lanes.ts'
import { openSqliteJournal } from '../../src/journal/sqlite.ts'
import { type Database, openDatabase, openDatabaseReadOnly, transaction } from '../../src/journal/sqlite-file.ts'
import { JOURNAL_SCHEMA } from '../../src/journal/sqlite-reader.ts'
import { verifyStore } from '../../src/journal/verification.ts'
import { type KeyStore, openKeyStore } from '../../src/privacy/key-store.ts'
import { triedHistory } from '../../src/whatif/tried-history.ts'
import { TriedRules } from '../../src/whatif/tried-rules.ts'
import { bareRows, bareSteps, perCpuSecond } from './bare-records.ts'
import { atLeast, type Figure, rates } from './figure-table.ts'

const BATCH = 64
const BAYS = 12
const VEHICLES = 200

/**
 * Appends batches of 64 and bare inserts of the same rows in turns, batch by batch, so that whatever else the machine does meets both
 * alike. Answers ratios (appends over bare inserts, same bytes, table, pragmas and disk), rates, and records read per second.
 */
export async function journalBench(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'))
  try {
    return await inFolder(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function inFolder(folder: string): Promise<Figure[]> {
  const path = join(folder, 'journal.db')
  const keys = openKeyStore({
    path: `${path}.keys`,
    siteId: 'bench',
    clock: systemClock,
    chance: systemChance,
    env: {},
  })
  const journal = await openSqliteJournal({ path, siteId: 'bench', clock: systemClock, keys })
  const bare = openBare(join(folder, 'bare.db'))
  const source = new DraftSource(keys)
  await race(journal, bare, path, source, 1, 3)
  const sealed = await race(journal, bare, path, source, 1, 15)
  const mixed = await race(journal, bare, path, source, 4, 15)
  const read = await readRate(journal)
  bare.close()
  const written = journal.head().seq
  await journal.close()
  keys.close()
  const rows = bareRows(path)
  const verified = perCpuSecond(written, () => verifyStore(path))
  const journals = await lived()
  const relived = replayRate(journals)
  const stepped = bareSteps(journals)
  const tried = await whatIfRate(journals)
  return [
    {
      name: 'journal appends, every record sealed, records/s',
      value: Math.round(sealed.rate),
      floor: Math.round(sealed.bareRate),
      ratio: sealed.ratio,
      note: 'floor: bare inserts of the same rows; 64 a commit, FULL; the ratio is the median of turns',
      ...atLeast(0.4, sealed.ratio),
    },
    {
      name: 'journal appends, one record in four sealed, records/s',
      value: Math.round(mixed.rate),
      floor: Math.round(mixed.bareRate),
      ratio: mixed.ratio,
      note: 'floor: the same',
    },
    { name: 'journal, read and parsed, records/s', ...rates(read, rows.parsed), note: 'floor: SELECT and JSON.parse' },
    {
      name: 'berth verify of a store, records per CPU-second',
      ...rates(verified, rows.hashed),
      note: 'floor: SELECT and one SHA-256 a record',
    },
    {
      name: 'berth replay, decided again and compared, records per CPU-second',
      ...rates(relived, stepped),
      note: 'floor: bare steps of the same bays',
    },
    {
      name: 'berth whatif, another absence_s, records per CPU-second',
      ...rates(tried, relived),
      note: 'floor: berth replay',
    },
  ]
}

type Race = { ratio: number; rate: number; bareRate: number }

/** Batches of one turn: long enough to hold a checkpoint's share, short enough for many turns. */
const TURN = 20

/** One draft in `sealedEach` is about a person. The ratio is the median of the turns' ratios. */
async function race(
  journal: Journal,
  bare: Bare,
  path: string,
  source: DraftSource,
  sealedEach: number,
  turns: number,
): Promise<Race> {
  const reader = openDatabaseReadOnly(path)
  const last = reader.prepare('SELECT * FROM record WHERE seq > ? ORDER BY seq')
  const ratios: number[] = []
  const total = { ours: 0, theirs: 0 }
  for (let turn = 0; turn < turns; turn++) {
    const time = { ours: 0, theirs: 0 }
    for (let i = 0; i < TURN; i++) {
      const drafts = source.batch(sealedEach)
      const before = journal.head().seq
      const begun = performance.now()
      await journal.append(drafts)
      time.ours += performance.now() - begun
      const rows = last.all(before).map((row) => Object.values(row) as Cell[])
      const bareBegun = performance.now()
      bare.insert(rows)
      time.theirs += performance.now() - bareBegun
    }
    ratios.push(time.theirs / time.ours)
    total.ours += time.ours
    total.theirs += time.theirs
  }
  reader.close()
  const rate = (ms: number) => (BATCH * TURN * turns * 1_000) / ms
  return { ratio: median(ratios), rate: rate(total.ours), bareRate: rate(total.theirs) }
}

type Cell = string | number | null
type Bare = { insert: (rows: Cell[][]) => void; close: () => void }

/** What SQLite alone costs: the very rows that the journal wrote, into an equal table. */
function openBare(path: string): Bare {
  const database: Database = openDatabase(path, JOURNAL_SCHEMA)
  const insert = database.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  return {
    insert: (rows) => {
      transaction(database, path, () => {
        for (const row of rows) insert.run(...row)
      })
    },
    close: () => database.close(),
  }
}

async function readRate(journal: Journal): Promise<number> {
  const begun = performance.now()
  let records = 0
  for (let page = await journal.readSite(0); page.length > 0; page = await journal.readSite(records))
    records += page.length
  return (records * 1_000) / (performance.now() - begun)
}

/** Every edge case's records. */
async function lived(): Promise<readonly (readonly FactRecord[])[]> {
  const journals: (readonly FactRecord[])[] = []
  for (const { stories } of SCENARIOS) for (const story of stories) journals.push((await playStory(story)).records)
  return journals
}

const recordsIn = (journals: readonly (readonly FactRecord[])[]): number =>
  journals.reduce((sum, records) => sum + records.length, 0)

/** Lived again by this berth's machines. */
function replayRate(journals: readonly (readonly FactRecord[])[]): number {
  const live = () => {
    for (const records of journals) {
      const lanes = new ReplayLanes(lanesOf(segmentsOf([]), () => null))
      for (const record of records) if (lanes.take(record) !== null) throw new Error(`record ${record.seq} differs`)
    }
  }
  live()
  return perCpuSecond(recordsIn(journals), live)
}

/** Lived beside another policy, whose deadlines are others in every visit: the dearest case, two lives a bay. */
async function whatIfRate(journals: readonly (readonly FactRecord[])[]): Promise<number> {
  const live = async () => {
    for (const records of journals)
      await triedHistory(records, {
        lives: new TwinBays(BY_TABLES),
        rules: new TriedRules({ absence_s: 600 }, null),
        timezone: 'UTC',
        hasNoReader: true,
        open: null,
        from: null,
        to: null,
        machines: null,
      })
  }
  await live()
  const from = process.cpuUsage()
  await live()
  const { user, system } = process.cpuUsage(from)
  return (recordsIn(journals) * 1e6) / (user + system)
}

/** Drafts as a charging site writes them: about 1 kB, twelve bays, vehicles seen before. */
class DraftSource {
  readonly #handles: string[]
  #count = 0

  constructor(keys: KeyStore) {
    this.#handles = Array.from({ length: VEHICLES }, (_, i) => keys.vehicle(`PLATE${i}`))
  }

  batch(sealedEach: number): Draft[] {
    return Array.from({ length: BATCH }, () => this.#draft(sealedEach))
  }

  #draft(sealedEach: number): Draft {
    const count = this.#count++
    const bayId = `bay-${count % BAYS}`
    const at = '2026-11-22T10:00:00.000Z'
    const handle = this.#handles[count % VEHICLES] as string
    const personal =
      count % sealedEach === 0
        ? { [handle]: { plate: 'AB12CDE', tally: [{ text: 'AB12CDE', witnesses: 3 }], crop: `frame-${count}` } }
        : {}
    return {
      schema: 1,
      stream: `bay:${bayId}`,
      bayId,
      version: Math.floor(count / BAYS) + 1,
      at,
      machine: 'bay-1',
      cause: {
        type: 'meter.values',
        id: `obs-${count}`,
        source: 'CP-1',
        happenedAt: at,
        connector: 'CP-1/1',
        current_A: 6.1,
        power_W: 1400,
        register_Wh: 123_456 + count,
      },
      rule: 'drawing',
      decisions: [{ type: 'DrawResumed', visitId: 'visit-12' }],
      guards: [{ name: 'drawing', ok: true, value: 6.1 }],
      effects: [],
      timers: { set: [{ id: 'bay.charging.stale', due: '2026-11-22T10:01:30.000Z' }], cleared: [] },
      state: 'charging-locked',
      detail: 'charging',
      personal,
    }
  }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number
