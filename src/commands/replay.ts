import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { FactRecord } from '../../machines/record.ts'
import { RelivedSite } from '../../machines/relived.ts'
import type { BaySnapshot } from '../../machines/step.ts'
import { counted } from '../counted.ts'
import { exportSource, storeSource } from '../journal/journal-source.ts'
import { knownMachines } from '../journal/known-machines.ts'
import { type LaneDrift, lanesOf, ReplayLanes, segmentsOf } from '../journal/replay-lanes.ts'
import { journalFiles } from '../journal/segment.ts'
import { readSiteFile } from '../site-file.ts'
import { forgetConstructors, isLockedIn, runLockedIn } from './locked-in.ts'

type Stop = { readonly seq: number } | { readonly time: number } | null

/** `drift`: the first record that its machines would have written otherwise. */
export type Replayed = {
  readonly records: number
  readonly bays: ReadonlyMap<string, BaySnapshot>
  readonly drift: LaneDrift | null
}

/**
 * The command `berth replay`: rebuilds every bay from records alone, each segment by the machines that wrote it, and compares each
 * decision with theirs. `--today` takes the machines of this berth for all; `--machines FILE` those of a file where no name is on record.
 */
export async function replay(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      site: text,
      bay: text,
      until: text,
      machines: text,
      today: { type: 'boolean' },
      'strange-machines': { type: 'boolean' },
    },
  })
  const files = journalFiles(positionals)
  if ((values.site === undefined) === (files.length === 0)) {
    complain(
      'Say what to replay: berth replay --site site.yaml, or berth replay EXPORT.jsonl, or segments in their order.',
    )
    return 2
  }
  const stop = stopAt(values.until)
  if (stop === undefined) {
    complain(`--until takes a record's seq or an ISO 8601 time; ${JSON.stringify(values.until)} is neither.`)
    return 2
  }
  const mayRun = values['strange-machines'] === true
  if (mayRun && files.length === 0) {
    complain('--strange-machines goes with files; `berth export` makes one of a store.')
    return 2
  }
  if (mayRun && !isLockedIn()) {
    const { code, out } = await runLockedIn('replay', argv, [...files, ...(values.machines ? [values.machines] : [])])
    process.stdout.write(out)
    return code
  }
  const { records, machines } = files.length === 0 ? await siteSource(values.site as string) : exportSource(files)
  const given = values.machines === undefined ? null : readFileSync(values.machines, 'utf8')
  const segments = values.today ? segmentsOf([]) : segmentsOf(machines.adoptions)
  const sourceOf = (name: string | null) => {
    const source = values.today ? null : name === null ? given : machines.source(name)
    const isOurs = name !== null && files.length === 0
    return source === null || isOurs ? source : knownMachines(source, '--today', mayRun)
  }
  if (mayRun) forgetConstructors()
  const lanes = new ReplayLanes(lanesOf(segments, sourceOf))
  const { drift, records: count } = await relive(records, lanes, { bay: values.bay ?? null, stop })
  if (values.bay !== undefined && count === 0) {
    complain(`There is no record of ${JSON.stringify(values.bay)} here; \`berth replay\` alone names the bays.`)
    return 1
  }
  for (const line of lanes.lines()) process.stdout.write(`${line}\n`)
  if (drift) {
    for (const line of driftLines(drift)) complain(line)
    return 1
  }
  const by = segments.length > 1 ? ` by ${segments.length} versions of the machines` : ''
  process.stdout.write(`${counted(count, 'record')} replayed${by}, no difference.\n`)
  return 0
}

async function siteSource(path: string) {
  const { store, site } = await readSiteFile(path)
  return storeSource(store, site.id)
}

/** Fields that differ, at most so many. */
const MOST_FIELDS = 20

function driftLines(drift: LaneDrift): string[] {
  const { seq, stream, at, cause, field, places } = drift
  const shown = places.slice(0, MOST_FIELDS).map(({ path, recorded, now }) => {
    return `  ${path}: recorded ${JSON.stringify(recorded) ?? 'nothing'}, now ${JSON.stringify(now) ?? 'nothing'}`
  })
  const more = places.length > MOST_FIELDS ? [`  and ${places.length - MOST_FIELDS} more`] : []
  return [
    `Record ${seq} (${stream}, ${at}, ${cause}) differs in ${field}:`,
    ...shown,
    ...more,
    'The machines that are asked decide otherwise than the record says.',
  ]
}

function stopAt(until: string | undefined): Stop | undefined {
  if (until === undefined) return null
  if (/^\d+$/.test(until)) return { seq: Number(until) }
  const time = Date.parse(until)
  return Number.isNaN(time) ? undefined : { time }
}

/** Lives records again by the machines of today, oldest first, and stops at the first that differs. Records of streams left out by an export are passed over. */
export async function replayRecords(
  records: AsyncIterable<FactRecord> | Iterable<FactRecord>,
  { bay, stop }: { readonly bay: string | null; readonly stop: Stop },
): Promise<Replayed> {
  const site = new RelivedSite()
  const reliving = { take: (record: FactRecord) => site.take(record), lines: () => [] }
  const lanes = new ReplayLanes([{ name: null, from: 1, to: null, reliving }])
  return { ...(await relive(records, lanes, { bay, stop })), bays: site.bays }
}

async function relive(
  records: AsyncIterable<FactRecord> | Iterable<FactRecord>,
  lanes: ReplayLanes,
  { bay, stop }: { readonly bay: string | null; readonly stop: Stop },
): Promise<Omit<Replayed, 'bays'>> {
  let count = 0
  for await (const record of records) {
    if (stop && ('seq' in stop ? record.seq > stop.seq : Date.parse(record.at) > stop.time)) break
    if (bay !== null && record.bayId !== bay) continue
    count += 1
    const found = lanes.take(record)
    if (found) return { records: count, drift: found }
  }
  return { records: count, drift: null }
}

const complain = (line: string): void => void process.stderr.write(`${line}\n`)
