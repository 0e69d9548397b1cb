import { parseArgs } from 'node:util'
import { STUDIES } from '../../simulations/design/studies/study-list.ts'
import { nearestWord } from '../nearest-word.ts'
import { complain } from './sim/complaint.ts'
import { resultsTrouble } from './sim/result-folder.ts'
import { aboutDesigns, finite } from './sim/run-files.ts'
import { stoppable } from './sim/stoppable-work.ts'
import { runStudy } from './sim/study-run.ts'
import { type StudyAnswer, studyAnswer, studyText } from './sim/study-text.ts'

const OPTIONS = {
  out: { type: 'string' },
  seed: { type: 'string' },
  days: { type: 'string' },
  replications: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const
const WHOLE = ['seed', 'days', 'replications'] as const

/**
 * `berth sim study NAME`: a question that every designer asks, answered by the simulation: a sentence, a table with intervals, and what
 * was expected beside what came; with `--out` a report too. Without a name: the list. Answers 1 where the report cannot be written, 2 for
 * a wrong call.
 */
export async function simStudy(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  const [name] = positionals
  if (name === undefined) return list()
  const study = STUDIES.find((one) => one.name === name)
  if (!study || positionals.length > 1) return complain(unknownStudy(name), 2)
  const wrong = WHOLE.find((key) => values[key] !== undefined && !isWhole(values[key], key === 'seed' ? 0 : 1))
  if (wrong) return complain(`--${wrong} takes a whole number from ${wrong === 'seed' ? 0 : 1}.`, 2)
  const change = Object.fromEntries(
    WHOLE.flatMap((key) => (values[key] === undefined ? [] : [[`run.${key}`, Number(values[key])]])),
  )
  const folder = values.out
  return stoppable(folder, async (stop) => {
    const variants = await runStudy(study, change, stop)
    const answer = studyAnswer(study, variants)
    const json = `${JSON.stringify(jsonOf(answer), null, 1)}\n`
    process.stdout.write(values.json ? json : studyText(study, answer))
    if (folder === undefined) return 0
    // What draws is loaded only where a report is wanted.
    const { studyPage } = await import('./sim/study-page.ts')
    const files = { 'study.json': [json], 'report.html': [studyPage(study, variants, answer)] }
    const trouble = resultsTrouble(folder, files, aboutDesigns(variants), stop)
    if (trouble !== null) return complain(trouble, 1)
    if (!values.json) process.stdout.write(`${folder}: report.html, study.json, manifest.json\n`)
    return 0
  })
}

const isWhole = (text: string | undefined, least: number): boolean =>
  text !== undefined && /^\d{1,15}$/.test(text) && Number(text) >= least

function list(): number {
  const width = Math.max(...STUDIES.map(({ name }) => name.length))
  const lines = STUDIES.map(({ name, asks }) => `  ${name.padEnd(width)}  ${asks}`)
  process.stdout.write(`Studies, each run by \`berth sim study NAME\`:\n${lines.join('\n')}\n`)
  return 0
}

function unknownStudy(name: string): string {
  const names = STUDIES.map((one) => one.name)
  const near = nearestWord(name, names)
  const hint = near === null ? `it is one of ${names.join(', ')}.` : `did you mean \`berth sim study ${near}\`?`
  return `There is no study ${name.slice(0, 40)}; ${hint}`
}

function jsonOf({ says, rows, verdicts }: StudyAnswer): object {
  return {
    level: 0.95,
    says,
    designs: rows.map(({ label, figures, theory }) => ({
      label,
      figures: figures.map(({ name, unit, interval: { mean, low, high } }) => ({
        name,
        unit,
        mean: finite(mean),
        low: finite(low),
        high: finite(high),
        ...(theory[name] !== undefined && { theory: theory[name] }),
      })),
    })),
    expected: verdicts.map(({ change: { mean, low, high }, ...about }) => ({
      ...about,
      change: { mean: finite(mean), low: finite(low), high: finite(high) },
    })),
  }
}
