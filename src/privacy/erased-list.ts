import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { Fault } from '../../machines/faults.ts'

/**
 * Who was erased, in a file of its own beside the key store: names that mean nothing to anybody, and when. It is newer than any backup, so
 * that what a restored key store brings back is destroyed again before it serves.
 */
export type ErasedList = {
  /** Everybody on it. */
  readonly all: ReadonlySet<string>
  /** Durable when it returns; `at` ms since 1970. Throws Fault STORE_UNWRITABLE. */
  add(subject: string, at: number): void
}

/** Opens the list at `path`; null keeps it in memory only. Throws Fault STORE_UNWRITABLE where it cannot be read. */
export function openErasedList(path: string | null): ErasedList {
  const all = new Set(path === null ? [] : readList(path))
  return {
    all,
    add(subject, at) {
      if (all.has(subject)) return
      if (path !== null) appendLine(path, `${new Date(at).toISOString()} ${subject}\n`)
      all.add(subject)
    },
  }
}

/** A line that a crash cut off was never acted on: it is left out. */
function readList(path: string): string[] {
  try {
    const whole = /^\S+ (\S+)$/
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    return lines.flatMap((line) => whole.exec(line)?.[1] ?? [])
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
