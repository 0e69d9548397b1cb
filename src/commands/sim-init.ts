import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import { fileTrouble } from '../file-trouble.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { EXAMPLE_SITE, scenarioText, type TemplateSite } from './sim/scenario-template.ts'

/**
 * `berth sim init [FILE] [--from site.yaml]`: writes a commented scenario (default scenario.yaml), of a site file's bays, cameras and
 * rules where one is named. Answers 1 where it cannot be written or is there already, 2 for a wrong call.
 */
export async function simInit(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { from: { type: 'string' }, force: { type: 'boolean', default: false } },
  })
  const [path = 'scenario.yaml'] = positionals
  if (positionals.length > 1) return complain('berth sim init takes one file: `berth sim init scenario.yaml`.', 2)
  if (existsSync(path) && !values.force)
    return complain(`${path} is there already; name another file, or write over it with --force.`, 1)
  const site =
    values.from === undefined ? EXAMPLE_SITE : siteOf(await readSiteFile(values.from, withoutSecrets(process.env)))
  try {
    writeFileSync(path, scenarioText(site))
  } catch (cause) {
    return complain(`The scenario cannot be written: ${fileTrouble(cause)}`, 1)
  }
  process.stdout.write(
    `${path}: a scenario of ${site.bays} bays. ${MISSING[values.from === undefined ? 'example' : 'site']}Next: berth sim run ${path}\n`,
  )
  return 0
}

/** What the reader of a new scenario must put in. */
const MISSING = {
  example: '',
  site: 'What charge points give, the limit of the grid and the demand stand in no site file: the scenario has the example’s, so write your own under `chargers` and `demand`. ',
}

/** A scenario needs no token: one that the environment does not hold is made up, a different one for each name. */
const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  new Proxy(env, { get: (known, name) => known[String(name)] ?? `not-set-${String(name)}` })

/** What a scenario can take from a site file: how many bays, which camera sees which, and rules that are not the defaults. */
function siteOf({ site, bays, cameras, policy }: SiteFile): TemplateSite {
  const numbers = new Map(bays.map(({ id }, index) => [id, index + 1]))
  const covering = cameras.map(({ id }) => ({
    covers: bays
      .filter(({ zones }) => zones.some(({ camera }) => camera === id))
      .map((bay) => numbers.get(bay.id) as number),
  }))
  return {
    name: site.name,
    timezone: site.timezone,
    bays: bays.length,
    cameras: covering.filter(({ covers }) => covers.length > 0),
    policy: ownRules(policy),
  }
}

function ownRules(policy: Policy): object {
  const own = Object.entries(policy).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_POLICY[key as keyof Policy]),
  )
  return Object.fromEntries(own)
}

function complain(says: string, code: number): number {
  process.stderr.write(`${says}\n`)
  return code
}
