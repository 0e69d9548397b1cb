import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import { openDatabaseReadOnly } from './sqlite-file.ts'
import { lockStore } from './store-lock.ts'

/** What lies beside a store, by the end of its name: what it is, and how it is carried. */
const BESIDE: readonly { readonly end: string; readonly is: string; readonly as: 'database' | 'file' | 'folder' }[] = [
  { end: '.keys', is: 'keys', as: 'database' },
  { end: '.keys.master', is: 'master key', as: 'file' },
  { end: '.keys.erased', is: 'list of erasures', as: 'file' },
  { end: '.crops', is: 'crops', as: 'folder' },
  { end: '.checkpoints.jsonl', is: 'checkpoints', as: 'file' },
  { end: '.checkpoints.sent', is: 'what receivers have of them', as: 'file' },
  { end: '.machines', is: 'machines', as: 'folder' },
  { end: '.tokens', is: 'tokens', as: 'file' },
  { end: '.frames', is: 'frames', as: 'database' },
  { end: '.news', is: 'what receivers have of the news', as: 'database' },
  { end: '.relay', is: "the relay's own file", as: 'database' },
]

/** Beside a store too, and not carried. */
const STAYS: readonly { readonly end: string; readonly says: string }[] = [
  { end: '.views', says: 'views (they are told anew)' },
  { end: '.archive', says: 'archived segments (their records are in the copy itself)' },
]

/** Holds every file beside a store that a process owns: the journal, the keys, the relay. Throws Fault STORE_OWNED. */
export function holdStore(path: string): () => void {
  const held: (() => void)[] = []
  const release = () => {
    for (const one of held.reverse()) one()
  }
  try {
    for (const one of [path, `${path}.keys`, `${path}.relay`]) if (one === path || existsSync(one)) held.push(hold(one))
    return release
  } catch (fault) {
    release()
    throw fault
  }
}

function hold(path: string): () => void {
  const lock = lockStore(path)
  try {
    lock.sign(0, new Date().toISOString())
    return lock.release
  } catch (fault) {
    lock.release()
    throw fault
  }
}

/** What of this lies beside a store already: nothing may be written over. */
export const besideAlready = (path: string): readonly string[] =>
  BESIDE.map(({ end }) => `${path}${end}`).filter((one) => existsSync(one))

/** Carries what lies beside a store; each is whole or not there. Answers in words what was carried and what stays. Throws Fault STORE_UNWRITABLE. */
export function carryFiles(from: string, to: string): { readonly carried: string[]; readonly stays: string[] } {
  const here = BESIDE.filter(({ end }) => existsSync(`${from}${end}`))
  try {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    for (const { end, as } of here) carry(`${from}${end}`, `${to}${end}`, as)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const says = `What lies beside ${from} cannot be carried to ${to}: ${(cause as Error).message}; make room, or mend the folder's permissions, and run it again.`
    throw new Fault('STORE_UNWRITABLE', {}, { cause, says })
  }
  const stays = STAYS.filter(({ end }) => existsSync(`${from}${end}`)).map(({ says }) => says)
  return { carried: here.map(({ is }) => is), stays }
}

function carry(from: string, to: string, as: 'database' | 'file' | 'folder'): void {
  const part = `${to}.part`
  rmSync(part, { recursive: true, force: true })
  if (as === 'folder') cpSync(from, part, { recursive: true, preserveTimestamps: true })
  else if (as === 'file') copyFileSync(from, part)
  else copyDatabase(from, part)
  if (as !== 'folder') chmodSync(part, statSync(from).mode)
  for (const end of ['', '-wal', '-shm']) rmSync(`${to}${end}`, { recursive: true, force: true })
  renameSync(part, to)
}

/** The database as it stands, what is still in its write-ahead log included. */
function copyDatabase(from: string, to: string): void {
  const database = openDatabaseReadOnly(from)
  try {
    // SQLite fills an empty file, which is its owner's alone.
    closeSync(openSync(to, 'a', 0o600))
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
}
