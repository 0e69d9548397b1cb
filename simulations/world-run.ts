import { World, type WorldOptions, type WorldReport } from './world.ts'
import type { BillLine } from './world-audit.ts'
import { Coverage, missing } from './world-coverage.ts'
import { ALL_FAULTS, type FaultKind } from './world-faults.ts'
import type { Violation } from './world-laws.ts'
import { sharingBays } from './world-plan.ts'
import { SITUATION_NAMES } from './world-situations.ts'

/** What a run of many worlds needs of the outside. */
export type WorldPorts = Pick<WorldOptions, 'breathe' | 'digest' | 'plant'>

/** One world's size: the seed, days of traffic, bays, and the faults that stay out. */
export type WorldSize = Pick<WorldOptions, 'seed' | 'days' | 'bays'> & { readonly without: readonly FaultKind[] }

/** Everything that many worlds came to. */
export type WorldsSummary = {
  readonly seeds: number
  readonly bayDays: number
  readonly records: number
  readonly faults: number
  readonly sessions: number
  readonly undisputed_Wh: number
  readonly disputed_Wh: number
  readonly nobody_Wh: number
  /** Undisputed bills to an account that a misread named, and of how many. */
  readonly wrongByMisread: number
  /** Undisputed bills for a neighbour's plug that no camera saw. */
  readonly wrongByBlindness: number
  /** Undisputed bills to an account that a person named wrongly. */
  readonly wrongByPerson: number
  readonly failures: readonly { readonly seed: number; readonly violation: Violation }[]
  readonly coverage: Coverage
  readonly missing: readonly string[]
}

/** More wrong payers by misread than this share of all bills fail a run: agreement of two frames on another's registered plate is that rare. */
export const WRONG_PAYER_BOUND = 0.001

/** Plays one world. */
export const playWorld = (size: WorldSize, ports: WorldPorts): Promise<WorldReport> =>
  new World({ ...size, ...ports }).run()

/** Plays seeds one after the other; `each` is told of every one. */
export async function playWorlds(
  size: Omit<WorldSize, 'seed'> & { readonly from: number; readonly seeds: number },
  ports: WorldPorts,
  each: (report: WorldReport) => void = () => {},
): Promise<WorldsSummary> {
  const coverage = new Coverage()
  const sums = {
    bayDays: 0,
    records: 0,
    sessions: 0,
    undisputed_Wh: 0,
    disputed_Wh: 0,
    nobody_Wh: 0,
    wrongByMisread: 0,
    wrongByBlindness: 0,
    wrongByPerson: 0,
  }
  const failures: { seed: number; violation: Violation }[] = []
  for (let seed = size.from; seed < size.from + size.seeds; seed++) {
    const report = await playWorld({ ...size, seed }, ports)
    coverage.add(report.coverage)
    sums.bayDays += report.bayDays
    sums.records += report.records
    const { tally } = report.audit
    for (const key of [
      'sessions',
      'undisputed_Wh',
      'disputed_Wh',
      'nobody_Wh',
      'wrongByMisread',
      'wrongByBlindness',
      'wrongByPerson',
    ] as const)
      sums[key] += tally[key]
    if (report.violation) failures.push({ seed, violation: report.violation })
    each(report)
  }
  const faults = [...coverage.faults.values()].reduce((sum, times) => sum + times, 0)
  const wanted = ALL_FAULTS.filter((kind) => !size.without.includes(kind))
  return { seeds: size.seeds, ...sums, faults, failures, coverage, missing: missing(coverage, SITUATION_NAMES, wanted) }
}

/** A world that still breaks the same law with as little in it as could be found. */
export type Shrunk = { readonly size: WorldSize; readonly violation: Violation; readonly tries: number }

/**
 * Makes a failing world smaller while it still breaks the same law: fewer bays, then fewer kinds of faults (halves first, then one by
 * one), then no more time than it takes. `most` = worlds to try at most.
 */
export async function shrinkWorld(
  failing: WorldSize,
  law: string,
  ports: WorldPorts,
  most = 80,
): Promise<Shrunk | null> {
  let tries = 0
  const attempt = async (size: WorldSize): Promise<Violation | null> => {
    if (tries >= most) return null
    tries += 1
    const { violation } = await playWorld(size, ports)
    return violation?.law === law ? violation : null
  }
  const first = await attempt(failing)
  if (!first) return null
  let best = { size: failing, violation: first }
  const keep = async (size: WorldSize): Promise<boolean> => {
    const violation = await attempt(size)
    if (violation) best = { size, violation }
    return violation !== null
  }
  for (const bays of [1, 2, 3, 4, 6, 8, 10]) if (bays < best.size.bays && (await keep({ ...best.size, bays }))) break
  for (let share = 2; share <= ALL_FAULTS.length * 2; share *= 2) {
    const on = ALL_FAULTS.filter((kind) => !best.size.without.includes(kind))
    const size = Math.max(1, Math.ceil(on.length / share))
    for (let from = 0; from < on.length; from += size) {
      const out = on.slice(from, from + size).filter((kind) => !best.size.without.includes(kind))
      if (out.length > 0) await keep({ ...best.size, without: [...best.size.without, ...out] })
    }
  }
  return { ...best, tries }
}

/** The command that plays a world again. */
export function replayCommand({ seed, days, bays, without }: WorldSize): string {
  const on = ALL_FAULTS.filter((kind) => !without.includes(kind))
  const faults =
    without.length === 0
      ? ''
      : on.length < without.length
        ? ` --only ${on.join(',') || 'none'}`
        : ` --without ${without.join(',')}`
  return `npm run world -- --seed ${seed} --days ${days} --bays ${bays}${faults}`
}

/** What each account pays in each bay: energy in Wh, and how many lines are disputed. */
type Bill = { readonly energy_Wh: number; readonly disputed: number }
const NOTHING: Bill = { energy_Wh: 0, disputed: 0 }

function billsOf(lines: readonly BillLine[], keyOf: (line: BillLine) => string): Map<string, Bill> {
  const bills = new Map<string, Bill>()
  for (const line of lines) {
    const { energy_Wh, disputed } = bills.get(keyOf(line)) ?? NOTHING
    const doubt = line.disputed === null ? 0 : 1
    bills.set(keyOf(line), { energy_Wh: energy_Wh + line.energy_Wh, disputed: disputed + doubt })
  }
  return bills
}

/** Whole Wh at each end of each transaction: bills that differ by less are the same. */
const SAME_Wh = 4

/** A calm day for comparing: who comes and when is fixed, and nothing goes wrong. */
export type CalmDay = Pick<WorldSize, 'seed' | 'bays'> & { readonly fixed?: 'patient' | 'hasty' }

/** Both vehicles have left every bay after so many days. */
const CALM_DAYS = 0.16

const calm = (day: CalmDay, ports: WorldPorts, kill?: NonNullable<WorldOptions['kill']>): Promise<WorldReport> =>
  new World({
    fixed: 'patient',
    ...day,
    days: CALM_DAYS,
    without: ALL_FAULTS,
    ...ports,
    ...(kill ? { kill } : {}),
  }).run()

/** The undisturbed run that kills are compared with. */
export const calmDay = (day: CalmDay, ports: WorldPorts): Promise<WorldReport> => calm(day, ports)

/**
 * The same calm day with berth killed in the append that makes record `atRecord`. Answers what bills differ by from the undisturbed
 * `whole`, in words; null where they are the same. Drivers who wait pay the same in every bay that has its cables for itself; where bays
 * share them a plug that came in while berth was away may be the neighbour's, and starts nobody. Of drivers who do not wait, every charge that had begun before is billed as it was.
 */
export async function killedAt(
  day: CalmDay,
  kill: NonNullable<WorldOptions['kill']>,
  ports: WorldPorts,
  whole: WorldReport,
): Promise<string | null> {
  const killed = await calm(day, ports, kill)
  for (const { seed, violation } of [whole, killed])
    if (violation) return `seed ${seed}: ${violation.law}: ${violation.says}`
  const isHasty = day.fixed === 'hasty'
  const keyOf = ({ bayId, accountId, transactionId }: BillLine): string =>
    isHasty ? `${transactionId} of ${accountId ?? 'nobody'}` : `${bayId}: ${accountId ?? 'nobody'}`
  const begun = whole.audit.begunBefore(kill.atRecord)
  const counts = (line: BillLine): boolean => !isHasty || begun.has(line.transactionId)
  const [before, after] = [whole, killed].map(({ audit }) => billsOf(audit.lines.filter(counts), keyOf)) as [
    Map<string, Bill>,
    Map<string, Bill>,
  ]
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [one, other] = [before.get(key) ?? NOTHING, after.get(key) ?? NOTHING]
    // Which charges come about there turns on who was heard when; whoever pays is asked by the audit of each run.
    if (!isHasty && SHARING.has(key.split(':')[0] ?? '')) continue
    if (Math.abs(other.energy_Wh - one.energy_Wh) > SAME_Wh || one.disputed !== other.disputed)
      return `seed ${day.seed}, killed at record ${kill.atRecord}: ${key} ${JSON.stringify(one)} became ${JSON.stringify(other)}`
  }
  return null
}

/** The bays whose cables others reach too. */
const SHARING: ReadonlySet<string> = sharingBays()
