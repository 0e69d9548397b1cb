import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { readTokens, TOKEN_ROLES, tokenHash, writeTokens } from '../server/token-book.ts'
import { readSiteFile } from '../site-file.ts'

const USAGE =
  'write `berth token add NAME --role ROLE`, `berth token remove NAME` or `berth token list`, with `--site site.yaml`.'

/**
 * `berth token add NAME --role ROLE --site site.yaml` makes a token of the API and prints it once: only its hash is kept, in `<store>.tokens`.
 * A token of the role `fleet` takes `--accounts a,b`: it sees and changes what is theirs alone.
 * `remove` and `list` beside it. A running berth heeds a change within seconds. 1 where the name is taken or unknown, 2 for a wrong call.
 */
export async function token(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const options = { site: text, role: text, accounts: text }
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options })
  const [verb, name, ...more] = positionals
  if (values.site === undefined || more.length > 0 || (verb === 'list') !== (name === undefined)) return misused(USAGE)
  const path = `${(await readSiteFile(values.site)).store.path}.tokens`
  if (verb === 'list') return list(path)
  if (verb === 'add' && name !== undefined) return add(path, name, values.role, values.accounts)
  if (verb === 'remove' && name !== undefined) return remove(path, name)
  return misused(USAGE)
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
