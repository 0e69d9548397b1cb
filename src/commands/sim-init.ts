import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import { fileTrouble } from '../file-trouble.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { parseSource } from '../site-source.ts'
import { complain } from './sim/complaint.ts'
import { type KeptPlan, moved } from './sim/kept-plan.ts'
import { checkScenario, problemLines } from './sim/scenario-file.ts'
import { EXAMPLE_SITE, plannedText, scenarioText, type TemplateSite } from './sim/scenario-template.ts'

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
  const { from } = values
  const site = from === undefined ? EXAMPLE_SITE : await siteAt(from)
  const plan = from === undefined ? null : planAt(from)
  const text = plan === null || from === undefined ? scenarioText(site) : plannedText(site, moved(plan, from, path))
  try {
    writeFileSync(path, text)
  } catch (cause) {
    return complain(`The scenario cannot be written: ${fileTrouble(cause)}`, 1)
  }
  process.stdout.write(
    `${path}: a scenario of ${site.bays} bays. ${MISSING[from === undefined ? 'example' : plan === null ? 'site' : 'plan']}Next: berth sim run ${path}\n`,
  )
  const { problems } = checkScenario(text)
  if (problems.length === 0) return 0
  return complain(
    `The plan of ${from} does not fit its bays any more; mend it there or here.\n${problemLines(path, problems).join('\n')}`,
    1,
  )
}

/** What the reader of a new scenario must put in. */
const MISSING = {
  example: '',
  plan: 'It has the design that the site file kept under `plan`. ',
  site: 'What charge points give, the limit of the grid and the demand stand in no site file: the scenario has the example’s, so write your own under `chargers` and `demand`. ',
}

/** A scenario needs no token: one that the environment does not hold is made up, a different one for each name. */
const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  new Proxy(env, { get: (known, name) => known[String(name)] ?? `not-set-${String(name)}` })

const siteAt = async (path: string): Promise<TemplateSite> =>
  siteOf(await readSiteFile(path, withoutSecrets(process.env)), rawOf(path))

/** What `berth sim site` kept in it; null where it kept nothing. */
const planAt = (path: string): KeptPlan | null => rawOf(path).plan ?? null

/** What a checked site file holds that running it needs not. */
type Unread = {
  readonly plan?: KeptPlan
  readonly cameras?: readonly { readonly id: string; readonly height_m?: number }[]
}
const rawOf = (path: string): Unread => parseSource(readFileSync(path, 'utf8'), withoutSecrets({})).value as Unread

/** What a scenario can take from a site file: how many bays, which camera sees which, and rules that are not the defaults. */
function siteOf({ site, bays, cameras, policy }: SiteFile, raw: Unread): TemplateSite {
  const numbers = new Map(bays.map(({ id }, index) => [id, index + 1]))
  const heights = new Map(raw.cameras?.map(({ id, height_m }) => [id, height_m]))
  const covering = cameras.map(({ id }) => ({
    ...(heights.get(id) !== undefined && { height_m: heights.get(id) as number }),
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
