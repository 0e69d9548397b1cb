import { PostgresLine } from '../journal/postgres-line.ts'
import { demandCluster } from './cluster-tables.ts'
import { LIVES } from './roster.ts'

/** A site that nodes serve, for people. */
export type HostedSite = {
  readonly siteId: string
  readonly version: number
  readonly node: string | null
  readonly ready: boolean
  readonly trouble: string | null
}

/** The list of sites that a cluster's nodes serve, for whoever puts them in. Every call rejects with Fault STORE_UNREACHABLE where the database does not answer. */
export class HostedSites {
  readonly #line: PostgresLine

  constructor(cluster: string) {
    this.#line = new PostgresLine(cluster)
  }

  /** Puts a site in, or its newer file: whichever node has it serves it anew. Answers the version. `tokens` null leaves those that are there. */
  async put(siteId: string, file: string, tokens: string | null): Promise<number> {
    await demandCluster(this.#line)
    const [row] = await this.#line.read(
      `INSERT INTO berth.hosted (site, file, tokens) VALUES ($1, $2, $3)
       ON CONFLICT (site) DO UPDATE SET file = excluded.file, tokens = coalesce(excluded.tokens, hosted.tokens), version = hosted.version + 1
       RETURNING version`,
      [siteId, file, tokens],
    )
    return Number(row?.['version'])
  }

  /** No node serves it any more; its journal and keys stay. False where it was not there. */
  async remove(siteId: string): Promise<boolean> {
    await demandCluster(this.#line)
    return (await this.#line.read('DELETE FROM berth.hosted WHERE site = $1 RETURNING site', [siteId])).length > 0
  }

  async list(): Promise<readonly HostedSite[]> {
    await demandCluster(this.#line)
    const rows = await this.#line.read(
      `SELECT site, version, hosted.node, ready AND coalesce(${LIVES}, false) AS ready, trouble
       FROM berth.hosted LEFT JOIN berth.node ON node.node = hosted.node ORDER BY site`,
    )
    return rows.map((row) => ({
      siteId: String(row['site']),
      version: Number(row['version']),
      node: typeof row['node'] === 'string' ? row['node'] : null,
      ready: row['ready'] === true,
      trouble: typeof row['trouble'] === 'string' ? row['trouble'] : null,
    }))
  }

  close(): Promise<void> {
    return this.#line.close()
  }
}
