import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { Fault } from '../../machines/faults.ts'
import { isSameSecret } from '../same-secret.ts'

/**
 * Who was erased, in a file of its own beside the key store: names that mean nothing to anybody, and when. It is newer than any backup, so
 * that what a restored key store brings back is destroyed again before it serves.
 */
export type ErasedList = {
  /** Where it stands; null in memory. */
  readonly path: string | null
  /** Everybody on it, and when they were erased (ISO 8601 UTC), oldest entry first. */
  readonly times: ReadonlyMap<string, string>
  /** So many more stood on it once than did when it was opened, as the key store remembers: it was lost, or an older copy was put back. */
  readonly lacks: number
  /** Durable when it returns; `at` ms since 1970. Throws Fault STORE_UNWRITABLE. */
  add(subject: string, at: number): void
  /** Somebody was told what it lacks: from now on it is taken for whole. Throws Fault STORE_UNWRITABLE. */
  taken(): void
}

/** Where the number of entries is remembered apart from the list; 0 where none was. */
export type EntryCount = { read(): number; write(count: number): void }
const NO_COUNT: EntryCount = { read: () => 0, write: () => undefined }

/** Opens the list at `path`; null keeps it in memory only. Throws Fault STORE_UNWRITABLE where it cannot be read. */
export function openErasedList(path: string | null, count: EntryCount = NO_COUNT): ErasedList {
  const times = new Map(path === null ? [] : readList(path))
  return {
    path,
    times,
    lacks: Math.max(0, count.read() - times.size),
    add(subject, at) {
      if (times.has(subject)) return
      const time = new Date(at).toISOString()
      if (path !== null) appendLine(path, `${time} ${subject}\n`)
      times.set(subject, time)
      count.write(Math.max(count.read(), times.size))
    },
    taken: () => count.write(times.size),
  }
}

/** Somebody who was erased at `time` (ISO 8601). `mark`: in a copy elsewhere, that this site wrote it (`erasedMark` under its lasting key); else empty. */
export type ErasedEntry = { readonly name: string; readonly time: string; readonly mark: string }

/** What of an entry is marked. */
export const erasedMark = (name: string): string => `erased|${name}`

/** Whether this site wrote an entry of a copy elsewhere; `mark`: its own marks. */
export const isMarked = ({ name, mark: given }: ErasedEntry, mark: (text: string) => string): boolean =>
  isSameSecret(given, mark(erasedMark(name)))

/** The entries of a list's text. A line that a crash cut off was never acted on: it is left out. */
export function erasedEntries(text: string): readonly ErasedEntry[] {
  const lines = text.split('\n').slice(0, -1)
  return lines.flatMap((line) => {
    const [, time, name, mark = ''] = /^(\S+) (\S+)(?: ([\w-]+))?$/.exec(line) ?? []
    return time !== undefined && name !== undefined ? [{ name, time, mark }] : []
  })
}

function readList(path: string): readonly (readonly [name: string, time: string])[] {
  try {
    return erasedEntries(readFileSync(path, 'utf8')).map(({ name, time }) => [name, time] as const)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw unwritable(path, 'read', cause)
  }
}

function appendLine(path: string, line: string): void {
  try {
    const file = openSync(path, 'a+', 0o600)
    try {
      writeFileSync(file, `${isCutOff(file) ? CUT_OFF : ''}${line}`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw unwritable(path, 'written', cause)
  }
}

/** Behind a line that a crash cut off: it is none, whatever name (or beginning of one) it holds, and the next one stands alone. */
const CUT_OFF = ' (cut off, never acted on)\n'

function isCutOff(file: number): boolean {
  const { size } = fstatSync(file)
  const end = Buffer.alloc(1)
  return size > 0 && readSync(file, end, 0, 1, size - 1) === 1 && end[0] !== 10
}

const unwritable = (path: string, how: string, cause: unknown): Fault =>
  new Fault(
    'STORE_UNWRITABLE',
    { path },
    { cause, says: `The list of erasures ${path} cannot be ${how}; mend its permissions, or free disk space.` },
  )
