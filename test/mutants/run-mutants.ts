import { BAY_MUTANTS } from './bay-mutants.ts'
import { EQUIVALENT } from './equivalents.ts'
import { FEED_MUTANTS } from './feed-mutants.ts'
import { EFFORT } from './judge.ts'
import type { Verdict } from './mutant.ts'
import { checkMutants } from './mutation-check.ts'
import { VISIT_MUTANTS } from './visit-mutants.ts'

// `npm run mutants [PATTERN]`: forces every guard both ways and breaks every fold; exits 1 on a survivor, or a promise that catches nothing.

const word = process.argv[2]
const isMeant = (name: string): boolean => word === undefined || new RegExp(word).test(name)
const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text)
const line = ({ name, caught, ms }: Verdict): string => {
  const more = caught.length > 1 ? ` (and ${caught.length - 1} more)` : ''
  const by = caught[0] ? cut(caught[0].by, 90) + more : '—— SURVIVED ——'
  return `${cut(name, 72).padEnd(72)}  ${String(Math.round(ms)).padStart(6)} ms  ${by}`
}

const from = performance.now()
const folds = [...BAY_MUTANTS, ...VISIT_MUTANTS, ...FEED_MUTANTS].filter(
  ({ name, file }) => !word || new RegExp(word).test(`${file} ${name}`),
)
const { verdicts, kills, faults } = await checkMutants({
  folds,
  guards: isMeant,
  equivalent: EQUIVALENT,
  workers: 2,
  effort: EFFORT,
  seeks: !word,
  heard: (verdict) => process.stderr.write(`${line(verdict)}\n`),
})
console.log(verdicts.map(line).join('\n'))
if (!word) {
  console.log('\nCaught by the promises of the laws:')
  for (const [promise, count] of kills) console.log(`${String(count).padStart(5)}  ${promise}`)
}
for (const [name, why] of Object.entries(EQUIVALENT)) console.log(`\nEquivalent: ${name}. ${why}`)
const caught = verdicts.filter((verdict) => verdict.caught.length > 0).length
console.log(`\n${caught} of ${verdicts.length} mutants caught in ${Math.round((performance.now() - from) / 1000)} s.`)
if (faults.length > 0) {
  console.log(`\n${faults.join('\n')}`)
  process.exitCode = 1
}
