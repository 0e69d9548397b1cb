import { cameraTable } from '../../../simulations/design/camera-table.ts'
import { meanInterval } from '../../../simulations/design/interval.ts'
import { changeOf, type MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { answerOf, assumptionsOf, figure, type Variant } from './design-answer.ts'
import { amount, digits, html } from './html-text.ts'
import { dayPlot, intervalPlot } from './interval-plots.ts'
import { planDrawing } from './plan-drawing.ts'
import { type DesignRunResult, summaryOf, worstVisits } from './run-files.ts'
import { journalName } from './visit-journal.ts'

/** Figures that a reader compares designs by. */
const COMPARED = [
  'turned-away',
  'wait-p95',
  'bay-use',
  'energy-met',
  'peak',
  'read-at-once',
  'fallback',
  'not-charged',
  'wrong-bay',
  'misread-accepted',
  'stop-to-power-p95',
  'cost',
]

/** A report as one file of HTML: no script, nothing to load. `journals`: whether the journals of bad visits lie beside it. */
export function reportPage(title: string, variants: readonly Variant[], journals: boolean): string {
  const [first] = variants
  if (!first) return ''
  const body = [
    `<h1>${html(title)}</h1>`,
    `<div class="answer">${answerOf(variants)
      .map((one) => `<p>${html(one)}</p>`)
      .join('')}</div>`,
    variants.length > 1 ? comparison(variants) : daySection(first),
    ...variants.slice(0, MOST_PLANS).map(planSection),
    ...variants.map((variant) => tableSection(variant, variants)),
    journals ? visitSection(first.run) : '',
    `<h2>What was assumed</h2><ul>${assumptionsOf(first)
      .map((one) => `<li>${html(one)}</li>`)
      .join('')}</ul>`,
  ]
  return pageOf(title, body)
}

/** Sections under a title as one file of HTML, in the looks of every report. */
export const pageOf = (title: string, sections: readonly string[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${html(title)}</title><style>${STYLE}</style></head><body><main>${sections.join('\n')}</main></body></html>\n`

/** Plans of more designs than these would hide the answer. */
const MOST_PLANS = 6

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:1.5rem auto;padding:0 1rem;color:#111;background:#fff}
h1{font-size:1.6rem;margin:0 0 .6rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.answer{border-left:4px solid #111;padding:.1rem 1rem;font-size:1.1rem}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(26rem,100%),1fr));gap:.5rem 1.5rem}
svg{width:100%;height:auto;font-family:system-ui,sans-serif;fill:#111}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{padding:.2rem .5rem;text-align:left;border-bottom:1px solid #ccc;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.whisker,.axis,.line{fill:none;stroke:#111;stroke-width:1.4}path.axis{stroke:#999;stroke-width:1}text.axis{stroke:none;fill:#555}
.mean{fill:#0b5394}.band{fill:#9fc5e8;opacity:.7}.limit{fill:none;stroke:#111;stroke-dasharray:6 4}
.bay{fill:none;stroke:#111}.bay.narrow{fill:#ffe8a3;fill-opacity:.6;stroke-width:3}.bay.unseen{fill:#ddd;stroke-dasharray:5 3}
.wedge{fill:#9fc5e8;opacity:.28;stroke:#0b5394;stroke-width:.8}.camera{fill:#0b5394}.obstacle{fill:#777}
body{overflow-wrap:anywhere}.wide{overflow-x:auto}
details{margin:.6rem 0}summary{cursor:pointer}code{background:#f3f3f3;padding:0 .25rem;overflow-wrap:anywhere}
@media print{.plots{grid-template-columns:1fr 1fr}body{margin:0}}`

function comparison(variants: readonly Variant[]): string {
  const summaries = variants.map(({ label, run }) => ({ label, summary: summaryOf(run) }))
  const plots = COMPARED.filter((name) =>
    summaries.some(({ summary }) => Number.isFinite(figure(summary, name).interval.mean)),
  ).map((name) => {
    const rows = summaries.map(({ label, summary }) => ({ label, interval: figure(summary, name).interval }))
    return intervalPlot(figure(summaries[0]?.summary ?? [], name), rows)
  })
  return `<h2>Side by side</h2><p>A point is the mean, a bar its 95 % interval. All designs met the same vehicles.</p><div class="plots">${plots.join('')}</div>`
}

function daySection({ run }: Variant): string {
  const hours = Array.from({ length: 24 }, (_, hour) =>
    meanInterval(run.results.map(({ present }) => present[hour] ?? 0)),
  )
  return `<h2>Over the day</h2>${dayPlot(hours, run.scenario.site.bays)}`
}

function planSection({ label, run }: Variant): string {
  const sights = cameraTable(run.scenario)
  const rows = sights
    .map(
      (one) =>
        `<tr><td class="n">${one.bay}</td><td>${html(one.cameraId)}</td><td class="n">${Math.round(one.plate_px)}</td><td class="n">${Math.round(one.horizontal_deg)}</td><td class="n">${Math.round(one.vertical_deg)}</td><td class="n">${digits(one.blurStrokes)}</td><td class="n">${digits(one.day * 100)} %</td><td class="n">${digits(one.night * 100)} %</td></tr>`,
    )
    .join('')
  const table =
    rows === ''
      ? '<p>No camera shows a bay.</p>'
      : `<details><summary>Every bay: pixels, angles, blur, and how likely a frame is read</summary><div class="wide" tabindex="0" role="region" aria-label="bays of ${html(label)}"><table><thead><tr><th class="n">bay</th><th>camera</th><th class="n">plate px</th><th class="n">aside °</th><th class="n">from above °</th><th class="n">blur, strokes</th><th class="n">read by day</th><th class="n">by night</th></tr></thead><tbody>${rows}</tbody></table></div></details>`
  return `<h2>Plan: ${html(label)}</h2><p>Each bay with its number, the narrowest usual plate in pixels, and the greater angle. Thick frame: under 130 px. Dashed: no camera shows it.</p>${planDrawing(run.scenario)}${table}`
}

function tableSection(variant: Variant, variants: readonly Variant[]): string {
  const [base] = variants
  const against = base && base !== variant ? base : null
  const before = against?.run.results.map(({ metrics }) => metrics) ?? []
  const after = variant.run.results.map(({ metrics }) => metrics)
  const rows = summaryOf(variant.run).map((one) => {
    const change = against ? changeOf(before, after, one.name) : null
    return metricRow(one, against ? (change ? changeText(change, one) : '–') : null)
  })
  const changed = against ? `<th class="n">against ${html(against.label)}</th>` : ''
  const table = `<div class="wide" tabindex="0" role="region" aria-label="figures of ${html(variant.label)}"><table><thead><tr><th>figure</th><th class="n">mean</th><th class="n">low</th><th class="n">high</th><th>unit</th>${changed}<th>what it says</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  return variants.length === 1
    ? `<h2>Every figure</h2>${table}`
    : `<details><summary>Every figure: ${html(variant.label)}</summary>${table}</details>`
}

function metricRow({ name, unit, says, interval }: MetricSummary, change: string | null): string {
  const cell = (value: number): string =>
    `<td class="n">${Number.isFinite(value) ? html(unit === 'share' ? amount(value, unit) : digits(value)) : '–'}</td>`
  const { mean, low, high } = interval
  const changed = change === null ? '' : `<td class="n">${change}</td>`
  return `<tr><td>${html(name)}</td>${cell(mean)}${cell(low)}${cell(high)}<td>${html(unit)}</td>${changed}<td>${html(says)}</td></tr>`
}

/** Better or worse in words, where the paired interval leaves no doubt. */
function changeText(
  { mean, low, high }: { mean: number; low: number; high: number },
  { unit, better }: MetricSummary,
): string {
  const text = (value: number): string => html(unit === 'share' ? `${digits(value * 100)} %` : digits(value))
  const isSure = low > 0 || high < 0
  const verdict = !isSure
    ? 'no clear change'
    : better === null
      ? ''
      : mean < 0 === (better === 'less')
        ? 'better'
        : 'worse'
  return `${mean > 0 ? '+' : ''}${text(mean)} (${text(low)} to ${text(high)}) ${verdict}`
}

function visitSection(run: DesignRunResult): string {
  const visits = worstVisits(run)
  if (visits.length === 0) return '<h2>What went badly</h2><p>Nothing did.</p>'
  const rows = visits.map((visit) => {
    const name = journalName(visit)
    return `<tr><td>${html(visit.trouble)}</td><td class="n">${visit.bay}</td><td><a href="${html(name)}">${html(name)}</a></td><td><code>berth replay ${html(name)} --bay bay-${visit.bay}</code></td></tr>`
  })
  return `<h2>What went badly</h2><p>Of each kind of trouble one visit, with the journal of its bay up to then.</p><div class="wide" tabindex="0" role="region" aria-label="what went badly"><table><thead><tr><th>trouble</th><th class="n">bay</th><th>journal</th><th>live it again</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}
