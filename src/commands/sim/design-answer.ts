import { cameraTable } from '../../../simulations/design/camera-table.ts'
import { curveOf, misreadShareOf, placeCameras } from '../../../simulations/design/design-cameras.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import type { MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { choiceAnswer } from './choice-answer.ts'
import { costWords } from './cost-words.ts'
import { figure, type Variant, within } from './design-variant.ts'
import { energyWords } from './energy-words.ts'
import { backEndWords, faultWords, registerWords, siteWords } from './fault-words.ts'
import { ranGridSentence } from './grid-judgement.ts'
import { amount, digits } from './html-text.ts'
import { lightWords } from './light-words.ts'
import { summaryOf } from './run-files.ts'
import { troubleAnswer } from './trouble-words.ts'

/** The answer in sentences, before anything else: what the site does, or which of the designs to take and what it costs. */
export function answerOf(variants: readonly Variant[]): string[] {
  const [only, ...more] = variants
  if (!only) return []
  return more.length === 0 ? siteAnswer(only) : choiceAnswer(variants)
}

function siteAnswer(variant: Variant): string[] {
  const { run } = variant
  const summary = summaryOf(run)
  const { site } = run.scenario
  const cameras = placeCameras(run.scenario).length
  const of = (name: string): string => within(figure(summary, name))
  return [
    `${site.bays} bays and ${cameras} ${cameras === 1 ? 'camera' : 'cameras'} serve ${digits(figure(summary, 'arrivals').interval.mean)} vehicles a day: ${lostWords(run.scenario, of)}, and the bays are taken ${of('bay-use')} of the time.`,
    `Of those who want to charge, ${of('read-at-once')} charge by their plate alone, ${of('fallback')} pay by card or code, and ${of('not-charged')} leave without a charge.`,
    ...unseenBays(run.scenario),
    ...gridAnswer(run.scenario, summary),
    ...troubleAnswer([variant]),
    `It costs ${digits(figure(summary, 'cost').interval.mean)} EUR a day: ${costWords(run.scenario)}.`,
  ]
}

/** Who drives off without a bay: where there is a queue, also whoever tires of it. */
const lostWords = ({ site }: DesignScenario, of: (name: string) => string): string =>
  site.queuePlaces === 0
    ? `${of('turned-away')} find no place`
    : `${of('lost')} drive off without a bay (${of('turned-away')} find not even a place to wait, ${of('gave-up')} wait too long)`

/** How many bays can start nobody by the plate, because no camera shows them. */
function unseenBays(scenario: DesignScenario): string[] {
  const { bays } = scenario.site
  const unseen = bays - cameraTable(scenario).length
  if (scenario.cameras.length === 0) return ['There is no camera: no plate is ever read.']
  if (unseen === 0) return []
  return [`No camera sees ${unseen} of the ${bays} bays: who parks there pays by card or code, or leaves.`]
}

/** Whether the grid is enough, and what of their energy vehicles got. */
function gridAnswer(scenario: DesignScenario, summary: readonly MetricSummary[]): string[] {
  const met = figure(summary, 'energy-met')
  const grid = ranGridSentence(scenario, summary)
  if (!Number.isFinite(met.interval.mean)) return [grid]
  return [
    grid,
    `Who got a bay took ${within(met)} of the energy that fits into the stay, those who left without a charge included.`,
  ]
}

/** What was taken for granted, a sentence each. */
export function assumptionsOf({ run }: Variant): string[] {
  const { scenario, demandSource } = run
  const curve = curveOf(scenario)
  const { run: plan, reader, policy } = scenario
  return [
    `Demand: ${demandSource.replace(/\.?$/, '.')} Scaled by ${scenario.demand.scale}.`,
    `Reads: ${curve.name}; logit = ${curve.intercept} + ${curve.perLnPixel} · ln(plate px) − ${curve.perBlur} · blur/stroke, at most ${curve.ceiling}; frames of one visit correlate by ${reader.frameCorrelation}. A frame counts as one witness; ${policy.quorum} are needed. Of frames that are not read right ${amount(misreadShareOf(scenario), 'share')} are read wrong, each time alike.`,
    'Cameras are pinholes whose place is known exactly; lens distortion and survey errors are left out.',
    ...lightWords(scenario),
    'Decisions: the production bay machine, track, vote, zones, claims and register; nothing of them is written again for the simulation.',
    ...siteWords(scenario),
    registerWords(scenario),
    backEndWords(scenario),
    energyWords(scenario.demand, run.demand),
    ...faultWords(scenario),
    ...phaseWords(scenario),
    'Energy is taken at a constant rate up to what the vehicle and the charge point can do; no vehicle slows down before it is full.',
    'Drivers stay as long as the demand says, whether they charged or not; who gets no charge and cannot pay otherwise leaves.',
    `Costs: ${costWords(scenario)}.`,
    `${run.results.length} replications${stoppedEarly(run)} of ${plan.days} days after ${plan.warmup_days} of warm-up, seed ${plan.seed}. Intervals hold the mean with 95 % probability over what chance does, not over what is assumed here.`,
  ]
}

/** Which phases vehicles are taken to draw from: told where it is not the charge point's only one. */
const phaseWords = ({ chargers }: DesignScenario): string[] =>
  chargers.phases === 3 || chargers.others.some(({ phases }) => phases === 3)
    ? [
        'At a charge point of three phases every vehicle draws from all three alike; a vehicle of a single phase would take at most a third of it, all from one phase.',
      ]
    : []

/** With `targetHalfWidth` a run ends as soon as enough is known. */
const stoppedEarly = ({ scenario: { run }, results }: Variant['run']): string =>
  run.targetHalfWidth === undefined || results.length >= run.replications
    ? ''
    : ` (of ${run.replications}: then the main figures were known to within ${digits(100 * run.targetHalfWidth)} % of themselves)`
