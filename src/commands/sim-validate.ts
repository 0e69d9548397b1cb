import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { invariant } from '../../machines/faults.ts'
import { type Backtest, backtest } from '../../simulations/design/backtest.ts'
import type { BothBusy } from '../../simulations/design/both-busy.ts'
import type { DesignScenario } from '../../simulations/design/design-scenario.ts'
import {
  agrees,
  type CheckEffort,
  caseCount,
  MOST_Z,
  type TheoryCheck,
} from '../../simulations/design/theory-checks.ts'
import { type CsvSession, dayNumber, dayText } from './session-csv.ts'
import { complain } from './sim/complaint.ts'
import { progressLine } from './sim/progress-line.ts'
import { checkScenario } from './sim/scenario-file.ts'
import { EXAMPLE_SITE, scenarioText } from './sim/scenario-template.ts'
import type { CaseAnswer, ValidationOrder } from './sim/validation-worker.ts'
import { openWorkers } from './sim/worker-pool.ts'
import { READING_OPTIONS, readingOf, sessionsIn } from './sim-fit.ts'

/** At least this share of the hours of the period held out lies in the band of nine in ten. */
const LEAST_COVERED = 0.85
/** Most points between the share in which both charge points of a site were taken, and the simulation's. */
const MOST_POINTS = 0.5
/** With fewer sites the share is as much chance as truth, and no reason to say no. */
const ENOUGH_SITES = 100

const OPTIONS = {
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  split: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  ...READING_OPTIONS,
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** How much is run of the queue alone, and of the whole simulation, of which a visit costs a hundred times as much. */
type Effort = Readonly<Record<'plain' | 'whole', Omit<CheckEffort, 'seed'>>>
const EFFORT: Effort = { plain: { replications: 30, visits: 5000 }, whole: { replications: 20, visits: 200 } }

/** What one file of sessions says of the simulation. `null` where it cannot say that. */
type DataChecks = { readonly file: string; readonly bothBusy: BothBusy | null; readonly backtest: Backtest | null }

/** A file's sessions, ready to be asked. */
type Given = {
  readonly file: string
  readonly sessions: readonly CsvSession[]
  readonly hasSites: boolean
  readonly split: number
}

/**
 * `berth sim validate [SESSIONS.csv …]`: the simulation against theory, and against real sessions where they are given. Answers 1 where
 * they do not agree, 2 for a wrong call. The same seed and files give the same bytes.
 */
export async function simValidate(argv: string[], effort: Effort = EFFORT): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  if (!/^\d{1,9}$/.test(values.seed))
    return complain(`--seed takes a whole number; ${JSON.stringify(values.seed)} is none.`, 2)
  const given: Given[] = []
  for (const file of positionals) {
    const one = await givenIn(file, values)
    if (typeof one === 'string') return complain(`berth sim validate: ${file}: ${one}`, 1)
    given.push(one)
  }
  const seed = Number(values.seed)
  const { cases, busy } = await answers(seed, given, effort)
  const data = given.map(
    ({ file, sessions, split }, at): DataChecks => ({
      file,
      bothBusy: busy.get(at) ?? null,
      backtest: backtest(sessions, split, seed),
    }),
  )
  const theory = theoryOf(cases)
  const isRight = theory.agrees && data.every(holds)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ agrees: isRight, theory, data }, null, 2)}\n`
      : `${[...theoryText(theory), ...data.flatMap(dataText)].join('\n')}\n`,
  )
  return isRight ? 0 : 1
}

/** Every case and every file with sites, on all cores. */
async function answers(
  seed: number,
  given: readonly Given[],
  effort: Effort,
): Promise<{ cases: CaseAnswer[]; busy: Map<number, BothBusy | null> }> {
  const base = bareScenario()
  const orders: ValidationOrder[] = [
    ...given.flatMap(({ sessions, hasSites }): ValidationOrder[] =>
      hasSites ? [{ kind: 'sites', base, sessions, seed, replications: 1 }] : [],
    ),
    // The last ones are the largest.
    ...Array.from(
      { length: caseCount() },
      (_, number): ValidationOrder => ({
        kind: 'case',
        base,
        number,
        plain: { seed, ...effort.plain },
        whole: { seed, ...effort.whole },
      }),
    ),
  ]
  const cases: CaseAnswer[] = []
  const busy = new Map<number, BothBusy | null>()
  const withSites = [...given.keys()].filter((at) => given[at]?.hasSites)
  const line = progressLine('cases')
  const pool = openWorkers(availableParallelism(), new URL('./sim/validation-worker.ts', import.meta.url))
  let [next, done] = [0, 0]
  try {
    await pool.run<{ readonly at: number } & ValidationOrder, CaseAnswer | BothBusy | null>(
      () => {
        const order = orders[next]
        return order ? { ...order, at: next++ } : null
      },
      (order, answer) => {
        if (order.kind === 'case') cases[order.number] = answer as CaseAnswer
        else busy.set(withSites[order.at] ?? -1, answer as BothBusy | null)
        line.told(++done, orders.length)
      },
    )
  } finally {
    line.end()
    await pool.close()
  }
  return { cases, busy }
}

/** The scenario of `berth sim init` with a camera for each bay: what is asked of it takes everything else away. */
function bareScenario(): DesignScenario {
  const { scenario } = checkScenario(scenarioText(EXAMPLE_SITE), { 'cameras.covers': 1 })
  invariant(scenario !== null, 'The scenario that berth writes checks.')
  return scenario
}

/** All cases together. `plain` and `whole` hold the same checks in the same order. */
type Theory = {
  readonly agrees: boolean
  readonly plain: readonly TheoryCheck[]
  readonly whole: readonly TheoryCheck[]
  readonly visits: number
  readonly compared: number
  readonly otherwise: number
}

function theoryOf(cases: readonly CaseAnswer[]): Theory {
  const sum = (of: (one: CaseAnswer) => number): number => cases.reduce((total, one) => total + of(one), 0)
  const [plain, whole] = [cases.flatMap((one) => one.plain), cases.flatMap((one) => one.whole)]
  const otherwise = sum((one) => one.otherwise)
  return {
    agrees: agrees(plain) && agrees(whole) && otherwise === 0,
    plain,
    whole,
    visits: sum((one) => one.visits),
    compared: sum((one) => one.compared),
    otherwise,
  }
}

async function givenIn(file: string, values: Values): Promise<Given | string> {
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
  const hasSites = csv.columns.site !== undefined && csv.columns.chargePoint !== undefined
  return { file, sessions, hasSites, split }
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

function theoryText({ plain, whole, visits, compared, otherwise }: Theory): string[] {
  const width = Math.max(...whole.map(({ what }) => what.length)) + 2
  return [
    `${''.padEnd(width)}${'theory'.padStart(9)}${'calculators'.padStart(13)}${'queue alone'.padStart(13)}${'whole site'.padStart(12)}   95 % interval         standard errors off`,
    ...whole.map(({ what, theory, calculators, seen, z, inside, unit }, at) => {
      const interval = `${figure(seen.low)} to ${figure(seen.high)}${unit === '' ? '' : ` ${unit}`}`
      const alone = figure(plain[at]?.seen.mean ?? 0)
      return `${what.padEnd(width)}${figure(theory).padStart(9)}${(calculators === null ? '' : figure(calculators)).padStart(13)}${alone.padStart(13)}${figure(seen.mean).padStart(12)}   ${interval.padEnd(22)}${z.toFixed(1).padStart(5)}${inside ? '' : '   outside'}`
    }),
    '  Calculators: exponential stays, every hour like the mean of the day, and no limit that is shared.',
    '',
    `Whole site (production machines, charge points, grid; ${visits} visits): ${verdict(whole)}`,
    `Demand, queue and grid alone, with more visits: ${verdict(plain)}`,
    `${compared} visits went through both; ${otherwise} of them came out otherwise${otherwise === 0 ? '.' : ', and none may.'}`,
  ]
}

function verdict(checks: readonly TheoryCheck[]): string {
  const inside = checks.filter((check) => check.inside).length
  const furthest = Math.max(...checks.map(({ z }) => Math.abs(z)))
  return `${inside} of ${checks.length} inside their interval (${Math.ceil(0.9 * checks.length)} wanted), the furthest ${furthest.toFixed(1)} standard errors off (${MOST_Z} allowed): ${agrees(checks) ? 'agrees with theory.' : 'DOES NOT AGREE with theory.'}`
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
      `  Both charge points of a site taken (${busy.sites} sites): ${percent(busy.seen)} seen, ${percent(busy.simulated)} simulated, ${percent(busy.erlang)} by Erlang B, as calculators do; ${judged}.`,
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
