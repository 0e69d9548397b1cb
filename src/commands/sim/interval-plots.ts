import { axisX, axisY, dot, ruleX, ruleY, text, tickX } from '@observablehq/plot'
import type { Interval } from '../../../simulations/design/interval.ts'
import { FAINT, INK, POINT } from './drawing-style.ts'
import { amount, digits } from './html-text.ts'
import { HEAD, LETTERS, PLOT_WIDTH, plotSvg } from './plot-svg.ts'

/** One row of a plot: what it is of, and the figure with its interval. */
export type PlotRow = { readonly label: string; readonly interval: Interval }

/** What is plotted: its name, what it says, its unit. */
type Plotted = { readonly name: string; readonly says: string; readonly unit: string }

/** Labels longer than this stand above their rows. */
const LONG = 22
/** Room for the values, pixels: at least, and by their letters. */
const VALUE = 66
const DIGIT = 8.3
const FOOT = 24

/** The ends of an interval, or twice its mean where nobody knows them. */
export const ends = ({ mean, low, high }: Interval): readonly [number, number] =>
  Number.isFinite(low) && Number.isFinite(high) ? [low, high] : [mean, mean]

/** A figure with its interval in words. */
export function intervalWords({ mean, low, high }: Interval, unit: string): string {
  if (!Number.isFinite(mean)) return 'nothing to measure'
  const known = Number.isFinite(low) && Number.isFinite(high)
  return `${amount(mean, unit)}${known ? ` (${amount(low, unit)} to ${amount(high, unit)})` : ''}`
}

/** One figure over designs as SVG: a point with its interval for each, its value beside it in words. Reads without colour. */
export function intervalPlot({ name, says, unit }: Plotted, rows: readonly PlotRow[]): string {
  const scale = unit === 'share' ? 100 : 1
  const data = rows.map(({ label, interval }, row) => {
    const [low, high] = ends(interval)
    return { row, label, mean: interval.mean * scale, low: low * scale, high: high * scale }
  })
  const known = data.filter(({ mean }) => Number.isFinite(mean))
  const bounds = known.flatMap(({ mean, low, high }) => [mean, low, high])
  const above = rows.some(({ label }) => label.length > LONG)
  const high = above ? 44 : 26
  const cap = { insetTop: high / 2 - 5, insetBottom: high / 2 - 5, stroke: INK }
  const longest = Math.max(...rows.map(({ label }) => label.length))
  const valueText = ({ mean }: { readonly mean: number }): string =>
    Number.isFinite(mean) ? `${digits(mean)}${unit === 'share' ? ' %' : ''}` : 'none'
  const value = Math.max(VALUE, 12 + DIGIT * Math.max(...data.map((one) => valueText(one).length)))
  const words = rows.map(({ label, interval }) => `${label}: ${intervalWords(interval, unit)}`)
  return plotSvg(
    { name, says: unit === 'share' ? says : `${says}, ${unit}`, alternative: `${name}: ${says}. ${words.join('; ')}.` },
    {
      height: HEAD + rows.length * high + FOOT,
      marginLeft: above ? 18 : 14 + longest * 7,
      marginRight: value,
      marginBottom: FOOT,
      x: { domain: [Math.min(0, ...bounds), Math.max(0, ...bounds) || 1] },
      y: { type: 'band', domain: data.map(({ row }) => row), padding: 0, axis: null },
      marks: [
        ruleX([0], { stroke: FAINT }),
        axisX({
          ticks: 4,
          tickFormat: (value: number) => `${digits(value)}${unit === 'share' ? ' %' : ''}`,
          label: null,
        }),
        above
          ? text(data, { y: 'row', text: 'label', frameAnchor: 'left', dx: 4, dy: -17 })
          : axisY({ tickFormat: (row: number) => rows[row]?.label ?? '', tickSize: 0, label: null }),
        ruleY(known, { y: 'row', x1: 'low', x2: 'high', stroke: INK, strokeWidth: 1.5 }),
        tickX(known, { y: 'row', x: 'low', ...cap }),
        tickX(known, { y: 'row', x: 'high', ...cap }),
        dot(known, { y: 'row', x: 'mean', r: 4.5, fill: POINT }),
        text(data, {
          y: 'row',
          text: valueText,
          frameAnchor: 'right',
          textAnchor: 'start',
          dx: 9,
          fontSize: LETTERS,
        }),
      ],
      width: PLOT_WIDTH,
    },
  )
}
