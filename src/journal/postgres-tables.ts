import { Fault } from '../../machines/faults.ts'
import type { JournalRow } from './journal-row.ts'
import type { Ask, PostgresLine, Row } from './postgres-line.ts'

/** Of the tables below: every change of theirs counts it up. */
const VERSION = 1

/** Tables are made by one berth at a time: the number is only a name for that. */
const MAKING = 732_437_841

/**
 * `site`: who owns each site's log, and where it ends; `record`: the logs, each record with the epoch of who wrote it. No row of `record` is
 * ever changed. Texts are compared byte by byte, so that no update of the system's languages can upset an index.
 */
const TABLES = `
  CREATE TABLE berth.version (id integer PRIMARY KEY CHECK (id = 1), version integer NOT NULL);
  CREATE TABLE berth.site (
    site text COLLATE "C" PRIMARY KEY, epoch bigint NOT NULL, seq bigint NOT NULL, hash text NOT NULL, key_store text NOT NULL,
    state text NOT NULL CHECK (state IN ('owned', 'left', 'copying')), host text NOT NULL, pid integer NOT NULL, since text NOT NULL);
  CREATE TABLE berth.record (
    site text COLLATE "C" NOT NULL, seq bigint NOT NULL, stream text COLLATE "C" NOT NULL, version bigint NOT NULL,
    at text NOT NULL, content text NOT NULL, personal text, personal_hash text NOT NULL, content_hash text NOT NULL, prev text NOT NULL,
    hash text NOT NULL, epoch bigint NOT NULL, PRIMARY KEY (site, seq), UNIQUE (site, stream, version));
  INSERT INTO berth.version VALUES (1, ${VERSION})`

/** The columns of a row, named as JournalRow names them. */
export const COLUMNS =
  'seq, stream, version, at, content, personal, personal_hash AS "personalHash", content_hash AS "contentHash", prev, hash'

/**
 * One statement, one way there and back: the site's end moves only from where its owner knows it to be, and only under the owner's epoch and
 * state; only where it moved the rows are written. Answers how many were, and under which epoch the site stands.
 */
export const APPEND = `
  WITH moved AS (
    UPDATE berth.site SET seq = $6, hash = $7 WHERE site = $1 AND epoch = $2 AND state = $3 AND seq = $4 AND hash = $5
    RETURNING site, epoch),
  written AS (
    INSERT INTO berth.record (site, epoch, seq, stream, version, at, content, personal, personal_hash, content_hash, prev, hash)
    SELECT moved.site, moved.epoch, row.* FROM moved, unnest($8::bigint[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::text[],
      $14::text[], $15::text[], $16::text[], $17::text[]) AS row
    RETURNING 1)
  SELECT (SELECT count(*) FROM written) AS written, (SELECT epoch FROM berth.site WHERE site = $1) AS epoch`

/** What APPEND takes behind its first seven: one list a column. */
export const columnsOf = (rows: readonly JournalRow[]): readonly unknown[] => [
  rows.map(({ seq }) => seq),
  rows.map(({ stream }) => stream),
  rows.map(({ version }) => version),
  rows.map(({ at }) => at),
  rows.map(({ content }) => content),
  rows.map(({ personal }) => personal),
  rows.map(({ personalHash }) => personalHash),
  rows.map(({ contentHash }) => contentHash),
  rows.map(({ prev }) => prev),
  rows.map(({ hash }) => hash),
]

/** A row as it was read; what a column lacks is left to the chain's check. */
export const rowOf = (row: Row): JournalRow =>
  ({ ...row, seq: Number(row['seq']), version: Number(row['version']) }) as unknown as JournalRow

/** Whether berth's tables are there. Throws Fault STORE_CORRUPT where they are of another version than this berth reads. */
export async function hasTables(line: PostgresLine): Promise<boolean> {
  return line.insist(async (ask) => (await versionIn(ask, line.shown)) !== null)
}

/** Makes berth's tables where there are none. Throws as `hasTables`, and STORE_UNREACHABLE for a server that does not keep what it answers. */
export async function demandTables(line: PostgresLine): Promise<void> {
  await line.transaction(async (ask) => {
    await demandKeeping(ask, line.shown)
    if ((await versionIn(ask, line.shown)) !== null) return
    await ask('SELECT pg_advisory_xact_lock($1)', [MAKING])
    if ((await versionIn(ask, line.shown)) !== null) return
    const schemas = await ask(`SELECT 1 FROM pg_namespace WHERE nspname = 'berth'`)
    if (schemas.length === 0) await ask('CREATE SCHEMA berth')
    await ask(TABLES)
  })
}

/** Asked of the catalogue as of now: `to_regclass` may answer from before the lock that another made the tables under. */
const TABLE_THERE = `SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'berth' AND relname = 'version'`

async function versionIn(ask: Ask, shown: string): Promise<number | null> {
  const tables = await ask(TABLE_THERE)
  if (tables.length === 0) return null
  const version = Number((await ask('SELECT version FROM berth.version'))[0]?.['version'] ?? 0)
  if (version === VERSION) return version
  const what =
    version > VERSION
      ? `a newer berth made its tables (version ${version}, this one reads ${VERSION}); update this berth.`
      : `an older berth made its tables (version ${version}, this one reads ${VERSION}); copy the site to a file with that berth, drop the schema \`berth\`, and copy it back with this one (docs/stores.md).`
  throw new Fault('STORE_CORRUPT', {}, { says: `On PostgreSQL at ${shown} ${what}` })
}

/** The server's own settings that would make an answer untrue. */
async function demandKeeping(ask: Ask, shown: string): Promise<void> {
  const [server] = await ask(
    `SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding, current_setting('transaction_read_only') AS closed`,
  )
  const no = (says: string) => new Fault('STORE_UNREACHABLE', {}, { says: `PostgreSQL at ${shown} ${says}` })
  if (server?.['closed'] === 'on') throw no('is read-only: a standby, or set so; name the primary in `store.url`.')
  if (server?.['fsync'] !== 'on')
    throw no('keeps nothing through a power cut (fsync is off); set fsync = on in postgresql.conf.')
  if (server['encoding'] !== 'UTF8')
    throw no(`has a database in ${server['encoding']}; make one in UTF8 (\`createdb -E UTF8 -T template0\`).`)
}
