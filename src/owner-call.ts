import type { SiteFile } from './site-file.ts'

/** How long a running owner may take to answer, ms. */
const ANSWER_ms = 10_000
/** Nobody listens at the site's address. */
const UNREACHABLE = ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND']

/** `done`, `absent` (nobody serves the site), or why the owner did not take it, in words. */
export type OwnerAnswer =
  | { readonly outcome: 'done' | 'absent' }
  | { readonly outcome: 'refused'; readonly why: string }

/** Posts to the process that serves this site, with BERTH_ADMIN_TOKEN where the environment holds one. Never rejects. */
export async function tellOwner({ http }: SiteFile, path: string, body: object): Promise<OwnerAnswer> {
  if (http.port === 0) return { outcome: 'absent' }
  const url = `${http.tls === null ? 'http' : 'https'}://${reachable(http.host)}:${http.port}${path}`
  const token = process.env['BERTH_ADMIN_TOKEN']
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_ms),
    })
    await answer.body?.cancel()
    if (answer.ok) return { outcome: 'done' }
    const hint = answer.status === 401 ? ' (set BERTH_ADMIN_TOKEN to the token that the server has)' : ''
    return { outcome: 'refused', why: `${url} answers ${answer.status}${hint}` }
  } catch (broken) {
    const code = codeOf(broken)
    return UNREACHABLE.includes(code) ? { outcome: 'absent' } : { outcome: 'refused', why: `${url}: ${code}` }
  }
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
