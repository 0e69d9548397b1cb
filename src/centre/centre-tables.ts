import { Fault } from '../../machines/faults.ts'
import type { Ask, PostgresLine } from '../journal/postgres-line.ts'
import { demandTables } from '../journal/postgres-tables.ts'

/** Of the tables below: every change of theirs counts it up. */
const VERSION = 1
/** Tables are made by one berth at a time: the number is only a name for that. */
const MAKING = 732_437_843

/**
 * What a centre keeps beside the logs, in a schema of its own: which sites ship to it (`site`), the tokens that let them, each good for one
 * epoch (`token`, hashed), records that are no part of a log because another one stands there (`aside`), and what the logs come to for the
 * board (`fold`: may be deleted at any time).
 */
const TABLES = `
  CREATE TABLE berth_centre.version (id integer PRIMARY KEY CHECK (id = 1), version integer NOT NULL);
  CREATE TABLE berth_centre.site (site text COLLATE "C" PRIMARY KEY, added text NOT NULL, heard text);
  CREATE TABLE berth_centre.token (
    sha256 text PRIMARY KEY, site text COLLATE "C" NOT NULL REFERENCES berth_centre.site ON DELETE CASCADE, epoch bigint NOT NULL, made text NOT NULL);
  CREATE TABLE berth_centre.aside (
    site text COLLATE "C" NOT NULL, seq bigint NOT NULL, stream text NOT NULL, version bigint NOT NULL, at text NOT NULL, content text NOT NULL,
    personal text, personal_hash text NOT NULL, content_hash text NOT NULL, prev text NOT NULL, hash text NOT NULL,
    epoch bigint NOT NULL, kept text NOT NULL, PRIMARY KEY (site, seq, hash));
  CREATE TABLE berth_centre.fold (site text COLLATE "C" PRIMARY KEY, form integer NOT NULL, seq bigint NOT NULL, state text NOT NULL);
  INSERT INTO berth_centre.version VALUES (1, ${VERSION})`

/**
 * What came since, each by itself: a berth of before does without. Signed registers that gateways fetch (`register`, one a site), and what
 * people here ordered of sites (`request`: `sent` null = never, so that nobody there can know of it; `outcome` null = not known yet). Every policy
 * that was put for a site (`policy`, versions from 1), and what its gateway last said of them (`policy_said`). Short texts of the centre's own (`note`).
 */
const ADDED = [
  `CREATE TABLE IF NOT EXISTS berth_centre.register (
    site text COLLATE "C" PRIMARY KEY REFERENCES berth_centre.site ON DELETE CASCADE, version bigint NOT NULL, key text NOT NULL, put text NOT NULL,
    body text NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS berth_centre.request (
    id text PRIMARY KEY, site text COLLATE "C" NOT NULL, type text NOT NULL, body text NOT NULL, given_by text NOT NULL, role text NOT NULL,
    given text NOT NULL, expires text NOT NULL, sent text, asked text, outcome text, says text, seq bigint, ended text)`,
  'CREATE INDEX IF NOT EXISTS request_open ON berth_centre.request (site) WHERE outcome IS NULL',
  'CREATE INDEX IF NOT EXISTS request_given ON berth_centre.request (given)',
  `CREATE TABLE IF NOT EXISTS berth_centre.policy (
    site text COLLATE "C" NOT NULL REFERENCES berth_centre.site ON DELETE CASCADE, version bigint NOT NULL, put text NOT NULL, former bigint,
    policy text NOT NULL, PRIMARY KEY (site, version))`,
  `CREATE TABLE IF NOT EXISTS berth_centre.policy_said (
    site text COLLATE "C" PRIMARY KEY REFERENCES berth_centre.site ON DELETE CASCADE, version bigint NOT NULL, at text NOT NULL, in_force bigint,
    waiting integer NOT NULL, refused text)`,
  'CREATE TABLE IF NOT EXISTS berth_centre.note (name text PRIMARY KEY, content text NOT NULL)',
]

const THERE = `SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'berth_centre' AND relname = 'version'`

/** Makes the tables of the journals and of the centre where there are none. Throws Fault STORE_UNREACHABLE or STORE_CORRUPT (of another version). */
export async function demandCentre(line: PostgresLine): Promise<void> {
  await demandTables(line)
  await line.transaction(async (ask) => {
    await ask('SELECT pg_advisory_xact_lock($1)', [MAKING])
    if ((await ask(THERE)).length > 0) {
      const version = Number((await ask('SELECT version FROM berth_centre.version'))[0]?.['version'] ?? 0)
      if (version === VERSION) return add(ask)
      const says = `On PostgreSQL at ${line.shown} another berth made the tables of the centre (version ${version}, this one reads ${VERSION}); run the newer berth of the two.`
      throw new Fault('STORE_CORRUPT', {}, { says })
    }
    const schemas = await ask(`SELECT 1 FROM pg_namespace WHERE nspname = 'berth_centre'`)
    if (schemas.length === 0) await ask('CREATE SCHEMA berth_centre')
    await ask(TABLES)
    await add(ask)
  })
}

async function add(ask: Ask): Promise<void> {
  for (const text of ADDED) await ask(text)
}
