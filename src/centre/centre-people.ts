import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { LastingNote } from '../lasting-note.ts'
import type { ClaimedPerson } from '../oidc/claimed-person.ts'
import { SignedIn, type SignIn } from '../oidc/signed-in.ts'
import { type Callers, openCallers, refuseForeignOrigin } from '../server/callers.ts'
import type { Caller } from '../site-desk.ts'

/** Who calls at a centre: people who signed in at the provider, and who has the admin token. */
export type CentrePeople = Callers & {
  /** The sites that this caller sees; null = every one. */
  readonly sitesOf: (caller: Caller) => readonly string[] | null
  /** The sign-in that a caller of `of` came by; null for who has a token, or is this machine itself. */
  readonly signInOf: (caller: Caller) => SignIn | null
  /** Whether this machine itself calls, where nobody has a token. */
  readonly isMachine: (caller: Caller) => boolean
  /** Signs somebody in: the Set-Cookie line. */
  readonly begin: (person: ClaimedPerson) => string
  /** Ends the sign-in that this request came with: the Set-Cookie line. */
  readonly end: (request: FastifyRequest) => string
}

export type CentrePeopleParts = {
  /** BERTH_ADMIN_TOKEN. */
  readonly adminToken: string | null
  /** Null = nobody signs in by a provider. */
  readonly provider: { readonly session_h: number; readonly secure: boolean } | null
  readonly clock: Clock
  /** Where sign-ins by the token that ended are written down. */
  readonly ended: LastingNote
}

/** Opens the book of who is here. */
export function openCentrePeople({ adminToken, provider, clock, ended }: CentrePeopleParts): CentrePeople {
  const tokens = adminToken === null ? [] : [{ token: adminToken, name: 'admin', role: 'admin' } as const]
  const callers = openCallers(tokens, clock, { all: () => [], secret: 'centre' }, ended)
  const { session_h = 0, secure = false } = provider ?? {}
  const signedIn = new SignedIn(session_h, clock)
  const cookie = cookieOf('berth_centre', secure)
  return {
    ...callers,
    of(request) {
      refuseForeignOrigin(request)
      // Who sends a token means that.
      const secret = request.headers.authorization === undefined ? cookie.in(request.headers.cookie) : null
      const found = secret === null ? null : signedIn.of(secret)
      if (found !== null) return found.caller
      // With a provider this machine itself must sign in as well: a proxy on it may ask for anybody.
      if (adminToken === null && provider !== null) throw new Fault('UNAUTHORIZED', {}, { says: 'Sign in first.' })
      return callers.of(request)
    },
    stands: (caller) => (signedIn.knew(caller) ? signedIn.ofCaller(caller) !== null : callers.stands(caller)),
    until(request) {
      const until = signedIn.of(cookie.in(request.headers.cookie) ?? '')?.until
      return until === undefined ? callers.until(request) : new Date(until).toISOString()
    },
    sitesOf: (caller) => signedIn.ofCaller(caller)?.sites ?? null,
    signInOf: (caller) => signedIn.ofCaller(caller),
    isMachine: (caller) => adminToken === null && signedIn.ofCaller(caller) === null,
    begin: (person) => cookie.line(signedIn.begin(person), Math.round(session_h * 3_600)),
    end(request) {
      signedIn.end(cookie.in(request.headers.cookie) ?? '')
      return cookie.line('', 0)
    },
  }
}

/** Throws Fault NOT_FOUND for a site that this caller does not see: whoever may not see it does not learn that it is there. */
export function demandSite(people: Pick<CentrePeople, 'sitesOf'>, caller: Caller, site: string): void {
  if (people.sitesOf(caller)?.includes(site) !== false) return
  throw new Fault('NOT_FOUND', {}, { says: `There is no site to show as ${site.slice(0, 64)}.` })
}

/** A cookie of this very host; over TLS browsers take it from nobody else (`__Host-`). `in` finds it, `line` sets it for so many seconds. */
export function cookieOf(name: string, secure: boolean) {
  const full = secure ? `__Host-${name}` : name
  return {
    in(header: string | undefined): string | null {
      const all = (header ?? '').split(';').map((part) => part.trim().split('='))
      return all.find(([key, value]) => key === full && value)?.[1]?.slice(0, 4_000) ?? null
    },
    // Lax: the way back from the provider begins elsewhere.
    line: (value: string, seconds: number): string =>
      `${full}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`,
  }
}
