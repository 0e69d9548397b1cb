import type { Study } from '../../../simulations/design/studies/study.ts'
import { escaped } from '../../escaped-text.ts'
import { assumptionsOf } from './design-answer.ts'
import type { Variant } from './design-variant.ts'
import { coded, figureCell } from './html-text.ts'
import { intervalPlot } from './interval-plots.ts'
import { pageOf } from './report-page.ts'
import { cellText, type StudyAnswer, unitOf, verdictText } from './study-text.ts'

/** A study as one file of HTML: no script, nothing to load. */
export function studyPage(study: Study, variants: readonly Variant[], answer: StudyAnswer): string {
  const [first] = variants
  const assumed = first ? assumptionsOf(first) : []
  return pageOf(study.asks, [
    `<h1>${escaped(study.asks)}</h1>`,
    `<div class="answer"><p>${escaped(answer.says)}</p></div>`,
    tableSection(answer, study.theory !== undefined),
    `<h2>The same vehicles, pair by pair</h2><ul>${answer.verdicts.map((one) => `<li>${escaped(verdictText(one, unitOf(answer, one.figure)))}</li>`).join('')}</ul>`,
    study.note === undefined ? '' : `<p>${coded(study.note)}</p>`,
    plots(study, answer),
    `<h2>What was assumed</h2><ul>${assumed.map((one) => `<li>${coded(one)}</li>`).join('')}</ul>`,
  ])
}

function tableSection({ rows }: StudyAnswer, hasTheory: boolean): string {
  const names = rows[0]?.figures ?? []
  const head = names.map(
    ({ name, unit }) => `<th class="w">${escaped(unit === 'share' ? name : `${name}, ${unit}`)}</th>`,
  )
  const body = rows.map(({ label, figures, theory }) => {
    const cells = figures.map((one) => `<td class="w">${figureCell(cellText(one, theory[one.name]))}</td>`)
    return `<tr><td>${escaped(label)}</td>${cells.join('')}</tr>`
  })
  const about = hasTheory ? ' In square brackets: what theory says.' : ''
  return `<h2>Every design</h2><p>Mean and 95 % interval.${about}</p><div class="wide" tabindex="0" role="region" aria-label="every design"><table><thead><tr><th>design</th>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

function plots({ figures }: Study, { rows }: StudyAnswer): string {
  const drawn = figures.flatMap((name) => {
    const measured = rows.flatMap(({ label, figures: own }) =>
      own.filter((one) => one.name === name).map((one) => ({ label, one })),
    )
    const [first] = measured
    return first
      ? [
          intervalPlot(
            first.one,
            measured.map(({ label, one }) => ({ label, interval: one.interval })),
          ),
        ]
      : []
  })
  return `<h2>Side by side</h2><p>A point is the mean, a bar its 95 % interval. All designs met the same vehicles.</p><div class="plots">${drawn.join('')}</div>`
}
