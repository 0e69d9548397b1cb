import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { Fault } from '../../machines/faults.ts'
import type { Role } from '../site-desk.ts'

/** A token as it lies on the disk: the hash alone, which nobody can send. `madeAt` ISO 8601 UTC; `accounts`: those that a fleet's token is for. */
export type StoredToken = {
  readonly name: string
  readonly role: Role
  readonly sha256: string
  readonly madeAt: string
  readonly accounts?: readonly string[]
}

/** Every role that a token may have. */
export const TOKEN_ROLES = [
  'viewer',
  'operator',
  'supervisor',
  'installer',
  'fleet',
  'auditor',
  'admin',
] as const satisfies readonly Role[]

/** How long what was read of the file may be used, ms. */
const LOOK_ms = 1_000

/** The hash under which a token is kept. Tokens that berth makes are 256 random bits: nothing can be guessed from it. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Reads the file of tokens; none where there is no file. Throws Fault STORE_CORRUPT where it is something else. */
export function readTokens(path: string): readonly StoredToken[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw broken(path, cause)
  }
  try {
    const { tokens } = JSON.parse(text) as { tokens: readonly StoredToken[] }
    if (tokens.every(({ name, role, sha256 }) => name && TOKEN_ROLES.includes(role) && /^[0-9a-f]{64}$/.test(sha256)))
      return tokens
  } catch (cause) {
    throw broken(path, cause)
  }
  throw broken(path)
}

/** Replaces the file, durably; only its owner may read it. Throws Fault STORE_UNWRITABLE. */
export function writeTokens(path: string, tokens: readonly StoredToken[]): void {
  try {
    const file = openSync(`${path}.part`, 'w', 0o600)
    writeSync(file, `${JSON.stringify({ tokens }, null, 2)}\n`)
    fsyncSync(file)
    closeSync(file)
    renameSync(`${path}.part`, path)
  } catch (cause) {
    throw new Fault(
      'STORE_UNWRITABLE',
      { path },
      { cause, says: `The tokens cannot be written to ${path}; mend its folder.` },
    )
  }
}

/** The tokens of now, as a running server sees them: a file that changed counts a second later, a broken one lets nobody new in. */
export function followTokens(
  path: string,
  now: () => number,
  troubled: (says: string) => void,
): () => readonly StoredToken[] {
  let tokens: readonly StoredToken[] = []
  let stamp = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  return () => {
    if (Math.abs(now() - lookedAt) < LOOK_ms) return tokens
    lookedAt = now()
    const stat = statSync(path, { throwIfNoEntry: false })
    const found = stat ? `${stat.ino}.${stat.mtimeMs}.${stat.size}` : 'none'
    if (found === stamp) return tokens
    stamp = found
    try {
      tokens = readTokens(path)
    } catch (fault) {
      troubled(fault instanceof Error ? fault.message : String(fault))
    }
    return tokens
  }
}

const broken = (path: string, cause?: unknown): Fault =>
  new Fault(
    'STORE_CORRUPT',
    { path },
    { cause, says: `${path} is no file of tokens; put a copy back, or make new ones with \`berth token\`.` },
  )
