import type { Interval } from '../../../simulations/design/interval.ts'
import { changeOf, type MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { costWords } from './cost-words.ts'
import { figure, type Variant, within } from './design-variant.ts'
import { comparedGridSentences, FELT_SHARE, ranVerdict } from './grid-judgement.ts'
import { amount, digits } from './html-text.ts'
import { type DesignRunResult, summaryOf } from './run-files.ts'
import { notToldFrom, withRivals } from './told-apart.ts'
import { troubleAnswer } from './trouble-words.ts'

/** Fewer misread visits than these, of all designs together, rank none of them. */
const FEW_MISTAKES = 5

type Known = {
  readonly label: string
  readonly variant: Variant
  readonly metrics: readonly DesignRunResult['results'][number]['metrics'][]
  readonly cost: number
  readonly arrivals: number
  readonly fallbacks: number
  /** Who found no place, and who tired of waiting for one. */
  readonly lost: MetricSummary
  /** Nothing says that its grid is too small. */
  readonly hasGrid: boolean
  readonly met: MetricSummary
  readonly misread: MetricSummary
  readonly elsewhere: MetricSummary
}

/** Which of several designs to take, in sentences: each step by step from the cheapest, with what one vehicle that it helps costs. */
export function choiceAnswer(variants: readonly Variant[]): string[] {
  const [first, ...dearer] = variants.map(knownOf).sort((a, b) => a.cost - b.cost)
  if (!first) return []
  const sentences = [
    `The cheapest design is ${first.label}: ${digits(first.cost)} EUR a day, ${digits(first.fallbacks)} fallbacks a day, ${within(first.lost)} drive off without a bay.`,
  ]
  let before = first
  let surely = false
  for (const next of dearer) {
    const { says, helps, isSure: isKnown } = step(before, next)
    sentences.push(says)
    if (helps) before = next
    surely ||= isKnown
  }
  if (dearer.length > 0 && !surely)
    sentences.push(
      `No dearer design was shown to help anybody${first.hasGrid ? `: ${first.label} is enough by this run` : ''}.`,
    )
  const cheapestFirst = [first, ...dearer].flatMap(({ label }) => variants.filter((one) => one.label === label))
  return [
    ...sentences,
    ...comparedGridSentences(cheapestFirst),
    ...troubleAnswer(variants),
    ...mistakeSentence([first, ...dearer]),
    ...costSentence(variants),
  ]
}

/** What the costs hold, where it is the same for all designs. */
function costSentence(variants: readonly Variant[]): string[] {
  const [words, ...others] = new Set(variants.map(({ run }) => costWords(run.scenario)))
  return words === undefined || others.length > 0 ? [] : [`Costs: ${words}.`]
}

function knownOf(variant: Variant): Known {
  const { label, run } = variant
  const summary = summaryOf(run)
  return {
    label,
    variant,
    metrics: run.results.map(({ metrics }) => metrics),
    cost: figure(summary, 'cost').interval.mean,
    arrivals: figure(summary, 'arrivals').interval.mean,
    fallbacks: figure(summary, 'fallbacks').interval.mean,
    lost: figure(summary, 'lost'),
    hasGrid: (ranVerdict(run.scenario, summary) ?? 'enough') === 'enough',
    met: figure(summary, 'energy-met'),
    misread: figure(summary, 'misread-accepted'),
    elsewhere: figure(summary, 'wrong-bay'),
  }
}

/** One design beside the next dearer one, by the same vehicles pair by pair: much surer than either figure by itself. */
function step(
  before: Known,
  next: Known,
): { readonly says: string; readonly helps: boolean; readonly isSure: boolean } {
  const more = next.cost - before.cost
  const dearer = `${next.label} costs ${costsMore(before, next)} ${before.label}`
  const energy = moreEnergy(before, next)
  const [lost, lostBefore] = [next.lost.interval.mean, before.lost.interval.mean]
  const away = changeOf(before.metrics, next.metrics, 'lost')
  const instead = isSure(away)
    ? ` ${amount(lost, 'share')} drive off without a bay instead of ${amount(lostBefore, 'share')}.`
    : ''
  const avoided = before.fallbacks - next.fallbacks
  const fewer = away ? -away.mean * next.arrivals : 0
  const change = changeOf(before.metrics, next.metrics, 'fallbacks')
  const avoidsSurely = change !== null && change.high < 0
  // Named by what it changes most, of what is known: a camera more also frees a bay now and then.
  if (away && away.high < 0 && (fewer > avoided || !avoidsSurely)) {
    const sure = ` (${digits(-away.high * next.arrivals)} to ${digits(-away.low * next.arrivals)})`
    const price = `${digits(more / fewer)} EUR for each. It is worth taking where one of them is worth more than that.`
    const fallbacks = isSure(change)
      ? ` Fallbacks are ${digits(next.fallbacks)} a day instead of ${digits(before.fallbacks)}.`
      : ''
    return {
      says: `${dearer} and loses ${digits(fewer)}${sure} vehicles a day fewer: ${price}${instead}${fallbacks}${energy}`,
      helps: true,
      isSure: true,
    }
  }
  // Who drives off without a bay needs no card: fewer fallbacks are no gain then.
  if (away && away.low > 0) {
    const sure = ` (${digits(away.low * next.arrivals)} to ${digits(away.high * next.arrivals)})`
    return {
      says: `${dearer} and loses ${digits(-fewer)}${sure} vehicles a day more.${instead}${energy}`,
      helps: false,
      isSure: false,
    }
  }
  if (avoided <= 0)
    return { says: `${dearer} and avoids no fallback.${instead}${energy}`, helps: energy !== '', isSure: energy !== '' }
  if (!avoidsSurely) {
    const seen = change ? ` (${digits(avoided)} a day, ${digits(-change.high)} to ${digits(-change.low)})` : ''
    const doubt = `is not shown to avoid fallbacks${seen}: more replications may tell.`
    return { says: `${dearer} and ${doubt}${instead}${energy}`, helps: energy !== '', isSure: energy !== '' }
  }
  const sure = ` (${digits(-change.high)} to ${digits(-change.low)})`
  return {
    says: `${dearer} and avoids ${digits(avoided)}${sure} fallbacks a day: ${digits(more / avoided)} EUR for each.${instead}${energy}`,
    helps: true,
    isSure: true,
  }
}

/** A change that is more than chance. */
const isSure = (change: Interval | null): boolean => change !== null && (change.low > 0 || change.high < 0)

/** How much more the next design costs, by the same vehicles: reviewers' minutes are as much chance as they are design. */
function costsMore(before: Known, next: Known): string {
  const more = digits(next.cost - before.cost)
  if (more === '0') return 'as much as'
  const change = changeOf(before.metrics, next.metrics, 'cost')
  return change === null || isSure(change)
    ? `${more} EUR a day more than`
    : `${more} EUR a day (${digits(change.low)} to ${digits(change.high)}), so not surely more, than`
}

/** What vehicles get more of their energy, where the same vehicles leave no doubt and somebody would notice; else nothing. */
function moreEnergy(before: Known, next: Known): string {
  const change = changeOf(before.metrics, next.metrics, 'energy-met')
  if (change === null || change.low <= 0 || change.mean < FELT_SHARE) return ''
  return ` Vehicles get ${amount(next.met.interval.mean, 'share')} of the energy that fits into their stays instead of ${amount(before.met.interval.mean, 'share')}.`
}

/** Which design takes most vehicles for another, where that is more than chance. */
function mistakeSentence(known: readonly Known[]): string[] {
  const [worst] = [...known].sort((a, b) => mistakes(b) - mistakes(a))
  if (!worst || mistakes(worst) === 0) return []
  const hits = known.reduce((sum, { misread, elsewhere }) => sum + (misread.hits ?? 0) + (elsewhere.hits ?? 0), 0)
  const designs = known.map(({ variant }) => variant)
  const rivals = notToldFrom(worst.variant, designs, MISTAKES)
  const shares = `${within(worst.misread)} of the vehicles are taken for another, ${within(worst.elsewhere)} for one in another bay.`
  if (rivals.length === known.length - 1)
    return [
      `${hits < FEW_MISTAKES ? 'Mistakes are too few to tell the designs apart' : 'Mistakes do not tell the designs apart'}: with ${worst.label} ${shares}`,
    ]
  return [`Most mistakes are made with ${withRivals(worst.variant, rivals)}: ${shares}`]
}

const MISTAKES = ['misread-accepted', 'wrong-bay']

const mistakes = ({ misread, elsewhere }: Known): number => misread.interval.mean + elsewhere.interval.mean
