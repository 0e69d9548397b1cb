import { axisX, axisY, dot, link, ruleX, ruleY, text } from '@observablehq/plot'
import { changeOf } from '../../../simulations/design/metric-summary.ts'
import { figure, type Variant } from './design-variant.ts'
import { FAINT, INK, POINT } from './drawing-style.ts'
import { brokenLines, digits } from './html-text.ts'
import { ends } from './interval-plots.ts'
import { HEAD, LETTERS, PLOT_WIDTH, plotSvg } from './plot-svg.ts'
import { summaryOf } from './run-files.ts'

const LEFT = 52
const FOOT = 46
const ROW = 17
/** Letters of a line beside the plot. */
const LINE = 24

type Choice = {
  readonly label: string
  /** EUR a day: mean and the ends of its interval. */
  readonly cost: number
  readonly least: number
  readonly most: number
  /** Fallbacks a day that the cheapest design has and this one has not, pair by pair: mean and the ends of its interval. */
  readonly avoided: number
  readonly low: number
  readonly high: number
  /** Costs more than another design that avoids as much or more, and is not shown to lose fewer vehicles than that one. */
  readonly beaten: boolean
}

/** What designs cost a day against the fallbacks that they avoid, as SVG, each with both intervals and its name. Reads without colour. */
export function choicePlot(variants: readonly Variant[]): string {
  const choices = choicesOf(variants)
  const lines = choices.map(({ label }) => brokenLines(label, LINE))
  const row = ROW * Math.max(...lines.map(({ length }) => length))
  const right = 30 + 7.5 * Math.max(...lines.flat().map(({ length }) => length))
  const height = HEAD + FOOT + Math.max(190, choices.length * row + 30)
  const [left, wide] = spanOf(choices.flatMap(({ low, high }) => [0, low, high]))
  const [bottom, top] = spanOf(choices.flatMap(({ least, most }) => [least, most]))
  const tall = height - HEAD - FOOT
  const perPixel = { x: (wide - left) / (PLOT_WIDTH - LEFT - right), y: (top - bottom) / tall }
  const named = spread(choices, row * perPixel.y, top, bottom)
  const caps = choices.flatMap((one) => [
    { x1: one.low, x2: one.low, y1: one.cost - 4 * perPixel.y, y2: one.cost + 4 * perPixel.y },
    { x1: one.high, x2: one.high, y1: one.cost - 4 * perPixel.y, y2: one.cost + 4 * perPixel.y },
    { x1: one.avoided - 4 * perPixel.x, x2: one.avoided + 4 * perPixel.x, y1: one.least, y2: one.least },
    { x1: one.avoided - 4 * perPixel.x, x2: one.avoided + 4 * perPixel.x, y1: one.most, y2: one.most },
  ])
  return plotSvg(
    { name: 'What to buy', says: 'EUR a day against the fallbacks avoided a day', alternative: inWords(choices) },
    {
      height,
      marginLeft: LEFT,
      marginRight: right,
      marginBottom: FOOT,
      x: { domain: [left, wide] },
      y: { domain: [bottom, top] },
      marks: [
        ruleX([0], { stroke: FAINT, strokeDasharray: '2 3' }),
        axisX({
          ticks: 4,
          label: 'fallbacks avoided a day',
          labelArrow: 'none',
          labelAnchor: 'center',
          labelOffset: 40,
        }),
        axisY({ ticks: 5, label: null }),
        link(named, { x1: 'avoided', y1: 'cost', x2: () => wide, y2: 'at', stroke: FAINT, strokeWidth: 0.8 }),
        ruleY(choices, { y: 'cost', x1: 'low', x2: 'high', stroke: INK, strokeWidth: 1.5 }),
        ruleX(choices, { x: 'avoided', y1: 'least', y2: 'most', stroke: INK, strokeWidth: 1.5 }),
        link(caps, { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: INK, strokeWidth: 1.2 }),
        dot(choices, { x: 'avoided', y: 'cost', r: 5, stroke: POINT, strokeWidth: 1.5, fill: fillOf }),
        text(named, {
          x: () => wide,
          y: 'at',
          text: ({ label }: Choice) => brokenLines(label, LINE).join('\n'),
          textAnchor: 'start',
          dx: 6,
          fontSize: LETTERS,
        }),
      ],
    },
  )
}

const fillOf = ({ beaten }: Choice): string => (beaten ? '#fff' : POINT)

function choicesOf(variants: readonly Variant[]): Choice[] {
  const known = variants
    .map(({ label, run }) => ({
      label,
      metrics: run.results.map(({ metrics }) => metrics),
      cost: figure(summaryOf(run), 'cost').interval,
    }))
    .sort((a, b) => a.cost.mean - b.cost.mean)
  const cheapest = known[0]?.metrics ?? []
  const choices = known.map(({ label, metrics, cost }) => {
    const change = metrics === cheapest ? null : changeOf(cheapest, metrics, 'fallbacks')
    const [from, to] = change ? ends(change) : [0, 0]
    const avoided = change ? 0 - change.mean : 0
    const [least, most] = ends(cost)
    return { label, metrics, cost: cost.mean, least, most, avoided, low: 0 - to, high: 0 - from }
  })
  // Twins beat nobody: of two that cost and avoid the same, both may be bought.
  return choices.map(({ metrics, ...one }) => ({
    ...one,
    beaten: choices.some(
      (other) =>
        other.cost < one.cost &&
        other.avoided >= one.avoided &&
        (changeOf(other.metrics, metrics, 'lost')?.high ?? 0) >= 0,
    ),
  }))
}

/** From the least to the most with a little room; never empty. */
function spanOf(values: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const room = (most - least || Math.abs(most) || 1) * 0.08
  return [least - room, most + room]
}

/** Names beside the plot at their designs' heights, moved apart so that none covers another. */
function spread<One extends { readonly cost: number }>(
  choices: readonly One[],
  gap: number,
  top: number,
  bottom: number,
): (One & { at: number })[] {
  let under = bottom - gap / 2
  const up = choices.map((one) => {
    under = Math.max(one.cost, under + gap)
    return { ...one, at: under }
  })
  let over = top + gap / 2
  for (const one of [...up].reverse()) {
    over = Math.min(one.at, over - gap)
    one.at = over
  }
  return up
}

function inWords(choices: readonly Choice[]): string {
  const each = choices.map(
    ({ label, cost, least, most, avoided, low, high, beaten }) =>
      `${label}: ${digits(cost)} (${digits(least)} to ${digits(most)}) EUR a day, avoids ${digits(avoided)} (${digits(low)} to ${digits(high)}) fallbacks a day${beaten ? ', no more than a cheaper one' : ''}`,
  )
  return `What designs cost a day against the fallbacks that they avoid beside the cheapest, with 95 % intervals. ${each.join('; ')}.`
}
