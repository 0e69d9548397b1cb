import { createHash, randomBytes } from 'node:crypto'

/** What a camera asks for, and how: the `WWW-Authenticate` header of its 401. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'digest'
      readonly realm: string
      readonly nonce: string
      readonly opaque: string | null
      readonly algorithm: string
      readonly hasQop: boolean
      readonly isStale: boolean
    }

export type Credentials = { readonly username: string; readonly password: string }

const HASHES: { readonly [algorithm: string]: string } = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
}

/** The best challenge that can be answered: digest before Basic, which sends the password itself; null where there is none. */
export function challengeOf(header: string | null): Challenge | null {
  const text = (header ?? '').slice(0, 4_096)
  const digests = text.split(/(?=\bdigest\s)/i).filter((part) => /^digest\s/i.test(part))
  const known = digests.map(digestOf).filter((one) => one !== null)
  // SHA where the camera offers both.
  const best = known.find(({ algorithm }) => !/^MD5/i.test(algorithm)) ?? known[0]
  return best ?? (/\bbasic\b/i.test(text.replace(/"[^"]*"/g, '')) ? { scheme: 'basic' } : null)
}

function digestOf(text: string): (Challenge & { readonly scheme: 'digest' }) | null {
  const field = (name: string): string | null => {
    const found = new RegExp(`\\b${name}\\s*=\\s*(?:"((?:\\\\.|[^"\\\\])*)"|([^\\s,"]+))`, 'i').exec(text)
    return found ? (found[1]?.replace(/\\(.)/g, '$1') ?? found[2] ?? '') : null
  }
  const algorithm = (field('algorithm') ?? 'MD5').toUpperCase()
  const nonce = field('nonce')
  const qop = field('qop')
  const offersAuth = qop === null || qop.split(',').some((one) => one.trim().toLowerCase() === 'auth')
  if (nonce === null || !offersAuth || !(algorithm.replace(/-SESS$/, '') in HASHES)) return null
  return {
    scheme: 'digest',
    realm: field('realm') ?? '',
    nonce,
    opaque: field('opaque'),
    algorithm,
    hasQop: qop !== null,
    isStale: /^true$/i.test(field('stale') ?? ''),
  }
}

/** The `Authorization` header that answers a challenge. `uri`: path and query as they are sent; `count`: uses of this nonce, from 1. */
export function answerTo(
  challenge: Challenge,
  { username, password }: Credentials,
  uri: string,
  count: number,
  cnonce: string = randomBytes(8).toString('hex'),
): string {
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const { realm, nonce, opaque, algorithm, hasQop } = challenge
  const hash = (text: string): string =>
    createHash(HASHES[algorithm.replace(/-SESS$/, '')] ?? 'md5')
      .update(text)
      .digest('hex')
  const nc = count.toString(16).padStart(8, '0')
  const secret = hash(`${username}:${realm}:${password}`)
  const first = algorithm.endsWith('-SESS') ? hash(`${secret}:${nonce}:${cnonce}`) : secret
  const second = hash(`GET:${uri}`)
  const response = hash(hasQop ? `${first}:${nonce}:${nc}:${cnonce}:auth:${second}` : `${first}:${nonce}:${second}`)
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`
  return `Digest ${[
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm.replace('-SESS', '-sess')}`,
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
    ...(hasQop ? ['qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`] : []),
  ].join(', ')}`
}
