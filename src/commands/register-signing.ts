import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Json } from '../../machines/events.ts'
import { readAccountFields, readAccountId } from '../../machines/register-fields.ts'
import { counted } from '../counted.ts'
import { signerOfPem } from '../privacy/signing-key.ts'
import { openRegister, type RegisterRow, signRegister } from '../register-source/signed-register.ts'
import { readVehicleCsv } from '../vehicle-csv.ts'
import { lintRows } from '../vehicle-lint.ts'

const USAGE =
  'write `berth register key KEY.pem`, `berth register sign VEHICLES.csv --key KEY.pem --out FILE` or `berth register check FILE [--key PUBLIC]`.'
const REFUSED_SHOWN = 20

type Given = { readonly [option: string]: string | undefined }

/**
 * `berth register key|sign|check`: makes the key that signs registers, signs a file of vehicles (and accounts) for `register.source` of site
 * files, and checks such a file. 0 when done; 1 where something is refused; 2 for a wrong command line.
 */
export async function register(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const options = { key: text, out: text, version: text, accounts: text, sites: text } as const
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options })
  const [verb = '', file, ...more] = positionals
  if (file === undefined || more.length > 0) return misused(USAGE)
  if (verb === 'key') return showKey(file)
  if (verb === 'check') return check(file, values.key ?? null)
  return verb === 'sign' ? sign(file, values) : misused(USAGE)
}

/** Prints the public key of a private one, which is made where there is none. */
function showKey(path: string): number {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 })
    note(
      `The private key is in ${path}: keep it where registers are signed, and nowhere else. Its public key, for site files:`,
    )
  }
  say(signerOfPem(readFileSync(path, 'utf8')).publicKey)
  return 0
}

function sign(
  file: string,
  { key, out, version = String(Math.floor(Date.now() / 1000)), accounts, sites = '' }: Given,
): number {
  if (key === undefined || out === undefined) return misused(USAGE)
  if (!/^[1-9]\d{0,14}$/.test(version))
    return misused('--version takes a whole number from 1, larger than the last one.')
  const signer = signerOfPem(readFileSync(key, 'utf8'))
  const csv = readVehicleCsv(readFileSync(file, 'utf8'))
  const problems = csv.problems
    .concat(lintRows(csv.rows).refused)
    .map(({ line, says }) => `${file}:${line}: refused: ${says}`)
  const rows = accounts === undefined ? [] : readAccounts(accounts, problems)
  if (problems.length > 0) return refuse(problems)
  const names = sites.split(',').map((one) => one.trim())
  const signed = signRegister(
    {
      version: Number(version),
      madeAt: new Date().toISOString(),
      sites: names.filter((one) => one !== ''),
      accounts: rows,
      vehicles: csv.rows.map(({ fields }) => fields),
    },
    signer,
  )
  // A server that hands it out meanwhile must never hand out half of it.
  writeFileSync(`${out}.part`, signed, { mode: 0o600 })
  renameSync(`${out}.part`, out)
  note(`${out}: version ${version}, ${counted(csv.rows.length, 'vehicle')}, ${counted(rows.length, 'account')}.`)
  return 0
}

function readAccounts(file: string, problems: string[]): readonly RegisterRow[] {
  const rows: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Array.isArray(rows)) {
    problems.push(`${file}: accounts are a JSON list of {accountId, name, status, confirm, plateStartsPerDay}.`)
    return []
  }
  problems.push(...accountProblems(rows as Json[]).map((says) => `${file}: ${says}`))
  return rows as RegisterRow[]
}

function accountProblems(rows: readonly Json[]): readonly string[] {
  const seen = new Set<string>()
  return rows.flatMap((row, index) => {
    try {
      const fields = (row ?? {}) as RegisterRow
      const id = readAccountId(fields['accountId'])
      readAccountFields(fields)
      if (seen.has(id)) return [`account ${index + 1}: stands there twice; keep one of the two.`]
      seen.add(id)
      return []
    } catch (fault) {
      return [`account ${index + 1}: refused: ${(fault as Error).message}`]
    }
  })
}

function check(file: string, key: string | null): number {
  const opened = openRegister(readFileSync(file, 'utf8'), key?.toLowerCase() ?? null)
  if (opened.broken !== null) return refuse([`${file}: ${opened.broken}.`])
  const { version, madeAt, sites, accounts, vehicles } = opened.register
  const { refused } = lintRows(vehicles.map((fields, index) => ({ line: index + 1, fields })))
  const problems = [
    ...accountProblems(accounts as readonly Json[]),
    ...refused.map(({ line, says }) => `vehicle ${line}: refused: ${says}`),
  ]
  if (problems.length > 0) return refuse(problems.map((says) => `${file}: ${says}`))
  const where = sites.length === 0 ? 'any site' : sites.join(', ')
  say(
    `${file}: version ${version} of ${madeAt} for ${where}, ${counted(vehicles.length, 'vehicle')}, ${counted(accounts.length, 'account')}, signed with ${opened.key}.`,
  )
  return 0
}

function refuse(problems: readonly string[]): number {
  for (const says of problems.slice(0, REFUSED_SHOWN)) note(says)
  if (problems.length > REFUSED_SHOWN) note(`and ${problems.length - REFUSED_SHOWN} more.`)
  return 1
}

function misused(says: string): number {
  note(`berth register: ${says}`)
  return 2
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const note = (line: string): void => void process.stderr.write(`${line}\n`)
