import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { type PolicyStanding, policiesOf, policyStandings, putPolicy, rollBack } from '../centre/policy-book.ts'
import { counted } from '../counted.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import { inOneLine } from '../log-line.ts'

/** How `berth centre policy` is called. */
export const POLICY_USAGE =
  'write `berth centre policy put SITE… FILE`, `berth centre policy rollback SITE [VERSION]` or `berth centre policy list [SITE]`.'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Policies of sites, by version. False where the words make no sense. */
export async function centrePolicy(line: PostgresLine, words: readonly string[], json: boolean): Promise<boolean> {
  const [verb, ...rest] = words
  const at = new Date().toISOString()
  if (verb === 'put' && rest.length >= 2) {
    const versions = await putPolicy(line, rest.slice(0, -1), policyIn(rest.at(-1) as string), at)
    for (const [site, version] of versions)
      say(`${site}: version ${version} is wanted; its gateway is asked when it is linked.`)
    return true
  }
  const [site, number, ...more] = rest
  if (verb === 'rollback' && site !== undefined && more.length === 0 && /^([1-9]\d{0,14})?$/.test(number ?? '')) {
    const { version, former } = await rollBack(line, site, number === undefined ? null : Number(number), at)
    say(
      `${site}: version ${version} is wanted, which is version ${former} again; its gateway is asked when it is linked.`,
    )
    return true
  }
  if (verb !== 'list' || number !== undefined) return false
  if (site === undefined) listSites(await policyStandings(line), json)
  else await listVersions(line, site, json)
  return true
}

/** The section `policy` of a file, with or without its name above. Throws Fault BODY_INVALID. */
function policyIn(path: string): Json {
  const value = yamlIn(readFileSync(path, 'utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault('BODY_INVALID', {}, { says: `${path} is no mapping of rules; write it like \`quorum: 3\`.` })
  const { policy = value } = value as { readonly [key: string]: Json }
  return policy
}

/** Null where it is no YAML, or one that says far more than it has room for. */
function yamlIn(text: string): Json {
  try {
    return parse(text) as Json
  } catch {
    return null
  }
}

function listSites(standings: ReadonlyMap<string, PolicyStanding>, json: boolean): void {
  if (json)
    return say(
      JSON.stringify(
        [...standings].map(([site, standing]) => ({ site, ...standing })),
        null,
        2,
      ),
    )
  for (const [site, { wanted, inForce, waiting, refused }] of standings) {
    const told = [site, `wanted ${wanted}`, inForce === null ? 'in force none yet' : `in force ${inForce}`]
    if (waiting > 0) told.push(`${counted(waiting, 'bay waits', 'bays wait')} for a visit to end`)
    if (refused !== null) told.push(`refused: ${inOneLine(refused)}`)
    say(told.join('\t'))
  }
}

async function listVersions(line: PostgresLine, site: string, json: boolean): Promise<void> {
  const all = await policiesOf(line, site)
  if (json) return say(JSON.stringify(all, null, 2))
  for (const { version, put, former, policy } of all)
    say(
      [`version ${version}`, put, former === null ? '' : `version ${former} again`, JSON.stringify(policy)].join('\t'),
    )
}
