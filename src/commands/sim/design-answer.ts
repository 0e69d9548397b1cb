import { cameraTable } from '../../../simulations/design/camera-table.ts'
import { curveOf, misreadShareOf, placeCameras } from '../../../simulations/design/design-cameras.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { changeOf, type MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { energyWords } from './energy-words.ts'
import { amount, digits } from './html-text.ts'
import { type DesignRunResult, summaryOf } from './run-files.ts'

/** A design of a report, by the name under which its rows stand. */
export type Variant = { readonly label: string; readonly run: DesignRunResult }

export const figure = (summary: readonly MetricSummary[], name: string): MetricSummary =>
  summary.find((one) => one.name === name) as MetricSummary

const within = ({ interval, unit }: MetricSummary): string => {
  const { mean, low, high } = interval
  const ends = Number.isFinite(low) && Number.isFinite(high) ? ` (${amount(low, unit)} to ${amount(high, unit)})` : ''
  return `${amount(mean, unit)}${ends}`
}

/** The answer in sentences, before anything else: what the site does, or which of the designs to take and what it costs. */
export function answerOf(variants: readonly Variant[]): string[] {
  const [only, ...more] = variants
  if (!only) return []
  return more.length === 0 ? siteAnswer(only) : choiceAnswer(variants)
}

function siteAnswer({ run }: Variant): string[] {
  const summary = summaryOf(run)
  const { site } = run.scenario
  const cameras = placeCameras(run.scenario).length
  const of = (name: string): string => within(figure(summary, name))
  return [
    `${site.bays} bays and ${cameras} ${cameras === 1 ? 'camera' : 'cameras'} serve ${digits(figure(summary, 'arrivals').interval.mean)} vehicles a day: ${of('turned-away')} find no place, and the bays are taken ${of('bay-use')} of the time.`,
    `Of those who want to charge, ${of('read-at-once')} charge by their plate alone, ${of('fallback')} pay by card or code, and ${of('not-charged')} leave without a charge.`,
    ...unseenBays(run.scenario),
    ...gridAnswer(run.scenario, summary),
    `Bays, cameras and reviewers cost ${digits(figure(summary, 'cost').interval.mean)} EUR a day.`,
  ]
}

/** How many bays can start nobody by the plate, because no camera shows them. */
function unseenBays(scenario: DesignScenario): string[] {
  const { bays } = scenario.site
  const unseen = bays - cameraTable(scenario).length
  if (scenario.cameras.length === 0) return ['There is no camera: no plate is ever read.']
  if (unseen === 0) return []
  return [`No camera sees ${unseen} of the ${bays} bays: who parks there pays by card or code, or leaves.`]
}

/** Used up for less than this is not felt, min a day. */
const UNFELT_MIN = 1

/** Whether the grid is enough, and what of their energy vehicles got. */
function gridAnswer({ chargers }: DesignScenario, summary: readonly MetricSummary[]): string[] {
  const { gridLimit_A, sharing } = chargers
  const [peak, atLimit, met] = [figure(summary, 'peak'), figure(summary, 'at-limit'), figure(summary, 'energy-met')]
  const highest = `the highest current ${gridLimit_A === null ? 'of a phase ' : ''}is ${digits(peak.interval.mean)} A`
  const used = `${digits(atLimit.interval.mean)} min a day (${digits(atLimit.interval.low)} to ${digits(atLimit.interval.high)})`
  const limit = `The grid’s ${gridLimit_A} A in each phase`
  const grid =
    gridLimit_A === null
      ? `Without a limit of the grid ${highest}.`
      : atLimit.interval.mean < UNFELT_MIN
        ? `${limit} are enough: ${highest}.`
        : sharing === 'none'
          ? `${limit} are not enough: nothing keeps vehicles below them, and they draw as much or more for ${used}; ${highest}.`
          : `${limit} are not always enough: they are used up ${used}.`
  if (!Number.isFinite(met.interval.mean)) return [grid]
  return [
    grid,
    `Who got a bay took ${within(met)} of the energy that fits into the stay, those who left without a charge included.`,
  ]
}

/** The cheapest design per avoided fallback, each step by step from the cheapest one. */
function choiceAnswer(variants: readonly Variant[]): string[] {
  const known = variants
    .map(({ label, run }) => {
      const summary = summaryOf(run)
      return {
        label,
        metrics: run.results.map(({ metrics }) => metrics),
        cost: figure(summary, 'cost').interval.mean,
        fallbacks: figure(summary, 'fallbacks').interval.mean,
        turned: figure(summary, 'turned-away'),
        misread: figure(summary, 'misread-accepted'),
        elsewhere: figure(summary, 'wrong-bay'),
      }
    })
    .sort((a, b) => a.cost - b.cost)
  const first = known[0]
  if (!first) return []
  const sentences = [
    `The cheapest design is ${first.label}: ${digits(first.cost)} EUR a day, ${digits(first.fallbacks)} fallbacks a day, ${within(first.turned)} turned away.`,
  ]
  let before = first
  for (const next of known.slice(1)) {
    const [more, avoided] = [next.cost - before.cost, before.fallbacks - next.fallbacks]
    const [turned, turnedBefore] = [next.turned.interval.mean, before.turned.interval.mean]
    const instead =
      turned === turnedBefore
        ? ''
        : ` ${amount(turned, 'share')} are turned away instead of ${amount(turnedBefore, 'share')}.`
    if (avoided <= 0)
      sentences.push(
        `${next.label} costs ${digits(more)} EUR a day more than ${before.label} and avoids no fallback.${instead}`,
      )
    else {
      const change = changeOf(before.metrics, next.metrics, 'fallbacks')
      // The same vehicles, pair by pair: much surer than either figure by itself.
      const sure = change ? ` (${digits(-change.high)} to ${digits(-change.low)})` : ''
      const doubt = change && change.high >= 0 ? ' More replications must show whether it avoids any.' : ''
      sentences.push(
        `${next.label} costs ${digits(more)} EUR a day more than ${before.label} and avoids ${digits(avoided)}${sure} fallbacks a day: ${digits(more / avoided)} EUR for each.${doubt}${instead}`,
      )
      before = next
    }
  }
  const worst = [...known].sort((a, b) => mistakes(b) - mistakes(a))[0]
  if (worst && mistakes(worst) > 0)
    sentences.push(
      `Most mistakes are made with ${worst.label}: ${within(worst.misread)} of the vehicles are taken for another, ${within(worst.elsewhere)} for one in another bay.`,
    )
  return sentences
}

const mistakes = ({
  misread,
  elsewhere,
}: {
  readonly misread: MetricSummary
  readonly elsewhere: MetricSummary
}): number => misread.interval.mean + elsewhere.interval.mean

/** What was taken for granted, a sentence each. */
export function assumptionsOf({ run }: Variant): string[] {
  const { scenario, demandSource } = run
  const curve = curveOf(scenario)
  const { run: plan, reader, policy } = scenario
  return [
    `Demand: ${demandSource.replace(/\.?$/, '.')} Scaled by ${scenario.demand.scale}.`,
    `Reads: ${curve.name}; logit = ${curve.intercept} + ${curve.perLnPixel} · ln(plate px) − ${curve.perBlur} · blur/stroke, at most ${curve.ceiling}; frames of one visit correlate by ${reader.frameCorrelation}. A frame counts as one witness; ${policy.quorum} are needed. Of frames that are not read right ${amount(misreadShareOf(scenario), 'share')} are read wrong, each time alike.`,
    'Cameras are pinholes whose place is known exactly; lens distortion and survey errors are left out. In the dark nothing is read without infrared.',
    'Decisions: the production bay machine, track, vote, zones, claims and register; nothing of them is written again for the simulation.',
    'Charge points answer every order; meter values are told when current begins and ends. Each bay has one charge point, and nobody plugs into a neighbour’s.',
    energyWords(scenario.demand, run.demand),
    'Energy is taken at a constant rate up to what the vehicle and the charge point can do; no vehicle slows down before it is full.',
    'Drivers stay as long as the demand says, whether they charged or not; who gets no charge and cannot pay otherwise leaves.',
    `${run.results.length} replications of ${plan.days} days after ${plan.warmup_days} of warm-up, seed ${plan.seed}. Intervals hold the mean with 95 % probability over what chance does, not over what is assumed here.`,
  ]
}
