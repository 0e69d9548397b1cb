import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../../machines/faults.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { fileTrouble } from '../../file-trouble.ts'
import { exportSource } from '../../journal/journal-source.ts'
import { verifyExports } from '../../journal/verification.ts'
import type { DesignVisitView } from '../../server/design-report-routes.ts'

/** What a file of results may have at most, MB: those of a year in thirty replications are far smaller. */
const MOST_MB = { 'report.html': 16, 'metrics.json': 64, journal: 64 }

/** A visit of the list; `enteredMs` from the run's beginning, null where the list does not say. */
export type ListedVisit = DesignVisitView & { readonly enteredMs: number | null }

/** Results that `berth sim run`, `compare` or `sweep` wrote, read as files that anybody may have changed. */
export type ReportFolder = {
  readonly site: string
  readonly timezone: string
  readonly page: string
  readonly visits: readonly ListedVisit[]
}

/**
 * Reads the report of a folder and its list of visits. Throws Fault NOT_FOUND where there is no report, STORE_CORRUPT where a file is none of
 * berth's; each says which file, and what to do.
 */
export function openReportFolder(folder: string): ReportFolder {
  const page = textOf(folder, 'report.html', MOST_MB['report.html'])
  const { site, troubles } = membersOf(folder, 'metrics.json')
  const visits = Array.isArray(troubles) ? troubles.map((one, at) => visitOf(one, at, folder)) : []
  // Designs side by side have no one site, and no visits.
  return { site: typeof site === 'string' ? site : 'Designs', timezone: timezoneOf(folder), page, visits }
}

/**
 * The records of a visit's journal, in order, once every hash of its chain holds. Throws Fault NOT_FOUND or STORE_CORRUPT with a sentence
 * that names the file.
 */
export function visitRecords(folder: string, { name }: Pick<ListedVisit, 'name'>): readonly FactRecord[] {
  const path = within(folder, join('journals', `${name}.jsonl`), MOST_MB.journal)
  const { broken } = verifyExports([path])
  if (broken !== null) throw corrupt(`${path} does not hold (${broken}); ${AGAIN}`)
  const { records } = exportSource([path])
  return [...(records as Iterable<FactRecord>)]
}

const AGAIN = 'run `berth sim run` again.'
const corrupt = (says: string): Fault => new Fault('STORE_CORRUPT', {}, { says })

/** The file's own path, where it is a file that lies in the folder itself: no link leads elsewhere. */
function within(folder: string, name: string, most_MB: number): string {
  const path = join(folder, name)
  try {
    if (realpathSync(path) !== join(realpathSync(folder), name))
      throw corrupt(`${path} leads out of its place by a link; put the file itself there, or ${AGAIN}`)
    const { size } = statSync(path)
    if (!statSync(path).isFile()) throw corrupt(`${path} is no file; ${AGAIN}`)
    if (size > most_MB << 20) throw corrupt(`${path} is larger than ${most_MB} MB, which none of berth’s is; ${AGAIN}`)
    return path
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const says = `${path} cannot be read: ${fileTrouble(cause)} \`berth sim run SCENARIO.yaml --out DIR\` writes such a folder.`
    throw new Fault('NOT_FOUND', {}, { cause, says })
  }
}

const textOf = (folder: string, name: string, most_MB: number): string =>
  readFileSync(within(folder, name, most_MB), 'utf8')

/** The members of a JSON file. */
function membersOf(folder: string, name: string): { readonly [member: string]: unknown } {
  try {
    const value: unknown = JSON.parse(textOf(folder, name, MOST_MB['metrics.json']))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (cause) {
    if (cause instanceof Fault) throw cause
  }
  throw corrupt(`${join(folder, name)} is not what \`berth sim run\` writes: it is no JSON object; ${AGAIN}`)
}

/** A visit by its own members. Where its journal lies follows from them: no path is taken from the file. */
function visitOf(value: unknown, at: number, folder: string): ListedVisit {
  const { trouble, bay, replication, index, enteredMs } = (value ?? {}) as { readonly [member: string]: unknown }
  const counts = [bay, replication, index]
  const isVisit = typeof trouble === 'string' && /^[a-z][a-z-]{0,39}$/.test(trouble) && counts.every(isCount)
  if (!isVisit)
    throw corrupt(
      `${join(folder, 'metrics.json')}: entry ${at + 1} of troubles is no visit (trouble, bay, replication, index); ${AGAIN}`,
    )
  return {
    name: `${trouble}-${replication}-${index}`,
    trouble,
    bay: Number(bay),
    replication: Number(replication),
    index: Number(index),
    enteredMs: isCount(enteredMs) ? Number(enteredMs) : null,
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

/** The site's zone, as the run's manifest keeps it; UTC where there is none. */
function timezoneOf(folder: string): string {
  try {
    const { scenario } = membersOf(folder, 'manifest.json')
    const { value } = (scenario ?? {}) as { readonly value?: { readonly site?: { readonly timezone?: unknown } } }
    const zone = value?.site?.timezone
    return typeof zone === 'string'
      ? new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
      : 'UTC'
  } catch {
    return 'UTC'
  }
}
