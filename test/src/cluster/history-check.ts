import { join } from 'node:path'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { SharedKeys } from '../../../src/cluster/shared-keys.ts'
import type { PostgresLine, Row } from '../../../src/journal/postgres-line.ts'
import { openPostgresAsItIs } from '../../../src/journal/postgres-reader.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import type { HostedLife } from './hosted-life.ts'
import { SECRETS } from './node-line.ts'
import { brokenLaws, type HeardCommand, type LogRow, type SiteHistory } from './site-laws.ts'

/**
 * Notes who writes under which epoch, by the name that each node's own connections have. It stands in the database itself: a node cannot
 * write without being seen.
 */
const WITNESS = `
  CREATE SCHEMA witness;
  CREATE TABLE witness.wrote (site text, epoch bigint, writer text, PRIMARY KEY (site, epoch, writer));
  CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO witness.wrote SELECT DISTINCT site, epoch, current_setting('application_name') FROM fresh ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
  CREATE TRIGGER witness AFTER INSERT ON berth.record REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION witness.note()`

/** Sets the witness up, once berth's tables are there. */
export async function callWitness(line: PostgresLine): Promise<void> {
  await line.read(WITNESS)
}

/** What a site's log says of its life: every sentence of `wrong` is a broken promise. `blind`: commands at whose arrival the database could not be asked. */
export type History = {
  readonly wrong: readonly string[]
  readonly records: number
  readonly owners: number
  readonly bills: number
  readonly commands: number
  readonly blind: number
}

/** Checks the whole log of one site against what people and its charge point saw. `url`: of the database. */
export async function checkHistory(life: HostedLife, url: string, line: PostgresLine): Promise<History> {
  const { siteId, client, heard, acknowledged } = life
  const log = await openPostgresAsItIs({ url, siteId })
  const { broken } = await verifyRows(log, undefined, { checkpoints: [], key: null })
  await log.close()
  const rows = await line.read('SELECT seq, epoch, content FROM berth.record WHERE site = $1 ORDER BY seq', [siteId])
  const writers = await line.read('SELECT epoch, writer FROM witness.wrote WHERE site = $1', [siteId])
  const history: SiteHistory = {
    rows: rows.map(rowOf),
    broken: broken === null ? null : JSON.stringify(broken),
    writers: writers.map(({ epoch, writer }) => ({ epoch: Number(epoch), writer: String(writer) })),
    acknowledged,
    commands: await namedCommands(life, line),
    drawn: heard.drawn,
    counted_Wh: client.connector(1).register_Wh - life.from_Wh,
  }
  const decided = history.rows.flatMap(({ decisions }) => decisions)
  return {
    wrong: brokenLaws(history).map((says) => `${siteId}: ${says}`),
    records: rows.length,
    owners: new Set(history.rows.map(({ epoch }) => epoch)).size,
    bills: decided.filter(({ type }) => type === 'SessionBilled').length,
    commands: history.commands.length,
    blind: history.commands.filter(({ headThen }) => headThen === Number.POSITIVE_INFINITY).length,
  }
}

function rowOf(row: Row): LogRow {
  const text = String(row['content'])
  const { decisions = [], effects = [] } = JSON.parse(text) as Partial<LogRow>
  return { seq: Number(row['seq']), epoch: Number(row['epoch']), text, decisions, effects }
}

/** Which start a token was made for, only the site's own key store tells. */
async function namedCommands({ siteId, heard }: HostedLife, line: PostgresLine): Promise<readonly HeardCommand[]> {
  const path = join(scratchFolder(), 'keys')
  await new SharedKeys({ line, siteId }).fetch(path)
  const keys = openKeyStore({ path, siteId, clock: systemClock, chance: systemChance, env: SECRETS })
  const named = (await Promise.all(heard.commands)).map(({ token, ...command }) => ({
    ...command,
    about: command.action === 'stop' ? token : (keys.findStart(token.toUpperCase())?.startId ?? null),
  }))
  keys.close()
  return named
}
