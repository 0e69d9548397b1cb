import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../../src/journal/export-check.ts'
import { fullLine, headerLine } from '../../src/journal/export-file.ts'
import { openDatabase } from '../../src/journal/sqlite-file.ts'
import { openStoreReadOnly } from '../../src/journal/sqlite-reader.ts'
import { verifyExport, verifyStore } from '../../src/journal/verification.ts'
import { draftOf, openStore } from '../contracts/journal-drafts.ts'

/** One change of one byte: where, and whether verification named that very record. */
export type Tampered = {
  readonly record: number
  readonly what: string
  readonly named: boolean
  readonly says: string
}

/** Chance that repeats with its seed, 0..1 (a linear congruence: for tests only). */
export function seededRoll(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const BATCH = 500
const PAGE = 5_000

/** A closed store of so many records at 12 bays, every fourth about somebody; answers its path. */
export async function writtenStore(folder: string, records: number, siteId = 'depot'): Promise<string> {
  const store = await openStore(folder, `${siteId}.db`, siteId)
  const versions = new Map<string, number>()
  for (let from = 0; from < records; from += BATCH) {
    const drafts = Array.from({ length: Math.min(BATCH, records - from) }, (_, i) => {
      const stream = `bay:bay-${(from + i) % 12}`
      const version = (versions.get(stream) ?? 0) + 1
      versions.set(stream, version)
      const about = i % 4 === 0 ? { [store.keys.vehicle(`P${(from + i) % 997}`)]: { plate: 'AB12CDE' } } : {}
      return draftOf(stream, version, about, { register_Wh: from + i })
    })
    await store.journal.append(drafts)
  }
  await store.close()
  return store.path
}

/** Writes the store's export; answers the path. */
export function writtenExport(path: string): string {
  const { siteId, reader, database } = openStoreReadOnly(path)
  const out = `${path}.jsonl`
  writeFileSync(out, `${headerLine(siteId, reader.head())}\n`)
  for (let rows = reader.rows(0, PAGE); rows.length > 0; rows = reader.rows(rows.at(-1)?.seq ?? 0, PAGE))
    writeFileSync(out, rows.map((row) => `${fullLine(row)}\n`).join(''), { flag: 'a' })
  database.close()
  return out
}

const COLUMNS = ['content', 'personal', 'personal_hash', 'content_hash', 'prev', 'hash', 'stream', 'at'] as const

/** Changes one byte of one cell in the store, verifies, and puts it back; `chance` answers 0..1. */
export function tamperCell(path: string, records: number, chance: () => number): Tampered {
  const record = 1 + Math.floor(chance() * records)
  const column = COLUMNS[Math.floor(chance() * COLUMNS.length)] ?? 'content'
  const database = openDatabase(path, '')
  const cell = String(database.prepare(`SELECT ${column} AS cell FROM record WHERE seq = ?`).get(record)?.['cell'])
  const place = Math.floor(chance() * cell.length)
  const other = cell[place] === 'x' ? 'y' : 'x'
  const write = database.prepare(`UPDATE record SET ${column} = ? WHERE seq = ?`)
  write.run(cell.slice(0, place) + other + cell.slice(place + 1), record)
  database.close()
  const { broken } = verifyStore(path)
  const again = openDatabase(path, '')
  again.prepare(`UPDATE record SET ${column} = ? WHERE seq = ?`).run(cell, record)
  again.close()
  return judged(record, `${column}, character ${place}`, broken, new RegExp(`^record ${record}\\b`))
}

/** Flips one bit of one byte of an export behind its header, verifies, and puts it back. `bytes` is the whole export. */
export function tamperByte(path: string, bytes: Buffer, chance: () => number): Tampered {
  const header = bytes.indexOf(10)
  const place = header + 1 + Math.floor(chance() * (bytes.length - header - 2))
  const before = bytes[place] as number
  const changed = Buffer.from(bytes)
  changed[place] = before ^ (1 << Math.floor(chance() * 8))
  writeFileSync(path, changed)
  const { broken } = verifyExport(path)
  let line = 1
  for (let at = bytes.indexOf(10); at >= 0 && at < place; at = bytes.indexOf(10, at + 1)) line++
  return judged(line - 1, `byte ${place}`, broken, new RegExp(`^line ${line}: `))
}

const judged = (record: number, what: string, broken: string | null, names: RegExp): Tampered => ({
  record,
  what,
  named: broken !== null && names.test(broken),
  says: broken ?? 'nothing',
})

/** What verification says of an export in which another site's records follow from some record on, and of one whose tail was cut. */
export function mixedAndCut(folder: string, one: string, other: string): { mixed: Verdict; cut: Verdict } {
  const [lines, foreign] = [one, other].map((path) => readFileSync(path, 'utf8').trimEnd().split('\n')) as [
    string[],
    string[],
  ]
  const middle = Math.floor(foreign.length / 2)
  const path = join(folder, 'changed.jsonl')
  const verdictOf = (text: string[]) => {
    writeFileSync(path, `${text.join('\n')}\n`)
    return verifyExport(path)
  }
  return {
    mixed: verdictOf([...lines.slice(0, middle), ...foreign.slice(middle)]),
    cut: verdictOf(lines.slice(0, -1)),
  }
}
