import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'

/** A sign-in on its way to the provider and back: what the answer must fit, and where the person wanted to go. */
export type Attempt = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** A path of this server. */
  readonly to: string
}

/** So long somebody may take at the provider, ms. */
export const ATTEMPT_MS = 10 * 60_000
const MOST_USED = 10_000
const IV = 12
const TAG = 16

/**
 * Attempts lie with the browser that makes them, sealed, so that whoever begins many costs nothing here; each is good for one answer.
 */
export class SealedAttempts {
  readonly #clock: Pick<Clock, 'now'>
  readonly #key = randomBytes(32)
  /** States that were answered, with when they end by themselves, ms since 1970. */
  readonly #used = new Map<string, number>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** The text of a cookie. */
  seal(attempt: Attempt): string {
    const iv = randomBytes(IV)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv)
    const until = this.#clock.now() + ATTEMPT_MS
    const sealed = Buffer.concat([cipher.update(JSON.stringify({ ...attempt, until })), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** What was sealed; null for what was not, is too old, or was used. It is used from now on. */
  take(text: string): Attempt | null {
    const found = this.#open(text)
    if (found === null || found.until < this.#clock.now() || this.#used.has(found.state)) return null
    this.#used.set(found.state, found.until)
    for (const [state, until] of this.#used)
      if (until < this.#clock.now() || this.#used.size > MOST_USED) this.#used.delete(state)
      else break
    return found
  }

  #open(text: string): (Attempt & { readonly until: number }) | null {
    const bytes = Buffer.from(text.slice(0, 4_000), 'base64url')
    if (bytes.length <= IV + TAG) return null
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV))
    decipher.setAuthTag(bytes.subarray(IV, IV + TAG))
    try {
      const opened = Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()])
      return JSON.parse(opened.toString()) as Attempt & { readonly until: number }
    } catch {
      return null
    }
  }
}
