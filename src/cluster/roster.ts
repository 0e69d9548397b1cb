import type { Ask, PostgresLine, Row } from '../journal/postgres-line.ts'

/** A site that a node has: `claim` is the number under which it does, `version` that of the site file. */
export type Claim = { readonly siteId: string; readonly claim: number; readonly version: number }

/** What a node needs to serve a site. `tokens`: the file of API tokens, null where it has none. */
export type Claimed = Claim & { readonly file: string; readonly tokens: string | null }

/** Where a site is served. `url` null = by nobody now; `claim` counts every change of hands. */
export type Route = {
  readonly siteId: string
  readonly node: string | null
  readonly url: string | null
  readonly claim: number
  readonly ready: boolean
  readonly trouble: string | null
}

/** One beat's news: what this node still has, where every site is, how many sites are this node's fair share, who else lives at its address, and who is silent. */
export type Beat = {
  readonly mine: readonly Claim[]
  readonly routes: readonly Route[]
  readonly share: number
  readonly twin: string | null
  readonly silent: readonly Silent[]
}
/** A node that missed beats and has a lease still. `until` as the server writes it. */
export type Silent = { readonly node: string; readonly url: string; readonly until: string }

/** Who a node is. `lease_s`: so long after its last beat the others take its sites. */
export type NodeName = { readonly node: string; readonly url: string; readonly lease_s: number }

/** Behind a site that could not be opened here, so long nobody tries it again, s. */
const REST_S = 5
/** A node that said nothing for so long is looked for, s. */
const SILENT_S = 2
/** No lease and no rest is longer: what says so was written before the server's clock was set back, and does not count, s. */
const LONGEST_S = 15
/** A node that is believed to live. */
export const LIVES = `node.until > now() AND node.until < now() + interval '${LONGEST_S} seconds'`
const TWIN = `SELECT node FROM berth.node WHERE url = $1 AND node <> $2 AND ${LIVES} ORDER BY node`
/** Nodes come in one after the other: the number is only a name for that. */
const ENTERING = 732_437_844

/** What nodes tell each other, in the database that has their sites. Rejects with Fault STORE_UNREACHABLE. */
export class Roster {
  readonly #line: PostgresLine
  readonly #name: NodeName

  constructor(line: PostgresLine, name: NodeName) {
    this.#line = line
    this.#name = name
  }

  /**
   * Comes in where no other node that lives is reached at the same address, and takes out those that died there long ago. Answers the name
   * of the one that is there; null = it is in.
   */
  async enter(): Promise<string | null> {
    const { node, url, lease_s } = this.#name
    return this.#line.transaction(async (ask) => {
      await ask('SELECT pg_advisory_xact_lock($1)', [ENTERING])
      const [other] = await ask(TWIN, [url, node])
      if (other !== undefined) return String(other['node'])
      await ask('DELETE FROM berth.node WHERE url = $1 AND node <> $2', [url, node])
      await ask(
        `INSERT INTO berth.node (node, url, until) VALUES ($1, $2, now() + make_interval(secs => $3))
         ON CONFLICT (node) DO UPDATE SET until = excluded.until`,
        [node, url, lease_s],
      )
      return null
    })
  }

  /** Lives on, keeps what it has, and hears who has what. */
  async beat(draining: boolean): Promise<Beat> {
    const { node, url, lease_s } = this.#name
    return this.#line.transaction(async (ask) => {
      await ask(
        `INSERT INTO berth.node (node, url, until, draining) VALUES ($1, $2, now() + make_interval(secs => $3), $4)
         ON CONFLICT (node) DO UPDATE SET url = excluded.url, until = excluded.until, draining = excluded.draining`,
        [node, url, lease_s, draining],
      )
      const mine = await ask('SELECT site, claim, version FROM berth.hosted WHERE node = $1', [node])
      const routes = await ask(
        `SELECT site, hosted.node, url, claim, ready AND ${LIVES} AS ready, trouble
         FROM berth.hosted LEFT JOIN berth.node ON node.node = hosted.node ORDER BY site`,
      )
      const [nodes] = await ask(`SELECT count(*) AS living FROM berth.node WHERE ${LIVES} AND NOT draining`)
      const living = Math.max(1, Number(nodes?.['living']))
      const [twin] = await ask(TWIN, [url, node])
      const silent = await ask(
        `SELECT node, url, until::text AS until FROM berth.node WHERE ${LIVES} AND until < now() + make_interval(secs => $1)`,
        [lease_s - SILENT_S],
      )
      return {
        ...{ mine: mine.map(claimOf), routes: routes.map(routeOf), share: Math.ceil(routes.length / living) },
        twin: textOf(twin?.['node']),
        silent: silent.map((row) => ({
          node: String(row['node']),
          url: String(row['url']),
          until: String(row['until']),
        })),
      }
    })
  }

  /** Takes up to `most` sites that nobody has. */
  async claim(most: number): Promise<readonly Claimed[]> {
    const rows = await this.#line.transaction((ask) =>
      ask(
        `WITH free AS (
           SELECT site FROM berth.hosted
           WHERE (rests < now() OR rests > now() + interval '${LONGEST_S} seconds')
             AND NOT EXISTS (SELECT 1 FROM berth.node WHERE node.node = hosted.node AND ${LIVES})
           ORDER BY claim, site LIMIT $2 FOR UPDATE SKIP LOCKED)
         UPDATE berth.hosted SET node = $1, claim = claim + 1, ready = false, trouble = NULL
         FROM free WHERE hosted.site = free.site RETURNING hosted.site, claim, version, file, tokens`,
        [this.#name.node, most],
      ),
    )
    return rows.map(claimedOf)
  }

  /** The newest site file and tokens of a site that this node has; null where it has it no more. */
  async newest({ siteId, claim }: Claim): Promise<Claimed | null> {
    const text =
      'SELECT site, claim, version, file, tokens FROM berth.hosted WHERE site = $1 AND node = $2 AND claim = $3'
    const [row] = await this.#line.read(text, [siteId, this.#name.node, claim])
    return row === undefined ? null : claimedOf(row)
  }

  /** The site is served here now. */
  async ready({ siteId, claim }: Claim): Promise<void> {
    await this.#line.read(
      'UPDATE berth.hosted SET ready = true, trouble = NULL WHERE site = $1 AND node = $2 AND claim = $3',
      [siteId, this.#name.node, claim],
    )
  }

  /** Lets a site go. With `trouble` it could not be served here, and is left alone for a moment. */
  async release({ siteId, claim }: Claim, trouble: string | null = null): Promise<void> {
    await this.#line.read(
      `UPDATE berth.hosted SET node = NULL, ready = false, trouble = $4,
         rests = CASE WHEN $4::text IS NULL THEN rests ELSE now() + make_interval(secs => ${REST_S}) END
       WHERE site = $1 AND node = $2 AND claim = $3`,
      [siteId, this.#name.node, claim, trouble],
    )
  }

  /**
   * The site file was changed here: from now on it is the one that counts, behind the version that the claim names. Answers its version;
   * 'newer' where another stands behind that already, 'lost' where the site is another's.
   */
  async wrote(claimed: Claim, file: string): Promise<number | 'newer' | 'lost'> {
    const { siteId, claim, version } = claimed
    const [row] = await this.#line.read(
      `UPDATE berth.hosted SET file = $5, version = version + 1
       WHERE site = $1 AND node = $2 AND claim = $3 AND version = $4 RETURNING version`,
      [siteId, this.#name.node, claim, version, file],
    )
    if (row !== undefined) return Number(row['version'])
    const newest = await this.newest(claimed)
    if (newest === null) return 'lost'
    // A try whose answer was lost did it.
    return newest.version === version + 1 && newest.file === file ? newest.version : 'newer'
  }

  /** Whether a claim still counts, asked inside a transaction: until that ends nobody else can take the site. */
  async holds(ask: Ask, { siteId, claim }: Claim): Promise<boolean> {
    const text = 'SELECT 1 FROM berth.hosted WHERE site = $1 AND node = $2 AND claim = $3 FOR SHARE'
    return (await ask(text, [siteId, this.#name.node, claim])).length > 0
  }

  /** A silent node has ended: its lease ends now, unless it was heard meanwhile. */
  async isGone({ node, until }: Silent): Promise<void> {
    await this.#line.read('UPDATE berth.node SET until = now() WHERE node = $1 AND until = $2::timestamptz', [
      node,
      until,
    ])
  }

  /** Is gone: its sites are free at once. */
  async leave(): Promise<void> {
    await this.#line.transaction(async (ask) => {
      await ask('UPDATE berth.hosted SET node = NULL, ready = false WHERE node = $1', [this.#name.node])
      await ask('DELETE FROM berth.node WHERE node = $1', [this.#name.node])
    })
  }
}

const claimOf = (row: Row): Claim => ({
  siteId: String(row['site']),
  claim: Number(row['claim']),
  version: Number(row['version']),
})

const claimedOf = (row: Row): Claimed => ({
  ...claimOf(row),
  file: String(row['file']),
  tokens: textOf(row['tokens']),
})

const routeOf = (row: Row): Route => ({
  siteId: String(row['site']),
  node: textOf(row['node']),
  url: textOf(row['url']),
  claim: Number(row['claim']),
  ready: row['ready'] === true,
  trouble: textOf(row['trouble']),
})

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
