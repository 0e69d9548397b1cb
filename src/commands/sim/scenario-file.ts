import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { placeCameras } from '../../../simulations/design/design-cameras.ts'
import type { CameraPlan, DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { baysOfRow, rowOf } from '../../../simulations/design/row-layout.ts'
import { schemaProblem } from '../../schema-words.ts'
import { type Path, type Problem, parseSource, type Source } from '../../site-source.ts'

const schema = JSON.parse(readFileSync(new URL('../../scenario.schema.json', import.meta.url), 'utf8')) as object
const ajv = new Ajv2020({ allErrors: true, useDefaults: true, verbose: true, strict: false })
const accepts = ajv.compile(schema)

/** Keys of a scenario that are changed, dots between their parts (`site.bays`, `cameras.covers`), and what to. */
export type ScenarioChange = { readonly [key: string]: unknown }

/** A scenario file as it was read. `scenario` null = it does not check, and `problems` say why. */
export type CheckedScenario = { readonly scenario: DesignScenario | null; readonly problems: readonly Problem[] }

/** Reads a scenario's text, puts changes into it, checks it and fills in its defaults. Never throws. */
export function checkScenario(text: string, change: ScenarioChange = {}): CheckedScenario {
  const source = parseSource(text, {})
  if (source.problems.length > 0) return { scenario: null, problems: source.problems }
  if (typeof source.value !== 'object' || source.value === null || Array.isArray(source.value))
    return { scenario: null, problems: [noScenario(source)] }
  const problems = [...withChanges(source.value, change, source), ...unheardKeys(source), ...listedChargePoints(source)]
  if (!accepts(source.value)) problems.push(...told(source))
  if (problems.length === 0) problems.push(...senseOf(source.value as DesignScenario, source))
  if (problems.length === 0) problems.push(...variedProblems(text, source.value as DesignScenario, source))
  return { scenario: problems.length === 0 ? (source.value as DesignScenario) : null, problems }
}

/** An empty file, a list, a text: its keys are not asked for one by one. */
const noScenario = (source: Source): Problem =>
  source.problem(
    [],
    source.value === null || source.value === undefined ? 'the file is empty' : 'the file is no mapping (key: value)',
    'a scenario: `berth sim init NEW.yaml` writes one to begin with',
  )

/** A part of a file as it was written, before its defaults are in; empty where it is none. */
const written = (source: Source, part: string): { readonly [key: string]: unknown } => {
  const value = (source.value as { readonly [key: string]: unknown } | null)?.[part]
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {}
}

/** How stays are spread is the source’s own, unless it is `rates`. Asked before the defaults are in, which say it always. */
function* unheardKeys(source: Source): Generator<Problem> {
  const demand = written(source, 'demand')
  const named = demand['source'] ?? 'hamburg-public'
  if (named === 'rates') return
  for (const key of ['stayLaw', 'stayCv']) if (demand[key] !== undefined) yield unheard(source, key, String(named))
}

const unheard = (source: Source, key: string, named: string): Problem =>
  source.problem(
    ['demand', key],
    `\`${key}\` says nothing beside \`source: ${named}\``,
    '`source: rates`, or leave it out and change `scale`',
    'key',
  )

function* listedChargePoints(source: Source): Generator<Problem> {
  if (Array.isArray(written(source, 'chargers')))
    yield source.problem(
      ['chargers'],
      '`chargers` is a list',
      'what all have in common, and `others: [{ bays: [1, 2], power_kW: 22 }]` in it',
    )
}

/** What the schema says, without the echo of alternatives that were not taken. */
function told(source: Source): Problem[] {
  const all = accepts.errors ?? []
  // A mapping that is almost right was meant as one: that text would do as well is an echo.
  const isEcho = ({ keyword, instancePath, data }: (typeof all)[number]): boolean =>
    keyword === 'type' &&
    typeof data === 'object' &&
    all.some((one) => one.keyword !== 'type' && one.keyword !== 'anyOf' && one.instancePath.startsWith(instancePath))
  const errors = all.filter((one) => one.keyword !== 'anyOf' && one.keyword !== 'if' && !isEcho(one))
  const problems = new Map<string, Problem>()
  for (const error of errors) {
    const problem = schemaProblem(error, source)
    const key = `${problem.path} ${problem.says}`
    const before = problems.get(key)
    // What may be one thing or another is told as such, in one sentence.
    const isNew = before === undefined || !before.expected.includes(problem.expected)
    if (isNew)
      problems.set(key, before ? { ...before, expected: `${before.expected} or ${problem.expected}` } : problem)
  }
  return [...problems.values()]
}

/** Parts that are lists: nothing can be put into one that is empty. */
const LISTS = new Set(['cameras', 'chargers'])

function* withChanges(value: unknown, change: ScenarioChange, source: Source): Generator<Problem> {
  for (const [key, wanted] of Object.entries(change))
    if (!put(value, key.split('.'), wanted))
      yield source.problem(
        [],
        `there is nothing that has a \`${key}\``,
        LISTS.has(key.split('.')[0] ?? '')
          ? `an entry of \`${key.split('.').slice(0, -1).join('.')}\` first`
          : 'a key of a scenario, such as site.bays or cameras.covers',
      )
}

/** Puts a value under a key; a key through a list is put into each of its members. False where there is nothing to put it into. */
function put(into: unknown, [key = '', ...rest]: readonly string[], value: unknown): boolean {
  if (Array.isArray(into))
    return into.length > 0 && into.every((one) => put(one, [key, ...rest], structuredClone(value)))
  if (typeof into !== 'object' || into === null) return false
  const members = into as { [key: string]: unknown }
  if (rest.length === 0) members[key] = value
  else {
    // A list cannot be made up for a part of its members.
    if (members[key] === undefined && (key === 'cameras' || key === 'others')) return false
    members[key] ??= {}
    return put(members[key], rest, value)
  }
  return true
}

/** What the schema cannot say. */
function* senseOf(scenario: DesignScenario, source: Source): Generator<Problem> {
  const { site, cameras, policy, run } = scenario
  if (!isTimezone(site.timezone))
    yield source.problem(
      ['site', 'timezone'],
      `there is no time zone ${site.timezone}`,
      'an IANA name, such as Europe/Berlin',
    )
  if (!isDay(run.from))
    yield source.problem(['run', 'from'], `there is no day ${run.from}`, 'a day of the calendar, YYYY-MM-DD')
  yield* chargePointProblems(scenario, source)
  for (const index of cameras.keys()) yield* cameraProblems(scenario, index, source)
  yield* demandProblems(scenario, source)
  yield* backEndProblems(scenario, source)
  if (policy.lock.off_A > policy.lock.on_A)
    yield source.problem(
      ['policy', 'lock', 'off_A'],
      'flow would end above the current at which it begins',
      'off_A at most on_A, A',
    )
}

/** Each bay has one charge point, and is there. */
function* chargePointProblems({ site, chargers }: DesignScenario, source: Source): Generator<Problem> {
  const seen = new Set<number>()
  for (const [index, { bays }] of chargers.others.entries())
    for (const bay of bays) {
      const path: Path = ['chargers', 'others', index, 'bays']
      if (bay > site.bays) yield source.problem(path, `there is no bay ${bay}`, `bays from 1 to ${site.bays}`)
      if (seen.has(bay)) yield source.problem(path, `bay ${bay} has two kinds of charge point`, 'each bay once')
      seen.add(bay)
    }
}

/** A camera that serves bays which are not there, or looks nowhere. */
function* cameraProblems(scenario: DesignScenario, index: number, source: Source): Generator<Problem> {
  const { site, cameras } = scenario
  const { covers, pose, focal_mm } = cameras[index] as CameraPlan
  const at = (...keys: string[]): Path => ['cameras', index, ...keys]
  if (typeof covers === 'number' && covers > site.bays)
    yield source.problem(
      at('covers'),
      `one camera for each ${covers} bays, where there are ${site.bays}`,
      `a number up to ${site.bays}, or a list of bays`,
    )
  const missing = typeof covers === 'number' ? undefined : covers.find((bay) => bay > site.bays)
  if (missing !== undefined)
    yield source.problem(at('covers'), `there is no bay ${missing}`, `bays from 1 to ${site.bays}`)
  const first = baysOfRow(scenario, 0).length
  const rows = new Set(typeof covers === 'number' ? [] : covers.map((bay) => rowOf(scenario, bay - 1)))
  if (missing === undefined && rows.size > 1)
    yield source.problem(
      at('covers'),
      'its bays lie in two rows, which look away from each other',
      `bays of one row: 1 to ${first}, or ${first + 1} to ${site.bays}`,
    )
  if (pose.y_m > 0)
    yield source.problem(
      at('pose', 'y_m'),
      'the camera hangs behind the plates, which look towards the aisle',
      'y_m below 0, m',
    )
  else if (pose.y_m > -0.5 && pose.aim === undefined)
    yield source.problem(
      at('pose', 'y_m'),
      'the camera hangs over the bays without an aim',
      'y_m below -0.5 m, or `aim: [x, y, z]`',
    )
  if (missing === undefined && pose.aim !== undefined) yield* aimProblems(scenario, index, source)
  if (typeof focal_mm === 'object' && focal_mm[0] > focal_mm[1])
    yield source.problem(at('focal_mm'), 'the focal range ends before it begins', '[least, most] in mm')
}

/** Where it hangs is not said for all: before the middle of its bays, so it is asked of the placed camera. */
function* aimProblems(scenario: DesignScenario, index: number, source: Source): Generator<Problem> {
  const alone = { ...scenario, cameras: [scenario.cameras[index] as CameraPlan] }
  const [x, y, z] = alone.cameras[0]?.pose.aim ?? [0, 0, 0]
  const below = placeCameras(alone).find(({ view: { at } }) => Math.hypot(at[0] - x, at[1] - y) < 0.01)
  if (!below) return
  const isOwn = Math.abs(below.view.at[2] - z) < 0.01
  yield source.problem(
    ['cameras', index, 'pose', 'aim'],
    isOwn ? 'the camera aims at its own place' : 'the camera looks straight up or down',
    isOwn ? 'a place in its bays, [x, y, z] in m' : 'a place in its bays that is not right below it, [x, y, z] in m',
  )
}

/** A back end that is waited for longer than the bay waits, and outages of one that nobody asks. */
function* backEndProblems({ backEnd, policy, faults }: DesignScenario, source: Source): Generator<Problem> {
  if (backEnd.accounts > 0 && backEnd.deadline_s >= policy.authorizeTimeout_s)
    yield source.problem(
      ['backEnd', 'deadline_s'],
      `a bay waits ${policy.authorizeTimeout_s} s for an answer`,
      'a `deadline_s` below policy.authorizeTimeout_s, s',
    )
  if (faults.backEndAway_perDay > 0 && backEnd.accounts === 0)
    yield source.problem(
      ['faults', 'backEndAway_perDay'],
      'nobody asks the back end while `backEnd.accounts` is 0',
      '`backEnd: { accounts: 0.5 }`, the share of accounts that only it knows, or leave this out',
      'key',
    )
}

/** Rates that are missing, and rates that nobody would read. */
function* demandProblems({ demand }: DesignScenario, source: Source): Generator<Problem> {
  const isRates = demand.source === 'rates'
  for (const key of ['visitsPerDay', 'stay_min', 'hourShares'] as const) {
    if (isRates && key !== 'hourShares' && demand[key] === undefined)
      yield source.problem(
        ['demand', key],
        `\`${key}\` is missing`,
        `${key === 'stay_min' ? 'the mean stay, min' : 'mean visits of a day'}: rates need it`,
      )
    if (!isRates && demand[key] !== undefined) yield unheard(source, key, demand.source)
  }
  if (isRates && demand.hourShares?.every((share) => share === 0))
    yield source.problem(['demand', 'hourShares'], 'nobody comes in any hour', 'a share above 0 for one hour at least')
}

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Every value that a sweep tries must make a scenario that checks. */
function* variedProblems(text: string, { vary }: DesignScenario, source: Source): Generator<Problem> {
  for (const [key, values] of Object.entries(vary)) {
    const found = values.map((value) => checkScenario(text, { [key]: value, vary: {} }).problems[0])
    const [first] = found
    // The same with each value: it is the key.
    if (first && new Set(found.map((one) => one?.says)).size === 1 && /key|nothing that has/.test(first.says)) {
      yield source.problem(['vary', key], first.says, first.expected, 'key')
      continue
    }
    for (const [index, one] of found.entries())
      if (one)
        yield source.problem(
          ['vary', key, index],
          `with ${key} = ${JSON.stringify(values[index])}: ${one.says}`,
          one.expected,
        )
  }
}

/** `scenario.yaml:3:5 chargers.power: unknown key …; wanted …`, a line each. */
export const problemLines = (path: string, problems: readonly Problem[]): string[] =>
  problems.map(({ line, column, path: key, says, expected }) => {
    const where = key === '' ? '' : `${key}: `
    return `${path}:${line}:${column} ${where}${says}; write ${expected}.`
  })
