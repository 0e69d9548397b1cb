import { createHmac } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'

/** Headers of every call to the operator's back end; the signature is over `id.timestamp.body`. */
export const CALL_HEADERS = { id: 'berth-id', timestamp: 'berth-timestamp', signature: 'berth-signature' } as const

export type SignedCallerParts = {
  /** Who is called, in words: `The authorizer`. */
  readonly who: string
  readonly secret: string
  readonly clock: Clock
  /** Longest wait for a whole answer, ms. */
  readonly deadline_ms: number
}

/** Longest answer. */
const MOST_BYTES = 65_536

/** `sha256=` and the HMAC-SHA256 of `id.timestamp.body` in hex. */
export const signatureOf = (secret: string, id: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('hex')}`

/** Posts a JSON text with its id, the time and their signature; rejects as `fetch` does. */
export function postSigned(
  url: string,
  call: {
    readonly secret: string
    readonly clock: Pick<Clock, 'now'>
    readonly id: string
    readonly body: string
    readonly signal: AbortSignal
  },
): Promise<Response> {
  const { secret, clock, id, body, signal } = call
  const timestamp = String(clock.now())
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'berth',
      [CALL_HEADERS.id]: id,
      [CALL_HEADERS.timestamp]: timestamp,
      [CALL_HEADERS.signature]: signatureOf(secret, id, timestamp, body),
    },
    body,
    // A redirect would carry a plate or a token to an address that nobody wrote into the site file.
    redirect: 'manual',
    signal,
  })
}

/** Calls the operator's own back end by signed HTTP POST. What it answers is bounded in time and size, and never followed elsewhere. */
export class SignedCaller {
  readonly #parts: SignedCallerParts
  readonly #closing = new AbortController()

  constructor(parts: SignedCallerParts) {
    this.#parts = parts
  }

  /** The answer's JSON. Rejects with Fault BACK_END_SILENT (no whole answer in time) or BACK_END_REFUSED (an answer that is none). */
  async post(url: string, id: string, what: object): Promise<unknown> {
    const { clock, deadline_ms } = this.#parts
    const late = new AbortController()
    const disarm = clock.after(deadline_ms, () => late.abort())
    try {
      const answer = await this.#send(
        url,
        id,
        JSON.stringify(what),
        AbortSignal.any([late.signal, this.#closing.signal]),
      )
      return await this.#read(answer)
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      throw this.#silent(
        late.signal.aborted ? `did not answer within ${deadline_ms / 1000} s` : `cannot be reached${codeOf(cause)}`,
        cause,
      )
    } finally {
      disarm()
      late.abort()
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#closing.abort()
  }

  #send(url: string, id: string, body: string, signal: AbortSignal): Promise<Response> {
    const { secret, clock } = this.#parts
    return postSigned(url, { secret, clock, id, body, signal })
  }

  async #read(answer: Response): Promise<unknown> {
    const { status } = answer
    if (status >= 200 && status < 300) return this.#parse(await this.#bytes(answer))
    await answer.body?.cancel()
    if (status >= 500 || status === 429) throw this.#silent(`answers ${status}`)
    if (status >= 300 && status < 400) throw this.#refused(`answers ${status} and points elsewhere; name that address`)
    throw this.#refused(`answers ${status}; check its address and its secret`)
  }

  async #bytes({ body }: Response): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of body ?? []) {
      size += part.length
      if (size > MOST_BYTES)
        throw this.#refused(`answers more than ${MOST_BYTES} bytes; let it answer the object alone`)
      parts.push(part)
    }
    return Buffer.concat(parts)
  }

  #parse(bytes: Uint8Array): unknown {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    } catch {
      throw this.#refused('answers what is no JSON; let it answer the object alone')
    }
  }

  #silent(why: string, cause?: unknown): Fault {
    return new Fault('BACK_END_SILENT', {}, { says: `${this.#parts.who} ${why}.`, cause })
  }

  #refused(why: string): Fault {
    return new Fault('BACK_END_REFUSED', {}, { says: `${this.#parts.who} ${why}.` })
  }
}

function codeOf(cause: unknown): string {
  const below = cause instanceof Error ? cause.cause : undefined
  return typeof below === 'object' && below !== null && 'code' in below ? ` (${String(below.code)})` : ''
}
