import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fileTrouble } from '../file-trouble.ts'
import { designedSite } from './sim/designed-site.ts'
import { openDesign } from './sim/open-design.ts'
import { complain } from './sim/run-design.ts'

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
    writeFileSync(values.out, designedSite(design.scenario))
  } catch (cause) {
    return complain(`The site file cannot be written: ${fileTrouble(cause)}`, 1)
  }
  process.stdout.write(`${values.out}: ${design.scenario.site.bays} bays. Next: berth check ${values.out}\n`)
  return 0
}
