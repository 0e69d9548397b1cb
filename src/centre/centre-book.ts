import { randomBytes } from 'node:crypto'
import { Fault } from '../../machines/faults.ts'
import type { Ask, PostgresLine } from '../journal/postgres-line.ts'
import { ownerNote } from '../journal/postgres-owner.ts'
import { tokenHash } from '../server/token-book.ts'
import { endOrders } from './order-book.ts'

/** A site that ships here. `seq` 0 before its first record; `heard` ISO 8601 UTC, null = never. */
export type KnownSite = {
  readonly site: string
  readonly epoch: number
  readonly seq: number
  readonly hash: string | null
  readonly heard: string | null
  /** Records of it that are set aside. */
  readonly aside: number
}
/** A new token, shown once, and the epoch that it is good for. */
export type NewToken = { readonly token: string; readonly epoch: number }

/**
 * Adds a site; its gateway ships under the first epoch. `home`: the centre's own address, where that is known. Throws Fault BODY_INVALID for a name that
 * cannot be, STORE_OWNED where it is there already, or somebody serves its log from this database.
 */
export async function addSite(
  line: PostgresLine,
  site: string,
  at: string,
  home: string | null = null,
): Promise<NewToken> {
  demandName(site, home)
  const token = freshToken()
  return line.transaction(async (ask) => {
    await demandOwnHost(ask, site)
    const added = await ask(
      'INSERT INTO berth_centre.site (site, added) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [site, at],
    )
    const made = added.length === 0 ? await madeBefore(ask, token) : null
    if (made !== null) return made
    if (added.length === 0)
      throw taken(`${site} ships here already; \`berth centre renew ${site}\` makes it another token.`)
    const note = await ownerNote(ask, site, true)
    if (note?.state === 'owned')
      throw taken(
        `Process ${note.pid} on ${note.host} serves the log of ${site} from this database; stop it, and copy the log to its gateway with \`berth copy\`.`,
      )
    if (note?.state === 'copying')
      throw taken(`A copy of ${site} to this database was cut off; end it with \`berth copy\` first.`)
    return keepToken(ask, site, { token, epoch: await raised(ask, site, note?.epoch ?? 0) }, at)
  })
}

/** Another token in the place of the one that counts now; the one before lets nobody in any more. Throws Fault NOT_FOUND. */
export async function renewToken(line: PostgresLine, site: string, at: string): Promise<NewToken> {
  const token = freshToken()
  return line.transaction(async (ask) => {
    const epoch = await newestEpoch(ask, site)
    await ask('DELETE FROM berth_centre.token WHERE site = $1 AND epoch = $2', [site, epoch])
    return keepToken(ask, site, { token, epoch }, at)
  })
}

/**
 * Whoever shipped until now is no longer believed: what it sends from here on is set aside. The log can be copied from here to another
 * gateway, which goes on with the new token. Throws Fault NOT_FOUND.
 */
export async function takeOver(line: PostgresLine, site: string, at: string): Promise<NewToken> {
  const token = freshToken()
  return line.transaction(async (ask) => {
    const epoch = await newestEpoch(ask, site)
    const made = await madeBefore(ask, token)
    if (made !== null) return made
    const note = await ownerNote(ask, site, true)
    return keepToken(ask, site, { token, epoch: await raised(ask, site, Math.max(epoch, note?.epoch ?? 0)) }, at)
  })
}

/** Its gateway ships no more, and no order waits for it. What it shipped stays, as a log like any other of this database. Throws Fault NOT_FOUND. */
export async function removeSite(line: PostgresLine, site: string, at: string): Promise<void> {
  let isTried = false
  await line.transaction(async (ask) => {
    // Where an earlier try was kept and its answer was lost, there is nothing left to do.
    if (isTried && (await ask('SELECT 1 FROM berth_centre.site WHERE site = $1', [site])).length === 0) return
    const epoch = await newestEpoch(ask, site)
    await raised(ask, site, epoch)
    await endOrders(ask, site, at)
    await ask('DELETE FROM berth_centre.site WHERE site = $1', [site])
    isTried = true
  })
}

/** The next epoch; where the log was begun it counts at once, and nobody writes under the one before. */
async function raised(ask: Ask, site: string, epoch: number): Promise<number> {
  await ask(`UPDATE berth.site SET epoch = $2, state = 'left' WHERE site = $1`, [site, epoch + 1])
  return epoch + 1
}

async function newestEpoch(ask: Ask, site: string): Promise<number> {
  const [found] = await ask('SELECT 1 FROM berth_centre.site WHERE site = $1 FOR UPDATE', [site])
  if (found === undefined) throw unknownSite(site)
  const [token] = await ask('SELECT max(epoch) AS epoch FROM berth_centre.token WHERE site = $1', [site])
  return Number(token?.['epoch'] ?? 0)
}

/** For whoever names a site that was never added, or that was removed. */
export const unknownSite = (site: string): Fault =>
  new Fault(
    'NOT_FOUND',
    {},
    {
      says: `No site ${JSON.stringify(site)} ships here; \`berth centre list\` names them, \`berth centre add ${site}\` adds it.`,
    },
  )

/** Chosen before the transaction that keeps it: where that one is tried again, it is the same one. */
const freshToken = (): string => randomBytes(32).toString('base64url')

/** What an earlier try of the same call kept, where only its answer was lost; else null. */
async function madeBefore(ask: Ask, token: string): Promise<NewToken | null> {
  const [row] = await ask('SELECT epoch FROM berth_centre.token WHERE sha256 = $1', [tokenHash(token)])
  return row === undefined ? null : { token, epoch: Number(row['epoch']) }
}

async function keepToken(ask: Ask, site: string, { token, epoch }: NewToken, at: string): Promise<NewToken> {
  const text = 'INSERT INTO berth_centre.token (sha256, site, epoch, made) VALUES ($1, $2, $3, $4)'
  await ask(text, [tokenHash(token), site, epoch, at])
  return { token, epoch }
}

/** Every site that ships here. */
export async function knownSites(line: PostgresLine): Promise<readonly KnownSite[]> {
  const rows = await line.read(`
    SELECT known.site, known.heard, log.epoch, log.seq, log.hash,
      (SELECT max(epoch) FROM berth_centre.token WHERE site = known.site) AS given,
      (SELECT count(*) FROM berth_centre.aside WHERE site = known.site) AS aside
    FROM berth_centre.site known LEFT JOIN berth.site log USING (site) ORDER BY known.site`)
  return rows.map((row) => ({
    site: String(row['site']),
    epoch: Number(row['epoch'] ?? row['given'] ?? 0),
    seq: Number(row['seq'] ?? 0),
    hash: row['hash'] === null ? null : String(row['hash']),
    heard: row['heard'] === null ? null : String(row['heard']),
    aside: Number(row['aside']),
  }))
}

/** As a site file takes it; its own host must not be the centre's. */
function demandName(site: string, home: string | null): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(site))
    throw noName(`${JSON.stringify(site.slice(0, 40))} is no site: take \`site.id\` of its site file.`)
  const host = home === null ? '' : new URL(home).hostname
  if (host.split('.')[0] === site.toLowerCase())
    throw noName(
      `The centre itself is at ${host}: a site of the name ${site} could not be told from it; take another \`site.id\`.`,
    )
}

/** Each site has a host of its own here, and hosts know no large letters. Throws Fault STORE_OWNED. */
async function demandOwnHost(ask: Ask, site: string): Promise<void> {
  // Two that are added at once are seen by the second.
  await ask('LOCK TABLE berth_centre.site IN SHARE ROW EXCLUSIVE MODE', [])
  const text = 'SELECT site FROM berth_centre.site WHERE lower(site) = lower($1) AND site <> $1'
  const [other] = await ask(text, [site])
  if (other === undefined) return
  throw taken(
    `${String(other['site'])} ships here already, and names that differ in large letters alone have one host.`,
  )
}

const noName = (says: string): Fault => new Fault('BODY_INVALID', {}, { says })

const taken = (says: string): Fault => new Fault('STORE_OWNED', {}, { says })
