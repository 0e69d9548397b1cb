import { Fault } from '../../machines/faults.ts'
import { ChainCheck } from './chain-check.ts'
import type { Checkpoint } from './checkpoint.ts'
import { CheckpointCheck, NO_TRUST, type Signed, type Trust } from './checkpoint-check.ts'
import { fileLines, parseLine } from './export-file.ts'
import type { JournalRow } from './journal-row.ts'
import { guarded } from './sqlite-file.ts'
import { type OpenStore, openStoreReadOnly } from './sqlite-reader.ts'

/** What a verification found. `broken` is one sentence about the first link that does not hold, null when all do. */
export type Verdict = {
  readonly siteId: string | null
  /** Records that hold before the first broken one, those left out by a filter included. */
  readonly records: number
  /** Of these, records that are present as hashes only. */
  readonly leftOut: number
  /** Of these, records whose personal fields are gone. */
  readonly erased: number
  readonly hash: string
  readonly broken: string | null
  /** What signed checkpoints vouch for; null where there are none. */
  readonly signed: Signed | null
  /** What a reader of the verdict should know although every link holds. */
  readonly notes: readonly string[]
}

/** Told after every page of records: how many were checked. */
export type Progress = (records: number) => void

const PAGE = 1_000

/** Checks every record of a store from the first on. Throws Fault NOT_FOUND or STORE_CORRUPT when it cannot be opened at all. */
export function verifyStore(path: string, progress: Progress = () => undefined, trust: Trust = NO_TRUST): Verdict {
  const store = openStoreReadOnly(path)
  try {
    return checkStore(store, path, progress, trust)
  } finally {
    store.database.close()
  }
}

function checkStore({ siteId, database, reader }: OpenStore, path: string, progress: Progress, trust: Trust): Verdict {
  const chain = new ChainCheck()
  const points = new CheckpointCheck(trust)
  let erased = 0
  const verdict = (broken: string | null): Verdict => ({
    siteId,
    records: chain.seq,
    leftOut: 0,
    erased,
    hash: chain.hash,
    broken,
    signed: points.signed(),
    notes: [],
  })
  try {
    for (let page = reader.rows(0, PAGE); page.length > 0; page = reader.rows(chain.seq, PAGE)) {
      for (const row of page) {
        const wrong = wrongRow(row, chain, siteId) ?? points.meet(chain)
        if (wrong !== null) return verdict(wrong)
        if (row.personal === null) erased++
      }
      progress(chain.seq)
    }
    const damage = guarded(path, () => String(database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']))
    const end = points.wrongEnd(siteId, chain.seq)
    if (end !== null) return verdict(end)
    return verdict(
      damage === 'ok' ? null : `the store's file is damaged beside its records: ${damage.split('\n').at(-1)}`,
    )
  } catch (error) {
    if (error instanceof Fault && error.code === 'STORE_CORRUPT')
      return verdict(`the store's file is damaged at record ${chain.seq + 1} or beside it`)
    throw error
  }
}

/** The chain, and that the columns by which records are found say what the record says. */
function wrongRow(row: JournalRow, chain: ChainCheck, siteId: string): string | null {
  if (typeof row.content !== 'string' || (row.personal !== null && typeof row.personal !== 'string'))
    return `record ${chain.seq + 1}: its text is damaged`
  return chain.take(row, () => wrongColumn(row, siteId))
}

function wrongColumn(row: JournalRow, siteId: string): string | null {
  const content = JSON.parse(row.content) as { [member: string]: unknown }
  if (content['siteId'] !== siteId)
    return `record ${row.seq} is of the site ${String(content['siteId'])}, the store of ${siteId}`
  for (const column of ['seq', 'stream', 'version', 'at'] as const) {
    if (content[column] !== row[column])
      return `record ${row.seq}: the column ${column} says ${row[column]}, the record ${String(content[column])}`
  }
  return null
}

/** Checks every line of an export. Throws the file system's error when it cannot be read. */
export function verifyExport(path: string, progress: Progress = () => undefined, trust: Trust = NO_TRUST): Verdict {
  const check = new ExportCheck(trust)
  for (const line of fileLines(path)) {
    const wrong = check.take(line)
    if (wrong !== null) return check.verdict(`line ${check.line}: ${wrong}`)
    if (check.line % PAGE === 0) progress(check.line)
  }
  return check.verdict(check.wrongEnd())
}

/** Follows the lines of an export. */
class ExportCheck {
  line = 0
  readonly #chain = new ChainCheck()
  #header: { siteId: unknown; seq: unknown; hash: unknown } | null = null
  #siteId: string | null = null
  #leftOut = 0
  #erased = 0
  readonly #points: CheckpointCheck

  constructor(trust: Trust) {
    this.#points = new CheckpointCheck(trust)
  }

  take(bytes: Uint8Array): string | null {
    this.line++
    const line = parseLine(bytes)
    if (line.kind === 'unreadable')
      return this.#chain.seq === 0 ? line.says : `${line.says}, after record ${this.#chain.seq}`
    if (line.kind === 'header') return this.#takeHeader(line)
    if (line.kind === 'checkpoint') return this.#takeCheckpoint(line.checkpoint)
    if (line.kind === 'machines') return line.holds ? null : `the machines ${line.name} were altered`
    const wrong =
      (line.kind === 'record' ? this.#wrongPlace(line.record) : null) ??
      this.#chain.take(line.link) ??
      this.#points.meet(this.#chain)
    if (wrong !== null) return wrong
    if (line.kind === 'left-out') this.#leftOut++
    else if (line.link.personal === null) this.#erased++
    return null
  }

  /** What is wrong with the end: the header says where it must be. */
  wrongEnd(): string | null {
    const { seq, hash } = this.#chain
    if (this.line === 0) return 'the file is empty'
    if (this.#header === null && seq === 0) return 'there is no record in it'
    if (this.#header !== null && this.#header.seq !== seq)
      return `the end is missing: the header promises ${String(this.#header.seq)} records, after record ${seq} comes nothing`
    const isLast = this.#header === null || this.#header.hash === hash
    return isLast
      ? this.#points.wrongEnd(this.#siteId, seq)
      : `record ${seq}: its hash is ${hash}, but the header says ${String(this.#header?.hash)}`
  }

  verdict(broken: string | null): Verdict {
    const notes = this.#header === null ? ['There is no header line, so a missing end cannot be noticed.'] : []
    const { seq: records, hash } = this.#chain
    const [signed, leftOut, erased] = [this.#points.signed(), this.#leftOut, this.#erased]
    return { siteId: this.#siteId, records, leftOut, erased, hash, broken, signed, notes }
  }

  #takeCheckpoint(checkpoint: Checkpoint): string | null {
    if (checkpoint.seq <= this.#chain.seq) return 'a checkpoint stands after the record that it names'
    this.#points.add(checkpoint)
    return null
  }

  #takeHeader(header: { siteId: unknown; seq: unknown; hash: unknown }): string | null {
    if (this.line !== 1) return 'a header stands between the records'
    this.#header = header
    this.#siteId = String(header.siteId)
    return null
  }

  #wrongPlace(record: { readonly [member: string]: unknown }): string | null {
    const siteId = String(record['siteId'])
    this.#siteId ??= siteId
    return siteId === this.#siteId
      ? null
      : `record ${this.#chain.seq + 1} is of the site ${siteId}, the others of ${this.#siteId}`
  }
}
