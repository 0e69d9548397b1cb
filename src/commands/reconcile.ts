import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { amountText } from '../../projections/money.ts'
import {
  type BillLine,
  type Difference,
  type OurLine,
  reconcile,
  TOLERANCE,
  type Tolerance,
} from '../../projections/reconciliation.ts'
import { numberIn, type Row, textIn, textsIn } from '../../projections/row-fold.ts'
import { type Adopted, costOf, tariffAt } from '../../projections/tariff.ts'
import type { RowFilter } from '../../projections/told.ts'
import { counted } from '../counted.ts'
import { fileTrouble } from '../file-trouble.ts'
import { readBackEndBills } from '../ocpi/back-end-bills.ts'
import { adoptedTariffs } from '../ocpi/bills.ts'
import { evseUidOf } from '../ocpi/ocpi-party.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { misused, openTold, SPAN_OPTIONS, spanOf, viewsBeside } from './told-span.ts'

const text = { type: 'string' } as const
const { out: _out, format: _format, account: _account, ...SPAN } = SPAN_OPTIONS

/**
 * `berth reconcile CDRS.csv --site site.yaml [--from T] [--to T] [--bay B] [--json] [--tolerance-wh N] [--tolerance-money N]
 * [--tolerance-s N]`: what is missing, extra or different between berth and the back end that bills. 0 where nothing is, 1 where something
 * is or the file cannot be read, 2 for a wrong command line.
 */
export async function reconcileBills(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { ...SPAN, json: { type: 'boolean' }, 'tolerance-wh': text, 'tolerance-money': text, 'tolerance-s': text },
    allowPositionals: true,
  })
  const [path, more] = positionals
  if (path === undefined || more !== undefined || values.site === undefined)
    return misused('reconcile', 'say which bills and which site: `berth reconcile CDRS.csv --site site.yaml`.')
  const tolerance = toleranceOf(values)
  if (typeof tolerance === 'string') return misused('reconcile', tolerance)
  const span = spanOf(values)
  if (typeof span === 'string') return misused('reconcile', span)
  const file = await readSiteFile(values.site)
  const theirs = await readBills(path, file.tariff?.currency ?? null)
  if (typeof theirs === 'string') {
    process.stderr.write(`berth reconcile: ${path}: ${theirs}\n`)
    return 1
  }
  const period = periodOf(theirs, span)
  const found = await ourBills(file, period, tolerance.time_s)
  const { ours, matched, differences } = reconcile(found, theirs, tolerance)
  const result = {
    from: period.from ?? null,
    to: period.to ?? null,
    ours,
    theirs: theirs.length,
    matched,
    tolerance,
    differences,
  }
  process.stdout.write(values.json === true ? `${JSON.stringify(result)}\n` : textOf(result))
  return differences.length === 0 ? 0 : 1
}

async function readBills(path: string, usual: string | null): Promise<readonly BillLine[] | string> {
  try {
    return readBackEndBills(await readFile(path, 'utf8'), usual)
  } catch (cause) {
    return fileTrouble(cause)
  }
}

function toleranceOf(values: { readonly [flag: string]: string | boolean | undefined }): Tolerance | string {
  const read = (flag: string, usual: number): number => {
    const given = values[flag]
    return typeof given === 'string' ? Number(given) : usual
  }
  const tolerance = {
    ...TOLERANCE,
    energy_Wh: read('tolerance-wh', TOLERANCE.energy_Wh),
    money: read('tolerance-money', TOLERANCE.money),
    time_s: read('tolerance-s', TOLERANCE.time_s),
  }
  const isFit = Object.values(tolerance).every((one) => Number.isFinite(one) && one >= 0)
  return isFit ? tolerance : 'a tolerance is a number of 0 or more.'
}

const DAY_ms = 86_400_000

/** As asked; else the whole days (UTC) that the file's bills began on, so that what is missing on them is found. */
function periodOf(theirs: readonly BillLine[], span: RowFilter): RowFilter {
  const starts = theirs.flatMap(({ start }) => (start === null ? [] : [start]))
  if (span.from !== undefined || span.to !== undefined || starts.length === 0) return span
  const day = (ms: number): string => new Date(Math.floor(ms / DAY_ms) * DAY_ms).toISOString()
  return { ...span, from: day(Math.min(...starts)), to: day(Math.max(...starts) + DAY_ms) }
}

/** Those of the period, and at its edges those whose clock may have been off by as much as is tolerated. */
async function ourBills(file: SiteFile, filter: RowFilter, time_s: number): Promise<readonly OurLine[]> {
  const journal = await openTold(file)
  try {
    const views = viewsBeside(file, journal)
    const adopted = await adoptedTariffs(views)
    const inside = new Set((await views.read('sessions', filter)).map(([key]) => key))
    const rows = await views.read('sessions', widened(filter, time_s))
    return rows.flatMap(([key, row]) =>
      row['status'] === 'running' ? [] : [{ ...ourLine(row, adopted), edge: !inside.has(key) }],
    )
  } finally {
    await journal.close()
  }
}

function widened({ from, to, ...others }: RowFilter, time_s: number): RowFilter {
  const moved = (at: string, by_s: number): string => new Date(Date.parse(at) + by_s * 1000).toISOString()
  return {
    ...others,
    ...(from === undefined ? {} : { from: moved(from, -time_s) }),
    ...(to === undefined ? {} : { to: moved(to, time_s) }),
  }
}

function ourLine(row: Row, adopted: readonly Adopted[]): OurLine {
  const startedAt = textIn(row, 'startedAt')
  const endedAt = textIn(row, 'endedAt')
  const energy_Wh = numberIn(row, 'energy_Wh')
  const tariff = tariffAt(adopted, startedAt ?? '')
  const connector = textIn(row, 'connector')
  return {
    name: textIn(row, 'sessionId') ?? '',
    evidence: textIn(row, 'evidence'),
    transactions: textsIn(row, 'transactions'),
    evse: connector === null ? null : evseUidOf(connector),
    start: startedAt === null ? null : Date.parse(startedAt),
    end: endedAt === null ? null : Date.parse(endedAt),
    energy_Wh,
    currency: tariff?.currency ?? null,
    total: tariff === null ? null : costOf(tariff, { energy_Wh, idle_s: numberIn(row, 'idle_s') }).gross,
    paid: row['status'] === 'billed' && row['accountId'] !== null,
  }
}

type Result = {
  readonly from: string | null
  readonly to: string | null
  readonly ours: number
  readonly theirs: number
  readonly matched: number
  readonly differences: readonly Difference[]
}

function textOf({ from, to, ours, theirs, matched, differences }: Result): string {
  const span = from === null && to === null ? '' : ` from ${from ?? 'the first'} to ${to ?? 'the last'}`
  const count = (kind: Difference['kind']): number => differences.filter((one) => one.kind === kind).length
  const lines = differences.map(
    ({ kind, ours: mine, theirs: other, by, says }) =>
      `${kind.padEnd(9)} ${[mine && nameOf(mine), other && nameOf(other)].filter((one) => one !== null).join(' = ')}${by === null ? '' : ` (by ${by})`}: ${says.join('; ')}`,
  )
  return [
    `berth bills ${counted(ours, 'session')}${span}, the back end ${theirs}; ${matched} ${matched === 1 ? 'is the same one' : 'are the same ones'}.`,
    ...lines,
    `${count('missing')} missing, ${count('extra')} extra, ${count('different')} different.`,
    '',
  ].join('\n')
}

const nameOf = ({ name, evidence, energy_Wh, total, currency }: BillLine): string =>
  [
    name,
    evidence,
    energy_Wh === null ? null : `${energy_Wh} Wh`,
    total === null ? null : `${amountText(total, currency ?? '')} ${currency ?? ''}`.trim(),
  ]
    .filter((one) => one !== null)
    .join(', ')
