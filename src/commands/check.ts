import { parseArgs } from 'node:util'
import { checkSiteFileAt, problemLine } from '../site-file.ts'

/** `berth check SITE.yaml`: every error and warning on a line of its own. Answers 1 where there is an error. */
export async function check(argv: string[]): Promise<number> {
  const { positionals } = parseArgs({ args: argv, allowPositionals: true, options: {} })
  const [path] = positionals
  if (path === undefined || positionals.length > 1) {
    process.stderr.write('berth check takes one site file: `berth check site.yaml`.\n')
    return 2
  }
  const { errors, warnings, site } = await checkSiteFileAt(path)
  for (const problem of errors) process.stdout.write(`error    ${problemLine(problem, path)}\n`)
  for (const problem of warnings) process.stdout.write(`warning  ${problemLine(problem, path)}\n`)
  const noted = warnings.length > 0 ? `, ${count(warnings.length, 'warning')}` : ''
  if (!site) {
    process.stdout.write(`${path} does not check: ${count(errors.length, 'error')}${noted}.\n`)
    return 1
  }
  const size = `${count(site.bays.length, 'bay')}, ${count(site.cameras.length, 'camera')}, ${count(site.chargePoints.length, 'charge point')}`
  process.stdout.write(`${path} checks: ${site.site.name}, ${size}${noted}.\n`)
  return 0
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
