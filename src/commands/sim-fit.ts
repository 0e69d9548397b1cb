import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { DAY_KINDS } from '../../simulations/design/demand.ts'
import type { DemandFigures } from '../../simulations/design/demand-figures.ts'
import { type FitWish, fitDemand } from '../../simulations/design/demand-fit.ts'
import { fileTrouble } from '../file-trouble.ts'
import {
  type CsvSession,
  dayNumber,
  dayText,
  readSessionCsv,
  type SessionCsv,
  type SessionReading,
} from './session-csv.ts'
import { complain } from './sim/complaint.ts'
import { digits } from './sim/html-text.ts'

const USAGE =
  'berth sim fit takes one file of sessions: `berth sim fit sessions.csv --out demand.json`; `--help` names its columns.'
const SKIPPED_SHOWN = 5

/** How a file of sessions is to be read: its columns, units and zone. */
export const READING_OPTIONS = {
  arrive: { type: 'string' },
  leave: { type: 'string' },
  stay: { type: 'string' },
  energy: { type: 'string' },
  'charge-point': { type: 'string' },
  site: { type: 'string' },
  'stay-unit': { type: 'string', default: 's' },
  'energy-unit': { type: 'string', default: 'kWh' },
  timezone: { type: 'string' },
} as const

const OPTIONS = {
  ...READING_OPTIONS,
  from: { type: 'string' },
  to: { type: 'string' },
  figures: { type: 'boolean', default: false },
  name: { type: 'string' },
  source: { type: 'string', default: 'own sessions' },
  licence: { type: 'string', default: 'the owner’s' },
  out: { type: 'string' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/**
 * `berth sim fit sessions.csv`: writes a demand file that a scenario names. By default it keeps the visits themselves (minute, stay,
 * energy) and draws them again together; `--figures` keeps only shares and parts per charge point. Answers 1 where the file says no
 * session, 2 for a wrong call.
 */
export async function simFit(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  const [path] = positionals
  const reading = readingOf(values)
  if (path === undefined || positionals.length > 1 || typeof reading === 'string')
    return complain(typeof reading === 'string' ? reading : USAGE, 2)
  const csv = await sessionsIn(path, reading)
  if (typeof csv === 'string') return complain(`berth sim fit: ${path}: ${csv}`, 1)
  const wish = wishOf(values, csv.sessions, path)
  if (typeof wish === 'string') return complain(`berth sim fit: ${path}: ${wish}`, 1)
  const figures = fitDemand(
    csv.sessions.map((session) => ({ ...session, siteId: values.site === undefined ? 'all' : session.siteId })),
    wish,
  )
  const out = values.out ?? `${wish.name}.demand.json`
  try {
    await writeFile(out, demandText(figures))
  } catch (cause) {
    return complain(`berth sim fit: ${out}: ${fileTrouble(cause)}`, 1)
  }
  process.stdout.write(reportOf(figures, csv, out, values.site !== undefined))
  return 0
}

/** A demand file as text: one line for each list, so that it stays readable and the same bytes for the same figures. */
export function demandText(figures: DemandFigures): string {
  const lists: string[] = []
  const marked = JSON.stringify(
    figures,
    (_, value: unknown) => {
      const flat = Array.isArray(value) && value.every((one) => one === null || typeof one === 'number')
      return flat ? `\uE000${lists.push(JSON.stringify(value)) - 1}\uE001` : value
    },
    2,
  )
  return `${marked.replace(/"\uE000(\d+)\uE001"/g, (_, at: string) => lists[Number(at)] ?? '')}\n`
}

/** The sessions of a file, or one sentence. Throws nothing. */
export async function sessionsIn(path: string, reading: SessionReading): Promise<SessionCsv | string> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    return fileTrouble(cause)
  }
  const csv = readSessionCsv(text, reading)
  if (typeof csv === 'string' || csv.sessions.length > 0) return csv
  const first = csv.skipped[0]
  return first ? `no row says a session; line ${first.line}: ${first.says}.` : 'it has no rows below its header.'
}

/** How the command line wants the file read, or the sentence that says what was not understood. */
export function readingOf(
  values: {
    readonly [key in 'arrive' | 'leave' | 'stay' | 'energy' | 'charge-point' | 'site' | 'timezone']?: string
  } & { readonly 'stay-unit': string; readonly 'energy-unit': string },
): SessionReading | string {
  const { 'stay-unit': stayUnit, 'energy-unit': energyUnit, arrive, leave, stay, energy, site, timezone } = values
  const chargePoint = values['charge-point']
  if (stayUnit !== 's' && stayUnit !== 'min' && stayUnit !== 'h')
    return `--stay-unit is s, min or h; ${JSON.stringify(stayUnit)} is none.`
  if (energyUnit !== 'kWh' && energyUnit !== 'Wh')
    return `--energy-unit is kWh or Wh; ${JSON.stringify(energyUnit)} is none.`
  const named = { arrive, leave, stay, energy, chargePoint, site }
  return {
    columns: Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined)),
    stayUnit,
    energyUnit,
    timezone: timezone ?? null,
  }
}

/** The days that count and what is told of the figures, or the sentence that says why there are none. */
function wishOf(values: Values, sessions: readonly CsvSession[], path: string): FitWish | string {
  const days = sessions.map(({ day }) => day)
  const [least, most] = [days.reduce((a, b) => Math.min(a, b)), days.reduce((a, b) => Math.max(a, b))]
  const [from, to] = [values.from ?? dayText(least), values.to ?? dayText(most)]
  const [firstDay, lastDay] = [dayNumber(from), dayNumber(to)]
  if (firstDay === null || lastDay === null) return `--from and --to take days like 2026-11-23.`
  const inside = sessions.filter(({ day }) => day >= firstDay && day <= lastDay)
  const chargePoints = new Set(inside.map(({ chargePointId }) => chargePointId))
  if (values.figures && chargePoints.size === 1 && chargePoints.has(''))
    return 'figures are those of one charge point, and no column names them; say which with --charge-point.'
  if (inside.length === 0)
    return `no session lies between ${from} and ${to}; the file has ${dayText(least)} to ${dayText(most)}.`
  return {
    firstDay,
    lastDay,
    from,
    to,
    keep: values.figures ? 'figures' : 'past',
    visitsOf: values.figures ? 'charge-point' : 'site',
    chargePoints: chargePoints.size,
    name: values.name ?? nameOf(path),
    source: values.source,
    licence: values.licence,
  }
}

const nameOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.csv$/i, '')

function reportOf(
  figures: DemandFigures,
  { skipped, columns, sessions }: SessionCsv,
  out: string,
  isOfSites: boolean,
): string {
  const { from, to, chargePoints, visits, dispersion, visitsOf } = figures
  const of = visitsOf === 'site' ? '' : ' and charge point'
  // Without --site everything counts as one site.
  const used = Object.entries(columns).filter(([what]) => what !== 'site' || isOfSites)
  const taken = used.map(([what, name]) => `${what} = ${name}`)
  const energy = sessions.some(({ energy_kWh }) => energy_kWh !== null)
  return [
    `${figures.sessions} sessions from ${from} to ${to}${columns.chargePoint ? ` at ${chargePoints} charge points` : ''} (${taken.join(', ')}).`,
    `Visits a day${of}: ${DAY_KINDS.map((kind) => `${kind} ${digits(visits[kind])}`).join(', ')}; dispersion ${digits(dispersion)}${isOfSites ? ' of a site' : ''}.`,
    ...(visitsOf === 'site' && !isOfSites && chargePoints > 1
      ? [
          `These are the visits of all ${chargePoints} charge points together, whatever the bays of a scenario; --figures keeps those of one, which a scenario multiplies by its bays.`,
        ]
      : []),
    ...(energy ? energyTaken(sessions) : ['Energy is not in it: what vehicles take is assumed, and reports say so.']),
    ...(skipped.length > 0 ? [`${skipped.length} rows say no session and were left out:`] : []),
    ...skipped.slice(0, SKIPPED_SHOWN).map(({ line, says }) => `  line ${line}: ${says}`),
    ...(skipped.length > SKIPPED_SHOWN ? [`  and ${skipped.length - SKIPPED_SHOWN} more`] : []),
    `Written to ${out}; a scenario names it as \`demand: { source: ${out} }\`.`,
    '',
  ].join('\n')
}

/** More than any vehicle takes at once, kWh: a lorry's battery. */
const UNLIKELY_KWH = 1_000

/** What vehicles take on average, and what in it can hardly be. */
function energyTaken(sessions: readonly CsvSession[]): readonly string[] {
  const taken = sessions.flatMap(({ energy_kWh }) => energy_kWh ?? [])
  const mean = taken.reduce((sum, one) => sum + one, 0) / taken.length
  const unlikely = taken.filter((one) => one > UNLIKELY_KWH).length
  return [
    `A vehicle takes ${mean < 100 ? mean.toPrecision(3) : Math.round(mean)} kWh on average.`,
    ...(unlikely === 0
      ? []
      : [
          `${unlikely} of them took more than ${UNLIKELY_KWH} kWh: if the file's figures are Wh, say --energy-unit Wh; else mend those rows.`,
        ]),
  ]
}
