import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type RevocationList, readRevocationLists } from './revocation-list.ts'

/**
 * Where the charge points' server finds its certificate; PEM files. `clientCa`: who signs the certificates of charge points (profile 3);
 * `clientCrl`: which of them that authority has taken back, absent = none.
 */
export type TlsFiles = {
  readonly cert: string
  readonly key: string
  readonly clientCa: string | null
  readonly clientCrl?: string | null
}

/** Their content, checked: what a TLS server takes. */
export type TlsContent = {
  readonly cert: Buffer
  readonly key: Buffer
  readonly ca?: Buffer
  /** Revocation lists, each of its own. */
  readonly crl?: string[]
  /** End of the certificate's life, ms since 1970. */
  readonly validTo: number
  /** The authority has taken this certificate (DER) back. */
  revokes(certificate: Buffer): boolean
}

/** Reads and checks the files. Throws an Error with one sentence: what is wrong with which file, and what to do. */
export function readTlsFiles(files: TlsFiles): TlsContent {
  const cert = read(files.cert, 'certificate')
  const key = read(files.key, 'private key')
  const parsed = tried(
    () => new X509Certificate(cert),
    `${files.cert} holds no certificate (PEM); put the chain there.`,
  )
  const secret = tried(() => createPrivateKey(key), `${files.key} holds no private key without a passphrase (PEM).`)
  if (!parsed.checkPrivateKey(secret))
    throw new Error(`${files.key} is not the key of the certificate in ${files.cert}; put the pair there.`)
  const ca = files.clientCa === null ? undefined : read(files.clientCa, 'certificate authority')
  if (ca) tried(() => new X509Certificate(ca), `${files.clientCa} holds no certificate (PEM); put the authority there.`)
  const lists = listsOf(files)
  const crl = lists ? { crl: lists.map(({ pem }) => pem) } : {}
  const revokes = (one: Buffer): boolean => lists?.some((list) => list.revokes(one)) ?? false
  const content = { cert, key, ...(ca ? { ca } : {}), ...crl, validTo: Date.parse(parsed.validTo), revokes }
  tried(() => createSecureContext(content), `${files.cert} and ${files.key} make no TLS server; make new ones.`)
  return content
}

function listsOf({ clientCrl = null }: TlsFiles): readonly RevocationList[] | null {
  if (clientCrl === null) return null
  const lists = readRevocationLists(read(clientCrl, 'revocation list').toString('latin1'))
  if (lists === null)
    throw new Error(`${clientCrl} holds no revocation list (PEM, X509 CRL); put the authority's there.`)
  return lists
}

const DAY_ms = 86_400_000
/** A list is made anew every few days; from then on it is late. */
const LIST_DUE_days = 1

/** What is wrong with the files at `now` (ms since 1970): `broken` where nothing starts with them; null where nothing is for so many days. */
export function certificateTrouble(
  files: TlsFiles,
  now: number,
  days = 30,
): { readonly says: string; readonly broken: boolean } | null {
  try {
    const { validTo } = readTlsFiles(files)
    const due = Math.min(...(listsOf(files) ?? []).map(({ until }) => until ?? Number.POSITIVE_INFINITY))
    if (due <= now + LIST_DUE_days * DAY_ms) {
      const word = due > now ? 'ends' : 'ended'
      const who = 'no charge point of security profile 3 comes in after that'
      return {
        says: `the revocation list ${word} on ${new Date(due).toISOString().slice(0, 16)}Z, and ${who}`,
        broken: false,
      }
    }
    if (validTo > now + days * DAY_ms) return null
    const on = new Date(validTo).toISOString().slice(0, 10)
    return { says: `the certificate ${validTo > now ? 'ends' : 'ended'} on ${on}`, broken: false }
  } catch (cause) {
    return { says: (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, ''), broken: true }
  }
}

function read(path: string, what: string): Buffer {
  return tried(() => readFileSync(path), `The ${what} ${path} cannot be read; put it there, readable for this user.`)
}

function tried<T>(run: () => T, says: string): T {
  try {
    return run()
  } catch (cause) {
    throw new Error(says, { cause })
  }
}

/** Changes when one of the files does; a file that is gone for a moment counts too. */
export function stampOf({ cert, key, clientCa, clientCrl = null }: TlsFiles): string {
  return [cert, key, clientCa, clientCrl]
    .filter((path) => path !== null)
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat ? `${stat.ino}.${stat.mtimeMs}.${stat.size}` : 'gone'
    })
    .join(' ')
}

/** A renewed one ends the alarm, a wrong one raises it, while somebody still looks. */
const LOOK_ms = 30_000
/** Who renews by itself does so earlier than this. */
const ALARM_days = 14

/** Tells at once and every half minute what is wrong with the certificate, or will be within two weeks (null: nothing). Returns what ends it. */
export function watchCertificate(files: TlsFiles, now: () => number, told: (why: string | null) => void): () => void {
  const look = (): void => told(certificateTrouble(files, now(), ALARM_days)?.says ?? null)
  look()
  const timer = setInterval(look, LOOK_ms)
  return () => clearInterval(timer)
}
