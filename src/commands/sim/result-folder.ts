import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileTrouble } from '../../file-trouble.ts'
import { makeFolder } from './out-folder.ts'

/** Results by their names within a folder: texts in pieces, for no text is as long as all visits of many years, or bytes of pictures. */
export type ResultFiles = { readonly [name: string]: readonly string[] | Uint8Array }

/** Writes results as `writeResults` does, unless `stop` is aborted. Answers null, or the sentence that says why they cannot be written. */
export function resultsTrouble(folder: string, files: ResultFiles, about: object, stop: AbortSignal): string | null {
  // From here on nothing waits: a signal that comes now is heard when everything is written.
  stop.throwIfAborted()
  try {
    writeResults(folder, files, about)
    return null
  } catch (cause) {
    return `The results cannot be written into ${folder}: ${fileTrouble(cause)}`
  }
}

const MANIFEST = 'manifest.json'
const REPORT = 'report.html'
const part = (path: string): string => `${path}.part`

/** Names that berth gives to results; what else a manifest lists is none of them. */
const OURS = /^(journals\/[a-z-]+-\d+-\d+\.jsonl|plots\/[a-z0-9-]+\.png|[a-z]+\.(json|csv|html))$/

/**
 * Writes results into a folder, and a manifest of `about` and their hashes. Every file is written whole beside its place before the first
 * one is moved there, so where that fails, which is thrown, an earlier run's results lie there as before. Then what an earlier run wrote
 * and this one did not goes, as long as it is as berth wrote it. Report and manifest come last: without them results are not whole.
 */
function writeResults(folder: string, files: ResultFiles, about: object): void {
  const earlier = [MANIFEST, part(MANIFEST)].flatMap((name) => listed(join(folder, name)))
  const manifest = [manifestText(files, about)]
  const names = [
    ...Object.keys(files).filter((name) => name !== REPORT),
    ...(REPORT in files ? [REPORT] : []),
    MANIFEST,
  ]
  // The manifest first: should all end here, the next run knows by it which parts are left.
  const parts = [...names].reverse()
  try {
    for (const name of parts) writePart(join(folder, name), name === MANIFEST ? manifest : (files[name] ?? []))
  } catch (cause) {
    for (const name of parts) rmSync(part(join(folder, name)), { force: true })
    throw cause
  }
  for (const name of [REPORT, MANIFEST]) rmSync(join(folder, name), { force: true })
  for (const one of earlier) if (!names.includes(one.name)) withdraw(folder, one)
  for (const name of names) renameSync(part(join(folder, name)), join(folder, name))
}

/** A file that an earlier run listed. `sha256` null: a picture, whose letters are those of the machine. */
type Listed = { readonly name: string; readonly sha256: string | null }

/** What a manifest lists, of what berth could have written; nothing where there is none, or it is none of berth's. */
function listed(path: string): Listed[] {
  try {
    const { files, pictures } = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly files: { readonly [name: string]: { readonly sha256: string } }
      readonly pictures?: readonly string[]
    }
    const texts = Object.entries(files).map(([name, { sha256 }]) => ({ name, sha256 }))
    return [...texts, ...(pictures ?? []).map((name) => ({ name, sha256: null }))].filter(({ name }) => OURS.test(name))
  } catch {
    return []
  }
}

/** Takes away what an earlier run wrote, and what is left of its writing; a text that somebody changed since stays. */
function withdraw(folder: string, { name, sha256 }: Listed): void {
  const path = join(folder, name)
  rmSync(part(path), { force: true })
  if (sha256 === null || sha256 === hashOf(path)) rmSync(path, { force: true })
}

function hashOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return null
  }
}

function manifestText(files: ResultFiles, about: object): string {
  const texts = Object.entries(files).flatMap(([name, pieces]) =>
    pieces instanceof Uint8Array ? [] : [[name, { sha256: sha256Of(pieces) }] as const],
  )
  const pictures = Object.keys(files).filter((name) => files[name] instanceof Uint8Array)
  return `${JSON.stringify({ ...about, files: Object.fromEntries(texts), pictures }, null, 1)}\n`
}

function sha256Of(pieces: readonly string[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

function writePart(path: string, content: readonly string[] | Uint8Array): void {
  makeFolder(dirname(path))
  const file = openSync(part(path), 'w')
  try {
    for (const piece of content instanceof Uint8Array ? [content] : content) {
      const bytes = Buffer.from(piece as string)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    }
  } finally {
    closeSync(file)
  }
}
