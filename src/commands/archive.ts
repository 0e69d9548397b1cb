import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { adoptionsIn, keptBetween } from '../journal/adopted-machines.ts'
import { dropArchived } from '../journal/archive-drop.ts'
import { archiveBeside } from '../journal/archive-shelf.ts'
import { GENESIS_LINK } from '../journal/chain.ts'
import { type Signer, signCheckpoint } from '../journal/checkpoint.ts'
import { checkpointsBeside, readCheckpoints } from '../journal/checkpoint-file.ts'
import type { Head } from '../journal/journal-row.ts'
import { type ClosedSegment, closeSegment, segmentHead, segmentsIn } from '../journal/segment.ts'
import { openStoreRows, type StoreRows } from '../journal/site-store.ts'
import { openStoreReadOnly } from '../journal/sqlite-reader.ts'
import { lockStore, type StoreLock } from '../journal/store-lock.ts'
import { type KeyStore, openKeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { recordLook } from '../recorded-look.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { readTime } from '../time-reading.ts'
import { misused } from './told-span.ts'

/**
 * `berth archive --site site.yaml --before T [--out DIR] [--drop]`: closes the records before T as a signed segment, which follows on the
 * segments that the folder holds; `--drop` then takes out of the store what is archived beside it. 2 for a wrong command line.
 */
export async function archive(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: argv,
    options: { site: text, before: text, out: text, drop: { type: 'boolean' } },
  })
  const { site, before, out, drop } = values
  if (site === undefined || before === undefined)
    return misused('archive', 'say of which site, and up to when: `--site site.yaml --before 2026-07-01`.')
  const time = readTime(before)
  if (time === null)
    return misused('archive', `--before ${before} is not a time; write it like 2026-11-22T10:00:00Z, or 2026-11-22.`)
  if (drop && out !== undefined)
    return misused(
      'archive',
      'only what is archived beside the store can be dropped from it: leave out --out, or --drop (the folder may be a link to another disk).',
    )
  const file = await readSiteFile(site)
  const { kind, path } = file.store
  if (drop && kind !== 'sqlite')
    return misused('archive', 'a server keeps its own log, and berth takes nothing out of it: leave out --drop.')
  const folder = out ?? archiveBeside(path)
  const unrecorded = await recordLook(file, 'archive', folder.slice(-256), { before: time })
  if (unrecorded !== null)
    process.stderr.write(`berth archive: that this archive was made is not on record: ${unrecorded}.\n`)
  const border = await closeUpTo(file, folder, time)
  if (drop) sayDropped(path, file.site.id, folder, border)
  return 0
}

/** Closes what no segment in the folder holds yet; answers the newest link before the time. */
async function closeUpTo(file: SiteFile, folder: string, time: string): Promise<number> {
  const store = await openStoreRows(file.store, file.site.id)
  let lock: Pick<StoreLock, 'release'> | null = null
  try {
    const border = await lastBefore(store, time)
    mkdirSync(folder, { recursive: true })
    lock = lockFolder(folder)
    const before = await endOf(store, folder)
    if (border <= before.seq) {
      process.stdout.write(
        `${folder}: nothing to close: ${border === 0 ? `no record came before ${time}` : `the records before ${time} are archived, up to record ${before.seq}`}\n`,
      )
      return border
    }
    const last = await linkAt(store, border)
    const preface = await prefaceOf(store, file, before, last)
    const closed = await closeSegment(store, folder, { before, last }, preface, (records) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${records} of ${last.seq - before.seq} records`)
    })
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    const path = join(folder, closed.file)
    process.stdout.write(`${path}: records ${closed.first} to ${closed.last}, ${statSync(path).size} bytes, sealed\n`)
    return border
  } finally {
    lock?.release()
    await store.close()
  }
}

/** Two that close segments at once would close the same records twice. The lock ends with its process. Throws Fault STORE_OWNED. */
function lockFolder(folder: string): StoreLock {
  try {
    return lockStore(join(folder, 'archive'))
  } catch (fault) {
    if (!(fault instanceof Fault) || fault.code !== 'STORE_OWNED') throw fault
    const says = `Another \`berth archive\` is at work in ${folder}; run it again when that one is done.`
    throw new Fault('STORE_OWNED', { path: folder }, { says })
  }
}

/** Seq of the last record before the first one that came at `time` (ISO 8601 UTC) or later: times of a journal never run backwards. */
async function lastBefore(store: StoreRows, time: string): Promise<number> {
  let [known, high] = [0, store.head().seq]
  while (known < high) {
    const middle = Math.ceil((known + high) / 2)
    const [row] = await store.rows(middle - 1, 1)
    if (row !== undefined && row.at < time) known = middle
    else high = middle - 1
  }
  return known
}

/** The newest link in the folder's segments, which must be of this very journal. Throws Fault STORE_CORRUPT where they are not. */
async function endOf(store: StoreRows, folder: string): Promise<Head> {
  let end: Head = GENESIS_LINK
  for (const segment of headsIn(folder)) {
    const { file, siteId, first, prev, last, hash } = segment
    const isNext = siteId === store.siteId && first === end.seq + 1 && prev === end.hash
    if (!isNext || (await linkAt(store, last)).hash !== hash) {
      const says = `${join(folder, file)} is not the next segment of this journal (it says: ${siteId}, records ${first} to ${last}); name a folder that holds only this site's, with --out.`
      throw new Fault('STORE_CORRUPT', {}, { says })
    }
    end = { seq: last, hash }
  }
  return end
}

const headsIn = (folder: string) => segmentsIn(folder).map((name) => segmentHead(folder, name))

async function linkAt(store: StoreRows, seq: number): Promise<Head> {
  const [row] = await store.rows(seq - 1, 1)
  return row?.seq === seq ? { seq, hash: row.hash } : { seq, hash: '' }
}

/** What goes before the records: checkpoints with the seal, and the machines that decided in them. */
async function prefaceOf(store: StoreRows, file: SiteFile, before: Head, last: Head) {
  const { path } = file.store
  const { checkpoints } = readCheckpoints(checkpointsBeside(path))
  const seal = withSigner(file, (signer) =>
    signCheckpoint({ siteId: store.siteId, ...last, time: new Date(systemClock.now()).toISOString() }, signer),
  )
  return {
    checkpoints: [...checkpoints, seal],
    machines: keptBetween(await adoptionsIn(store), path, before.seq, last.seq),
  }
}

/** The site's own key, also beside the process that serves the site. */
function withSigner<T>({ site, store }: SiteFile, work: (signer: Signer) => T): T {
  const keys = openKeys({ path: `${store.path}.keys`, siteId: site.id, clock: systemClock, chance: systemChance })
  try {
    return work(keys.signer())
  } finally {
    keys.close()
  }
}

/** As the owner where nobody is: the first signature makes the key. */
function openKeys(options: Parameters<typeof openKeyStore>[0]): KeyStore {
  try {
    return openKeyStore(options)
  } catch (error) {
    if (error instanceof Fault && error.code === 'STORE_OWNED') return openKeyStoreReadOnly(options)
    throw error
  }
}

function sayDropped(path: string, siteId: string, folder: string, border: number): void {
  const size = statSync(path).size
  const archived: readonly ClosedSegment[] = headsIn(folder)
  const kept = oldestOwn(path)
  const dropped = dropArchived(
    path,
    siteId,
    archived.filter(({ first, last }) => first >= kept && last <= border),
  )
  process.stdout.write(
    dropped === 0
      ? `${path}: nothing to drop\n`
      : `${path}: ${counted(dropped, 'record')} dropped, ${size} bytes before, ${statSync(path).size} now; ${folder} is part of the store from now on\n`,
  )
}

/** Seq of the first record that the store holds itself. */
function oldestOwn(path: string): number {
  const { database, reader } = openStoreReadOnly(path)
  try {
    return reader.ownRows(0, 1)[0]?.seq ?? Number.POSITIVE_INFINITY
  } finally {
    database.close()
  }
}
