import { cameraTable } from '../../../simulations/design/camera-table.ts'
import { changeOf, type MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { escaped } from '../../escaped-text.ts'
import { conditionTable } from './condition-figures.ts'
import { answerOf, assumptionsOf } from './design-answer.ts'
import type { Variant } from './design-variant.ts'
import { PLAN_STYLE } from './drawing-style.ts'
import { amount, coded, digits, figureCell } from './html-text.ts'
import { READ_WELL } from './plan-drawing.ts'
import type { Drawing, ReportDrawings } from './report-drawings.ts'
import { type DesignRunResult, summaryOf, worstVisits } from './run-files.ts'
import { journalName } from './visit-journal.ts'

/** A report as one file of HTML: no script, nothing to load. `journals`: whether the journals of bad visits lie beside it. */
export function reportPage(
  title: string,
  variants: readonly Variant[],
  drawings: ReportDrawings,
  journals: boolean,
): string {
  const [first] = variants
  if (!first) return ''
  const body = [
    `<h1>${escaped(title)}</h1>`,
    `<div class="answer">${answerOf(variants)
      .map((one) => `<p>${escaped(one)}</p>`)
      .join('')}</div>`,
    plots('', drawings.choice, CHOICE),
    plots(
      'Side by side',
      drawings.figures,
      'A point is the mean, a bar its 95 % interval. All designs met the same vehicles.',
    ),
    plots('Over the day', drawings.days, ''),
    conditionSection(variants, drawings.conditions),
    ...drawings.plans.map((plan, index) => planSection(variants[index] ?? first, plan)),
    ...variants.map((variant) => tableSection(variant, variants)),
    journals ? visitSection(first.run) : '',
    `<h2>What was assumed</h2><ul>${assumptionsOf(first)
      .map((one) => `<li>${coded(one)}</li>`)
      .join('')}</ul><p>Every drawing also lies as a PNG in the folder <code>plots</code> beside this file.</p>`,
  ]
  return pageOf(title, body)
}

/** Sections under a title as one file of HTML, in the looks of every report. */
export const pageOf = (title: string, sections: readonly string[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${unbroken(sections.join('\n'))}</main></body></html>\n`

/** A number and its per cent sign stay on one line, on a phone too. */
const unbroken = (html: string): string => html.replaceAll(/(?<=\d) (?=%)/g, '\u00A0')

const CHOICE =
  'Bars are 95 % intervals; fallbacks are counted against the cheapest design, on the same vehicles. A hollow point costs more than another design, avoids no more and is not shown to lose fewer vehicles.'

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:1.5rem auto;padding:0 1rem;color:#111;background:#fff}
h1{font-size:1.6rem;margin:0 0 .6rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.answer{border-left:4px solid #111;padding:.1rem 1rem;font-size:1.1rem}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(26rem,100%),1fr));gap:.5rem 1.5rem}
svg{width:100%;height:auto;font-family:system-ui,sans-serif;fill:#111}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{padding:.2rem .5rem;text-align:left;border-bottom:1px solid #ccc;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
${PLAN_STYLE}
.plots svg{max-width:36rem}
body{overflow-wrap:anywhere}.wide{overflow-x:auto;margin:.6rem 0;background:linear-gradient(90deg,#fff 40%,#fff0),linear-gradient(270deg,#fff 40%,#fff0) 100% 0,linear-gradient(90deg,#0005,#0000),linear-gradient(270deg,#0005,#0000) 100% 0;background-repeat:no-repeat;background-size:2rem 100%,2rem 100%,.7rem 100%,.7rem 100%;background-attachment:local,local,scroll,scroll}.wide table{overflow-wrap:normal}.wide code,.i{white-space:nowrap}.wide td.says{min-width:14rem}.w{text-align:right;min-width:7rem;font-variant-numeric:tabular-nums}@media (max-width:40rem){.plan svg{min-width:36rem}.wide td.says{white-space:nowrap}}.wide td:first-child,.wide th:first-child{white-space:nowrap}
details{margin:.6rem 0}summary{cursor:pointer}code{background:#f3f3f3;padding:0 .25rem;overflow-wrap:anywhere}
@media print{.wide{overflow:visible;background:none}.wide td.says,.w{min-width:0}.wide code{white-space:normal}.plots{grid-template-columns:1fr 1fr}body{margin:0}}`

/** Drawings beside each other under a heading, after a sentence on how to read them; nothing where there are none. */
function plots(heading: string, drawings: readonly Drawing[], says: string): string {
  if (drawings.length === 0) return ''
  const head = heading === '' ? '' : `<h2>${escaped(heading)}</h2>`
  const how = says === '' ? '' : `<p>${escaped(says)}</p>`
  return `${head}${how}<div class="plots">${drawings.map(({ svg }) => svg).join('')}</div>`
}

/** Reads and fallbacks by day and at night, with snow and without. */
function conditionSection(variants: readonly Variant[], drawn: readonly Drawing[]): string {
  const [first, ...others] = variants
  if (!first) return ''
  if (others.length > 0)
    return `<h2>${BY_CONDITION}</h2>${variants.map((one) => `<details><summary>${escaped(one.label)}</summary>${conditionTable(one)}</details>`).join('')}`
  return `${plots(BY_CONDITION, drawn, 'Day and night share all visits, and so do days with snow and without: a night of snow counts in both.')}${conditionTable(first)}`
}

const BY_CONDITION = 'By light and weather'

function planSection({ label, run }: Variant, plan: Drawing): string {
  const sights = cameraTable(run.scenario)
  const rows = sights
    .map(
      (one) =>
        `<tr><td class="n">${one.bay}</td><td>${escaped(one.cameraId)}</td><td class="n">${Math.round(one.plate_px)}</td><td class="n">${Math.round(one.horizontal_deg)}</td><td class="n">${Math.round(one.vertical_deg)}</td><td class="n">${digits(one.blurStrokes)}</td><td class="n">${digits(one.day * 100)} %</td><td class="n">${digits(one.night * 100)} %</td></tr>`,
    )
    .join('')
  const table =
    rows === ''
      ? '<p>No camera shows a bay.</p>'
      : `<details><summary>Every bay: pixels, angles, blur, and how likely a frame is read</summary><div class="wide" tabindex="0" role="region" aria-label="bays of ${escaped(label)}"><table><thead><tr><th class="n">bay</th><th>camera</th><th class="n">plate px</th><th class="n">aside °</th><th class="n">from above °</th><th class="n">blur, strokes</th><th class="n">read by day</th><th class="n">by night</th></tr></thead><tbody>${rows}</tbody></table></div></details>`
  return `<h2>Plan: ${escaped(label)}</h2><p>Each bay with its number, the narrowest usual plate in pixels, and the greater angle. Thick frame: by day fewer than ${amount(READ_WELL, 'share')} of the frames are read right. Dashed: no camera shows it.</p><div class="wide plan" tabindex="0" role="region" aria-label="plan of ${escaped(label)}">${plan.svg}</div>${table}`
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
  const changed = against ? `<th class="w">against ${escaped(against.label)}</th>` : ''
  const table = `<div class="wide" tabindex="0" role="region" aria-label="figures of ${escaped(variant.label)}"><table><thead><tr><th>figure</th><th class="n">mean</th><th class="n">low</th><th class="n">high</th><th>unit</th>${changed}<th>what it says</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  return variants.length === 1
    ? `<h2>Every figure</h2>${table}`
    : `<details><summary>Every figure: ${escaped(variant.label)}</summary>${table}</details>`
}

function metricRow({ name, unit, says, interval }: MetricSummary, change: string | null): string {
  const cell = (value: number): string =>
    `<td class="n">${Number.isFinite(value) ? escaped(unit === 'share' ? amount(value, unit) : digits(value)) : '–'}</td>`
  const { mean, low, high } = interval
  const changed = change === null ? '' : `<td class="w">${change}</td>`
  return `<tr><td>${escaped(name)}</td>${cell(mean)}${cell(low)}${cell(high)}<td>${escaped(unit)}</td>${changed}<td class="says">${escaped(says)}</td></tr>`
}

/** Better or worse in words, where the paired interval leaves no doubt. */
function changeText(
  { mean, low, high }: { mean: number; low: number; high: number },
  { unit, better }: MetricSummary,
): string {
  // As in a study: the difference of two shares is in points.
  const isShare = unit === 'share'
  const text = (value: number): string => digits(isShare ? value * 100 : value)
  const isSure = low > 0 || high < 0
  const verdict = !isSure
    ? 'no clear change'
    : better === null
      ? ''
      : mean < 0 === (better === 'less')
        ? 'better'
        : 'worse'
  return figureCell(
    `${mean > 0 ? '+' : ''}${text(mean)} (${text(low)} to ${text(high)}${isShare ? ' points' : ''}) ${verdict}`,
  )
}

function visitSection(run: DesignRunResult): string {
  const visits = worstVisits(run)
  if (visits.length === 0) return '<h2>What went badly</h2><p>Nothing did.</p>'
  const rows = visits.map((visit) => {
    const name = journalName(visit)
    return `<tr><td>${escaped(visit.trouble)}</td><td class="n">${visit.bay}</td><td><a href="${escaped(name)}">${escaped(name)}</a></td><td><code>berth replay ${escaped(name)} --bay bay-${visit.bay}</code></td></tr>`
  })
  return `<h2>What went badly</h2><p>Of each kind of trouble one visit, with the journal of its bay up to then.</p><div class="wide" tabindex="0" role="region" aria-label="what went badly"><table><thead><tr><th>trouble</th><th class="n">bay</th><th>journal</th><th>live it again</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}
