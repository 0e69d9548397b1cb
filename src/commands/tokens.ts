import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { askOwner } from '../owner-call.ts'
import { readTokens, TOKEN_ROLES, tokenHash, writeTokens } from '../server/token-book.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'

const USAGE =
  'write `berth token add NAME --role ROLE`, `berth token remove NAME` or `berth token list`, with `--site site.yaml`.'

const NO_ADMIN =
  'the berth that runs beside asks nobody for a token yet, and with this one as its first everybody else is shut out, and nobody is admin. Make one with --role admin first, or repeat this with --yes.'
const SHUTS =
  'It is the first one of a running berth: from now on every page and program is asked for a token, on this machine as well; sign in at /login.\n'

/**
 * `berth token add NAME --role ROLE --site site.yaml` makes a token of the API and prints it once: only its hash is kept, in `<store>.tokens`.
 * A token of the role `fleet` takes `--accounts a,b`: it sees and changes what is theirs alone.
 * Beside a running berth that asks nobody for a token the first one changes that for everybody: it says so, and is the role `admin` or
 * takes `--yes`. `remove` and `list` beside it. A running berth heeds a change within seconds. 1 where the name is taken or unknown, or nobody would be admin, 2 for a wrong call.
 */
export async function token(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const options = { site: text, role: text, accounts: text, yes: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options })
  const [verb, name, ...more] = positionals
  if (values.site === undefined || more.length > 0 || (verb === 'list') !== (name === undefined)) return misused(USAGE)
  const file = await readSiteFile(values.site)
  const path = `${file.store.path}.tokens`
  if (verb === 'list') return list(path)
  if (verb === 'add' && name !== undefined) {
    const isOpen = readTokens(path).length === 0 && (await asksNobody(file))
    if (isOpen && values.role !== 'admin' && values.yes !== true) return refused(NO_ADMIN)
    const code = add(path, name, values.role, values.accounts)
    if (isOpen && code === 0) process.stderr.write(SHUTS)
    return code
  }
  if (verb === 'remove' && name !== undefined) return remove(path, name)
  return misused(USAGE)
}

/** A berth that serves this site answers whoever calls from this machine. */
async function asksNobody(file: SiteFile): Promise<boolean> {
  const answer = await askOwner(file, '/api/site', { method: 'GET', fits: (told) => 'epoch' in told })
  return answer !== null && 'status' in answer && answer.status === 200
}

function add(path: string, name: string, asked: string | undefined, listed: string | undefined): number {
  const role = TOKEN_ROLES.find((one) => one === asked)
  if (role === undefined) return misused(`say which role: --role ${TOKEN_ROLES.join('|')}.`)
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(name))
    return misused(
      'a name takes 1 to 64 letters, digits, spaces or . _ @ -, a letter or digit first; it goes on record.',
    )
  const known = readTokens(path)
  if (known.some((one) => one.name === name))
    return refused(`there is a token called ${name}; remove it first, or take another name.`)
  const accounts = (listed ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
  if ((role === 'fleet') !== accounts.length > 0)
    return misused('--accounts a,b names the accounts that a token of the role fleet is for; no other role takes it.')
  const made = randomBytes(32).toString('base64url')
  mkdirSync(dirname(path), { recursive: true })
  const token = { name, role, sha256: tokenHash(made), madeAt: new Date().toISOString() }
  writeTokens(path, [...known, { ...token, ...(role === 'fleet' && { accounts }) }])
  process.stdout.write(`${made}\n`)
  process.stderr.write(`The token of ${name} (${role}) stands above and is shown this once: only its hash is kept.\n`)
  return 0
}

function remove(path: string, name: string): number {
  const known = readTokens(path)
  if (!known.some((one) => one.name === name)) return refused(`there is no token called ${name}.`)
  writeTokens(
    path,
    known.filter((one) => one.name !== name),
  )
  process.stdout.write(`The token of ${name} lets nobody in any more, and neither do cookies given for it.\n`)
  return 0
}

function list(path: string): number {
  for (const { name, role, madeAt, accounts = [] } of readTokens(path))
    process.stdout.write(`${[name, role, madeAt, ...(role === 'fleet' ? [accounts.join(',')] : [])].join('\t')}\n`)
  return 0
}

function misused(says: string): number {
  process.stderr.write(`berth token: ${says}\n`)
  return 2
}

function refused(says: string): number {
  process.stderr.write(`berth token: ${says}\n`)
  return 1
}
