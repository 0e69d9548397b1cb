import { closeSync, openSync, readSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Verdict, verifyExport, verifyStore } from '../journal/verification.ts'
import { readSiteFile } from '../site-file.ts'

/** `berth verify --site site.yaml` or `berth verify FILE`: checks the hash chain of a store or an export. 1 at the first broken link, named on stderr. */
export async function verify(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { site: { type: 'string' } },
    allowPositionals: true,
  })
  const file = positionals[0]
  if ((values.site === undefined) === (file === undefined) || positionals.length > 1) {
    complain('berth verify: name one thing to check: `--site site.yaml`, or the FILE of an export.')
    return 2
  }
  const path = file ?? (await readSiteFile(values.site as string)).store.path
  const verdict = verdictOf(path, file === undefined)
  if (typeof verdict === 'string') {
    complain(verdict)
    return 1
  }
  return tell(path, verdict)
}

/** The verdict, or why the file cannot be read at all. */
function verdictOf(path: string, isStore: boolean): Verdict | string {
  const progress = process.stderr.isTTY
    ? (records: number) => void process.stderr.write(`\r${records} records checked`)
    : undefined
  try {
    return isStore || looksLikeStore(path) ? verifyStore(path, progress) : verifyExport(path, progress)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return `berth verify: there is no file ${path}; check the path.`
    if (code === 'EISDIR' || code === 'EACCES')
      return `berth verify: ${path} cannot be read (${code === 'EISDIR' ? 'it is a folder' : 'no permission'}); name a file that can.`
    throw error
  } finally {
    if (progress) process.stderr.write('\r\u001b[K')
  }
}

/** A store given by its file is checked like one given by its site. */
function looksLikeStore(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(15)
    readSync(file, start, 0, start.length, 0)
    return start.toString('latin1') === 'SQLite format 3'
  } finally {
    closeSync(file)
  }
}

function tell(path: string, { siteId, records, leftOut, erased, hash, broken, notes }: Verdict): number {
  if (broken !== null) {
    const before = records === 0 ? 'Nothing before it could be checked.' : `Records 1 to ${records} hold.`
    complain(`berth verify: ${path}: ${broken}. ${before} Restore from a copy, and keep this file as evidence.`)
    return 1
  }
  const parts = [`${records} records hold`]
  if (leftOut > 0) parts.push(`${leftOut} of them as hashes only`)
  if (erased > 0) parts.push(`${erased} with their personal fields erased`)
  process.stdout.write(`${path}: ${siteId ?? 'no site'}: ${parts.join(', ')}; newest hash ${hash}\n`)
  for (const note of notes) process.stdout.write(`${note}\n`)
  return 0
}

const complain = (text: string): void => void process.stderr.write(`${text}\n`)
