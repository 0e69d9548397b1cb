import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { makePassword } from '../ocpp/password-hash.ts'
import { isLoopback } from '../server/callers.ts'
import { withEveryPassword, withPassword } from '../site-edit.ts'
import { checkSiteFile, problemLine, type SiteFile } from '../site-file.ts'

const USAGE = 'Write `berth charge-point password ID --site site.yaml`, with --print to leave the site file as it is.\n'

/**
 * `berth charge-point password ID --site site.yaml`: makes a password, puts its hash into the site file and prints what to enter in the
 * charge point. Answers 0; 1 where the site file does not check or has no such charge point; 2 for a wrong call.
 */
export async function chargePoint(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { site: { type: 'string' }, print: { type: 'boolean' }, hex: { type: 'boolean' } },
  })
  const [verb, id, ...more] = positionals
  if (verb !== 'password' || id === undefined || more.length > 0 || values.site === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const path = await realpath(values.site).catch(() => String(values.site))
  const text = await readFile(path, 'utf8')
  const { password, stored } = makePassword(values.hex === true)
  const edited = withPassword(text, id, stored)
  if (!edited) {
    const says = `${path} has no charge point ${id} that can be changed here; list it under chargePoints.\n`
    process.stderr.write(says)
    return 1
  }
  // Others may still be without one: they get theirs one after the other.
  const { site, errors } = checkSiteFile(withEveryPassword(edited.text, stored), path, process.env)
  const [error] = errors
  if (!site) {
    process.stderr.write(`${error ? problemLine(error, path) : 'The site file does not check.'}\n`)
    return 1
  }
  if (values.print !== true) await replace(path, edited.text)
  process.stdout.write(words(site, id, password, values.hex === true))
  process.stdout.write(values.print === true ? printed(stored) : kept(path, edited.line))
  return 0
}

/** All or nothing: the file as it was, or the new one, with the same rights. */
async function replace(path: string, text: string): Promise<void> {
  const { mode } = await stat(path)
  const beside = `${path}.new`
  await writeFile(beside, text, { mode })
  await rename(beside, path)
}

/** What an installer enters. */
function words(site: SiteFile, id: string, password: string, isHex: boolean): string {
  const { host, port, tls } = site.ocpp
  const name = isLoopback(host) || host === '0.0.0.0' || host === '::' ? hostname() : host
  const { security } = site.chargePoints.find((one) => one.id === id) ?? {}
  const isTls = tls !== null && (tls.port === null || (security ?? 1) >= 2)
  const [scheme, at] = isTls ? ['wss', tls.port ?? port] : ['ws', port]
  const profile = security ?? (isTls ? 2 : 1)
  const called = isHex ? 'AuthorizationKey, 40 hex digits' : 'AuthorizationKey or BasicAuthPassword'
  return [
    `Enter in the charge point ${id} (the password is shown only now):`,
    '',
    `  back end address   ${scheme}://${name}:${at}/ocpp/`,
    `  identity           ${id}   (where it wants one address: ${scheme}://${name}:${at}/ocpp/${encodeURIComponent(id)})`,
    `  user name          ${id}   (where it asks for one)`,
    `  password           ${password}   (${called})`,
    `  security profile   ${profile}`,
    '',
    '',
  ].join('\n')
}

const kept = (path: string, line: number): string =>
  `Its hash stands in ${path}, line ${line}. A running berth takes it on SIGHUP; until then the old password holds. What is connected stays connected.\n`

const printed = (stored: string): string =>
  `The site file was not changed; put this into the charge point's entry:\n\n  password: "${stored}"\n`
