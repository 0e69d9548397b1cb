import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import type { Sighting } from '../plausibility/sighting.ts'
import { CENTRAL_ORDERS, type CentralOrderType } from '../uplink/central-order.ts'
import { LINK_PROTOCOL } from '../uplink/link-message.ts'
import type { LinkOutcome } from '../uplink/link-request.ts'
import { CLOSED, LinkSocket } from '../uplink/link-socket.ts'
import { AsideShelf } from './aside-shelf.ts'
import { CentreLink } from './centre-link.ts'
import { HeardSites } from './heard-sites.ts'
import { type Admitted, LinkTokens } from './link-tokens.ts'
import { SiteCopy } from './site-copy.ts'

/** Where gateways knock. */
export const LINK = '/link'

type LinksParts = {
  readonly lines: readonly PostgresLine[]
  readonly clock: Clock
  readonly log: (says: string) => void
}
type Open = { readonly who: Admitted; readonly token: string; readonly socket: LinkSocket; readonly link: CentreLink }

/** Every link that is open, one a site and epoch. */
export class CentreLinks {
  readonly #parts: LinksParts
  readonly #tokens: LinkTokens
  readonly #heard: HeardSites
  readonly #open = new Set<Open>()
  readonly #ready: ((site: string) => void)[] = []
  readonly #away: ((site: string) => void)[] = []
  /** What each site said last that may be ordered of it. */
  readonly #allowed = new Map<string, readonly CentralOrderType[] | null>()
  readonly #sighted: ((site: string, sighting: Sighting) => void)[] = []
  #closed = false

  constructor(parts: LinksParts) {
    this.#parts = parts
    this.#tokens = new LinkTokens(this.#lineOf('tokens'), parts.clock)
    this.#heard = new HeardSites(this.#lineOf('heard'), parts.clock)
  }

  /** Lets a gateway in by its token, or not. */
  async upgrade(sockets: WebSocketServer, request: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> {
    raw.on('error', () => {})
    if (request.url?.split('?')[0] !== LINK) return refuse(raw, '404 Not Found')
    const token = bearerOf(request.headers.authorization)
    if (token === undefined) return refuse(raw, '401 Unauthorized')
    if (request.headers['sec-websocket-protocol']?.split(/\s*,\s*/).includes(LINK_PROTOCOL) !== true)
      return refuse(raw, '400 Bad Request')
    const who = await this.#tokens.who(token).catch(() => 'away' as const)
    if (who === 'away' || this.#closed) return refuse(raw, '503 Service Unavailable')
    if (who === null) return refuse(raw, '401 Unauthorized')
    sockets.handleUpgrade(request, raw, head, (socket) => this.#serve(who, token, socket))
  }

  /** Whose gateway sends this header; null for nobody's. Rejects with Fault STORE_UNREACHABLE where that cannot be told now. */
  async who(authorization: string | undefined): Promise<Admitted | null> {
    const token = bearerOf(authorization)
    return token === undefined ? null : this.#tokens.who(token)
  }

  /** The site whose name in small letters this is; null where none ships here. */
  spelling(label: string): string | null {
    return this.#tokens.sites().find((site) => site.toLowerCase() === label) ?? null
  }

  /** Whether this site's gateway is here. */
  isLinked(site: string): boolean {
    return this.#linksOf(site).length > 0
  }

  /** Told whenever a site's gateway has linked and can be asked. */
  onReady(told: (site: string) => void): void {
    this.#ready.push(told)
  }

  /** Told whenever what a site said over a link holds no more: the link ended, or another one begins. */
  onAway(told: (site: string) => void): void {
    this.#away.push(told)
  }

  /** Told of every word of a site's gateway about a plate. */
  onSighting(told: (site: string, sighting: Sighting) => void): void {
    this.#sighted.push(told)
  }

  /** Whether a site's gateway is linked and knows this kind of requests. */
  takes(site: string, kind: string): boolean {
    return this.#linksOf(site).some(({ link }) => link.takes(kind))
  }

  /** What may be ordered of a site, as its gateway said when it linked last; null where that is not known: not linked yet, or by a berth of before. */
  allowedAt(site: string): readonly CentralOrderType[] | null {
    return this.#allowed.get(site) ?? null
  }

  /**
   * Asks something of a site's gateway (`RequestTable`), and waits for what comes of it. Null where that gateway is not linked, was taken
   * over, does not know the kind, or the link ended meanwhile: then nobody knows what became of it, and the same may be asked again.
   */
  async request(site: string, kind: string, body: Json, within_ms: number): Promise<LinkOutcome | null> {
    for (const { link } of this.#linksOf(site)) {
      const asked = link.request(kind, body, within_ms)
      if (asked !== null) return asked
    }
    return null
  }

  /** Links whose token was taken away end, and those of a gateway that was taken over: linked anew, what it sends is set aside. */
  async look(): Promise<void> {
    await this.#tokens.refresh()
    for (const { token, socket } of this.#open)
      if (!this.#tokens.counts(token)) socket.close(CLOSED.refused, 'This token lets nobody in any more.')
    this.#endFormer()
  }

  close(): void {
    this.#closed = true
    for (const { socket } of this.#open) socket.close(CLOSED.leaving, 'The centre stops.')
  }

  /** What is known of when sites were heard is durable when it resolves. */
  end(): Promise<void> {
    return this.#heard.write()
  }

  #serve(who: Admitted, token: string, webSocket: WebSocket): void {
    const { clock, log } = this.#parts
    const line = this.#lineOf(who.site)
    const link = new CentreLink({
      who,
      copy: new SiteCopy(line, new AsideShelf(line, clock), who),
      clock,
      socket: () => open.socket,
      greeted: ({ orders }) => {
        this.#replace(open)
        if (!this.#tokens.isNewest(token)) return
        this.#allowed.set(who.site, orders === undefined ? null : CENTRAL_ORDERS.filter((one) => orders.includes(one)))
        this.#tellAway(who.site)
      },
      ready: () => {
        for (const told of this.#tokens.isNewest(token) ? this.#ready : []) told(who.site)
      },
      // A gateway that was taken over speaks for nobody.
      sighted: (sighting) => {
        for (const told of this.#tokens.isNewest(token) ? this.#sighted : []) told(who.site, sighting)
      },
      heard: () => this.#heard.hear(who.site),
      tell: log,
    })
    const socket = new LinkSocket(webSocket, clock, {
      // Whoever hung up stands for no site any more.
      text: (text) => (socket.open ? link.text(text) : undefined),
      gone: () => {
        this.#open.delete(open)
        link.end()
        if (!this.isLinked(who.site)) this.#tellAway(who.site)
      },
    })
    const open: Open = { who, token, socket, link }
    this.#open.add(open)
  }

  #tellAway(site: string): void {
    for (const told of this.#away) told(site)
  }

  /** A gateway that comes back finds its former link here, which nobody may have noticed to be dead: the newer one counts. */
  #replace(one: Open): void {
    for (const other of this.#open)
      if (other !== one && other.who.site === one.who.site && other.who.epoch === one.who.epoch)
        other.socket.close(CLOSED.replaced, `Another gateway links as ${one.who.site} with the same token.`)
    this.#endFormer()
  }

  /** The links over which a site's gateway can be asked, the newest first: whose token was the newest at the upgrade may be taken over by now. */
  #linksOf(site: string): readonly Open[] {
    return [...this.#open]
      .filter(({ who, token, socket }) => who.site === site && socket.open && this.#tokens.isNewest(token))
      .toReversed()
  }

  /** Links that were let in with the newest token of their site, where another one was made since. */
  #endFormer(): void {
    for (const { who, token, socket } of this.#open)
      if (who.isNewest && this.#tokens.counts(token) && !this.#tokens.isNewest(token))
        socket.close(CLOSED.takenOver, `${who.site} was taken over at the centre.`)
  }

  #lineOf(name: string): PostgresLine {
    const { lines } = this.#parts
    const sum = [...name].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)
    return lines[sum % lines.length] as PostgresLine
  }
}

const bearerOf = (authorization = ''): string | undefined => /^Bearer (\S{1,512})$/.exec(authorization)?.[1]

/** Answers before there is a WebSocket. */
function refuse(raw: Duplex, status: string): void {
  raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
