import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { FactRecord } from '../../machines/record.ts'
import type { Shadow } from '../../projections/shadow.ts'
import { type ProposedRow, proposeRows } from '../../projections/shadow-rows.ts'
import { adviceOn, SAMPLE, type ShadowTally, tallies, tallyOf } from '../../projections/shadow-tally.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { openPersonal } from '../journal/journal-row.ts'
import { openStoreRows } from '../journal/site-store.ts'
import { type KeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { recordLook } from '../recorded-look.ts'
import { type ShadowReport, shadowText } from '../shadow-text.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { writeVehicleCsv } from '../vehicle-csv.ts'
import { readShadow, type VisitFilter, visitsOf } from '../watched-visits.ts'

/**
 * `berth shadow-report --site site.yaml [--bay B] [--from T] [--to T] [--json] [--rows FILE.csv]`: what berth would have started
 * beside what cards did, while it only watched. Reads the store, also beside its owner. 2 for a wrong command line.
 */
export async function shadowReport(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: argv,
    options: { site: text, bay: text, from: text, to: text, rows: text, json: { type: 'boolean' } },
  })
  if (values.site === undefined) return misused('say which site: `--site site.yaml`.')
  const from = moment(values.from)
  const to = moment(values.to)
  if (from === null || to === null)
    return misused(
      `${from === null ? `--from ${values.from}` : `--to ${values.to}`} is not a time; write it like 2026-11-22T10:00:00Z, or 2026-11-22.`,
    )
  const file = await readSiteFile(values.site)
  const filter: VisitFilter = {
    ...(values.bay === undefined ? {} : { bay: values.bay }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
  const read = await readStore(file, values.rows !== undefined)
  const report = reportOn(file.site.name, read.shadow, filter)
  if (values.bay !== undefined && !read.shadow.bays.has(values.bay)) {
    process.stderr.write(`berth shadow-report: the journal has no record of ${values.bay}; check its id.\n`)
    return 1
  }
  process.stdout.write(values.json === true ? `${JSON.stringify(asJson(file, filter, report))}\n` : shadowText(report))
  if (values.rows === undefined) return 0
  // Plates stand in it: that it was made is on record before anybody has it.
  const unrecorded = await recordLook(file, 'shadow-report', basename(values.rows), { ...filter })
  if (unrecorded !== null)
    process.stderr.write(`berth shadow-report: that these rows were made is not on record: ${unrecorded}.\n`)
  return writeRows(values.rows, report.proposals.rows, read.plates)
}

/** Null when it is no time; else in the form of a record's `at`, so that texts compare as times do. */
function moment(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined
  const known = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text)
  const time = known ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** Plates by handle, where they were asked for: the newest text of each vehicle. */
type Read = { readonly shadow: Shadow; readonly plates: ReadonlyMap<string, string> }

async function readStore(file: SiteFile, wantsPlates: boolean): Promise<Read> {
  const store = await openStoreRows(file.store, file.site.id)
  const keys = wantsPlates ? openKeys(file) : null
  const plates = new Map<string, string>()
  try {
    const shadow = await readShadow(store, {
      ...(keys === null ? {} : { record: (record) => keepPlates(plates, record, keys) }),
      ...(process.stderr.isTTY
        ? { progress: (records) => void process.stderr.write(`\r${records} records read`) }
        : {}),
    })
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    return { shadow, plates }
  } finally {
    keys?.close()
    await store.close()
  }
}

const openKeys = (file: SiteFile): KeyStore =>
  openKeyStoreReadOnly({
    path: `${file.store.path}.keys`,
    siteId: file.site.id,
    clock: systemClock,
    chance: systemChance,
  })

function keepPlates(plates: Map<string, string>, record: FactRecord, keys: KeyStore): void {
  if (record.cause.type !== 'plate.agreed' && record.cause.type !== 'plate.seen') return
  for (const [handle, fields] of Object.entries(openPersonal(record, keys))) {
    const plate = fields !== null && typeof fields === 'object' ? (fields as { plate?: unknown }).plate : undefined
    if (typeof plate === 'string') plates.set(handle, plate)
  }
}

function reportOn(site: string, told: Shadow, filter: VisitFilter): ShadowReport {
  const visits = visitsOf(told, filter)
  const times = visits.map((visit) => visit.openedAt).sort()
  return {
    site,
    first: times[0] ?? null,
    last: times.at(-1) ?? null,
    total: tallyOf('all', visits),
    bays: tallies(visits, (visit) => [visit.bayId]),
    cameras: tallies(visits, (visit) => visit.cameras),
    proposals: proposeRows(visits, told.register),
  }
}

/** The report for scripts: no plate in it, vehicles by handle. */
function asJson(
  file: SiteFile,
  { from = null, to = null }: Partial<{ from: string | null; to: string | null }>,
  report: ShadowReport,
) {
  const one = (tally: ShadowTally) => ({ ...tally, why: Object.fromEntries(tally.why) })
  return {
    siteId: file.site.id,
    from,
    to,
    first: report.first,
    last: report.last,
    sample: SAMPLE,
    total: one(report.total),
    bays: report.bays.map((tally) => ({ ...one(tally), advice: adviceOn(tally) })),
    cameras: report.cameras.map(one),
    rows: report.proposals.rows,
    contradicted: report.proposals.contradicted,
  }
}

/** Only the owner of the file may read it: it names people. A vehicle whose key is gone is left out. */
function writeRows(path: string, rows: readonly ProposedRow[], plates: ReadonlyMap<string, string>): number {
  const named = rows.flatMap(({ vehicle, accountId }, index) => {
    const plate = plates.get(vehicle)
    return plate === undefined ? [] : [{ line: index + 2, fields: { plate, accountId } }]
  })
  try {
    writeFileSync(path, writeVehicleCsv(named), { mode: 0o600 })
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    process.stderr.write(
      `berth shadow-report: ${path} cannot be written (${code}); name a file in a folder that is yours.\n`,
    )
    return 1
  }
  const gone = rows.length - named.length
  if (gone > 0)
    process.stderr.write(
      `${gone} ${gone === 1 ? 'vehicle is' : 'vehicles are'} left out: nobody needed the plates any more; a longer \`privacy.unmatched_s\` keeps them for the trial.\n`,
    )
  process.stderr.write(
    `${path}: ${named.length} ${named.length === 1 ? 'row' : 'rows'} with plates; look at each, then \`berth vehicles import ${path} --site …\`.\n`,
  )
  return 0
}

function misused(says: string): number {
  process.stderr.write(`berth shadow-report: ${says}\n`)
  return 2
}
