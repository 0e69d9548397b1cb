/** Columns of the reports, and how their values are read: in words, in the site's time, in kWh. */
import type { Json } from '../../../machines/events.ts'
import { value } from './bay-words.ts'
import { decimal, words } from './language.ts'
import { span } from './server-time.ts'
import { inWords, nameWord } from './told-words.ts'

const WORDS = words({
  en: {
    accountId: 'account',
    alarmId: 'alarm',
    answeredAt: 'answered',
    answeredBy: 'answered by',
    authorizedAt: 'authorized',
    authorizing_ms: 'asking',
    bayId: 'bay',
    billedAt: 'billed',
    blocked_ms: 'blocked',
    blocked_s: 'blocked',
    by: 'asked by',
    cameraId: 'camera',
    candidates: 'plates in question',
    charging_ms: 'charging',
    clearedAt: 'over',
    connector: 'connector',
    contradictions: 'contradictions',
    day: 'day (UTC)',
    detecting_ms: 'seeing',
    disputed_Wh: 'disputed energy',
    disputes: 'disputes',
    do: 'what to do',
    endedAt: 'ended',
    energy_Wh: 'energy',
    evidence: 'evidence',
    exit: 'ended by',
    exiting_ms: 'leaving',
    fallback: 'asked for a card',
    firstSeq: 'first record',
    fleet: 'fleet',
    gap_Wh: 'energy in gaps',
    gaps: 'gaps',
    handle: 'vehicle',
    hour: 'hour',
    idToken: 'token',
    identifiedBy: 'known by',
    idle_s: 'without charging',
    kind: 'kind',
    lastSeq: 'last record',
    leaps: 'leaps of the register',
    lockedAt: 'locked',
    metered_Wh: 'by the register',
    openedAt: 'began',
    openedBy: 'began by',
    paused_chargePoint_s: 'paused by charge point',
    paused_unknown_s: 'paused, unknown by whom',
    paused_vehicle_s: 'paused by vehicle',
    person: 'decided by',
    plate: 'plate',
    raisedAt: 'raised',
    reason: 'why',
    refused: 'refused',
    resets: 'resets of the register',
    reviewId: 'review',
    says: 'what is wrong',
    seq: 'record',
    sessionId: 'session',
    sessions: 'sessions',
    settled: 'settled',
    startedAt: 'began',
    starts: 'starts',
    startsFailed: 'failed starts',
    status: 'status',
    stood_s: 'stood',
    took_s: 'took',
    transactions: 'transactions',
    type: 'kind',
    unknown_ms: 'unknown',
    upgrades: 'better identified',
    verdict: 'answer',
    visitId: 'visit',
    visits: 'visits',
  },
  de: {
    accountId: 'Konto',
    alarmId: 'Alarm',
    answeredAt: 'beantwortet',
    answeredBy: 'beantwortet von',
    authorizedAt: 'freigegeben',
    authorizing_ms: 'fragt an',
    bayId: 'Platz',
    billedAt: 'abgerechnet',
    blocked_ms: 'blockiert',
    blocked_s: 'blockiert',
    by: 'gefragt von',
    cameraId: 'Kamera',
    candidates: 'fragliche Kennzeichen',
    charging_ms: 'lädt',
    clearedAt: 'vorbei',
    connector: 'Anschluss',
    contradictions: 'Widersprüche',
    day: 'Tag (UTC)',
    detecting_ms: 'erkennt',
    disputed_Wh: 'bestrittene Energie',
    disputes: 'Streitfälle',
    do: 'was zu tun ist',
    endedAt: 'geendet',
    energy_Wh: 'Energie',
    evidence: 'Belege',
    exit: 'beendet durch',
    exiting_ms: 'fährt ab',
    fallback: 'nach Karte gefragt',
    firstSeq: 'erster Eintrag',
    fleet: 'Flotte',
    gap_Wh: 'Energie in Lücken',
    gaps: 'Lücken',
    handle: 'Fahrzeug',
    hour: 'Stunde',
    idToken: 'Ausweis',
    identifiedBy: 'erkannt durch',
    idle_s: 'ohne Laden',
    kind: 'Art',
    lastSeq: 'letzter Eintrag',
    leaps: 'Sprünge des Zählers',
    lockedAt: 'gesperrt',
    metered_Wh: 'laut Zähler',
    openedAt: 'begonnen',
    openedBy: 'begonnen durch',
    paused_chargePoint_s: 'Pause durch Ladepunkt',
    paused_unknown_s: 'Pause, unbekannt durch wen',
    paused_vehicle_s: 'Pause durch Fahrzeug',
    person: 'entschieden von',
    plate: 'Kennzeichen',
    raisedAt: 'gemeldet',
    reason: 'warum',
    refused: 'abgelehnt',
    resets: 'Rücksetzungen des Zählers',
    reviewId: 'Rückfrage',
    says: 'was nicht stimmt',
    seq: 'Eintrag',
    sessionId: 'Ladevorgang',
    sessions: 'Ladevorgänge',
    settled: 'beigelegt',
    startedAt: 'begonnen',
    starts: 'Starts',
    startsFailed: 'misslungene Starts',
    status: 'Stand',
    stood_s: 'stand an',
    took_s: 'dauerte',
    transactions: 'Transaktionen',
    type: 'Art',
    unknown_ms: 'unbekannt',
    upgrades: 'besser erkannt',
    verdict: 'Antwort',
    visitId: 'Besuch',
    visits: 'Besuche',
  },
})
const NAMES: { readonly [column: string]: string | undefined } = WORDS

/** A column in words; one that is newer than this page keeps its name. */
export const columnName = (column: string): string => NAMES[column] ?? column

const list = (text: string): readonly string[] => text.split(' ')
/** What a person reads of each report first. */
const SENSIBLE: { readonly [report: string]: readonly string[] | undefined } = {
  sessions: list('startedAt endedAt bayId accountId energy_Wh idle_s disputed_Wh status exit'),
  visits: list('openedAt endedAt bayId plate accountId identifiedBy energy_Wh idle_s exit'),
  fleets: list('day fleet accountId sessions energy_Wh idle_s disputed_Wh'),
  occupancy: list('hour bayId visits detecting_ms authorizing_ms charging_ms exiting_ms blocked_ms unknown_ms'),
  reviews: list('openedAt bayId kind reason verdict plate answeredBy took_s'),
  alarms: list('raisedAt clearedAt stood_s bayId says do'),
}

/** The columns that are shown, of those that the rows have. */
export function columnsShown(report: string, all: readonly string[], everything: boolean): readonly string[] {
  const wanted = SENSIBLE[report]
  return everything || wanted === undefined ? all : wanted.filter((column) => all.includes(column))
}

/** Whether the column holds moments (ISO 8601, an hour's beginning among them). */
export const isTime = (column: string): boolean => /At$/.test(column) || column === 'hour'

/** The moment of a cell, ms since 1970; NaN where there is none. */
export const momentOf = (thing: Json | undefined): number =>
  typeof thing === 'string' ? Date.parse(/T\d\d$/.test(thing) ? `${thing}:00Z` : thing) : Number.NaN

const STATUS: { readonly [status: string]: string | undefined } = words({
  en: { running: 'running', ended: 'ended, not billed yet', billed: 'billed', unbilled: 'not billed' },
  de: {
    running: 'läuft',
    ended: 'beendet, noch nicht abgerechnet',
    billed: 'abgerechnet',
    unbilled: 'nicht abgerechnet',
  },
})

/** What stands in a cell of a row, by what the row is: nothing where nothing is disputed, or where a visit's bill is still to come. */
export function rowText(report: string, column: string, row: { readonly [column: string]: Json }): string {
  if (column === 'disputed_Wh' && row[column] === 0) return ''
  const isToCome = report === 'visits' && row['endedAt'] === null && row[column] === 0
  return isToCome && column === 'energy_Wh' ? '' : cellText(column, row[column])
}

/** What stands in a cell that is no moment. */
function cellText(column: string, thing: Json | undefined): string {
  if (thing === null || thing === undefined) return ''
  if (typeof thing === 'number') {
    if (column.endsWith('_Wh')) return `${decimal(thing / 1000, 2)} kWh`
    if (column.endsWith('_s')) return span(thing * 1000)
    return column.endsWith('_ms') ? span(thing) : value(thing)
  }
  if (Array.isArray(thing)) return thing.map((one) => cellText(column, one)).join(', ')
  if (typeof thing === 'object') {
    // Of a dispute, why it is one.
    const { reason } = thing as { readonly reason?: Json }
    if (typeof reason === 'string') return inWords(reason)
    return Object.entries(thing)
      .map(([name, one]) => `${name} ${cellText(name, one)}`)
      .join(', ')
  }
  if (column === 'identifiedBy') return nameWord('ranks', String(thing))
  if (column === 'status') return STATUS[String(thing)] ?? String(thing)
  return column === 'exit' ? nameWord('exits', String(thing)).replaceAll('-', ' ') : value(thing)
}
