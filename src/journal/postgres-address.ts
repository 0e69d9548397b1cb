import { readFileSync } from 'node:fs'
import { Fault } from '../../machines/faults.ts'

/** What an address of PostgreSQL says; `tls` false = the line is plain, which only this machine may have unasked. */
export type PostgresAddress = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly applicationName: string
  readonly tls: false | { readonly isChecked: boolean; readonly files: TlsFiles }
}
type TlsFiles = { readonly ca: string | null; readonly cert: string | null; readonly key: string | null }

/** What may stand behind the `?`. */
export const POSTGRES_OPTIONS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'application_name'] as const

/** How far the server is trusted. */
const TLS_MODES = ['disable', 'verify-full', 'no-verify'] as const

const PORT = 5432

/** Reads `postgres://USER:PASSWORD@HOST:5432/DATABASE?…`; what is wrong with it in one sentence, without the password, else. */
export function readPostgresAddress(text: string): PostgresAddress | string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return 'this is no address of PostgreSQL'
  const asked = url.searchParams
  const unknown = [...asked.keys()].find((name) => !(POSTGRES_OPTIONS as readonly string[]).includes(name))
  if (unknown !== undefined) return `there is no option ${JSON.stringify(unknown)}`
  const mode = asked.get('sslmode')
  if (mode !== null && !(TLS_MODES as readonly string[]).includes(mode))
    return `sslmode is ${JSON.stringify(mode)}, which is none of ${TLS_MODES.join(', ')}`
  const socket = asked.get('host')
  if (socket !== null && !socket.startsWith('/'))
    return '`host` names the folder of a socket; a server stands before the /'
  const host = socket ?? bareHost(url.hostname)
  const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(plainText)
  if (host === '' || !user || !database || database.includes('/') || password === undefined)
    return 'it does not name user, host and database'
  const port = url.port === '' ? PORT : Number(url.port)
  const applicationName = asked.get('application_name') ?? 'berth'
  return { host, port, user, password, database, applicationName, tls: tlsOf(mode, host, asked) }
}

/** Absent: as a line within this machine is plain, and every other is TLS to a server whose certificate fits. */
function tlsOf(mode: string | null, host: string, asked: URLSearchParams): PostgresAddress['tls'] {
  const isHere = host.startsWith('/') || /^(localhost|127(\.\d+){3}|::1)$/.test(host)
  if ((mode ?? (isHere ? 'disable' : 'verify-full')) === 'disable') return false
  const file = (name: string) => asked.get(name)
  const files = { ca: file('sslrootcert'), cert: file('sslcert'), key: file('sslkey') }
  return { isChecked: mode !== 'no-verify', files }
}

/** The options of Node's TLS. Throws Fault STORE_UNREACHABLE for a file that cannot be read. */
export function tlsOptions({ tls, host }: PostgresAddress) {
  if (tls === false) return false
  const { ca, cert, key } = tls.files
  return {
    rejectUnauthorized: tls.isChecked,
    ...(host.startsWith('/') ? {} : { host }),
    ...(ca === null ? {} : { ca: read(ca) }),
    ...(cert === null ? {} : { cert: read(cert) }),
    ...(key === null ? {} : { key: read(key) }),
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const says = `${path}, which \`store.url\` names, cannot be read; check the path and its permissions.`
    throw new Fault('STORE_UNREACHABLE', {}, { cause, says })
  }
}

/** The address as people may see it: without user, password and options. */
export function shownAddress(text: string): string {
  const address = readPostgresAddress(text)
  if (typeof address === 'string') return text.replace(/^.*@/s, 'postgres://').replace(/\?.*$/s, '')
  const { host, port, database } = address
  if (host.startsWith('/')) return `postgres:${host}:${port}/${database}`
  return `postgres://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
}

const bareHost = (host: string): string => decodeURIComponent(host).replace(/^\[(.+)\]$/, '$1')

function plainText(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
