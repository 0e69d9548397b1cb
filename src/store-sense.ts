import { POSTGRES_OPTIONS, readPostgresAddress } from './journal/postgres-address.ts'
import type { SiteStore } from './journal/site-store.ts'
import type { RawSite } from './site-schema.ts'
import type { Check } from './site-sense.ts'

/** Ways to write the address of a KurrentDB; `+discover` asks its nodes for each other. */
const ADDRESS = /^(?:kurrentdb|kurrent|kdb)(?:\+discover)?:\/\/(?:[^@/?]+@)?[^@/?]+\/?(?:\?.*)?$/
/** The same by the name that it had before 2025. */
const OLD_ADDRESS = /^esdb(?:\+discover)?:\/\//

/** What the client understands behind the `?`; anything else it would print with the whole address, password included. */
const OPTIONS: readonly string[] = [
  'tls',
  'tlsVerifyCert',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'nodePreference',
  'discoveryInterval',
  'gossipTimeout',
  'maxDiscoverAttempts',
  'keepAliveInterval',
  'keepAliveTimeout',
  'connectionName',
]

/** What the schema cannot say of `store`: what each kind needs. */
export const storeSense: Check = ({ store: { kind, url } }, error) => {
  const at = ['store', 'url'] as const
  if (kind === 'sqlite' && url !== undefined)
    error([...at], 'a file has no address', '`kind: postgres` or `kind: kurrentdb`, or `path` alone')
  if (kind === 'postgres') return postgresSense(url, error)
  if (kind !== 'kurrentdb') return
  const example = 'kurrentdb://USER:PASSWORD@HOST:2113, the password from the environment'
  if (url === undefined) return error(['store'], '`url` is missing', `where the server is: ${example}`)
  if (OLD_ADDRESS.test(url))
    return error([...at], 'esdb is the name that KurrentDB had as EventStoreDB', 'the same address with kurrentdb://')
  if (!ADDRESS.test(url)) return error([...at], 'this is no address of KurrentDB', `one like ${example}`)
  const unknown = optionsOf(url).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined)
    error([...at], `there is no option ${JSON.stringify(unknown)}`, `one of ${OPTIONS.join(', ')}`)
}

function postgresSense(url: string | undefined, error: Parameters<Check>[1]): void {
  const example = 'postgres://USER:PASSWORD@HOST:5432/DATABASE, the password from the environment'
  if (url === undefined) return error(['store'], '`url` is missing', `where the server is: ${example}`)
  const address = readPostgresAddress(url)
  if (typeof address !== 'string') return
  const isOption = address.startsWith('there is no option')
  error(['store', 'url'], address, isOption ? `one of ${POSTGRES_OPTIONS.join(', ')}` : `one like ${example}`)
}

const optionsOf = (url: string): string[] => {
  const query = url.split('?')[1]
  return query === undefined ? [] : query.split('&').map((pair) => pair.split('=')[0] ?? '')
}

/** The store with its path beside the site file. Only called where there are no errors. */
export function storeOf({ kind, path, url }: RawSite['store'], beside: (file: string) => string): SiteStore {
  return (kind === 'kurrentdb' || kind === 'postgres') && url !== undefined
    ? { kind, path: beside(path), url }
    : { kind: 'sqlite', path: beside(path) }
}
