import { createSecretKey, type KeyObject } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import type { RandomBytes } from './cipher.ts'

/** The environment variable that may hold the master key: 64 hex characters, or base64 of 32 bytes. */
const VARIABLE = 'BERTH_MASTER_KEY'

/**
 * The key under which all keys of a store are wrapped: from BERTH_MASTER_KEY, else from the file beside the key store.
 * `mayMake`: the key store is new, so a missing file is made (mode 0600). Throws Fault KEY_UNAVAILABLE.
 */
export function masterKey(
  file: string,
  env: { readonly [name: string]: string | undefined },
  random: RandomBytes,
  mayMake: boolean,
): KeyObject {
  const given = env[VARIABLE]
  if (given !== undefined && given !== '') return parseKey(given, VARIABLE)
  const kept = readKeyFile(file)
  if (kept !== null) return parseKey(kept, file)
  if (mayMake) return makeKeyFile(file, random)
  throw unavailable(
    `The master key ${file} is missing, so nothing personal can be opened; put the file back or set ${VARIABLE}.`,
    file,
  )
}

function parseKey(text: string, from: string): KeyObject {
  const trimmed = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64')
  if (bytes.length !== 32)
    throw unavailable(`The master key in ${from} is not 32 bytes in hex or base64; put the right key there.`, from)
  return createSecretKey(bytes)
}

function readKeyFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw unavailable(`The master key ${file} cannot be read; mend its permissions or set ${VARIABLE}.`, file, cause)
  }
}

function makeKeyFile(file: string, random: RandomBytes): KeyObject {
  const bytes = random(32)
  try {
    const handle = openSync(file, 'wx', 0o600)
    writeSync(handle, `${bytes.toString('hex')}\n`)
    fsyncSync(handle)
    closeSync(handle)
    syncFolder(dirname(file))
  } catch (cause) {
    throw unavailable(
      `The master key ${file} cannot be written; mend the folder's permissions or set ${VARIABLE}.`,
      file,
      cause,
    )
  }
  return createSecretKey(bytes)
}

/** A new file is on disk only when its folder is; Windows cannot open folders and needs no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function unavailable(says: string, from: string, cause?: unknown): Fault {
  return new Fault('KEY_UNAVAILABLE', { from }, { says, cause })
}
