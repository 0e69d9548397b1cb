import sharp from 'sharp'
import { meanInterval } from '../../../simulations/design/interval.ts'
import { choicePlot } from './choice-plot.ts'
import { conditionPlots } from './condition-plots.ts'
import { dayPlot } from './day-plot.ts'
import { figure, type Variant } from './design-variant.ts'
import { PLAN_STYLE } from './drawing-style.ts'
import { intervalPlot } from './interval-plots.ts'
import { planDrawing } from './plan-drawing.ts'
import type { ResultFiles } from './result-folder.ts'
import { summaryOf } from './run-files.ts'

/** A drawing of a report: the name of its picture without ending, and the SVG. */
export type Drawing = { readonly name: string; readonly svg: string }

/** What a report draws. `choice`: what to buy, of several designs. `plans`: of the first designs, in their order. */
export type ReportDrawings = {
  readonly choice: readonly Drawing[]
  readonly figures: readonly Drawing[]
  readonly days: readonly Drawing[]
  /** Reads and fallbacks by light and weather: of one design. */
  readonly conditions: readonly Drawing[]
  readonly plans: readonly Drawing[]
}

/** Figures that a reader compares designs by. */
const COMPARED = [
  'turned-away',
  'wait-p95',
  'bay-use',
  'energy-met',
  'grid-missed',
  'peak',
  'read-at-once',
  'fallback',
  'not-charged',
  'wrong-bay',
  'misread-accepted',
  'stop-to-power-p95',
  'cost',
]

/** Plans and days of more designs than these would hide the answer. */
const MOST_PLANS = 6
/** Pixels of a picture for each of its drawing. */
const FINE = 2

/** Everything that a report of these designs draws. The same runs give the same bytes. */
export function reportDrawings(variants: readonly Variant[]): ReportDrawings {
  const isOne = variants.length === 1
  const shown = variants.slice(0, MOST_PLANS)
  const numbered = (name: string, index: number): string => (isOne ? name : `${name}-${index + 1}`)
  return {
    choice: isOne ? [] : [{ name: 'what-to-buy', svg: choicePlot(variants) }],
    figures: isOne ? [] : figuresOf(variants),
    days: shown.map(({ label, run }, index) => {
      const hours = Array.from({ length: 24 }, (_, hour) =>
        meanInterval(run.results.map(({ present }) => present[hour] ?? 0)),
      )
      const title = isOne ? 'Over the day' : `Over the day: ${label}`
      return { name: numbered('day', index), svg: dayPlot(title, hours, run.scenario.site.bays) }
    }),
    conditions: isOne ? variants.flatMap(({ run }) => conditionPlots(run)) : [],
    plans: shown.map(({ run }, index) => ({ name: numbered('plan', index), svg: planDrawing(run.scenario) })),
  }
}

function figuresOf(variants: readonly Variant[]): Drawing[] {
  const summaries = variants.map(({ label, run }) => ({ label, summary: summaryOf(run) }))
  return COMPARED.filter((name) =>
    summaries.some(({ summary }) => Number.isFinite(figure(summary, name).interval.mean)),
  ).map((name) => {
    const rows = summaries.map(({ label, summary }) => ({ label, interval: figure(summary, name).interval }))
    return { name, svg: intervalPlot(figure(summaries[0]?.summary ?? [], name), rows) }
  })
}

/** Each drawing as a PNG, by its name under `plots`. Letters look as the machine's fonts do. */
export async function picturesOf(drawings: ReportDrawings): Promise<ResultFiles> {
  const pictures: { [name: string]: Uint8Array } = {}
  for (const { name, svg } of Object.values(drawings).flat()) pictures[`plots/${name}.png`] = await pictureOf(svg)
  return pictures
}

/** A drawing of the page, made to stand alone: it brings its name space, size, style and ground. */
function pictureOf(svg: string): Promise<Buffer> {
  const [, width = '1', height = '1'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
  const sized = /^<svg[^>]* width="/.test(svg) ? '' : ` width="${width}" height="${height}" font-family="sans-serif"`
  const alone = svg
    .replace('<svg', `<svg xmlns="http://www.w3.org/2000/svg"${sized}`)
    .replace('</title>', `</title><style>${PLAN_STYLE}</style>`)
  return sharp(Buffer.from(alone), { density: 72 * FINE })
    .flatten({ background: '#fff' })
    .png()
    .toBuffer()
}
