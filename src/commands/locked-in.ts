import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const TOP = fileURLToPath(new URL('../..', import.meta.url))

/** What berth itself consists of: the process may read that, to be able to start. */
const OWN = ['src', 'machines', 'actors', 'projections', 'node_modules', 'package.json'].map((name) => `${TOP}${name}`)

/** Rights that Node's permission model knows; the process has none of them. A newer Node knows the network too. */
const RIGHTS = ['fs.write', 'child', 'worker', 'addon', 'wasi']

/** True in a process that was started by `runLockedIn`: Node refuses it to write, and to start anything. */
export const isLockedIn = (): boolean =>
  process.permission !== undefined && RIGHTS.every((right) => !process.permission.has(right))

/**
 * Code comes out of texts by the constructors of functions: without them whoever gets hold of an object on this side of the wall can make
 * nothing of it. Of the whole process, for ever: only where `isLockedIn`.
 */
export function forgetConstructors(): void {
  for (const one of [() => {}, async () => {}, function* () {}, async function* () {}])
    delete (Object.getPrototypeOf(one) as { constructor?: unknown }).constructor
}

/**
 * Runs a command of berth again in a process of its own that may read berth's own files and `files`, and nothing else: no writing, no other
 * process, no worker, no addon, no environment. Answers its exit code and what it wrote to its standard output; its complaints go on to ours.
 */
export async function runLockedIn(
  command: string,
  argv: readonly string[],
  files: readonly string[],
): Promise<{ readonly code: number; readonly out: string }> {
  const reads = [
    ...OWN,
    ...files.filter((file) => existsSync(file)).map((file) => realpathSync(file)),
    ...files.map((file) => resolve(file)),
  ]
  const rights = ['--permission', ...[...new Set(reads)].map((path) => `--allow-fs-read=${path}`)]
  const child = spawn(process.execPath, [...rights, `${TOP}src/berth.mjs`, command, ...argv], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => void pieces.push(piece))
  child.stderr.on('data', (piece: Buffer) => void process.stderr.write(piece.toString()))
  const code = await new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('close', (status) => done(status ?? 1))
  })
  process.off('exit', end)
  return { code, out: Buffer.concat(pieces).toString() }
}
