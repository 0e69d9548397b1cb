import { parseArgs } from 'node:util'
import { type Backtest, backtest } from '../../simulations/design/backtest.ts'
import { type BothBusy, bothBusy } from '../../simulations/design/both-busy.ts'
import { plainQueue } from '../../simulations/design/queue-run.ts'
import { agrees, caseCount, MOST_Z, type TheoryCheck, theoryChecks } from '../../simulations/design/theory-checks.ts'
import { type CsvSession, dayNumber, dayText } from './session-csv.ts'
import { readingOf, sessionsIn } from './sim-fit.ts'

/** At least this share of the hours of the period held out lies in the band of nine in ten. */
const LEAST_COVERED = 0.85
/** Most points between the share in which both charge points of a site were taken, and the simulation's. */
const MOST_POINTS = 0.5
/** With fewer sites the share is as much chance as truth, and no reason to say no. */
const ENOUGH_SITES = 100
const REPLICATIONS = 30
const VISITS = 5000

const OPTIONS = {
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  split: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
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

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** What one file of sessions says of the simulation. `null` where it cannot say that. */
type DataChecks = { readonly file: string; readonly bothBusy: BothBusy | null; readonly backtest: Backtest | null }

/**
 * `berth sim validate [SESSIONS.csv …]`: the simulation against theory, and against real sessions where they are given. Answers 1 where
 * they do not agree, 2 for a wrong call. The same seed and files give the same bytes.
 */
export async function simValidate(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  if (!/^\d{1,9}$/.test(values.seed))
    return complain(`--seed takes a whole number; ${JSON.stringify(values.seed)} is none.`, 2)
  const data: DataChecks[] = []
  for (const file of positionals) {
    const checked = await dataChecks(file, values)
    if (typeof checked === 'string') return complain(`berth sim validate: ${file}: ${checked}`, 1)
    data.push(checked)
  }
  const checks = [...withProgress(Number(values.seed))].flat()
  const isRight = agrees(checks) && data.every(holds)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ agrees: isRight, checks, data }, null, 2)}\n`
      : `${[...theoryText(checks), ...data.flatMap(dataText)].join('\n')}\n`,
  )
  return isRight ? 0 : 1
}

/** All checks, with a line on a terminal that says how far they are. */
function* withProgress(seed: number): Generator<readonly TheoryCheck[]> {
  const total = caseCount()
  let done = 0
  for (const checks of theoryChecks(plainQueue, { seed, replications: REPLICATIONS, visits: VISITS })) {
    done += 1
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} cases${done === total ? '\n' : ''}`)
    yield checks
  }
}

async function dataChecks(file: string, values: Values): Promise<DataChecks | string> {
  const reading = readingOf(values)
  if (typeof reading === 'string') return reading
  const csv = await sessionsIn(file, reading)
  if (typeof csv === 'string') return csv
  const sessions = insideOf(csv.sessions, values)
  if (typeof sessions === 'string') return sessions
  const days = sessions.map(({ day }) => day)
  const [first, last] = [days.reduce((a, b) => Math.min(a, b)), days.reduce((a, b) => Math.max(a, b))]
  const split = values.split === undefined ? Math.floor((first + last + 1) / 2) : dayNumber(values.split)
  if (split === null) return `--split takes a day like 2026-11-23; ${JSON.stringify(values.split)} is none.`
  const seed = Number(values.seed)
  const hasSites = csv.columns.site !== undefined && csv.columns.chargePoint !== undefined
  return {
    file,
    bothBusy: hasSites ? bothBusy(sessions, plainQueue, { seed, replications: 5 }) : null,
    backtest: backtest(sessions, split, seed),
  }
}

function insideOf(sessions: readonly CsvSession[], { from, to }: Values): readonly CsvSession[] | string {
  const bounds = [from, to].map((day) => (day === undefined ? null : dayNumber(day)))
  if ((from !== undefined && bounds[0] === null) || (to !== undefined && bounds[1] === null))
    return '--from and --to take days like 2026-11-23.'
  const [least, most] = bounds
  const inside = sessions.filter(({ day }) => day >= (least ?? day) && day <= (most ?? day))
  return inside.length > 0 ? inside : `no session lies between ${from} and ${to}.`
}

function holds({ bothBusy: busy, backtest: test }: DataChecks): boolean {
  const isBusyRight = busy === null || busy.sites < ENOUGH_SITES || points(busy) <= MOST_POINTS
  return isBusyRight && (test === null || test.joint.covered >= LEAST_COVERED)
}

const points = ({ seen, simulated }: BothBusy): number => Math.abs(seen - simulated) * 100

function theoryText(checks: readonly TheoryCheck[]): string[] {
  const width = Math.max(...checks.map(({ what }) => what.length)) + 2
  const inside = checks.filter((check) => check.inside).length
  const furthest = Math.max(...checks.map(({ z }) => Math.abs(z)))
  return [
    `${''.padEnd(width)}${'theory'.padStart(10)}${'simulated'.padStart(12)}   95 % interval         standard errors apart`,
    ...checks.map(({ what, theory, seen, z, inside: held, unit }) => {
      const interval = `${figure(seen.low)} to ${figure(seen.high)}${unit === '' ? '' : ` ${unit}`}`
      return `${what.padEnd(width)}${figure(theory).padStart(10)}${figure(seen.mean).padStart(12)}   ${interval.padEnd(22)}${z.toFixed(1).padStart(5)}${held ? '' : '   outside'}`
    }),
    '',
    `${inside} of ${checks.length} inside their interval (at least ${Math.ceil(0.9 * checks.length)} wanted), the furthest ${furthest.toFixed(1)} standard errors off (${MOST_Z} allowed): ${agrees(checks) ? 'theory and simulation agree' : 'THEY DO NOT AGREE'}.`,
  ]
}

function dataText(checked: DataChecks): string[] {
  const { file, bothBusy: busy, backtest: test } = checked
  const lines = ['', `${file}:`]
  if (busy) {
    const judged =
      busy.sites < ENOUGH_SITES
        ? `${busy.sites} sites are too few to judge by`
        : `${points(busy).toFixed(2)} points apart, ${MOST_POINTS} allowed`
    lines.push(
      `  Both charge points of a site taken (${busy.sites} sites): ${percent(busy.seen)} seen, ${percent(busy.simulated)} simulated, ${percent(busy.erlang)} by Erlang B; ${judged}.`,
    )
  }
  if (!test) lines.push('  Too few days for a backtest: it takes a week before the split and a week after it.')
  else lines.push(...backtestText(test))
  return lines
}

function backtestText({ splitDay, hours, seenPeak, joint, calculators }: Backtest): string[] {
  const of = (name: string, { covered, off, peak }: Backtest['joint']): string =>
    `    ${name.padEnd(36)}${percent(covered).padStart(9)}${off.toFixed(1).padStart(18)}${peak.toFixed(1).padStart(14)}`
  return [
    `  Fitted on the days before ${dayText(splitDay)}, held against ${hours} hours from then on (busiest of a day, mean: ${seenPeak.toFixed(1)} vehicles):`,
    `    ${''.padEnd(36)}${'in band'.padStart(9)}${'off by, vehicles'.padStart(18)}${'busiest'.padStart(14)}`,
    of('arrival and stay drawn together', joint),
    of('exponential stays, as calculators do', calculators),
    `  The band of nine runs in ten held ${percent(joint.covered)} of the hours; ${percent(LEAST_COVERED)} is wanted${joint.covered >= LEAST_COVERED ? '.' : ': the days after the split are not like those before it.'}`,
  ]
}

/** Two decimals, or fewer where the number is large. */
const figure = (value: number): string => {
  const text = value.toFixed(Math.abs(value) >= 100 ? 1 : Math.abs(value) < 0.1 ? 4 : 2)
  return Number(text) === 0 ? '0' : text
}
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

function complain(text: string, code: number): number {
  process.stderr.write(`${text}\n`)
  return code
}
