import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { joinOn, passOn } from '../cluster/forwarding.ts'
import { isLoopback } from '../server/callers.ts'
import { waitPage } from './sites-page.ts'
import type { Shown, ViewerShelf } from './viewer-shelf.ts'

export type SiteDoorParts = {
  readonly shelf: Pick<ViewerShelf, 'at' | 'peek'>
  /** Whether a site of this name (in small letters) ships here, by its own spelling; null where none does. */
  readonly known: (label: string) => string | null
  /** Given where nobody has a token and only this machine may look: what viewers ask for instead. */
  readonly ownToken: string | null
}

const CLOSED = 'Sign in at the board of sites and open this one from there.'
/** Names that can stand as the first label of a host. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Sites' own boards: each behind its name as the first label of the host (`depot-north.centre.example`). */
export class SiteDoor {
  readonly #parts: SiteDoorParts

  constructor(parts: SiteDoorParts) {
    this.#parts = parts
  }

  /** Where this caller finds a site; null where its name, or the host's, cannot be put together. */
  url(
    site: string,
    { headers, protocol }: { readonly headers: IncomingMessage['headers']; readonly protocol: string },
  ): string | null {
    const host = headers.host ?? ''
    const [name = '', port] = host.split(':')
    const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : protocol
    const at = isLoopback(name) ? 'localhost' : name
    const isAddress = /^[\d.]+$/.test(at) || host.startsWith('[') || at === ''
    if (isAddress || !LABEL.test(site.toLowerCase())) return null
    return `${scheme}://${site.toLowerCase()}.${at}${port === undefined ? '' : `:${port}`}/`
  }

  /** Whether a request is for a site's own board: then it is answered. Only who `isKnown` opens one; whoever comes to one that is open is asked there. */
  takes(request: IncomingMessage, response: ServerResponse, isKnown: boolean): boolean {
    const site = this.#siteOf(request)
    if (site === null) return false
    const shown = this.#shown(site, request, isKnown)
    if (shown === 'opening') {
      answerPage(response, 200, `${site} is opened from its records; this takes a moment for a long log.`, true)
      return true
    }
    const anew = () => answerPage(response, 503, `${site} is opened anew.`, true)
    if (shown === null) answerPage(response, 403, CLOSED)
    else if ('says' in shown) answerPage(response, 503, shown.says, true)
    else passOn(request, response, { url: shown.url, hop: '' }, anew)
    return true
  }

  /** The same for WebSockets. */
  takesUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const site = this.#siteOf(request)
    if (site === null) return false
    socket.on('error', () => socket.destroy())
    const shown = this.#shown(site, request, false)
    if (shown === null || shown === 'opening' || 'says' in shown)
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
    else joinOn(request, socket, head, { url: shown.url, hop: '' })
    return true
  }

  #shown(site: string, request: IncomingMessage, isKnown: boolean): Shown | null {
    const { shelf, ownToken } = this.#parts
    if (ownToken !== null && !this.#isHere(request, ownToken)) return null
    return isKnown || ownToken !== null ? shelf.at(site) : shelf.peek(site)
  }

  #siteOf({ headers }: IncomingMessage): string | null {
    const [label = '', ...rest] = (headers.host ?? '').toLowerCase().split(':')[0]?.split('.') ?? []
    return rest.length === 0 || !LABEL.test(label) || /^\d+$/.test(label) ? null : this.#parts.known(label)
  }

  /** Where nobody has a token only this machine itself may look, as everywhere; viewers are shown the token that it has then. */
  #isHere({ headers, rawHeaders, socket }: IncomingMessage, ownToken: string): boolean {
    const name = (headers.host ?? '').split(':')[0]?.split('.').slice(1).join('.') ?? ''
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
    if (!isLoopback(socket.remoteAddress ?? '') || !isLoopback(name) || isForwarded) return false
    headers.authorization = `Bearer ${ownToken}`
    rawHeaders.push('Authorization', headers.authorization)
    return true
  }
}

function answerPage(response: ServerResponse, status: number, says: string, again = false): void {
  const { body, headers } = waitPage(says, again)
  response.writeHead(status, headers)
  response.end(body)
}
