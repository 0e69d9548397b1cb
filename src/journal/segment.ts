import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import { rowOfLine, type ShelfPage } from './archive-shelf.ts'
import { type Checkpoint, checkpointLine } from './checkpoint.ts'
import { NO_TRUST } from './checkpoint-check.ts'
import { fileLines, fullLine, linesIn, machinesLine, parseLine, segmentHeaderLine } from './export-file.ts'
import type { Head, JournalRow } from './journal-row.ts'
import { packedPages, packPage } from './packed-pages.ts'
import type { StoreRows } from './site-store.ts'
import { type Progress, verifyExports } from './verification.ts'

/** A closed segment as its head says it: its file, its records, and the links before its first and at its last record. */
export type ClosedSegment = {
  readonly file: string
  readonly first: number
  readonly prev: string
  readonly last: number
  readonly hash: string
}

/** What goes before the records of a segment: who vouches for them, the last of all for the last record, and what wrote them. */
export type SegmentPreface = {
  readonly checkpoints: readonly Checkpoint[]
  readonly machines: ReadonlyMap<string, string>
}

/** Whose records, and where they are read. */
export type SegmentStore = Pick<StoreRows, 'siteId' | 'rows'>

/** Records of one packed piece. */
const PAGE = 250
const NAME = /^segment-(\d{9,})-(\d{9,})\.jsonl\.gz$/

/** What a crash left half. */
const HALF = /^segment-[\d-]+\.jsonl\.gz\.(\d+\.)?part$/

const nameOf = (first: number, last: number): string =>
  `segment-${String(first).padStart(9, '0')}-${String(last).padStart(9, '0')}.jsonl.gz`

/** The segments in a folder, by their names, oldest first; what a crash left half is none. */
export function segmentsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort((one, other) => Number(NAME.exec(one)?.[1]) - Number(NAME.exec(other)?.[1]))
}

/** Files of a journal as a command names them: a folder stands for the segments in it. A path that is not there stays as it is. */
export const journalFiles = (paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
    const segments = isFolder ? segmentsIn(path).map((name) => join(path, name)) : []
    return segments.length > 0 ? segments : [path]
  })

/** What a segment's first line says. Throws Fault STORE_CORRUPT where it is none. */
export function segmentHead(folder: string, file: string): ClosedSegment & { readonly siteId: string } {
  const path = join(folder, file)
  for (const bytes of fileLines(path)) {
    const line = parseLine(bytes)
    if (line.kind !== 'header' || !line.isSegment) break
    const { siteId, first, prev, seq, hash } = line
    return { file, siteId: String(siteId), first, prev, last: Number(seq), hash: String(hash) }
  }
  throw new Fault('STORE_CORRUPT', {}, { says: `${path} does not begin as a segment does; put a copy in its place.` })
}

/**
 * Writes the records after `before` up to `last` as one segment into the folder. It is on disk and was read back whole when this
 * returns; until then it has another name. Throws Fault STORE_CORRUPT where what was read back does not hold, and the file system's error.
 */
export async function closeSegment(
  store: SegmentStore,
  folder: string,
  span: { readonly before: Head; readonly last: Head },
  preface: SegmentPreface,
  progress: Progress,
): Promise<ClosedSegment> {
  const { before, last } = span
  const file = nameOf(before.seq + 1, last.seq)
  const part = join(folder, `${file}.${process.pid}.part`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const left of readdirSync(folder).filter((name) => HALF.test(name))) rmSync(join(folder, left))
  try {
    const out = openSync(part, 'w', 0o600)
    try {
      await writePages(store, out, span, preface, progress)
      fsyncSync(out)
    } finally {
      closeSync(out)
    }
    demandWhole(part, { ...last, before })
    renameSync(part, join(folder, file))
    syncFolder(folder)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
  return { file, first: before.seq + 1, prev: before.hash, last: last.seq, hash: last.hash }
}

async function writePages(
  { siteId, rows: rowsAfter }: SegmentStore,
  out: number,
  { before, last }: { readonly before: Head; readonly last: Head },
  { checkpoints, machines }: SegmentPreface,
  progress: Progress,
): Promise<void> {
  const lines = [
    segmentHeaderLine(siteId, before, last),
    ...[...machines].map(([name, source]) => machinesLine(name, source)),
    ...checkpoints.filter(({ seq }) => seq > before.seq && seq <= last.seq).map(checkpointLine),
  ]
  writeSync(out, packPage(`${lines.join('\n')}\n`))
  for (let seq = before.seq; seq < last.seq; ) {
    const rows = await rowsAfter(seq, Math.min(PAGE, last.seq - seq))
    if (rows.length === 0) break
    writeSync(out, packPage(rows.map((row) => `${fullLine(row)}\n`).join('')))
    seq = (rows.at(-1) as JournalRow).seq
    progress(seq - before.seq)
  }
}

/** A file is there for good only once its folder says so. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Reads a segment whole: every hash, every signature, and that it begins and ends where it must. */
export function demandWhole(path: string, must: Head & { readonly before: Head }): void {
  const { broken, first, hash, records } = verifyExports([path], undefined, NO_TRUST)
  const isThat = first === must.before.seq + 1 && first + records - 1 === must.seq && hash === must.hash
  if (broken === null && isThat) return
  const says = `${path} does not hold (${broken ?? 'it is not of these records'}); nothing was dropped. Look for a failing disk, and run it again.`
  throw new Fault('STORE_CORRUPT', {}, { says })
}

/** Where each piece of a segment lies, and what is in it: read from the file itself. */
export function* shelfPages(path: string): Generator<ShelfPage> {
  for (const { offset, size, bytes } of packedPages(path)) {
    const rows = [...linesIn(bytes)].flatMap((line) => rowOfLine(line) ?? [])
    const [first] = rows
    if (first === undefined) continue
    const streams = new Map<string, { first: number; last: number }>()
    for (const { stream, version } of rows) {
      const known = streams.get(stream)
      if (known) known.last = version
      else streams.set(stream, { first: version, last: version })
    }
    yield { offset, size, first: first.seq, last: (rows.at(-1) as JournalRow).seq, streams }
  }
}
