import { parseArgs } from 'node:util'
import { AsideShelf } from '../centre/aside-shelf.ts'
import { addSite, knownSites, type NewToken, removeSite, renewToken, takeOver } from '../centre/centre-book.ts'
import { type CentreFile, readCentreFile } from '../centre/centre-file.ts'
import { openCentre } from '../centre/centre-server.ts'
import { demandCentre } from '../centre/centre-tables.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { fullLine } from '../journal/export-file.ts'
import { PostgresLine } from '../journal/postgres-line.ts'
import { logLine } from '../log-line.ts'
import { listens } from '../port-taken.ts'
import { demandLongToken } from '../server/admin-token.ts'
import { isLoopback } from '../server/callers.ts'
import { centrePolicy, POLICY_USAGE } from './centre-policy.ts'
import { centreRegister, REGISTER_USAGE } from './centre-register.ts'

const USAGE =
  'write `berth centre --store postgres://…`, `berth centre add|renew|takeover|remove|aside|forget SITE --store …`, `berth centre register put|remove|list …`, `berth centre policy put|rollback|list …` or `berth centre list --store …`.'
const NO_STORE = 'say which database: --store postgres://USER:PASSWORD@HOST:5432/DATABASE, or BERTH_CENTRE_STORE.'
const PORT = '9400'

/**
 * `berth centre --store postgres://…`: keeps copies of sites' journals as their gateways ship them, until SIGTERM or Ctrl-C. `add`, `renew`,
 * `takeover` and `remove SITE` say who may, beside a running one too; `register` and `policy` hand things to gateways; `list` tells of all,
 * `aside` prints what was set aside (`forget` throws it away). 0 when done; 2 for a wrong command line.
 */
export async function centre(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const options = {
    store: text,
    host: text,
    port: text,
    cert: text,
    key: text,
    config: text,
    json: { type: 'boolean' },
  } as const
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options })
  const store = values.store ?? process.env['BERTH_CENTRE_STORE'] ?? ''
  const [verb, site, ...more] = positionals
  const handed = verb === undefined || !Object.hasOwn(HANDED, verb) ? null : HANDED[verb as keyof typeof HANDED]
  if (handed !== null) {
    if (store === '') return misused(NO_STORE)
    const words = positionals.slice(1)
    return withLine(store, async (line) =>
      (await handed.run(line, words, values.json === true)) ? 0 : misused(handed.usage),
    )
  }
  if (more.length > 0 || (verb !== undefined && verb !== 'list' && (site === undefined || !Object.hasOwn(VERBS, verb))))
    return misused(USAGE)
  if (verb === 'list' && site !== undefined) return misused(USAGE)
  if (store === '') return misused(NO_STORE)
  if (verb === undefined) return run(store, values)
  const { home } = await fileOf(values.config)
  return withLine(store, async (line) => {
    if (verb === 'list') await list(line, values.json === true)
    else await VERBS[verb as keyof typeof VERBS](line, site as string, new Date().toISOString(), home)
    return 0
  })
}

const fileOf = async (path: string | undefined): Promise<CentreFile> =>
  path === undefined ? { login: null, home: null } : readCentreFile(path, process.env)

/** Works on the centre's database, beside a centre that runs too. */
async function withLine(store: string, work: (line: PostgresLine) => Promise<number>): Promise<number> {
  const line = new PostgresLine(store)
  try {
    await demandCentre(line)
    return await work(line)
  } finally {
    await line.close()
  }
}

type Listen = {
  readonly host?: string
  readonly port?: string
  readonly cert?: string
  readonly key?: string
  readonly config?: string
}

async function run(store: string, { host = '127.0.0.1', port = PORT, cert, key, config }: Listen): Promise<number> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    return misused(`--port takes a number from 0 to 65535; ${JSON.stringify(port)} is none.`)
  if ((cert === undefined) !== (key === undefined)) return misused('--cert and --key go together.')
  const { login, home } = await fileOf(config)
  const tls = cert === undefined || key === undefined ? null : { cert, key }
  const stopped = new Promise<void>((stop) => {
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
  const log = (says: string): void => void process.stderr.write(logLine(Date.now(), says))
  const at = { host, port: Number(port) }
  const adminToken = process.env['BERTH_ADMIN_TOKEN'] ?? ''
  if (adminToken !== '') demandLongToken(adminToken)
  const people = adminToken === '' ? {} : { adminToken }
  const server = await listens(
    'centre',
    at,
    openCentre({ store, ...at, tls, clock: systemClock, log, login, home, ...people }),
  )
  if (tls === null && !isLoopback(host))
    log(
      'Links come in without TLS: whoever is on the way sees tokens and journals. Give --cert and --key, or put TLS before it.',
    )
  process.stdout.write(`Gateways link to ${server.url}\nSites: ${server.pageUrl}\n`)
  await stopped
  await server.close()
  return 0
}

const told = (site: string, { token, epoch }: NewToken, more: string): void => {
  process.stdout.write(`${token}\n`)
  process.stderr.write(
    `The token of ${site} (epoch ${epoch}) stands above and is shown this once: only its hash is kept. ${more}\n`,
  )
}

/** What is handed to gateways, each with words of its own. */
const HANDED = {
  register: { run: centreRegister, usage: REGISTER_USAGE },
  policy: { run: centrePolicy, usage: POLICY_USAGE },
}

const INTO_FILE = 'It goes into `centre.token` of its site file, best from the environment.'

const VERBS = {
  add: async (line: PostgresLine, site: string, at: string, home: string | null) =>
    told(site, await addSite(line, site, at, home), INTO_FILE),
  renew: async (line: PostgresLine, site: string, at: string) =>
    told(site, await renewToken(line, site, at), `The one before lets nobody in any more. ${INTO_FILE}`),
  takeover: async (line: PostgresLine, site: string, at: string) =>
    told(
      site,
      await takeOver(line, site, at),
      'What the gateway of before sends from now on is set aside. The one that goes on begins with what is here: `berth copy` takes it there.',
    ),
  aside: async (line: PostgresLine, site: string) => {
    for await (const row of new AsideShelf(line, systemClock).all(site)) process.stdout.write(`${fullLine(row)}\n`)
  },
  forget: async (line: PostgresLine, site: string) => {
    const records = await new AsideShelf(line, systemClock).forget(site)
    process.stdout.write(
      `${counted(records, 'record')} of ${site} that ${records === 1 ? 'was' : 'were'} set aside: thrown away.\n`,
    )
  },
  remove: async (line: PostgresLine, site: string, at: string) => {
    await removeSite(line, site, at)
    process.stdout.write(`${site} ships here no more; the copy of its journal stays.\n`)
  },
}

async function list(line: PostgresLine, json: boolean): Promise<void> {
  const sites = await knownSites(line)
  if (json) return void process.stdout.write(`${JSON.stringify(sites, null, 2)}\n`)
  for (const { site, epoch, seq, heard, aside } of sites) {
    const told = [site, `epoch ${epoch}`, counted(seq, 'record'), heard === null ? 'never heard' : `heard ${heard}`]
    if (aside > 0) told.push(`${counted(aside, 'record')} set aside`)
    process.stdout.write(`${told.join('\t')}\n`)
  }
}

function misused(says: string): number {
  process.stderr.write(`berth centre: ${says}\n`)
  return 2
}
