import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import { NO_TRUST, type Trust } from './checkpoint-check.ts'
import { ExportCheck, type Verdict } from './export-check.ts'
import { fileLines } from './export-file.ts'
import type { JournalRow } from './journal-row.ts'
import { wrongRow } from './row-check.ts'
import { guarded } from './sqlite-file.ts'
import { type OpenStore, openStoreReadOnly } from './sqlite-reader.ts'

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

/** A store on a server, to be checked: its rows, and how many its last owner said there were. */
type RowsToCheck = {
  readonly siteId: string
  readonly noted: number
  rows(after: number, limit: number): Promise<readonly JournalRow[]>
}

/** The same for a store on a server. What cannot be read as a record is named as the server gives it. */
export async function verifyRows(
  { siteId, noted, rows }: RowsToCheck,
  progress: Progress = () => undefined,
  trust: Trust = NO_TRUST,
): Promise<Verdict> {
  const check = new ExportCheck(trust, siteId)
  const { chain } = check
  try {
    for (let page = await rows(0, PAGE); page.length > 0; page = await rows(chain.seq, PAGE)) {
      const wrong = wrongPage(page, check, siteId)
      if (wrong !== null) return check.verdict(wrong)
      progress(chain.seq)
    }
    const cut = `the log ends at record ${chain.seq}, but its last owner had ${noted}`
    return check.verdict(check.points.wrongEnd(siteId, chain.seq) ?? (noted > chain.seq ? cut : null))
  } catch (error) {
    if (error instanceof Fault && error.code === 'STORE_CORRUPT')
      return check.verdict(error.message.replace(/; run `berth verify`.*$/, ''))
    throw error
  }
}

function checkStore(store: OpenStore, path: string, progress: Progress, trust: Trust): Verdict {
  const check = new ExportCheck(trust, store.siteId)
  try {
    const wrong = wrongSegments(store, check, progress) ?? wrongRows(store, check, progress)
    if (wrong !== null) return check.verdict(wrong)
    const { database } = store
    const damage = guarded(path, () => String(database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']))
    const end = check.points.wrongEnd(store.siteId, check.chain.seq)
    if (end !== null) return check.verdict(end)
    return check.verdict(
      damage === 'ok' ? null : `the store's file is damaged beside its records: ${damage.split('\n').at(-1)}`,
    )
  } catch (error) {
    if (error instanceof Fault && error.code === 'STORE_CORRUPT')
      return check.verdict(`the store's file is damaged at record ${check.chain.seq + 1} or beside it`)
    throw error
  }
}

/** What is wrong in the archive that the store's own records follow on, or null. */
function wrongSegments({ reader }: OpenStore, check: ExportCheck, progress: Progress): string | null {
  for (const { first, last, path } of reader.archived()) {
    const name = basename(path)
    if (!existsSync(path)) return `the records ${first} to ${last} are archived in ${name}, which is not there`
    const wrong = wrongFile(path, check, progress)
    if (wrong !== null) return `${name}: ${wrong}`
    if (check.chain.seq !== last) return `${name} ends at record ${check.chain.seq}, and should at ${last}`
  }
  return null
}

/** The store's own rows, after what is archived. */
function wrongRows({ siteId, reader }: OpenStore, check: ExportCheck, progress: Progress): string | null {
  const { chain } = check
  for (let page = reader.ownRows(chain.seq, PAGE); page.length > 0; page = reader.ownRows(chain.seq, PAGE)) {
    const wrong = wrongPage(page, check, siteId)
    if (wrong !== null) return wrong
    progress(chain.seq)
  }
  return null
}

function wrongPage(page: readonly JournalRow[], check: ExportCheck, siteId: string): string | null {
  for (const row of page) {
    const wrong = wrongRow(row, check.chain, siteId) ?? check.points.meet(check.chain)
    if (wrong !== null) return wrong
    if (row.personal === null) check.erased++
  }
  return null
}

/** Checks every line of an export. Throws the file system's error when it cannot be read. */
export const verifyExport = (path: string, progress: Progress = () => undefined, trust: Trust = NO_TRUST): Verdict =>
  verifyExports([path], progress, trust)

/** The same of several that follow one another: segments, and what came after them. */
export function verifyExports(
  paths: readonly string[],
  progress: Progress = () => undefined,
  trust: Trust = NO_TRUST,
): Verdict {
  const check = new ExportCheck(trust)
  for (const path of paths) {
    const wrong = wrongFile(path, check, progress)
    if (wrong !== null) return check.verdict(paths.length === 1 ? wrong : `${basename(path)}: ${wrong}`)
  }
  return check.verdict(check.points.wrongEnd(check.siteId, check.chain.seq))
}

/** What is wrong in the next file, with its line; null where all of it holds. */
function wrongFile(path: string, check: ExportCheck, progress: Progress): string | null {
  check.beginFile()
  try {
    for (const line of fileLines(path)) {
      const wrong = check.take(line)
      if (wrong !== null) return `line ${check.line}: ${wrong}`
      if (check.line % PAGE === 0) progress(check.chain.seq)
    }
  } catch (error) {
    if (error instanceof Fault && error.about['tooLarge'] === true) return `line ${check.line + 1}: ${error.message}`
    if (error instanceof Fault && error.code === 'STORE_CORRUPT')
      return `line ${check.line + 1}: the packed bytes after record ${check.chain.seq} are cut off or damaged`
    throw error
  }
  return check.wrongEnd()
}
