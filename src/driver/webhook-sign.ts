import { createHmac } from 'node:crypto'
import type { Sign, SignAnswer } from '../../actors/driver-signs.ts'
import { driverTexts } from '../../actors/driver-words-table.ts'
import type { DriverWord } from '../../actors/ports.ts'
import type { SiteWebhook } from '../site-file.ts'

export type WebhookParts = SiteWebhook & {
  readonly siteId: string
  /** Its place in the site file, from 0. */
  readonly place: number
  /** Longest wait for an answer, ms; default 5,000. */
  readonly timeout_ms?: number
}

/** Header that proves who sends: `sha256=` and the HMAC-SHA256 of the body's bytes with the site file's secret, in hex. */
export const SIGNATURE_HEADER = 'berth-signature'

/** These answers may be others a moment later. */
const PASSING = [408, 425, 429]

/** A sign, or whatever drives one, that takes words by HTTP POST. Of its answer only the status counts. */
export class WebhookSign implements Sign {
  readonly kind = 'webhook'
  readonly name: string
  readonly #parts: WebhookParts
  readonly #closing = new AbortController()

  constructor(parts: WebhookParts) {
    this.#parts = parts
    // Not the whole address: its path or query may hold a key.
    this.name = `The sign at ${new URL(parts.url).host} (tell.webhooks[${parts.place}])`
  }

  serves(bayId: string): boolean {
    return this.#parts.bays?.includes(bayId) ?? true
  }

  async show(word: DriverWord, superseded: () => boolean): Promise<SignAnswer> {
    if (superseded()) return { outcome: 'superseded' }
    try {
      return this.#judge(await this.#post(JSON.stringify(this.#body(word))))
    } catch (cause) {
      if (this.#closing.signal.aborted) return { outcome: 'superseded' }
      return { outcome: 'not-now', says: `${this.name} ${whyNot(cause)} it is tried again while the word is true.` }
    }
  }

  close(): void {
    this.#closing.abort()
  }

  #body({ bayId, visitId, message, reason, at, seq }: DriverWord): object {
    return { siteId: this.#parts.siteId, bayId, visitId, message, reason, words: driverTexts(message, reason), at, seq }
  }

  async #post(body: string): Promise<number> {
    const { url, secret, timeout_ms = 5_000 } = this.#parts
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'berth',
        ...(secret === null
          ? {}
          : { [SIGNATURE_HEADER]: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }),
      },
      body,
      // A redirect would carry the word to an address that nobody wrote into the site file.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeout_ms), this.#closing.signal]),
    })
    await answer.body?.cancel()
    return answer.status
  }

  #judge(status: number): SignAnswer {
    if (status >= 200 && status < 300) return { outcome: 'shown' }
    if (status >= 500 || PASSING.includes(status))
      return { outcome: 'not-now', says: `${this.name} answers ${status}; it is tried again while the word is true.` }
    const what =
      status >= 300 && status < 400 ? 'name the address that it leads to' : 'check its address and its secret'
    return { outcome: 'never', says: `${this.name} does not take words (it answers ${status}); ${what}.` }
  }
}

/** Why nothing answered, up to the semicolon. */
function whyNot(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return 'does not answer in time;'
  const below = cause instanceof Error ? cause.cause : undefined
  const code = typeof below === 'object' && below !== null && 'code' in below ? ` (${String(below.code)})` : ''
  return `cannot be reached${code};`
}
