import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { counted } from '../counted.ts'
import type { Trust } from '../journal/checkpoint-check.ts'
import { checkpointsBeside, readCheckpoints } from '../journal/checkpoint-file.ts'
import type { Verdict } from '../journal/export-check.ts'
import { sitesOnPostgres } from '../journal/postgres-reader.ts'
import { journalFiles } from '../journal/segment.ts'
import { type ServerStore, serverDoor } from '../journal/server-store.ts'
import { verifyExports, verifyRows, verifyStore } from '../journal/verification.ts'
import { checkPackage, looksLikePackage } from '../privacy/package-check.ts'
import { readSiteFile } from '../site-file.ts'

/**
 * `berth verify --site site.yaml` or `berth verify FILE…`: checks the signature of what a person was handed (`subject.json`), or the hash
 * chain of a store with its archive, of an export, or of segments and what follows them (a folder stands for its segments), and holds it against the signed checkpoints beside the store, in the files, and in
 * every `--checkpoints FILE`; or the logs of many sites on a PostgreSQL (`postgres://… [SITE…]`), as a centre keeps them. `--key` is the only key that may have signed them.
 * 1 at the first thing that does not hold, named on stderr.
 */
export async function verify(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: {
      site: { type: 'string' },
      checkpoints: { type: 'string', multiple: true },
      key: { type: 'string' },
    },
    allowPositionals: true,
  })
  const [url] = positionals
  const isServer = url !== undefined && /^postgres(ql)?:/.test(url) && values.site === undefined
  const files = isServer ? [] : journalFiles(positionals)
  if (!isServer && (values.site === undefined) === (files.length === 0)) {
    complain(
      'berth verify: name one thing to check: `--site site.yaml`, or the FILE of an export, or segments in their order, or `postgres://…` with the sites wanted.',
    )
    return 2
  }
  const key = values.key?.toLowerCase() ?? null
  if (key !== null && !/^[0-9a-f]{64}$/.test(key)) {
    complain('berth verify: --key takes 64 hexadecimal characters, as `berth checkpoints` prints them.')
    return 2
  }
  const site = values.site === undefined ? null : await readSiteFile(values.site)
  const paths = site === null ? files : [site.store.path]
  const trust = trustOf(paths.map(checkpointsBeside), values.checkpoints ?? [], key)
  if (isServer && typeof trust !== 'string') return verifyAll(url, positionals.slice(1), trust)
  if (site !== null && site.store.kind !== 'sqlite' && typeof trust !== 'string')
    return verifyLog(site.store, site.site.id, trust)
  if (site === null && paths.length === 1 && isPackage(paths[0] as string)) return tellPackage(paths[0] as string, key)
  const verdict = typeof trust === 'string' ? trust : verdictOf(paths, site !== null, trust)
  if (typeof verdict === 'string') {
    complain(verdict)
    return 1
  }
  return tell(paths.length === 1 ? (paths[0] as string) : `${paths[0]} and ${paths.length - 1} more`, verdict)
}

/** Every checkpoint of these files; those `beside` the store may be missing. A sentence where a named one cannot be read. */
function trustOf(beside: readonly string[], named: readonly string[], key: string | null): Trust | string {
  const lost = named.find((path) => !existsSync(path))
  if (lost !== undefined) return `berth verify: there is no file ${lost}; check --checkpoints.`
  const read = [...beside, ...named].map((path) => ({ path, ...readCheckpoints(path) }))
  const empty = read.find(({ path, checkpoints }) => named.includes(path) && checkpoints.length === 0)
  if (empty !== undefined) return `berth verify: ${empty.path} holds no checkpoint of berth; check --checkpoints.`
  for (const { path, unreadable } of read)
    for (const line of unreadable) complain(`${path}: line ${line} is no checkpoint (cut off, or damaged).`)
  return { checkpoints: read.flatMap(({ checkpoints }) => checkpoints), key }
}

/** Checks the logs of these sites on a PostgreSQL, or of all that are there, each by its own checkpoints. */
async function verifyAll(url: string, wanted: readonly string[], trust: Trust): Promise<number> {
  const sites = wanted.length > 0 ? wanted : await sitesOnPostgres(url)
  if (sites.length === 0) complain('berth verify: no site has a journal there.')
  let code = sites.length === 0 ? 1 : 0
  for (const siteId of sites) {
    const own = { ...trust, checkpoints: trust.checkpoints.filter((one) => one.siteId === siteId) }
    code = Math.max(code, await verifyLog({ kind: 'postgres', path: siteId, url }, siteId, own))
  }
  return code
}

/** Checks a log on a server and tells what was found. */
async function verifyLog({ kind, url }: ServerStore, siteId: string, trust: Trust): Promise<number> {
  const log = await serverDoor(kind).asItIs({ url, siteId })
  try {
    return tell(log.name, await verifyRows(log, progressOf(), trust))
  } finally {
    await log.close()
  }
}

const progressOf = () =>
  process.stderr.isTTY ? (records: number) => void process.stderr.write(`\r${records} records checked`) : undefined

/** The verdict, or why the file cannot be read at all. */
function verdictOf(paths: readonly string[], isStore: boolean, trust: Trust): Verdict | string {
  const progress = progressOf()
  try {
    const [path = ''] = paths
    const one = paths.length === 1 && (isStore || looksLikeStore(path))
    return one ? verifyStore(path, progress, trust) : verifyExports(paths, progress, trust)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const path = (error as NodeJS.ErrnoException).path ?? paths.find((one) => isFolder(one)) ?? paths[0]
    if (code === 'ENOENT') return `berth verify: there is no file ${path}; check the path.`
    if (code === 'EISDIR' || code === 'EACCES')
      return `berth verify: ${path} cannot be read (${code === 'EISDIR' ? 'it is a folder' : 'no permission'}); name a file that can.`
    throw error
  } finally {
    if (progress) process.stderr.write('\r\u001b[K')
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

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

/** A file that is not there, or cannot be read, is told with the others. */
function isPackage(path: string): boolean {
  try {
    return looksLikePackage(path)
  } catch {
    return false
  }
}

/** The verdict on what a person was handed. */
function tellPackage(path: string, key: string | null): number {
  const verdict = checkPackage(path, key)
  if (verdict.broken !== null) {
    complain(`berth verify: ${path}: ${verdict.broken}. Ask the site for another copy, and keep this one as evidence.`)
    return 1
  }
  const whose =
    key === null ? ': compare that key with the site’s, as `berth checkpoints` prints it, or name it with --key' : ''
  process.stdout.write(
    `${path}: ${verdict.siteId}: the package of ${verdict.madeAt} is as it was signed with ${verdict.key}${whose}\n`,
  )
  return 0
}

const RESTORE = 'Restore from a copy, and keep this file as evidence.'

/** What holds although something does not, and what to do: only what was shown is said. */
function rest({ fault, first, records, held }: Verdict): string {
  const last = first + records - 1
  const hold = records <= 0 ? 'Nothing before it could be checked.' : `Records ${first} to ${last} hold.`
  const link = records <= 0 ? '' : `Records ${first} to ${last} follow on one another, which anybody can make so. `
  switch (fault) {
    case null:
      return `${hold} ${RESTORE}`
    case 'rewritten':
      return `${held < first ? 'No record is shown to be the one that was signed' : `Records ${first} to ${held} hold as they were signed`}; what comes after only follows on itself. ${RESTORE}`
    case 'cut':
      return `${hold} Bring back what came after them from a copy; what no copy has is lost.`
    case 'site':
      return `${link}Name the checkpoints of this site.`
    case 'key':
      return `${link}Compare --key with what was noted down when \`berth checkpoints\` printed it: where --key is right, somebody else signed, and the journal is not shown to be the site’s.`
    case 'signature':
      return `${link}Take that checkpoint from another copy: one that was altered shows nothing.`
  }
}

function tell(path: string, verdict: Verdict): number {
  const { siteId, records, leftOut, erased, hash, broken, signed, notes } = verdict
  if (broken !== null) {
    complain(`berth verify: ${path}: ${broken}. ${rest(verdict)}`)
    return 1
  }
  const parts = [counted(records, 'record holds', 'records hold')]
  if (leftOut > 0) parts.push(`${leftOut} of them as hashes only`)
  if (erased > 0) parts.push(`${erased} whose personal fields were taken out, which berth itself never does`)
  process.stdout.write(`${path}: ${siteId ?? 'no site'}: ${parts.join(', ')}; newest hash ${hash}\n`)
  if (signed === null)
    process.stdout.write(
      'There are no signed checkpoints, so a cut tail or a journal written anew cannot be noticed.\n',
    )
  else
    process.stdout.write(
      `${counted(signed.checkpoints, 'checkpoint holds', 'checkpoints hold')}, up to record ${signed.seq} of ${signed.time}, signed with ${signed.keys.join(' and ')}\n`,
    )
  for (const note of notes) process.stdout.write(`${note}\n`)
  return 0
}

const complain = (text: string): void => void process.stderr.write(`${text}\n`)
