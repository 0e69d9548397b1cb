import { areaY, axisX, axisY, gridY, lineY, ruleY, text } from '@observablehq/plot'
import type { Interval } from '../../../simulations/design/interval.ts'
import { BAND, INK } from './drawing-style.ts'
import { digits } from './html-text.ts'
import { ends } from './interval-plots.ts'
import { plotSvg } from './plot-svg.ts'

/** Vehicles in bays over the 24 hours of the day as SVG: the mean as a line, its 95 % interval as a ribbon, and the bays that there are. */
export function dayPlot(name: string, hours: readonly Interval[], bays: number): string {
  const steps = hours.map((interval, hour) => {
    const [low, high] = ends(interval)
    return { hour, mean: interval.mean, low: Math.max(0, low), high }
  })
  // A step lasts to the next one: the last needs an end.
  const last = steps.at(-1)
  const drawn = last ? [...steps, { ...last, hour: steps.length }] : steps
  const most = Math.max(bays, ...steps.map(({ high }) => high))
  const count = `${bays} ${bays === 1 ? 'bay' : 'bays'}`
  const words = steps.map(
    ({ hour, mean, low, high }) => `${hour}:00 ${digits(mean)} (${digits(low)} to ${digits(high)})`,
  )
  return plotSvg(
    {
      name,
      says: 'vehicles in bays, mean of each hour; ribbon: its 95 % interval',
      alternative: `${name}: mean vehicles in bays in each hour of the day with its 95 % interval, of ${count}. ${words.join('; ')}.`,
    },
    {
      height: 250,
      marginLeft: 34,
      marginRight: 24,
      marginBottom: 26,
      x: { domain: [0, 24] },
      y: { domain: [0, most * 1.12] },
      marks: [
        gridY({ ticks: 5, stroke: INK, strokeOpacity: 0.12 }),
        areaY(drawn, { x: 'hour', y1: 'low', y2: 'high', curve: 'step-after', fill: BAND }),
        lineY(drawn, { x: 'hour', y: 'low', curve: 'step-after', stroke: INK, strokeWidth: 0.6 }),
        lineY(drawn, { x: 'hour', y: 'high', curve: 'step-after', stroke: INK, strokeWidth: 0.6 }),
        lineY(drawn, { x: 'hour', y: 'mean', curve: 'step-after', stroke: INK, strokeWidth: 2 }),
        ruleY([bays], { stroke: INK, strokeDasharray: '6 4' }),
        text([count], { text: (words: string) => words, x: () => 24, y: () => bays, textAnchor: 'end', dy: -9 }),
        axisX({ ticks: [0, 6, 12, 18, 24], tickFormat: (hour: number) => `${hour}:00`, label: null }),
        axisY({ ticks: 5, label: null }),
      ],
    },
  )
}
