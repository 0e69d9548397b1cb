import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../actors/ports.ts'
import { signInsNamed } from '../server/session-cookie.ts'
import type { Caller, Role } from '../site-desk.ts'
import { cookieOf } from './centre-people.ts'

/** Somebody at a site's own host: who they are at the board of sites, and the sign-ins by a token that they came with. */
type Pass = {
  readonly caller: Caller
  readonly site: string
  readonly until: number
  readonly by: readonly string[]
}
type Asked = Pick<IncomingMessage, 'headers' | 'socket'>

export type SitePassParts = {
  readonly clock: Pick<Clock, 'now'>
  /** People come over TLS always; false = where a request says so. */
  readonly secure: boolean
  /** Whether this caller may come in still. */
  readonly stands: (caller: Caller) => boolean
  /** When their sign-in ends, ms since 1970; null = as long as their token counts. */
  readonly untilOf: (caller: Caller) => number | null
}

/** A ticket is in an address: it is good once, and not for long, ms. */
const TICKET_MS = 60_000
/** Without a sign-in that ends, ms. */
const PASS_MS = 8 * 3_600_000
const MOST = 10_000
const ENTER = '/centre-enter'
const NAME = 'berth_centre_site'

/**
 * Each site's board has a host of its own, which a cookie of the board of sites does not reach: whoever is signed in there crosses with a
 * ticket, and has a cookie of that host alone from then on.
 */
export class SitePasses {
  readonly #parts: SitePassParts
  readonly #cookies = { plain: cookieOf(NAME, false), secure: cookieOf(NAME, true) }
  readonly #tickets = new Map<string, Pass>()
  readonly #passes = new Map<string, Pass>()

  constructor(parts: SitePassParts) {
    this.#parts = parts
  }

  /** The path at the site's host that lets this caller in, once. */
  ticket(caller: Caller, site: string, seq: number, request: Pick<IncomingMessage, 'headers'>): string {
    const until = this.#parts.clock.now() + TICKET_MS
    return `${ENTER}?ticket=${this.#keep(this.#tickets, { caller, site, until, by: signInsNamed(request) })}&seq=${seq}`
  }

  /** Who signs out at the board of sites, by the cookie that a token gave them, is signed out at each site's own. */
  signOut(request: Pick<IncomingMessage, 'headers'>): void {
    const ended = signInsNamed(request)
    for (const shelf of [this.#tickets, this.#passes])
      for (const [id, { by }] of shelf) if (by.some((one) => ended.includes(one))) shelf.delete(id)
  }

  /** The answer to a ticket: where to go and the cookie; null where the request brings none that holds. */
  enter(
    site: string,
    request: Asked & Pick<IncomingMessage, 'url'>,
  ): { readonly to: string; readonly cookie: string } | null {
    const { url = '' } = request
    if (!url.startsWith(`${ENTER}?`)) return null
    const query = new URLSearchParams(url.slice(ENTER.length))
    const id = digest(query.get('ticket') ?? '')
    const ticket = this.#tickets.get(id)
    this.#tickets.delete(id)
    if (ticket === undefined || ticket.site !== site || ticket.until < this.#parts.clock.now()) return null
    const { clock, stands, untilOf } = this.#parts
    if (!stands(ticket.caller)) return null
    const until = untilOf(ticket.caller) ?? clock.now() + PASS_MS
    const seconds = Math.max(1, Math.round((until - clock.now()) / 1_000))
    const pass = this.#keep(this.#passes, { ...ticket, until })
    const seq = /^\d{1,15}$/.exec(query.get('seq') ?? '')?.[0]
    return { to: seq === undefined ? '/' : `/#/?at=seq:${seq}`, cookie: this.#cookieOf(request).line(pass, seconds) }
  }

  /** The role of whoever came with a pass for this site; null where it is none, or their sign-in is over. */
  roleOf(site: string, request: Asked): Role | null {
    const pass = this.#passes.get(digest(this.#cookieOf(request).in(request.headers.cookie) ?? ''))
    if (pass === undefined || pass.site !== site || pass.until < this.#parts.clock.now()) return null
    return this.#parts.stands(pass.caller) ? pass.caller.role : null
  }

  #cookieOf(request: Asked) {
    return this.#parts.secure || isTls(request) ? this.#cookies.secure : this.#cookies.plain
  }

  #keep(shelf: Map<string, Pass>, pass: Pass): string {
    for (const [id, { until }] of shelf)
      if (until < this.#parts.clock.now() || shelf.size >= MOST) shelf.delete(id)
      else break
    const secret = randomBytes(32).toString('base64url')
    shelf.set(digest(secret), pass)
    return secret
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Whether somebody came over TLS, also of a proxy before the centre. */
export const isTls = ({ headers, socket }: Asked): boolean =>
  headers['x-forwarded-proto'] === 'https' || 'encrypted' in socket
