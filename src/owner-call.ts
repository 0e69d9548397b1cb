import { randomBytes } from 'node:crypto'
import { isSameSecret } from './same-secret.ts'
import { tokenDigest, tokenMark, tokenProof } from './server/token-proof.ts'
import type { SiteFile } from './site-file.ts'

/** Nobody listens: the store may be taken (its lock still decides). */
const UNREACHABLE = ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND']
const WAIT_ms = 300_000
const WRONG_SITE = 421
/** In the place of a success that is none: whoever answered is not the berth that serves the site. */
const STRANGER = 502

type OwnerBody = { readonly [field: string]: unknown }

/** What the process that owns the store answered; `body` null where that is no JSON. `broke`: the error's code, where the call broke off. */
export type OwnerAnswer =
  | { readonly url: string; readonly status: number; readonly body: OwnerBody | null }
  | { readonly url: string; readonly broke: string }

/** What is asked; POST where no method is named. `fits`: whether what is answered to a call that went well (`{}` for nothing) is what berth answers. */
type OwnerCall = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly type?: string
  readonly body?: string
  readonly fits: (told: OwnerBody) => boolean
}

/** Asks the process that owns a site's store; null where none listens at the site's address, or one of another site. A success that is not of the site's own berth is answered as 502. The token is that of BERTH_ADMIN_TOKEN; it is sent only to who proved to have it. */
export async function askOwner(
  { http, site }: Pick<SiteFile, 'http' | 'site'>,
  path: string,
  { type, body: asked, method = 'POST', fits }: OwnerCall,
): Promise<OwnerAnswer | null> {
  if (http.port === 0) return null
  const url = `${http.tls === null ? 'http' : 'https'}://${reachable(http.host)}:${http.port}${path}`
  const token = process.env['BERTH_ADMIN_TOKEN']
  // Another site of this machine may be served there: it must not do what is meant for this one.
  const meant = { 'berth-site': encodeURIComponent(site.id) }
  try {
    const proven = token ? await provenBy(new URL('/api/prove', url).href, token, site.id, meant) : 'tokenless'
    if (typeof proven !== 'string') return proven.status === WRONG_SITE ? null : { url, ...proven }
    const headers = {
      ...meant,
      ...(type ? { 'content-type': type } : {}),
      ...(proven === 'proven' ? { authorization: `Bearer ${token}` } : {}),
    }
    const sent = asked === undefined ? {} : { body: asked }
    const answer = await fetch(url, { method, headers, ...sent, signal: AbortSignal.timeout(WAIT_ms) })
    if (answer.status === WRONG_SITE) return null
    const body = (await answer.json().catch(() => null)) as OwnerBody | null
    const isOwner = answer.headers.get('berth-site') === meant['berth-site']
    const told = { url, status: answer.status, body }
    return answer.ok && !(isOwner && fits(told.body ?? {})) ? { ...told, status: STRANGER, body: null } : told
  } catch (broken) {
    const code = codeOf(broken)
    return UNREACHABLE.includes(code) ? null : { url, broke: code }
  }
}

/** A certificate that this machine does not trust: it is nobody's that it knows, or of another name. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_(?:HAS_EXPIRED|UNTRUSTED|SIGNATURE_FAILURE)/
const OF_ANOTHER = 'ERR_TLS_CERT_ALTNAME_INVALID'

/** How a call ended without an answer, and what to do; `again`: what may be done where it only broke off. */
export function saysBroke({ url, broke }: Extract<OwnerAnswer, { broke: string }>, again: string): string {
  if (UNTRUSTED.test(broke))
    return `${url} proves itself by a certificate that this command does not trust (${broke}); name the file of the certificate, or of who signed it, in the environment: NODE_EXTRA_CA_CERTS=cert.pem.`
  if (broke === OF_ANOTHER)
    return `${url} proves itself by a certificate that is not made out to that name (${broke}); let it name this address too.`
  return `${url} broke off (${broke}); ${again}`
}

/**
 * Whether whoever listens has the token that is about to be sent to it, so that no program that listens in berth's place gets it; `tokenless` where
 * it asks for none. Else how it is refused.
 */
async function provenBy(
  url: string,
  token: string,
  siteId: string,
  meant: { readonly [header: string]: string },
): Promise<'proven' | 'tokenless' | { readonly status: number; readonly body: OwnerBody | null }> {
  const digest = tokenDigest(token)
  const nonce = randomBytes(32).toString('hex')
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...meant, 'content-type': 'application/json' },
    body: JSON.stringify({ mark: tokenMark(digest), nonce }),
    redirect: 'manual',
    signal: AbortSignal.timeout(WAIT_ms),
  })
  const told = (await answer.json().catch(() => null)) as OwnerBody | null
  if (answer.status === WRONG_SITE || answer.status === 401) return { status: answer.status, body: told }
  const proof = told?.['proof']
  if (answer.ok && proof === null) return 'tokenless'
  const holds = answer.ok && typeof proof === 'string' && isSameSecret(proof, tokenProof(digest, siteId, nonce))
  return holds ? 'proven' : { status: STRANGER, body: null }
}

/** Why an answer is none, in one sentence. */
export function saysRefused({ url, status, body }: Extract<OwnerAnswer, { status: number }>): string {
  if (status === 401) return `${url} asks for a token; set BERTH_ADMIN_TOKEN to one that the server has.`
  const detail = body?.['detail']
  return typeof detail === 'string'
    ? detail
    : status === STRANGER
      ? `${url} did not answer as the berth that serves this site does, so nothing is known to be done; look what listens there.`
      : `${url} answered ${status} and not as berth does; look what listens there.`
}

function codeOf(broken: unknown): string {
  const { cause, name } = broken as { cause?: { code?: string; errors?: { code?: string }[] }; name?: string }
  return cause?.code ?? cause?.errors?.[0]?.code ?? name ?? 'unknown'
}

/** Where a server that listens on `host` is reached from this machine. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
