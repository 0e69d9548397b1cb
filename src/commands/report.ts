import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { REPORT_NAMES, REPORTS, type ReportName } from '../../projections/told.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { openSiteJournalReadOnly } from '../journal/site-store.ts'
import { nearestWord } from '../nearest-word.ts'
import { type KeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { recordLook } from '../recorded-look.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { examined } from '../views/examined-rows.ts'
import { columnsOf, csvOf, linesOf } from '../views/report-text.ts'
import { misused, openTold, SPAN_OPTIONS, spanOf, tell, viewsBeside } from './told-span.ts'

/**
 * `berth report NAME --site site.yaml [--format csv|jsonl] [--bay B] [--account A] [--from T] [--to T] [--out FILE]`: what the journal
 * tells, from the journal alone, also beside its owner. Vehicles and cards stand as handles; in `audit` who verified a request stands by name. 2 for a wrong command line.
 */
export async function report(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options: SPAN_OPTIONS, allowPositionals: true })
  const [asked] = positionals
  const name = REPORT_NAMES.find((one) => one === asked)
  if (name === undefined || positionals.length > 1) return misused('report', unknownReport(asked))
  if (values.site === undefined) return misused('report', 'say which site: `--site site.yaml`.')
  const { format = 'csv' } = values
  if (format !== 'csv' && format !== 'jsonl') return misused('report', `--format ${format} is neither csv nor jsonl.`)
  const span = spanOf(values)
  if (typeof span === 'string') return misused('report', span)
  const file = await readSiteFile(values.site)
  const keys = name === 'audit' ? openedKeys(file) : null
  if (keys) {
    const unrecorded = await recordLook(file, 'report', name, {})
    if (unrecorded !== null)
      process.stderr.write(`berth report: that this report was made is not on record: ${unrecorded}.\n`)
  }
  const journal = await (keys ? openSiteJournalReadOnly(file.store, file.site.id, keys) : openTold(file))
  try {
    const told = (await viewsBeside(file, journal).read(name, span)).map(([, row]) => columnsOf(REPORTS[name], row))
    const rows = await Promise.all(told.map((row) => (keys ? examined(row, journal, { saw: () => {} }) : row)))
    const text = format === 'csv' ? csvOf(REPORTS[name].columns, rows) : linesOf(rows)
    return tell('report', values.out, text, `${counted(rows.length, 'row')} of ${name}`)
  } finally {
    await journal.close()
    keys?.close()
  }
}

/** The site's keys to read names of who verified a request; null where they are not here: then their handles stand. */
function openedKeys({ site, store }: SiteFile): KeyStore | null {
  try {
    return openKeyStoreReadOnly({
      path: `${store.path}.keys`,
      siteId: site.id,
      clock: systemClock,
      chance: systemChance,
    })
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'KEY_UNAVAILABLE') return null
    throw cause
  }
}

function unknownReport(asked: string | undefined): string {
  const near = asked === undefined ? null : nearestWord(asked, [...REPORT_NAMES] satisfies ReportName[])
  const which = near ? `did you mean ${near}? There are` : 'name one of'
  return `${asked === undefined ? '' : `there is no report ${asked.slice(0, 40)}; `}${which}: ${REPORT_NAMES.join(', ')}.`
}
