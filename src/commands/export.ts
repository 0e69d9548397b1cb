import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { counted } from '../counted.ts'
import { adoptionsIn, keptBetween } from '../journal/adopted-machines.ts'
import { GENESIS_LINK } from '../journal/chain.ts'
import { type Checkpoint, checkpointLine } from '../journal/checkpoint.ts'
import { checkpointsBeside, readCheckpoints } from '../journal/checkpoint-file.ts'
import { fullLine, hashLine, headerLine, machinesLine, restHeaderLine } from '../journal/export-file.ts'
import type { JournalRow } from '../journal/journal-row.ts'
import { openStoreRows, type StoreRows } from '../journal/site-store.ts'
import { recordLook } from '../recorded-look.ts'
import { readSiteFile } from '../site-file.ts'

const PAGE = 1_000

/**
 * `berth export --site site.yaml --out FILE [--bay B] [--from T] [--to T] [--rest]`: the journal as JSON lines, oldest first, personal fields
 * sealed as they are stored; `--rest` leaves out what is archived. Records of other bays, before `from` or at or after `to` stand as their hashes. 2 for a wrong command line.
 */
export async function exportJournal(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: argv,
    options: { site: text, out: text, bay: text, from: text, to: text, rest: { type: 'boolean' } },
  })
  const { site, out, bay, rest = false } = values
  if (site === undefined || out === undefined)
    return misused('say which journal and where to: `--site site.yaml --out FILE`.')
  const from = moment(values.from)
  const to = moment(values.to)
  if (from === null || to === null) {
    return misused(
      `${from === null ? `--from ${values.from}` : `--to ${values.to}`} is not a time; write it like 2026-11-22T10:00:00Z, or 2026-11-22.`,
    )
  }
  const wanted = (row: JournalRow) =>
    (bay === undefined || row.stream === `bay:${bay}`) &&
    (from === undefined || row.at >= from) &&
    (to === undefined || row.at < to)
  const file = await readSiteFile(site)
  const { path } = file.store
  const span = { bay: bay ?? null, from: from ?? null, to: to ?? null }
  const isThere = file.store.kind !== 'sqlite' || existsSync(path)
  const unrecorded = isThere ? await recordLook(file, 'export', basename(out), span) : null
  if (unrecorded !== null)
    process.stderr.write(`berth export: that this export was made is not on record: ${unrecorded}.\n`)
  const store = await openStoreRows(file.store, file.site.id)
  try {
    if (bay !== undefined && store.version(`bay:${bay}`) === 0) {
      process.stderr.write(`berth export: the journal has no record of ${bay}; check its id.\n`)
      return 1
    }
    const { checkpoints } = readCheckpoints(checkpointsBeside(path))
    const machines = keptBetween(await adoptionsIn(store), path, 0, store.head().seq)
    return await write(store, { checkpoints, machines }, out, { wanted, rest })
  } finally {
    await store.close()
  }
}

/** Null when it is no time; else in the form of a record's `at`, so that texts compare as times do. */
function moment(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined
  const known = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text)
  const time = known ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** What goes before the records: who vouches for them, and what wrote them. */
type Preface = { readonly checkpoints: readonly Checkpoint[]; readonly machines: ReadonlyMap<string, string> }

/** `wanted`: rows that stand in full; `rest`: what is archived stays out. */
type Asked = { readonly wanted: (row: JournalRow) => boolean; readonly rest: boolean }

/** Under another name until it is whole: a file called `out` is never half an export. */
async function write(store: StoreRows, preface: Preface, out: string, asked: Asked): Promise<number> {
  const part = `${out}.part`
  try {
    const file = openSync(part, 'w', 0o600)
    try {
      const { full, leftOut } = await writeLines(store, preface, file, asked)
      fsyncSync(file)
      process.stdout.write(`${out}: ${counted(full, 'record')}, ${leftOut} left out as hashes\n`)
    } finally {
      closeSync(file)
    }
    renameSync(part, out)
    return 0
  } catch (error) {
    rmSync(part, { force: true })
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    process.stderr.write(
      `berth export: ${out} cannot be written (${code}); name a file in a folder that can be written to and has room.\n`,
    )
    return 1
  }
}

async function writeLines(
  store: StoreRows,
  { checkpoints, machines }: Preface,
  file: number,
  { wanted, rest }: Asked,
): Promise<{ full: number; leftOut: number }> {
  // What the owner appends meanwhile stays out: the header promises this head.
  const { siteId } = store
  const head = store.head()
  const before = rest ? store.archivedTo() : GENESIS_LINK
  writeFileSync(file, `${before.seq === 0 ? headerLine(siteId, head) : restHeaderLine(siteId, before, head)}\n`)
  for (const [name, source] of machines) writeFileSync(file, `${machinesLine(name, source)}\n`)
  for (const checkpoint of checkpoints)
    if (checkpoint.seq > before.seq && checkpoint.seq <= head.seq)
      writeFileSync(file, `${checkpointLine(checkpoint)}\n`)
  let full = 0
  let leftOut = 0
  for (let page = await store.rows(before.seq, PAGE); page.length > 0; ) {
    const rows = page.filter((row) => row.seq <= head.seq)
    writeFileSync(file, rows.map((row) => `${wanted(row) ? fullLine(row) : hashLine(row)}\n`).join(''))
    const kept = rows.filter(wanted).length
    full += kept
    leftOut += rows.length - kept
    if (process.stderr.isTTY) process.stderr.write(`\r${full + leftOut} of ${head.seq - before.seq} records`)
    page = await store.rows((page.at(-1) as JournalRow).seq, PAGE)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  return { full, leftOut }
}

function misused(says: string): number {
  process.stderr.write(`berth export: ${says}\n`)
  return 2
}
