import { parseArgs } from 'node:util'
import { REPORT_NAMES, REPORTS, type ReportName } from '../../projections/told.ts'
import { counted } from '../counted.ts'
import { nearestWord } from '../nearest-word.ts'
import { readSiteFile } from '../site-file.ts'
import { columnsOf, csvOf, linesOf } from '../views/report-text.ts'
import { misused, openTold, SPAN_OPTIONS, spanOf, tell, viewsBeside } from './told-span.ts'

/**
 * `berth report NAME --site site.yaml [--format csv|jsonl] [--bay B] [--account A] [--from T] [--to T] [--out FILE]`: what the journal
 * tells, from the journal alone, also beside its owner. Vehicles and cards stand as handles. 2 for a wrong command line.
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
  const journal = await openTold(file)
  try {
    const rows = (await viewsBeside(file, journal).read(name, span)).map(([, row]) => columnsOf(REPORTS[name], row))
    const text = format === 'csv' ? csvOf(REPORTS[name].columns, rows) : linesOf(rows)
    return tell('report', values.out, text, `${counted(rows.length, 'row')} of ${name}`)
  } finally {
    await journal.close()
  }
}

function unknownReport(asked: string | undefined): string {
  const near = asked === undefined ? null : nearestWord(asked, [...REPORT_NAMES] satisfies ReportName[])
  const which = near ? `did you mean ${near}? There are` : 'name one of'
  return `${asked === undefined ? '' : `there is no report ${asked.slice(0, 40)}; `}${which}: ${REPORT_NAMES.join(', ')}.`
}
