import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fileTrouble } from '../file-trouble.ts'
import { complain } from './sim/complaint.ts'
import { designedSite, tokenNames } from './sim/designed-site.ts'
import { type KeptPlan, keptPlan } from './sim/kept-plan.ts'
import { openDesign } from './sim/open-design.ts'
import { checkScenario } from './sim/scenario-file.ts'

/**
 * `berth sim site SCENARIO.yaml [--out site.yaml]`: the chosen design as a site file. Answers 1 for a scenario that does not check, or
 * where the file is there already; 2 for a wrong call.
 */
export async function simSite(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { out: { type: 'string', default: 'site.yaml' }, force: { type: 'boolean', default: false } },
  })
  const [path] = positionals
  if (path === undefined || positionals.length > 1)
    return complain('berth sim site takes one scenario: `berth sim site scenario.yaml --out site.yaml`.', 2)
  const { design, complaints } = openDesign(path)
  if (!design) return complain(complaints.join('\n'), 1)
  if (existsSync(values.out) && !values.force)
    return complain(`${values.out} is there already; name another file, or write over it with --force.`, 1)
  try {
    writeFileSync(values.out, designedSite(design.scenario, planOf(path, values.out)))
  } catch (cause) {
    return complain(`The site file cannot be written: ${fileTrouble(cause)}`, 1)
  }
  const tokens = tokenNames(design.scenario).map((name) => `${name}=… `)
  const secret = tokens.length === 0 ? '' : ', with a secret of its own for each camera in the environment'
  process.stdout.write(
    `${values.out}: ${design.scenario.site.bays} bays. Next: ${tokens.join('')}berth check ${values.out}${secret}\n`,
  )
  return 0
}

/** What only the scenario says, for the way back. The file was read and checked already. */
function planOf(path: string, sitePath: string): KeptPlan | null {
  const { scenario } = checkScenario(readFileSync(path, 'utf8'))
  return scenario ? keptPlan(scenario, path, sitePath) : null
}
