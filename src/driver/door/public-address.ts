import { isLoopback } from '../../server/callers.ts'

/** Why phones cannot reach this address, as the rest of a sentence with what to write; null where nothing speaks against it. */
export function unreachable(publicUrl: string | null): { readonly says: string; readonly expected: string } | null {
  const expected = 'http.publicUrl: the address at which phones reach the driver page, like https://charge.example'
  if (publicUrl === null) return { says: 'codes on signs would lead nowhere', expected }
  const host = URL.parse(publicUrl)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  if (host === '') return { says: 'this is no address', expected }
  if (isLoopback(host) || host.endsWith('.localhost') || ['0.0.0.0', '::'].includes(host))
    return { says: `a phone that asks ${host} asks itself`, expected }
  return null
}
