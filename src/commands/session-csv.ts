import type { PastSession } from '../../simulations/design/demand-fit.ts'
import { csvRecords, separatorOf } from '../csv-cells.ts'

/** What a column of a file of sessions can be. */
export const SESSION_COLUMNS = ['arrive', 'leave', 'stay', 'energy', 'chargePoint', 'site'] as const
export type SessionColumn = (typeof SESSION_COLUMNS)[number]

/** How the file is to be read: names of its columns, where given, and units. */
export type SessionReading = {
  readonly columns: Readonly<Partial<Record<SessionColumn, string>>>
  readonly stayUnit: 's' | 'min' | 'h'
  readonly energyUnit: 'kWh' | 'Wh'
  /** Times that say how far they are from UTC are moved to this zone; null takes every time as it is written. */
  readonly timezone: string | null
}

/** One session as a row says it, local time. */
export type CsvSession = PastSession & { readonly chargePointId: string }

/** A file's sessions, in its order. `skipped` are rows that say no session; `columns` what was taken for what. */
export type SessionCsv = {
  readonly sessions: readonly CsvSession[]
  readonly skipped: readonly { readonly line: number; readonly says: string }[]
  readonly columns: Readonly<Partial<Record<SessionColumn, string>>>
}

/** Names that exports of charging systems use, English and German, without signs and case. */
const USUAL: Readonly<Record<SessionColumn, readonly string[]>> = {
  arrive: [
    'arrive',
    'arrival',
    'starttime',
    'start',
    'startedat',
    'created',
    'connectiontime',
    'plugintime',
    'startdatetime',
    'beginn',
    'startzeit',
    'ladebeginn',
  ],
  leave: [
    'leave',
    'departure',
    'endtime',
    'end',
    'endedat',
    'ended',
    'disconnecttime',
    'plugouttime',
    'enddatetime',
    'ende',
    'endzeit',
    'ladeende',
  ],
  stay: ['stay', 'duration', 'connectedduration', 'plugduration'],
  energy: ['energy', 'kwhtotal', 'energykwh', 'kwhdelivered', 'kwh', 'totalenergy', 'energie', 'energiekwh'],
  chargePoint: ['chargepoint', 'chargepointid', 'chargerid', 'evseid', 'evse', 'stationid', 'bay', 'bayid'],
  site: ['site', 'siteid', 'locationid', 'location'],
}
/** A stay longer than this is a session that nobody closed. */
const LONGEST_MIN = 30 * 1440
/** Monday, 1969-12-29: days count from there. */
const FIRST_MONDAY = -3
const MINUTES: Readonly<Record<SessionReading['stayUnit'], number>> = { s: 1 / 60, min: 1, h: 60 }

/** Reads a file of sessions, one a row. Answers one sentence where the file as a whole cannot be read so. Never throws. */
export function readSessionCsv(text: string, reading: SessionReading): SessionCsv | string {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  const separator = separatorOf(clean)
  const records = csvRecords(clean, separator)
  const header = records.next()
  if (header.done) return 'the file is empty; its first line names the columns.'
  const names = header.value.cells.map((cell) => cell.trim())
  if (names.some((name) => NO_TEXT.test(name)))
    return 'it is no text in UTF-8; save the table as CSV in UTF-8 and fit that.'
  const rows = [...records]
  const sound = rows.find(({ problem }) => problem === null)
  if (!sound) return rows[0] ? `line ${rows[0].line}: the line ${rows[0].problem}.` : 'it has no rows below its header.'
  const columns = columnsOf(names, reading.columns, sound)
  if (typeof columns === 'string') return columns
  const clock = reading.timezone === null ? null : wallClock(reading.timezone)
  if (typeof clock === 'string') return clock
  const sessions: CsvSession[] = []
  const skipped: { line: number; says: string }[] = []
  for (const { line, cells, problem } of rows) {
    const raw = (column: SessionColumn): string => cells[names.indexOf(columns[column] ?? '')]?.trim() ?? ''
    // Where columns part at semicolons, a comma is what stands before a number's parts.
    const cell = (column: SessionColumn): string =>
      separator === ';' && COMMA.test(raw(column)) ? raw(column).replace(',', '.') : raw(column)
    const session = problem === null ? sessionOf(cell, columns, reading, clock) : `the line ${problem}`
    if (typeof session === 'string') skipped.push({ line, says: session })
    else sessions.push(session)
  }
  return { sessions, skipped, columns }
}

/** What no name of a column holds: signs that are no text, and what stands for bytes that are none. */
const NO_TEXT = /[\p{Cc}\uFFFD]/u
/** A number as it is written where points part thousands. */
const COMMA = /^-?\d+,\d+$/

/** Which column is what: as asked for, else by its usual name, where the first row says a time under a name for times. */
function columnsOf(
  names: readonly string[],
  asked: SessionReading['columns'],
  first: { readonly line: number; readonly cells: readonly string[] },
): SessionCsv['columns'] | string {
  const found: Partial<Record<SessionColumn, string>> = {}
  for (const column of SESSION_COLUMNS) {
    const wanted = asked[column]
    if (wanted !== undefined && !names.includes(wanted))
      return `there is no column ${JSON.stringify(wanted.slice(0, 40))}; the file has ${shownList(names)}.`
    const isTime = column === 'arrive' || column === 'leave'
    const usual = USUAL[column].flatMap((word) => names.filter((name) => plain(name) === word))
    const said = (name: string): string => first.cells[names.indexOf(name)]?.trim() ?? ''
    const name = wanted ?? usual.find((one) => !isTime || wallMinutes(said(one), null) !== null)
    if (name !== undefined) found[column] = name
    else if (
      usual[0] !== undefined &&
      (column === 'arrive' || (asked.stay === undefined && names.every((one) => !USUAL.stay.includes(plain(one)))))
    )
      return `line ${first.line}: ${usual[0]} is ${quoted(said(usual[0]))}, ${NO_TIME}; name another column with --${column}, one of ${shownList(names)}.`
  }
  if (found.arrive === undefined)
    return `no column says when a vehicle came; name it with --arrive, one of ${shownList(names)}.`
  if (found.leave === undefined && found.stay === undefined)
    return `no column says how long a vehicle stayed; name one with --leave or --stay, of ${shownList(names)}.`
  return found
}

function sessionOf(
  cell: (column: SessionColumn) => string,
  columns: SessionCsv['columns'],
  reading: SessionReading,
  clock: WallClock | null,
): CsvSession | string {
  const came = wallMinutes(cell('arrive'), clock)
  if (came === null) return `${columns.arrive} is ${quoted(cell('arrive'))}, ${NO_TIME}`
  const stay_min = stayOf(cell, columns, reading, came, clock)
  if (typeof stay_min === 'string') return stay_min
  if (!(stay_min > 0) || stay_min > LONGEST_MIN)
    return `the stay is ${Math.round(stay_min)} minutes, not above 0 and up to 30 days`
  const energy = columns.energy === undefined || cell('energy') === '' ? null : Number(cell('energy'))
  if (energy !== null && !(energy >= 0)) return `${columns.energy} is ${quoted(cell('energy'))}, no amount of energy`
  const day = Math.floor(came / 1440)
  return {
    day: day - FIRST_MONDAY,
    minute: came - day * 1440,
    stay_min,
    energy_kWh: energy === null ? null : energy / (reading.energyUnit === 'Wh' ? 1000 : 1),
    siteId: cell('site'),
    chargePointId: cell('chargePoint'),
  }
}

function stayOf(
  cell: (column: SessionColumn) => string,
  columns: SessionCsv['columns'],
  reading: SessionReading,
  came: number,
  clock: WallClock | null,
): number | string {
  // An asked-for end counts before a duration that merely has a usual name.
  const byEnd = columns.leave !== undefined && (columns.stay === undefined || reading.columns.stay === undefined)
  if (!byEnd) {
    const stay = cell('stay') === '' ? Number.NaN : Number(cell('stay')) * MINUTES[reading.stayUnit]
    return Number.isFinite(stay) ? stay : `${columns.stay} is ${quoted(cell('stay'))}, no number`
  }
  const left = wallMinutes(cell('leave'), clock)
  if (left === null) return `${columns.leave} is ${quoted(cell('leave'))}, ${NO_TIME}`
  const [from, to] = [writtenTime(cell('arrive')), writtenTime(cell('leave'))]
  // Where clocks are turned in between, the wall's clock says too much or too little.
  return from?.suffix && to?.suffix ? (to.at_ms - from.at_ms) / 60_000 : left - came
}

/** Wall-clock minutes since 1970 at a UTC time in milliseconds. */
type WallClock = (utc_ms: number) => number

function wallClock(timezone: string): WallClock | string {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    return (utc_ms) => {
      const part = Object.fromEntries(format.formatToParts(utc_ms).map(({ type, value }) => [type, Number(value)]))
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
      return Date.UTC(year, month - 1, day, hour, minute, second) / 60_000
    }
  } catch {
    return `there is no time zone ${JSON.stringify(timezone.slice(0, 40))}; write one like Europe/Berlin.`
  }
}

const NO_TIME = 'no time like 2026-11-23 07:30:00 or 23.11.2026 07:30'
/** `23.11.2026 07:30`: with points the day stands first. With slashes it does here and not there, so those are not read. */
const DAY_FIRST = /^(\d{1,2})\.(\d{1,2})\.(\d{4})[ T,]+(?=\d\d:)/
const STAMP = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$/

/** A time as it is written: on its own clock, and what it then is in UTC (the same where no suffix says its offset), ms since 1970; null for none. */
function writtenTime(text: string): { written_ms: number; at_ms: number; suffix: string | undefined } | null {
  const match = STAMP.exec(
    text.replace(
      DAY_FIRST,
      (_, day: string, month: string, year: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} `,
    ),
  )
  if (!match) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  // Some published data say 0014 for 2014.
  const written = Date.UTC(year < 100 ? year + 2000 : year, month - 1, day, hour, minute, second)
  if (new Date(written).getUTCDate() !== day || month > 12 || hour > 23 || minute > 59) return null
  const suffix = match[7]
  return { written_ms: written, at_ms: suffix === undefined ? written : written - offsetOf(suffix), suffix }
}

/** Minutes since 1970 on the wall's clock; null where the text is no time. */
function wallMinutes(text: string, clock: WallClock | null): number | null {
  const time = writtenTime(text)
  if (time === null) return null
  return clock === null || time.suffix === undefined ? time.written_ms / 60_000 : clock(time.at_ms)
}

/** How far a suffix (`Z`, `+01:00`) says that its time is ahead of UTC, milliseconds. */
function offsetOf(suffix: string): number {
  if (suffix === 'Z') return 0
  const minutes = Number(suffix.slice(1, 3)) * 60 + Number(suffix.slice(-2))
  return (suffix.startsWith('-') ? -minutes : minutes) * 60_000
}

/** The number of a day `YYYY-MM-DD`, counted from a Monday; null where the text is none. */
export function dayNumber(text: string): number | null {
  const minutes = wallMinutes(`${text} 00:00`, null)
  return minutes === null ? null : minutes / 1440 - FIRST_MONDAY
}

/** The day of a number, `YYYY-MM-DD`. */
export const dayText = (day: number): string => new Date((day + FIRST_MONDAY) * 86_400_000).toISOString().slice(0, 10)

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
const quoted = (text: string): string => JSON.stringify(text.slice(0, 40))
const shownList = (names: readonly string[]): string => names.map((name) => name.slice(0, 40)).join(', ')
