/** Calls of the API, as every screen makes them: a time limit, and one sentence where it did not go. */
import { words } from './language.ts'
import { faultWords } from './told-words.ts'

const WORDS = words({
  en: {
    silent: 'No answer came. Look whether it was done before you try again.',
    broken: (status: number) => `The server answered with ${status} and said no more.`,
    old: 'NOT LIVE: nothing was sent.',
  },
  de: {
    silent: 'Es kam keine Antwort. Sehen Sie nach, ob es geschehen ist, bevor Sie es noch einmal versuchen.',
    broken: (status) => `Der Server antwortete mit ${status} und sagte nichts weiter.`,
    old: 'NICHT LIVE: Es wurde nichts gesendet.',
  },
})

/** What a call came to; `says` is for people. `status` 0 = no answer came. */
export type Answer<Body> =
  | { readonly ok: true; readonly status: number; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly says: string; readonly body: unknown }

/** An address below `/api/`, its parts escaped: `address('bays', bayId, 'journal')`. */
export const address = (...parts: readonly string[]): string => `/api/${parts.map(encodeURIComponent).join('/')}`

/** Asks for JSON. Never rejects. */
export const ask = <Body>(url: string, signal: AbortSignal = AbortSignal.timeout(10_000)): Promise<Answer<Body>> =>
  call<Body>(url, { signal })

/** Sends JSON once: what was not answered is never sent again by itself. Never rejects. */
export const send = <Body>(url: string, body: unknown, method = 'POST'): Promise<Answer<Body>> =>
  call<Body>(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  })

/** The same for what is small and must go out though the page is being closed. */
export const sendLast = <Body>(url: string, body: unknown, method = 'POST'): Promise<Answer<Body>> =>
  call<Body>(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  })

/** Sends a text as it is, once, as a file of it would come; a large one may take its time. Never rejects. */
export const sendText = <Body>(url: string, text: string, type: string): Promise<Answer<Body>> =>
  call<Body>(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: text,
    signal: AbortSignal.timeout(120_000),
  })

/** What is said where the page is not live, and so nothing was sent. */
export const NOT_SENT: string = WORDS.old

/** A name that no other order has; randomUUID is missing on plain http. */
export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

async function call<Body>(url: string, init: RequestInit): Promise<Answer<Body>> {
  try {
    const answer = await fetch(url, init)
    const { status } = answer
    const text = await answer.text()
    const body: unknown = text === '' ? null : JSON.parse(text)
    if (answer.ok) return { ok: true, status, body: body as Body }
    return { ok: false, status, says: saysOf(body) ?? WORDS.broken(status), body }
  } catch {
    return { ok: false, status: 0, says: WORDS.silent, body: null }
  }
}

/** The sentence of problem details (RFC 9457), in the page's language. */
function saysOf(body: unknown): string | null {
  const { detail, code } = (body ?? {}) as { readonly detail?: unknown; readonly code?: unknown }
  return typeof detail === 'string' ? faultWords(detail, String(code)) : null
}
