import { digitsOf, readPrice, rounded } from '../../projections/money.ts'
import type { BillLine } from '../../projections/reconciliation.ts'
import { csvRecords, separatorOf } from '../csv-cells.ts'
import { evseUidOf } from './ocpi-party.ts'

/** Names under which back ends export each field, without case, blanks and signs. */
const NAMES = {
  id: ['cdrid', 'id', 'cdr', 'invoiceline'],
  evidence: ['evidence', 'authorizationreference', 'authref', 'authorizationid'],
  transactions: ['transactions', 'transactionid', 'transaction', 'ocpptransactionid', 'sessiontransactionid'],
  evse: ['evse', 'evseuid', 'evseid', 'connector', 'chargepointconnector'],
  chargePoint: ['chargepoint', 'chargepointid', 'chargingstation', 'chargeboxid'],
  connectorId: ['connectorid', 'evseno', 'outlet'],
  start: ['startedat', 'start', 'startdatetime', 'starttime', 'begin'],
  end: ['endedat', 'end', 'enddatetime', 'stopdatetime', 'endtime', 'stoptime'],
  kWh: ['energykwh', 'totalenergy', 'kwh', 'energy', 'totalenergykwh'],
  Wh: ['energywh', 'wh'],
  currency: ['currency'],
  total: ['total', 'totalcost', 'amount', 'gross', 'totalinclvat', 'price'],
} as const
type Field = keyof typeof NAMES

/**
 * The back end's bills of one CSV text, or a sentence on why they cannot be compared. `usual`: the currency of bills that name none; null
 * where that is not known.
 */
export function readBackEndBills(text: string, usual: string | null): readonly BillLine[] | string {
  const [header, ...records] = [...csvRecords(text.replace(/^\uFEFF/, ''), separatorOf(text))]
  if (header === undefined) return 'The file is empty; export it with a header line.'
  const places = placesOf(header.cells)
  const has = (field: Field): boolean => places[field] >= 0
  if (!has('evidence') && !has('transactions') && !((has('evse') || has('chargePoint')) && has('start')))
    return 'The file names no evidence reference, no transaction id, and no EVSE with start times; export at least one of them.'
  const twice = header.cells.find(
    (name, n) => isKnown(name) && header.cells.slice(0, n).map(folded).includes(folded(name)),
  )
  if (twice !== undefined)
    return `The column \`${twice.trim().slice(0, 40)}\` stands twice in the header line; leave one of the two out.`
  const lines: BillLine[] = []
  for (const { line, cells, problem } of records) {
    if (problem !== null) return `Line ${line}: ${problem}`
    const cell = (field: Field): string => (places[field] < 0 ? '' : (cells[places[field]] ?? '').trim())
    const read = lineOf(line, cell, usual)
    if (typeof read === 'string') return read
    const lacks = [
      ...((has('kWh') || has('Wh')) && read.energy_Wh === null ? (['energy'] as const) : []),
      ...(has('total') && read.total === null ? (['total'] as const) : []),
    ]
    lines.push(lacks.length === 0 ? read : { ...read, lacks })
  }
  return lines
}

const folded = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '')

const isKnown = (name: string): boolean =>
  Object.values(NAMES).some((names) => (names as readonly string[]).includes(folded(name)))

function placesOf(header: readonly string[]): Record<Field, number> {
  const names = header.map(folded)
  const place = (field: Field): number => names.findIndex((name) => (NAMES[field] as readonly string[]).includes(name))
  return Object.fromEntries((Object.keys(NAMES) as Field[]).map((field) => [field, place(field)])) as Record<
    Field,
    number
  >
}

function lineOf(line: number, cell: (field: Field) => string, usual: string | null): BillLine | string {
  const id = cell('id')
  const [start, end] = [momentOf(cell('start')), momentOf(cell('end'))]
  const energy_Wh = energyOf(cell('kWh'), cell('Wh'))
  const currency = cell('currency').toUpperCase() || usual
  const total = amountOf(cell('total'), currency)
  for (const [what, value, text] of [
    ['start', start, cell('start')],
    ['end', end, cell('end')],
    ['energy', energy_Wh, cell('kWh') || cell('Wh')],
    ['total', total, cell('total')],
  ] as const)
    if (value === undefined)
      return `Line ${line}: ${what} \`${text.slice(0, 40)}\` cannot be read; times are ISO 8601 with their offset, numbers have a point.`
  return {
    name: `line ${line}${id === '' ? '' : ` (${id.slice(0, 60)})`}`,
    evidence: cell('evidence') || null,
    transactions: cell('transactions')
      .split(/[\s;|]+/)
      .filter((one) => one !== ''),
    evse: evseOf(cell),
    start: start ?? null,
    end: end ?? null,
    energy_Wh: energy_Wh ?? null,
    currency,
    total: total ?? null,
  }
}

/** Null where nothing is said, undefined for what is no such thing; the same for the others. */
function momentOf(text: string): number | null | undefined {
  if (text === '') return null
  const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)$/.test(text)
    ? Date.parse(text.replace(' ', 'T'))
    : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

function energyOf(kWh: string, Wh: string): number | null | undefined {
  const [text, times] = kWh !== '' ? [kWh, 1000] : [Wh, 1]
  if (text === '') return null
  return /^-?\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * times * 1000) / 1000 : undefined
}

/** In minor units of its currency; finer amounts are rounded. */
function amountOf(text: string, currency: string | null): number | null | undefined {
  if (text === '') return null
  const price = readPrice(text)
  return price === null ? undefined : Number(rounded(price, 10n ** BigInt(6 - digitsOf(currency ?? ''))))
}

function evseOf(cell: (field: Field) => string): string | null {
  if (cell('evse') !== '') return evseUidOf(cell('evse'))
  if (cell('chargePoint') === '') return null
  return evseUidOf(`${cell('chargePoint')}/${cell('connectorId') || '1'}`)
}
