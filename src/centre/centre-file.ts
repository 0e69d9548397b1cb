import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Fault } from '../../machines/faults.ts'
import type { OidcSettings } from '../oidc/oidc-settings.ts'
import { schemaProblem } from '../schema-words.ts'
import { isLoopback } from '../server/callers.ts'
import { problemLine } from '../site-file.ts'
import { type Path, type Problem, parseSource, type Source } from '../site-source.ts'
import { readSiteText } from '../site-text.ts'

const schema = JSON.parse(readFileSync(new URL('../centre.schema.json', import.meta.url), 'utf8')) as object
const accepts = new Ajv2020({ allErrors: true, useDefaults: true, verbose: true, strict: false }).compile(schema)

/** How people sign in at a centre, and where they reach it (an origin, without a slash at its end). */
export type CentreLogin = { readonly url: string; readonly oidc: OidcSettings }
/** A centre's file as it was read; `login` null = by the admin token alone, `home` null = not said (else an origin, as in `CentreLogin`). */
export type CentreFile = { readonly login: CentreLogin | null; readonly home: string | null }

type Raw = {
  readonly url?: string
  readonly login?: {
    readonly oidc?: Omit<OidcSettings, 'clientSecret' | 'sites'> & {
      readonly clientSecret?: string
      readonly sites?: NonNullable<OidcSettings['sites']>
    }
  }
}

/** Reads a centre's file from the disk. Throws Fault SITE_FILE_INVALID with a line for each thing that is wrong. */
export async function readCentreFile(path: string, env: NodeJS.ProcessEnv): Promise<CentreFile> {
  const text = await readSiteText(path)
  const { file, problems } =
    typeof text === 'string' ? checkCentreFile(text, env) : { file: null, problems: text.problems }
  if (file !== null) return file
  const says = ['The file of the centre does not check:', ...problems.map((one) => problemLine(one, path))].join('\n')
  throw new Fault('SITE_FILE_INVALID', { path }, { says })
}

/** Checks its text, and fills in what is left out. `file` null = `problems` say why. */
export function checkCentreFile(
  text: string,
  env: NodeJS.ProcessEnv,
): { readonly file: CentreFile | null; readonly problems: readonly Problem[] } {
  const source = parseSource(text, env)
  if (source.problems.length > 0) return { file: null, problems: source.problems }
  const problems = [...source.unset]
  if (!accepts(source.value)) problems.push(...(accepts.errors ?? []).map((error) => schemaProblem(error, source)))
  const raw = source.value as Raw
  if (problems.length === 0) problems.push(...senseOf(raw, source))
  return problems.length > 0 ? { file: null, problems } : { file: fileOf(raw), problems }
}

function fileOf({ url, login }: Raw): CentreFile {
  const home = url === undefined ? null : new URL(url).origin
  if (login?.oidc === undefined || home === null) return { login: null, home }
  const { clientSecret = null, sites = null, scopes, ...oidc } = login.oidc
  const all = [...new Set(['openid', ...scopes])]
  return { home, login: { url: home, oidc: { ...oidc, clientSecret, sites, scopes: all } } }
}

/** What the schema cannot say. */
function* senseOf({ url, login }: Raw, source: Source): Generator<Problem> {
  if (login?.oidc !== undefined && url === undefined)
    yield source.problem(['url'], 'a provider must know where it sends people back to', '`url` here')
  if (url !== undefined) {
    yield* addressProblems(['url'], url, source)
    const address = URL.parse(url)
    if (address !== null && (address.pathname !== '/' || address.search !== '' || address.hash !== ''))
      yield source.problem(['url'], 'a path or query follows the host', 'the host alone, like https://centre.example')
  }
  const { issuer } = login?.oidc ?? {}
  if (issuer !== undefined) yield* addressProblems(['login', 'oidc', 'issuer'], issuer, source)
}

function* addressProblems(path: Path, text: string, source: Source): Generator<Problem> {
  const address = URL.parse(text)
  if (address === null) yield source.problem(path, 'this is no address', 'one like https://id.example')
  else if (address.username !== '' || address.password !== '')
    yield source.problem(path, 'the address holds a user or password', 'one without')
  else if (address.protocol === 'http:' && !isLoopback(address.hostname.replaceAll(/[[\]]/g, '')))
    yield source.problem(path, 'who is on the way could sign in as anybody', 'https://…')
}
