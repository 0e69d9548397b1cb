import { parseArgs } from 'node:util'
import type { Demand } from '../../simulations/design/demand.ts'
import type { DesignScenario } from '../../simulations/design/design-scenario.ts'
import { type InstantAnswers, instantAnswers, type SiteQuestion } from '../../simulations/design/instant-answers.ts'
import { circuitsOf } from '../../simulations/design/phase-wiring.ts'
import { complain } from './sim/complaint.ts'
import { energyWords } from './sim/energy-words.ts'
import { theoryGridSentence } from './sim/grid-judgement.ts'
import { openDesign } from './sim/open-design.ts'

/**
 * `berth sim check SCENARIO.yaml`: what theory says of a site before anything is run, in a paragraph and a table. Answers 1 for a scenario
 * that does not check, 2 for a wrong call.
 */
export async function simCheck(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const [path] = positionals
  if (path === undefined || positionals.length > 1)
    return complain(
      'berth sim check takes one scenario: `berth sim check scenario.yaml`; `berth sim init` writes one.',
      2,
    )
  const { design, complaints, warnings } = openDesign(path)
  if (!design) return complain(complaints.join('\n'), 1)
  const { scenario, demand, demandSource } = design
  for (const one of warnings) complain(one, 0)
  const question = questionOf(scenario, demand)
  const answers = instantAnswers(question)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ demandSource, ...answers }, null, 1)}\n`
      : `${sentences(scenario, question, answers)}\n\n${table(question, answers)}\n\n${assumed(demandSource, energyWords(scenario.demand, demand), question)}\n`,
  )
  return 0
}

/** A scenario as theory sees it: bays, places to wait in, demand and one limit. */
function questionOf(
  { site, chargers, demand: { iceShare, overstay } }: DesignScenario,
  demand: Demand,
): SiteQuestion & { ice: number; isMixed: boolean } {
  const { power_kW, gridLimit_A, phases, voltage_V, sharing } = chargers
  const circuits = circuitsOf(chargers)
  // Theory shares a limit among alike ones only.
  const isMixed = chargers.others.some(
    ({ power_kW: own = power_kW, phases: on = phases }) => own !== power_kW || on !== phases,
  )
  const isLimited = gridLimit_A !== null && sharing !== 'none' && !isMixed
  return {
    bays: site.bays,
    queuePlaces: site.queuePlaces,
    demand,
    power_W: power_kW * 1000,
    limit_W: isLimited ? gridLimit_A * voltage_V * phases : null,
    circuits,
    leaveWhenFull: overstay.rule === 'whenFull',
    ice: iceShare,
    isMixed,
  }
}

/** The answer first: who is turned away, what would be enough, and what the grid does. */
function sentences(
  { site, chargers }: DesignScenario,
  { bays, queuePlaces, circuits }: SiteQuestion,
  answers: InstantAnswers,
): string {
  const { load, busiest, turnedAway, baysFor, grid } = answers
  const enough = baysFor.find(({ share }) => share === 0.05)?.bays ?? null
  const waits = queuePlaces === 0 ? '' : ` and ${counted(queuePlaces, 'place')} to wait in`
  return [
    `${site.name}: ${load.visitsPerDay.toFixed(1)} vehicles a day want to charge and stay ${time(load.meanStay_min)} on average.`,
    `With ${counted(bays, 'bay')}${waits}, theory turns away ${percent(turnedAway)} of them;`,
    `${isEven(load) ? 'at any hour' : `in the busiest hour (${hourName(busiest.hour)})`} ${busiest.present.toFixed(1)} would be there at once if nobody were turned away.`,
    enough === null
      ? 'No number of bays up to 500 brings that below 5 %.'
      : enough === bays
        ? `${counted(enough, 'bay')} are what it takes to turn away at most 5 %.`
        : `${counted(enough, 'bay')} would ${enough > bays ? 'be needed' : 'be enough'} to turn away at most 5 %.`,
    ...(grid === null ? [] : [theoryGridSentence(chargers, grid.usedUp_min), gridSentence(grid, circuits ?? 1)]),
  ].join(' ')
}

function gridSentence(
  { atOnce, atLimit, timeToFull, aloneFull_min }: NonNullable<InstantAnswers['grid']>,
  circuits: number,
): string {
  const each = circuits === 1 ? '' : ' on each of three phases'
  const slower =
    timeToFull < aloneFull_min * 1.02
      ? 'nobody notices'
      : `a charge then takes ${time(timeToFull)} instead of ${time(aloneFull_min)}, if everybody stays until it is over`
  return `They let ${atOnce.toFixed(1)} vehicles${each} draw all they can; in the busiest hour it binds ${percent(atLimit)} of the time, and ${slower}.`
}

function table({ bays, queuePlaces, circuits }: SiteQuestion, answers: InstantAnswers): string {
  const { load, busiest, turnedAwayEvenly, turnedAway, queued, waiting, baysFor, grid } = answers
  const rows: [string, string, string][] = [
    [
      'turned away, over the week',
      percent(turnedAway),
      queuePlaces === 0 ? 'Erlang B, hour by hour' : 'M/M/c/K, hour by hour',
    ],
    [
      'turned away, in the busiest hour',
      percent(queued.blocked),
      isEven(load) ? 'all are alike' : hourName(busiest.hour),
    ],
    ['turned away, were every hour alike', percent(turnedAwayEvenly), 'Erlang B, nobody waits'],
    ['bays taken in the busiest hour', `${queued.inBays.toFixed(1)} of ${bays}`, percent(queued.inBays / bays)],
    ...(queuePlaces === 0
      ? []
      : [
          ['vehicles that wait in the busiest hour', queued.waiting.toFixed(2), `of ${queuePlaces} places`] as [
            string,
            string,
            string,
          ],
        ]),
    ...waitingRows(waiting, busiest.present, bays),
    ...baysFor.map(({ share, bays: least }): [string, string, string] => [
      `bays to turn away at most ${Math.round(100 * share)} %`,
      least === null ? 'above 500' : `${least}`,
      '',
    ]),
    ...gridRows(grid, circuits ?? 1),
  ]
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map(([what, value, by]) => `  ${what.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${by}`.trimEnd())
    .join('\n')
}

function waitingRows(waiting: InstantAnswers['waiting'], present: number, bays: number): [string, string, string][] {
  if (waiting === null)
    return [['wait in the busiest hour, if everybody waited', 'without end', `${present.toFixed(1)} for ${bays} bays`]]
  return [
    ['wait in the busiest hour, if everybody waited', time(waiting.mean), 'Erlang C, mean'],
    ['the same, 95 of 100 wait less than', time(waiting.p95), `${percent(waiting.waits)} wait at all`],
  ]
}

function gridRows(grid: InstantAnswers['grid'], circuits: number): [string, string, string][] {
  if (grid === null) return []
  return [
    [
      'vehicles that can draw all they want at once',
      grid.atOnce.toFixed(1),
      circuits === 1 ? 'limit over their power' : 'on each of three phases, the bays in turn',
    ],
    ['time at the limit in the busiest hour', percent(grid.atLimit), 'M/M/K/c, equal sharing'],
    [
      'time to full in the busiest hour',
      time(grid.timeToFull),
      `alone ${time(grid.aloneFull_min)}; everybody stays until full`,
    ],
  ]
}

/** Where theory and the scenario part. */
function assumed(
  source: string,
  energy: string,
  { ice, isMixed, queuePlaces, limit_W, leaveWhenFull }: SiteQuestion & { ice: number; isMixed: boolean },
): string {
  return [
    `Demand: ${source.replace(/\.$/, '')}. ${energy}`,
    'Theory takes the hours one by one, as if each lasted, and says too little of a steep rush; cameras, reads, faults, drivers who give up and rules of the site are not in it: `berth sim run` has them.',
    ...(queuePlaces > 0
      ? ['Who waits is taken to have an exponential stay; without places to wait in any stays do.']
      : []),
    ...(leaveWhenFull ? ['Vehicles leave when they are full.'] : []),
    ...(limit_W === null || leaveWhenFull
      ? []
      : [
          'In the rows of the grid everybody stays until full and then drives on: `berth sim run` also has drivers who leave before, and vehicles that stand on, and its time to full is that of those who became full.',
        ]),
    ...(isMixed
      ? [
          'Charge points differ, so theory takes all to be like those that `chargers` says, and leaves the grid’s limit out.',
        ]
      : []),
    ...(ice > 0 ? [`The ${percent(ice)} who only park count as who charges.`] : []),
  ].join(' ')
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
/** Whether every hour of the week is like any other, but for rounding. */
const isEven = ({ present }: InstantAnswers['load']): boolean =>
  Math.max(...present) - Math.min(...present) < 0.005 * Math.max(...present)

/** `Tuesday 17:00`. */
const hourName = (hour: number): string => `${DAYS[Math.floor(hour / 24)]} ${hour % 24}:00`
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `5 h 08 min`, `12 min`, `40 s`. */
function time(minutes: number): string {
  if (minutes < 1) return `${Math.round(minutes * 60)} s`
  if (minutes < 90) return `${Math.round(minutes)} min`
  const whole = Math.round(minutes)
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')} min`
}
