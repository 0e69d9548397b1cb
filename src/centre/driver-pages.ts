import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { PageRate } from '../driver/page-rate.ts'
import { addressOf } from '../server/wrong-token-brake.ts'
import { askedHeaders, DRIVER_PAGE, isDriverPath, MOST_FORM, readDriverAnswer } from '../uplink/driver-ask.ts'
import type { LinkOutcome } from '../uplink/link-request.ts'
import { awayPage } from './away-page.ts'

export type DriverPagesParts = {
  readonly clock: Clock
  /** The site whose own host this request names; null where it names none. */
  readonly siteOf: (request: IncomingMessage) => string | null
  /** Asks a gateway over its link (`CentreLinks.request`). */
  readonly ask: (site: string, kind: string, body: Json, within_ms: number) => Promise<LinkOutcome | null>
  /** Longest wait for a gateway, ms; default 10,000. */
  readonly patience_ms?: number
}

const PATIENCE_MS = 10_000
/** Phones of one site that wait at a time: its link has other things to do. */
const MOST_AT_ONCE = 8
/** What a page may load where its gateway does not say. */
const NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

/**
 * Driver pages of sites that no phone reaches: each behind its site's name in the host, passed on over the link that the gateway opened.
 * Calls of the driver's listener and no others; nothing of them is kept or logged here.
 */
export class DriverPages {
  readonly #parts: DriverPagesParts
  readonly #rate: PageRate
  /** How many wait, by site. */
  readonly #waiting = new Map<string, number>()

  constructor(parts: DriverPagesParts) {
    this.#parts = parts
    this.#rate = new PageRate(parts.clock)
  }

  /** Whether a request is for a driver's page: then it is answered. */
  takes(request: IncomingMessage, response: ServerResponse): boolean {
    const site = isDriverPath(request.url ?? '') ? this.#parts.siteOf(request) : null
    if (site === null) return false
    void this.#answer(site, request, response).catch(() => response.destroy())
    return true
  }

  async #answer(site: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = request
    if (method !== 'GET' && method !== 'POST') return end(response, 405, { allow: 'GET, POST' }, '')
    if (!this.#rate.admit(addressOf(request) ?? '')) return away(response, 429, method)
    const body = method === 'POST' ? await formOf(request) : ''
    if (body === null) return end(response, 413, {}, '')
    const waiting = this.#waiting.get(site) ?? 0
    if (waiting >= MOST_AT_ONCE) return away(response, 503, method)
    this.#waiting.set(site, waiting + 1)
    const outcome = await this.#ask(site, request, body).finally(() => {
      const left = (this.#waiting.get(site) ?? 1) - 1
      if (left > 0) this.#waiting.set(site, left)
      else this.#waiting.delete(site)
    })
    const answer = outcome?.ok ? readDriverAnswer(outcome.body) : null
    if (answer === null) return away(response, 503, method)
    const { status, headers } = answer
    // Whatever is personal stays with the phone; without a tag nothing is kept at all.
    const kept = headers['etag'] === undefined ? 'no-store' : 'private, no-cache'
    const always = { 'content-security-policy': NOTHING, 'referrer-policy': 'same-origin', ...SAFE }
    end(response, status, { ...always, ...headers, 'cache-control': kept }, answer.body)
  }

  #ask(site: string, request: IncomingMessage, body: string): Promise<LinkOutcome | null> {
    const { ask, patience_ms = PATIENCE_MS } = this.#parts
    const { method = 'GET', url = '', headers } = request
    const asked = { method, path: url, address: addressOf(request), headers: askedHeaders(headers), body }
    return ask(site, DRIVER_PAGE, asked, patience_ms)
  }
}

const SAFE = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' }

function end(
  response: ServerResponse,
  status: number,
  headers: { readonly [name: string]: string },
  body: string,
): void {
  if (response.destroyed) return
  response.writeHead(status, headers)
  response.end(body)
}

function away(response: ServerResponse, status: number, method: string): void {
  const { headers, body } = awayPage(method === 'POST')
  end(response, status, { ...headers, 'retry-after': '10' }, body)
}

/** A form's text; null where it is longer than any driver's. */
async function formOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let size = 0
  // To its end, which the listener's patience bounds: whoever still sends would not hear why it was not taken.
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= MOST_FORM) parts.push(part)
  }
  return size > MOST_FORM ? null : Buffer.concat(parts).toString()
}
