import type { PostgresLine } from '../journal/postgres-line.ts'
import { demandTables } from '../journal/postgres-tables.ts'

/**
 * `node`: who serves, where the others reach it, and until when it is believed to live. `hosted`: the sites that nodes serve, by the site file
 * that counts, and who has each. `claim` counts up with every change of hands. `key_row`: the sites' key stores, row by row, wrapped under
 * the master key that only the nodes have; `kept_state`: what each site remembered after a record, sealed by its key store. Times are the server's own and decide only who may try, never who may write.
 */
const TABLES = `
  CREATE TABLE IF NOT EXISTS berth.node (
    node text COLLATE "C" PRIMARY KEY, url text NOT NULL, until timestamptz NOT NULL, draining boolean NOT NULL DEFAULT false);
  CREATE TABLE IF NOT EXISTS berth.hosted (
    site text COLLATE "C" PRIMARY KEY, file text NOT NULL, version bigint NOT NULL DEFAULT 1, tokens text, node text COLLATE "C",
    claim bigint NOT NULL DEFAULT 0, ready boolean NOT NULL DEFAULT false,
    rests timestamptz NOT NULL DEFAULT '-infinity', trouble text);
  CREATE TABLE IF NOT EXISTS berth.key_row (
    site text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, content text NOT NULL,
    PRIMARY KEY (site, kind, name));
  CREATE TABLE IF NOT EXISTS berth.kept_state (site text COLLATE "C" PRIMARY KEY, content bytea NOT NULL)`

/** Tables are made by one berth at a time: the number is only a name for that. */
const MAKING = 732_437_842

/** Makes the tables of nodes where there are none. Throws as `demandTables`. */
export async function demandCluster(line: PostgresLine): Promise<void> {
  await demandTables(line)
  await line.transaction(async (ask) => {
    await ask('SELECT pg_advisory_xact_lock($1)', [MAKING])
    await ask(TABLES)
  })
}
