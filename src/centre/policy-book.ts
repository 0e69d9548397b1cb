import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Ask, PostgresLine } from '../journal/postgres-line.ts'
import { checkPolicy } from '../rollout/policy-check.ts'
import { unknownSite } from './centre-book.ts'

/** One policy that was put for a site, as it was written; `former`: the version that this one brings back, null = none. Times ISO 8601 UTC. */
export type PutPolicy = {
  readonly version: number
  readonly put: string
  readonly former: number | null
  readonly policy: Json
}
/**
 * How a site stands: the newest version put (`wanted`), the one that its gateway says is in force (null: none yet), bays that keep the one
 * before until their visit ends, and why it refused the wanted one (null: it did not).
 */
export type PolicyStanding = {
  readonly wanted: number
  readonly inForce: number | null
  readonly waiting: number
  readonly refused: string | null
}
/** What a gateway said of a version. */
export type PolicySaid = {
  readonly version: number
  readonly inForce: number | null
  readonly waiting: number
  readonly refused: string | null
}

/** Puts a policy for sites, all or none; the new version of each. Throws Fault BODY_INVALID (it does not check) or NOT_FOUND. */
export async function putPolicy(
  line: PostgresLine,
  sites: readonly string[],
  policy: Json,
  at: string,
): Promise<ReadonlyMap<string, number>> {
  const checked = checkPolicy(policy)
  if ('problems' in checked)
    throw new Fault('BODY_INVALID', {}, { says: `The policy does not check: ${checked.problems.join(' ')}` })
  const tried = new Map<string, number>()
  return line.transaction(async (ask) => {
    const versions = new Map<string, number>()
    for (const site of new Set(sites)) {
      if ((await ask('SELECT 1 FROM berth_centre.site WHERE site = $1 FOR UPDATE', [site])).length === 0)
        throw unknownSite(site)
      const kept = await keptBefore(ask, site, tried.get(site), at)
      versions.set(site, kept ?? (await insert(ask, site, { policy, former: null, put: at })))
    }
    for (const [site, version] of versions) tried.set(site, version)
    return versions
  })
}

/** Puts the policy of before once more, as a new version; `version`: that one. Throws Fault NOT_FOUND where there is none. */
export async function rollBack(
  line: PostgresLine,
  site: string,
  version: number | null,
  at: string,
): Promise<{ readonly version: number; readonly former: number }> {
  let tried: { readonly version: number; readonly former: number } | null = null
  return line.transaction(async (ask) => {
    if ((await ask('SELECT 1 FROM berth_centre.site WHERE site = $1 FOR UPDATE', [site])).length === 0)
      throw unknownSite(site)
    if (tried !== null && (await keptBefore(ask, site, tried.version, at)) !== null) return tried
    const [wanted, former] = await ask(
      'SELECT version, policy FROM berth_centre.policy WHERE site = $1 AND ($2::bigint IS NULL OR version IN ($2, (SELECT max(version) FROM berth_centre.policy WHERE site = $1))) ORDER BY version DESC LIMIT 2',
      [site, version],
    )
    const found = version !== null && Number(wanted?.['version']) === version ? wanted : former
    if (found === undefined) {
      const what = version === null ? 'no policy before the newest one' : `no version ${version} of the policy`
      throw new Fault('NOT_FOUND', {}, { says: `${site} has ${what}; \`berth centre policy list ${site}\` names all.` })
    }
    const before = Number(found['version'])
    const policy = JSON.parse(String(found['policy'])) as Json
    tried = { version: await insert(ask, site, { policy, former: before, put: at }), former: before }
    return tried
  })
}

/** The version that an earlier try of the same call put, where that try was kept after all and only its answer was lost; else null. The site's row is locked: no try is under way any more. */
async function keptBefore(ask: Ask, site: string, tried: number | undefined, at: string): Promise<number | null> {
  if (tried === undefined) return null
  const text = 'SELECT 1 FROM berth_centre.policy WHERE site = $1 AND version = $2 AND put = $3'
  return (await ask(text, [site, tried, at])).length > 0 ? tried : null
}

/** Beyond every version that the site may know, also where this database is an older copy. */
async function insert(ask: Ask, site: string, { policy, former, put }: Omit<PutPolicy, 'version'>): Promise<number> {
  const [row] = await ask(
    `INSERT INTO berth_centre.policy (site, version, put, former, policy) SELECT $1, 1 + greatest(
        (SELECT coalesce(max(version), 0) FROM berth_centre.policy WHERE site = $1),
        (SELECT coalesce(max(in_force), 0) FROM berth_centre.policy_said WHERE site = $1)), $2, $3, $4 RETURNING version`,
    [site, put, former, JSON.stringify(policy)],
  )
  return Number(row?.['version'])
}

/** Every policy that was put for a site, newest first. */
export async function policiesOf(line: PostgresLine, site: string): Promise<readonly PutPolicy[]> {
  const rows = await line.read(
    'SELECT version, put, former, policy FROM berth_centre.policy WHERE site = $1 ORDER BY version DESC',
    [site],
  )
  return rows.map(({ version, put, former, policy }) => ({
    version: Number(version),
    put: String(put),
    former: former === null ? null : Number(former),
    policy: JSON.parse(String(policy)) as Json,
  }))
}

const STANDINGS = `
  SELECT wanted.site, wanted.version AS wanted, said.version, said.in_force, said.waiting, said.refused
  FROM (SELECT site, max(version) AS version FROM berth_centre.policy GROUP BY site) wanted LEFT JOIN berth_centre.policy_said said USING (site)
  ORDER BY wanted.site`

/** How every site stands for which a policy was put. */
export async function policyStandings(line: PostgresLine): Promise<ReadonlyMap<string, PolicyStanding>> {
  const rows = await line.read(STANDINGS)
  return new Map(
    rows.map((row) => {
      const wanted = Number(row['wanted'])
      const inForce = row['in_force'] === null ? null : Number(row['in_force'])
      const isOfWanted = row['version'] !== null && Number(row['version']) === wanted
      const refused = isOfWanted && row['refused'] !== null ? String(row['refused']) : null
      return [String(row['site']), { wanted, inForce, waiting: Number(row['waiting'] ?? 0), refused }]
    }),
  )
}

/** Keeps what a gateway said; of a version in force where it says none, the one of before stays. */
export async function keepSaid(line: PostgresLine, site: string, said: PolicySaid, at: string): Promise<void> {
  await line.read(
    `INSERT INTO berth_centre.policy_said (site, version, at, in_force, waiting, refused) SELECT $1, $2, $3, $4, $5, $6
      WHERE EXISTS (SELECT 1 FROM berth_centre.site WHERE site = $1)
      ON CONFLICT (site) DO UPDATE SET version = $2, at = $3, in_force = coalesce($4, policy_said.in_force), waiting = $5, refused = $6`,
    [site, said.version, at, said.inForce, said.waiting, said.refused],
  )
}
