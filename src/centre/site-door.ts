import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { joinOn, passOn } from '../cluster/forwarding.ts'
import { plainPage } from '../plain-page.ts'
import { isLoopback } from '../server/callers.ts'
import type { Caller, Role } from '../site-desk.ts'
import { HOST_LABEL } from '../uplink/centre-address.ts'
import { languageFor, sentenceIn } from './centre-language.ts'
import { LINK } from './centre-links.ts'
import { mainTold, TOLD_HEADERS } from './centre-page.ts'
import { REGISTER } from './gateway-routes.ts'
import { isTls, type SitePasses } from './site-pass.ts'
import type { Shown, ViewerShelf } from './viewer-shelf.ts'

export type SiteDoorParts = {
  readonly shelf: Pick<ViewerShelf, 'at' | 'peek'>
  /** Whether a site of this name (in small letters) ships here, by its own spelling; null where none does. */
  readonly known: (label: string) => string | null
  /** Given where nobody has a token and only this machine may look: what viewers ask for instead. */
  readonly ownToken: string | null
  /** How people cross from the board of sites to a site's own; null where nobody has a token. */
  readonly entry: SiteEntry | null
  /** The centre's own address, an origin; null = what the host says without the site's name. */
  readonly home: string | null
}

/** A way from the board of sites to each site's own. */
export type SiteEntry = {
  readonly passes: Pick<SitePasses, 'ticket' | 'enter' | 'roleOf'>
  /** The token that viewers take for somebody of this role. */
  readonly tokenOf: (role: Role) => string
}

const CLOSED = 'Sign in at the board of sites and open this one from there.'
/** Gateways come in here under whatever name they know. */
const OF_GATEWAYS: ReadonlySet<string> = new Set([LINK, REGISTER])

/** Sites' own boards: each behind its name as the first label of the host (`depot-north.centre.example`). */
export class SiteDoor {
  readonly #parts: SiteDoorParts
  readonly #homeHost: string | null

  constructor(parts: SiteDoorParts) {
    this.#parts = parts
    this.#homeHost = parts.home === null ? null : new URL(parts.home).hostname
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
    if (isAddress || !HOST_LABEL.test(site.toLowerCase())) return null
    return `${scheme}://${site.toLowerCase()}.${at}${port === undefined ? '' : `:${port}`}/`
  }

  /** Where to send somebody who opened a site: to its newest record, by a ticket where it asks who they are. */
  wayIn(url: string, site: string, caller: Caller, seq: number, request: Pick<IncomingMessage, 'headers'>): string {
    const { entry } = this.#parts
    if (entry !== null) return `${url.slice(0, -1)}${entry.passes.ticket(caller, site, seq, request)}`
    // A recording begins with its first record: here people look for the newest.
    return `${url}#/?at=seq:${seq}`
  }

  /** Whether a request is for a site's own board: then it is answered. Only who `isKnown` opens one, which is asked of whoever has no pass; whoever comes to one that is open is asked there. Rejects as `isKnown`. */
  async takes(request: IncomingMessage, response: ServerResponse, isKnown: () => Promise<boolean>): Promise<boolean> {
    const site = this.siteOf(request)
    if (site === null) return false
    if (this.#comesIn(site, request, response)) return true
    const isLet = this.#isLet(site, request) || (await isKnown())
    if (!isLet && this.#sentHome(site, request, response)) return true
    const shown = this.#shown(site, request, isLet)
    if (shown === 'opening') {
      answerPage(
        request,
        response,
        200,
        `${site} is opened from its records; this takes a moment for a long log.`,
        true,
      )
      return true
    }
    const anew = () => answerPage(request, response, 503, `${site} is opened anew.`, true)
    if (shown === null) answerPage(request, response, 403, CLOSED)
    else if ('says' in shown) answerPage(request, response, 503, shown.says, true)
    else passOn(forWhom(request), response, { url: shown.url, hop: '' }, anew)
    return true
  }

  /** The same for WebSockets. */
  takesUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const site = this.siteOf(request)
    if (site === null) return false
    socket.on('error', () => socket.destroy())
    const shown = this.#shown(site, request, this.#isLet(site, request))
    if (shown === null || shown === 'opening' || 'says' in shown)
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
    else joinOn(forWhom(request), socket, head, { url: shown.url, hop: '' })
    return true
  }

  /** Whether this is a ticket: then the pass is given, and the address says it no more. */
  #comesIn(site: string, request: IncomingMessage, response: ServerResponse): boolean {
    const entered = this.#parts.entry?.passes.enter(site, request) ?? null
    if (entered === null) return false
    response.writeHead(303, { location: entered.to, 'set-cookie': entered.cookie, 'cache-control': 'no-store' }).end()
    return true
  }

  /** Whether they have a pass: then their viewer takes them for who they are. */
  #isLet(site: string, request: IncomingMessage): boolean {
    const { entry } = this.#parts
    const role = request.headers.authorization === undefined ? (entry?.passes.roleOf(site, request) ?? null) : null
    if (entry === null || role === null) return false
    showToken(request, entry.tokenOf(role))
    return true
  }

  /** Whether somebody opens a page here without a pass: the board of sites asks who they are, and sends them back. */
  #sentHome(site: string, request: IncomingMessage, response: ServerResponse): boolean {
    const { entry, home } = this.#parts
    const { method, headers } = request
    const isPage = method === 'GET' && headers.accept?.includes('text/html') === true
    if (entry === null || !isPage || headers.authorization !== undefined) return false
    const to = `${home ?? homeOf(request)}/sites/${encodeURIComponent(site)}`
    response.writeHead(303, { location: to, 'cache-control': 'no-store' }).end()
    return true
  }

  #shown(site: string, request: IncomingMessage, isKnown: boolean): Shown | null {
    const { shelf, ownToken } = this.#parts
    if (ownToken !== null && !this.#isHere(request, ownToken)) return null
    return isKnown || ownToken !== null ? shelf.at(site) : shelf.peek(site)
  }

  /** The site whose own host this request names; null where it names none. */
  siteOf({ headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>): string | null {
    const [host = ''] = (headers.host ?? '').toLowerCase().split(':')
    // A site may be named like the centre's own host begins.
    if (OF_GATEWAYS.has(url.split('?')[0] ?? '') || host === this.#homeHost) return null
    const [label = '', ...rest] = host.split('.')
    return rest.length === 0 || !HOST_LABEL.test(label) || /^\d+$/.test(label) ? null : this.#parts.known(label)
  }

  /** Where nobody has a token only this machine itself may look, as everywhere; viewers are shown the token that it has then. */
  #isHere(request: IncomingMessage, ownToken: string): boolean {
    const { headers, socket } = request
    const name = (headers.host ?? '').split(':')[0]?.split('.').slice(1).join('.') ?? ''
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
    if (!isLoopback(socket.remoteAddress ?? '') || !isLoopback(name) || isForwarded) return false
    showToken(request, ownToken)
    return true
  }
}

/** The address of the board of sites, as this request names it. */
function homeOf(request: IncomingMessage): string {
  return `${isTls(request) ? 'https' : 'http'}://${(request.headers.host ?? '').split('.').slice(1).join('.')}`
}

/** A viewer hears this machine alone: it is told from where somebody asks, as by any proxy, so that its brake holds whoever guesses. */
function forWhom(request: IncomingMessage): IncomingMessage {
  const { headers, rawHeaders, socket } = request
  const { remoteAddress = '' } = socket
  if (isLoopback(remoteAddress)) return request
  const before = headers['x-forwarded-for']
  headers['x-forwarded-for'] = before === undefined ? remoteAddress : `${String(before)}, ${remoteAddress}`
  rawHeaders.push('X-Forwarded-For', remoteAddress)
  return request
}

/** As if they had come with it. */
function showToken({ headers, rawHeaders }: IncomingMessage, token: string): void {
  headers.authorization = `Bearer ${token}`
  rawHeaders.push('Authorization', headers.authorization)
}

function answerPage(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  says: string,
  again = false,
): void {
  const language = languageFor(request)
  const main = `<h1>berth</h1><p role="status" data-told>${sentenceIn(language, says)}</p>`
  response.writeHead(status, TOLD_HEADERS)
  response.end(plainPage({ title: 'berth', body: mainTold(main, again ? 2 : 0), language }))
}
