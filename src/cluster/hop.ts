import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isSameSecret } from '../same-secret.ts'

/** The header by which a node says for whom it asks another one. */
export const HOP_HEADER = 'x-berth-hop'

/** Proves to other nodes that a request came through one of theirs: with a key that only they have. */
export class Hop {
  readonly #key: Buffer

  /** `secret`: what all nodes of a cluster have, and nobody else. */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('berth node to node').digest()
  }

  /** What the header of a request of this caller says. */
  for(request: IncomingMessage): string {
    const from = request.socket.remoteAddress ?? ''
    return `${from} ${this.#sign(from, request)}`
  }

  /** The caller's own address where another node passed this request on; null where it came by itself. A header that nobody signed is taken off. */
  take(request: IncomingMessage): string | null {
    const header = request.headers[HOP_HEADER]
    delete request.headers[HOP_HEADER]
    if (typeof header !== 'string') return null
    const [from = '', signature = ''] = header.split(' ')
    return isSameSecret(signature, this.#sign(from, request)) ? from : null
  }

  /** By this a node asks the one at `url` where sites are. Whoever else stands there can use it nowhere: it opens that address alone. */
  word(url: string): string {
    return createHmac('sha256', this.#key).update(`where sites are\n${url}`).digest('base64url')
  }

  #sign(from: string, { method, url, headers }: IncomingMessage): string {
    return createHmac('sha256', this.#key).update([from, method, url, headers.host].join('\n')).digest('base64url')
  }
}
