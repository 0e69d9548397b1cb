import type { Clock } from '../../actors/ports.ts'
import type { Row } from '../../projections/row-fold.ts'
import { postSigned } from '../back-end/signed-caller.ts'
import { isWanted, type NewsReceiver, type Taking, type Wanted } from './news-receiver.ts'

export type WebhookReceiverParts = Wanted & {
  readonly id: string
  readonly url: string
  readonly secret: string
  readonly clock: Clock
  /** What goes out in the place of the news: links that only the receiver may have. */
  readonly dress: (news: Row) => Row
  /** Longest wait for an answer, ms; default 10,000. */
  readonly timeout_ms?: number
}

/** Somebody who takes news by signed HTTP POST, one a call. Of the answer only the status counts: any 2xx means taken. */
export class WebhookReceiver implements NewsReceiver {
  readonly id: string
  readonly #parts: WebhookReceiverParts
  readonly #closing = new AbortController()

  constructor(parts: WebhookReceiverParts) {
    this.#parts = parts
    this.id = parts.id
  }

  wants(news: Row): boolean {
    return isWanted(this.#parts, news)
  }

  async take(news: Row): Promise<Taking> {
    const { url, secret, clock, dress, timeout_ms = 10_000 } = this.#parts
    const id = String(news['id'])
    const body = JSON.stringify(dress(news))
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(timeout_ms), this.#closing.signal])
      const answer = await postSigned(url, { secret, clock, id, body, signal })
      await answer.body?.cancel()
      return answer.ok ? { taken: true } : { ...this.#not(`answers ${answer.status}`), ...refusalOf(answer.status) }
    } catch (cause) {
      const isLate = cause instanceof DOMException && cause.name === 'TimeoutError'
      return this.#not(isLate ? `does not answer within ${timeout_ms / 1000} s` : 'cannot be reached')
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
  }

  /** Not the whole address: its path or query may hold a key. */
  #not(why: string): Extract<Taking, { taken: false }> {
    const { id, url } = this.#parts
    return {
      taken: false,
      why: `The receiver of news \`${id}\` at ${new URL(url).host} ${why}`,
    }
  }
}

/** Statuses of 4xx that only ask to come again later. */
const LATER: readonly number[] = [408, 425, 429]

/** A 4xx says that the call is wrong, not that the receiver is away. */
function refusalOf(status: number): { readonly refuses?: 'now' | 'for-ever' } {
  if (status === 410) return { refuses: 'for-ever' }
  return status >= 400 && status < 500 && !LATER.includes(status) ? { refuses: 'now' } : {}
}
