import { erlangB, erlangC, gridLaw } from './closed-forms.ts'
import type { Demand, Spread } from './demand.ts'
import { byKind } from './demand-figures.ts'
import { type Interval, meanInterval } from './interval.ts'
import { offeredLoad } from './offered-load.ts'
import type { QueueQuestion, QueueRow, QueueRun } from './queue-run.ts'
import { hourlyPresence, type QueueSums, queueSums } from './queue-sums.ts'

/** One number of theory beside the interval of as many runs. `z` is how many standard errors lie between. */
export type TheoryCheck = {
  readonly what: string
  readonly unit: string
  readonly theory: number
  /** What calculators say: exponential stays, every hour like the day, no shared limit; null where they say nothing. */
  readonly calculators: number | null
  readonly seen: Interval
  readonly z: number
  readonly inside: boolean
}

/** How much is run. The same effort gives the same numbers. */
export type CheckEffort = {
  readonly seed: number
  readonly replications: number
  /** About so many visits in each replication. */
  readonly visits: number
}

/** One site of theory with all that is asked of it. */
type Case = {
  readonly name: string
  readonly question: Pick<QueueQuestion, 'bays' | 'queuePlaces' | 'grid'>
  readonly demand: Demand
  readonly warmup_days: number
  readonly measures: readonly Measure[]
}

type Measure = {
  readonly what: string
  readonly unit: string
  readonly theory: number
  readonly calculators: number | null
  readonly of: (sums: QueueSums, rows: readonly QueueRow[], window: { fromMs: number; toMs: number }) => number
}

const DAY = 86_400_000
const MINUTE = 60_000
const POWER_W = 7360

/** Every case in turn; each gives the checks of its measures. */
export function* theoryChecks(run: QueueRun, effort: CheckEffort): Generator<readonly TheoryCheck[]> {
  for (let number = 0; number < caseCount(); number++) yield checkCase(number, run, effort)
}

/** How many cases there are. */
export const caseCount = (): number => theoryCases().length

function theoryCases(): readonly Case[] {
  return [...lossCases(), ...waitCases(), ...gridCases(), rushCase()]
}

/** One case, by its number from 0: the same effort gives the same checks, whoever asks and in which order. */
export function checkCase(number: number, run: QueueRun, effort: CheckEffort): readonly TheoryCheck[] {
  const one = theoryCases()[number]
  if (!one) return []
  const perDay = one.demand.visits.weekday
  const days = Math.max(1, Math.ceil(effort.visits / perDay))
  const window = { fromMs: one.warmup_days * DAY, toMs: (one.warmup_days + days) * DAY }
  const values = one.measures.map((): number[] => [])
  for (let replication = 0; replication < effort.replications; replication++) {
    const span = { seed: effort.seed * 1000 + number, replication, days: one.warmup_days + days }
    const rows = run({ ...one.question, ...span, demand: one.demand })
    const sums = queueSums(rows, window)
    for (const [i, measure] of one.measures.entries()) values[i]?.push(measure.of(sums, rows, window))
  }
  return one.measures.map(({ what, unit, theory, calculators }, i) => {
    const seen = meanInterval(values[i] ?? [])
    const z =
      seen.error === 0 ? (seen.mean === theory ? 0 : Number.POSITIVE_INFINITY) : (seen.mean - theory) / seen.error
    return {
      what: `${one.name}, ${what}`,
      unit,
      theory,
      calculators,
      seen,
      z,
      inside: seen.low <= theory && theory <= seen.high,
    }
  })
}

const STAYS: readonly (readonly [string, Pick<Spread, 'law' | 'cv'>])[] = [
  ['exponential', { law: 'exponential' }],
  ['all alike', { law: 'fixed' }],
  ['lognormal cv 1.5', { law: 'lognormal', cv: 1.5 }],
  ['hyperexponential cv 2', { law: 'hyperexponential', cv: 2 }],
]

/** Erlang B in three sizes, for four spreads of stays: nobody waits. Stays are chosen so that a day has two to three hundred visits. */
function lossCases(): readonly Case[] {
  const sizes = [
    { bays: 4, offered: 3, stay_min: 20, warmup_days: 1 },
    { bays: 12, offered: 10, stay_min: 60, warmup_days: 1 },
    { bays: 24, offered: 20, stay_min: 120, warmup_days: 2 },
  ]
  return sizes.flatMap(({ bays, offered, stay_min, warmup_days }) =>
    STAYS.map(
      ([name, spread]): Case => ({
        name: `Erlang B, ${bays} bays, stays ${name}`,
        question: { bays, queuePlaces: 0, grid: null },
        demand: evenDemand(offered, { ...spread, mean: stay_min }, { law: 'fixed', mean: 5 }),
        warmup_days,
        measures: [
          {
            what: 'turned away',
            unit: '%',
            theory: 100 * erlangB(bays, offered),
            calculators: 100 * erlangB(bays, offered),
            of: (sums) => 100 * sums.turnedAway,
          },
        ],
      }),
    ),
  )
}

/** Where calculators know what theory knows. */
const alike = (measure: Omit<Measure, 'calculators'>): Measure => ({ ...measure, calculators: measure.theory })

/** Erlang C in two sizes, and Little's law: everybody waits. */
function waitCases(): readonly Case[] {
  const sizes = [
    { bays: 4, offered: 3, stay_min: 20 },
    { bays: 12, offered: 9, stay_min: 60 },
  ]
  return sizes.map(({ bays, offered, stay_min }): Case => {
    const law = erlangC(bays, offered, stay_min)
    return {
      name: `Erlang C, ${bays} bays`,
      question: { bays, queuePlaces: Number.POSITIVE_INFINITY, grid: null },
      demand: evenDemand(offered, { law: 'exponential', mean: stay_min }, { law: 'fixed', mean: 5 }),
      warmup_days: 1,
      measures: [
        alike({ what: 'mean wait', unit: 'min', theory: law?.mean ?? 0, of: (sums) => sums.meanWait / MINUTE }),
        alike({
          what: 'share that waits',
          unit: '%',
          theory: 100 * (law?.waits ?? 0),
          of: (sums) => 100 * sums.waited,
        }),
        {
          what: 'Little: waiting − arrivals × wait',
          unit: '',
          theory: 0,
          calculators: null,
          of: (sums, _rows, { fromMs, toMs }) => sums.waiting - (sums.arrived * sums.meanWait) / (toMs - fromMs),
        },
      ],
    }
  })
}

/** Equal sharing of a limit that 2.5 of 8 vehicles fill, for three spreads of energy. */
function gridCases(): readonly Case[] {
  const [bays, atOnce, aloneFull_min, offered] = [8, 2.5, 90, 2.2]
  const law = gridLaw(bays, atOnce, offered / aloneFull_min, aloneFull_min)
  const lost = erlangB(bays, offered)
  const wants: readonly (readonly [string, Pick<Spread, 'law' | 'cv'>])[] = [
    ['exponential', { law: 'exponential' }],
    ['all alike', { law: 'fixed' }],
    ['lognormal cv 1.5', { law: 'lognormal', cv: 1.5 }],
  ]
  return wants.map(([name, spread]): Case => {
    const energy: Spread = { ...spread, mean: ((POWER_W / 1000) * aloneFull_min) / 60 }
    // Nobody leaves before being full: the stay only bounds what can be wanted.
    const demand = evenDemand((offered * 1440) / aloneFull_min / 24, { law: 'fixed', mean: 60 * 24 * 30 }, energy)
    return {
      name: `Shared grid, 8 bays, limit of 2.5, energies ${name}`,
      question: { bays, queuePlaces: 0, grid: { limit_A: (atOnce * POWER_W) / 230, sharing: 'equal', voltage_V: 230 } },
      demand: { ...demand, visits: byKind(() => (offered * 1440) / aloneFull_min) },
      warmup_days: 2,
      measures: [
        {
          what: 'turned away',
          unit: '%',
          theory: 100 * law.blocked,
          calculators: 100 * lost,
          of: (sums) => 100 * sums.turnedAway,
        },
        {
          what: 'vehicles charging',
          unit: '',
          theory: law.charging,
          calculators: offered * (1 - lost),
          of: (sums) => sums.charging,
        },
        {
          what: 'time to full',
          unit: 'min',
          theory: law.timeToFull,
          calculators: aloneFull_min,
          of: (sums) => sums.timeToFull / MINUTE,
        },
      ],
    }
  })
}

/** Arrivals that swing over the day, at a site that never turns anyone away. */
function rushCase(): Case {
  const swing = Array.from({ length: 24 }, (_, hour) => 1 + 0.8 * Math.sin((2 * Math.PI * (hour + 0.5)) / 24))
  const sum = swing.reduce((total, one) => total + one, 0)
  const demand: Demand = {
    ...evenDemand(10, { law: 'fixed', mean: 180 }, { law: 'fixed', mean: 5 }),
    visits: byKind(() => 240),
    comings: byKind(() => ({
      kind: 'rates',
      hours: swing.map((one) => one / sum),
      stay_min: { law: 'fixed', mean: 180 },
    })),
  }
  const { present } = offeredLoad(demand)
  return {
    name: 'Arrivals that swing over the day',
    question: { bays: 90, queuePlaces: 0, grid: null },
    demand,
    warmup_days: 1,
    measures: [4, 10, 16, 22].map((hour) => ({
      what: `vehicles at ${hour}:00`,
      unit: '',
      theory: present[hour] ?? 0,
      calculators: (240 * 180) / 1440,
      of: (_sums, rows, window) => {
        const hours = hourlyPresence(rows, window).filter((_, at) => at % 24 === hour)
        return hours.reduce((total, one) => total + one, 0) / hours.length
      },
    })),
  }
}

/** Visits that come evenly all day and night, so many that this load is offered. */
function evenDemand(offered: number, stay_min: Spread, energy_kWh: Spread): Demand {
  return {
    visits: byKind(() => (offered * 1440) / stay_min.mean),
    dispersion: 1,
    comings: byKind(() => ({ kind: 'rates', hours: new Array<number>(24).fill(1 / 24), stay_min })),
    energy: { kind: 'spread', energy_kWh },
    vehicles: [{ max_W: POWER_W, share: 1 }],
  }
}

/** Whether theory and runs agree: at least nine in ten inside their interval, and none further off than chance goes. */
export function agrees(checks: readonly TheoryCheck[]): boolean {
  const inside = checks.filter((check) => check.inside).length
  return inside >= 0.9 * checks.length && checks.every(({ z }) => Math.abs(z) <= MOST_Z)
}

/** Standard errors beyond which nothing of about 30 checks may lie. */
export const MOST_Z = 3.3
