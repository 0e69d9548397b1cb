import type { Json } from '../../machines/events.ts'

/** The kind under which a centre asks a gateway for what a driver's phone asked of it. */
export const DRIVER_PAGE = 'driver-page'

/** What a phone asks, as far as a gateway is told. `address` null = not known; `body` of a form. */
export type DriverAsk = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly address: string | null
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}
/** What the gateway's own page answers. */
export type DriverAnswer = {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** Forms of drivers are a plate and a PIN, bytes. */
export const MOST_FORM = 4_096
/** A driver's page is of less than 25 kB, characters. */
const MOST_PAGE = 64 << 10

/** Calls of a driver's listener, and no other. What a payment page adds is in the query. */
const PATH = /^\/(?:d\/[\w.~%-]{1,200}|b\/[\w.~%-]{1,200}(?:\/(?:start|stop|pay|paid))?)(?:\?[\x21-\x7e]{0,3000})?$/
export const isDriverPath = (path: string): boolean => PATH.test(path)

const FORM = 'application/x-www-form-urlencoded'
const PRINTABLE = /^[\x20-\x7e]{1,3000}$/
/** Of what a phone sends a gateway is told these. */
const ASKED = ['host', 'origin', 'accept-language', 'content-type', 'if-none-match', 'cookie']
/** Of what a gateway answers a phone is told these. Whether it may be kept is for the centre to say. */
const ANSWERED = [
  'content-type',
  'content-security-policy',
  'etag',
  'vary',
  'location',
  'referrer-policy',
  'retry-after',
  'set-cookie',
]
/** The one cookie of a driver's page, as it sets it. */
const DEVICE = /^berth_driver=[\w.-]{1,300}; Path=\/b; HttpOnly; SameSite=Lax; Max-Age=\d{1,7}(?:; Secure)?$/

type Headers = { readonly [name: string]: unknown }

/** The headers of a phone that go on. */
export function askedHeaders(headers: Headers): { readonly [name: string]: string } {
  const kept = only(ASKED, headers)
  const { cookie, 'content-type': type, ...rest } = kept
  const devices = [...(cookie ?? '').matchAll(/(?:^|;\s*)(berth_driver=[\w.-]{1,300})(?=;|$)/g)].map(([, one]) => one)
  return {
    ...rest,
    ...(type?.split(';')[0]?.trim().toLowerCase() === FORM ? { 'content-type': FORM } : {}),
    ...(devices.length === 0 ? {} : { cookie: devices.slice(0, 10).join('; ') }),
  }
}

/** The headers of a gateway's answer that go on. */
export function answeredHeaders(headers: Headers): { readonly [name: string]: string } {
  const { 'set-cookie': device, ...rest } = only(ANSWERED, headers)
  return { ...rest, ...(device !== undefined && DEVICE.test(device) ? { 'set-cookie': device } : {}) }
}

function only(names: readonly string[], headers: Headers): { readonly [name: string]: string } {
  const kept = names.flatMap((name) => {
    const value = headers[name]
    const text = Array.isArray(value) ? value[0] : value
    return typeof text === 'string' && PRINTABLE.test(text) ? [[name, text] as const] : []
  })
  return Object.fromEntries(kept)
}

type Found = { readonly [member: string]: unknown }
const found = (value: Json): Found | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Found) : null

/** What a centre asks; null where it is nothing that a driver may. */
export function readDriverAsk(value: Json): DriverAsk | null {
  const { method, path, address, headers, body } = found(value) ?? {}
  if (method !== 'GET' && method !== 'POST') return null
  if (typeof path !== 'string' || !isDriverPath(path) || typeof body !== 'string' || body.length > MOST_FORM)
    return null
  if (address !== null && (typeof address !== 'string' || !/^[\da-f.:/]{1,64}$/i.test(address))) return null
  const all = found(headers as Json)
  return all === null ? null : { method, path, address, headers: askedHeaders(all), body }
}

/** What a gateway answers; null where that is no page. */
export function readDriverAnswer(value: Json): DriverAnswer | null {
  const { status, headers, body } = found(value) ?? {}
  if (typeof status !== 'number' || !STATUSES.has(status)) return null
  const all = found(headers as Json)
  if (all === null || typeof body !== 'string' || body.length > MOST_PAGE) return null
  const kept = answeredHeaders(all)
  const isPage = body === '' || /^(?:text\/html|application\/problem\+json)(?:;|$)/.test(kept['content-type'] ?? '')
  const leads = kept['location'] === undefined || /^(?:\/b\/|https?:\/\/)/.test(kept['location'])
  return isPage && leads ? { status, headers: kept, body } : null
}

/** What a driver's page ever answers. */
const STATUSES = new Set([200, 303, 304, 400, 403, 404, 413, 415, 429, 500, 503])
