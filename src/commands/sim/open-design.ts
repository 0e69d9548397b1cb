import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { type DemandFigures, readFigures } from '../../../simulations/design/demand-figures.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { FITTED_DEMAND } from '../../../simulations/design/fitted-demand.ts'
import { readCurveFile } from '../../../simulations/design/read-curve-file.ts'
import type { ReadCurve } from '../../../simulations/design/read-model.ts'
import { fileTrouble } from '../../file-trouble.ts'
import { parseSource } from '../../site-source.ts'
import type { Design } from './replications.ts'
import { checkScenario, problemLines, type ScenarioChange } from './scenario-file.ts'

/** A scenario file that was read, or the lines that say why it was not. `warnings`: what is read and hardly meant, a sentence each. */
export type OpenedDesign = { readonly warnings: readonly string[] } & (
  | { readonly design: Design; readonly complaints: readonly [] }
  | { readonly design: null; readonly complaints: readonly string[] }
)

/** Reads a scenario file, with changes put into it, the demand and the read curve that it names. Never throws. */
export function openDesign(path: string, change: ScenarioChange = {}): OpenedDesign {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    return refused([`${path}: ${fileTrouble(cause)}`])
  }
  return designOf(text, path, change)
}

/** As `openDesign`, of a scenario's text; `path` is what it is called, and demand files lie beside it. */
export function designOf(text: string, path: string, change: ScenarioChange): OpenedDesign {
  const { scenario, problems } = checkScenario(text, change)
  if (!scenario) return refused(problemLines(path, problems))
  const figures = figuresOf(scenario, path)
  const curve = curveFrom(scenario, path)
  if (typeof figures === 'string' || typeof curve === 'string') {
    const source = parseSource(text, {})
    const problems = [
      ...(typeof figures === 'string' ? [source.problem(['demand', 'source'], figures, DEMAND_FILE)] : []),
      ...(typeof curve === 'string' ? [source.problem(['reader', 'curve'], curve, CURVE_FILE)] : []),
    ]
    return refused(problemLines(path, problems))
  }
  const read: DesignScenario = { ...scenario, reader: { ...scenario.reader, curve: curve ?? 'default' } }
  const demand = demandFor(read, figures)
  return {
    design: { scenario: read, demand, demandSource: sourceOf(scenario.demand.source, figures) },
    complaints: [],
    warnings: figures === null ? [] : crowdWarning(scenario, figures),
  }
}

const DEMAND_FILE =
  'the name of a file beside the scenario that `berth sim fit` wrote, or hamburg-public, us-workplace, rates'
const CURVE_FILE = 'the name of a file beside the scenario that `berth sim calibrate-reader` wrote, or default'

const refused = (complaints: readonly string[]): OpenedDesign => ({ design: null, complaints, warnings: [] })

/** So many times as many charge points as bays are no small difference of plans. */
const CROWDED = 1.5

/** Sessions of a whole town are no demand of a few bays. */
function crowdWarning({ site, demand }: DesignScenario, { visitsOf, chargePoints }: DemandFigures): string[] {
  const bays = demand.bays ?? site.bays
  if (visitsOf === 'charge-point' || chargePoints * demand.scale <= CROWDED * bays) return []
  const scale = Number((bays / chargePoints).toPrecision(2))
  return [
    `${demand.source} holds the visits of ${chargePoints} charge points, and all of them come to ${bays} bays; write \`scale: ${scale}\` for as many as ${bays} of those had, or fit with --figures.`,
  ]
}

/** Where the demand is from. A file of one’s own says little of itself: its name, days and sessions say more. */
function sourceOf(name: string, figures: DemandFigures | null): string {
  if (figures === null) return 'rates of the scenario'
  const { source, sessions, from, to } = figures
  return FITTED_DEMAND.has(name)
    ? source
    : `${source.replace(/\.$/, '')} (${name}: ${sessions} sessions, ${from} to ${to})`
}

/** Why a file could not be read, without what to do: the scenario's own line says that. */
const unread = (cause: unknown): string =>
  cause instanceof SyntaxError ? 'this is no JSON' : clause(fileTrouble(cause).replace(/;.*$/, ''))

const clause = (sentence: string): string => sentence.replace(/\.$/, '')

/** The figures that a scenario names; null for rates, a sentence where they cannot be read. */
function figuresOf({ demand }: DesignScenario, path: string): DemandFigures | string | null {
  if (demand.source === 'rates') return null
  const shipped = FITTED_DEMAND.get(demand.source)
  if (shipped) return shipped
  const file = resolve(dirname(path), demand.source)
  try {
    const figures = readFigures(JSON.parse(readFileSync(file, 'utf8')))
    return typeof figures === 'string' ? `${demand.source}: ${clause(figures)}` : figures
  } catch (cause) {
    return `${demand.source}: ${unread(cause)}`
  }
}

/** The read curve that a scenario gives or names a file of; null for the default, a sentence where it cannot be read. */
function curveFrom({ reader: { curve } }: DesignScenario, path: string): ReadCurve | string | null {
  if (typeof curve !== 'string') return curve
  if (curve === 'default') return null
  const file = resolve(dirname(path), curve)
  try {
    const read = readCurveFile(JSON.parse(readFileSync(file, 'utf8')))
    return typeof read === 'string' ? `${curve}: ${clause(read)}` : read
  } catch (cause) {
    return `${curve}: ${unread(cause)}`
  }
}
