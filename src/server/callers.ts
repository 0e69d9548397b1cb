import { createHmac, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { type LastingNote, PASSING_NOTE } from '../lasting-note.ts'
import { isSameSecret } from '../same-secret.ts'
import type { Caller, Role } from '../site-desk.ts'
import { EndedSignIns } from './ended-sign-ins.ts'
import { sessionCookies } from './session-cookie.ts'
import type { StoredToken } from './token-book.ts'
import { tokenDigest, tokenMark, tokenProof } from './token-proof.ts'
import { WrongTokenBrake } from './wrong-token-brake.ts'

/** A token of a machine client or a person, with the name that records will carry. */
export type CallerToken = {
  readonly token: string
  readonly name: string
  readonly role: Role
  readonly accounts?: readonly string[]
}

/** Tokens of which only hashes are kept, and the secret with which the cookies of this site are signed: one of another site that has the same token is none of its. */
export type HashedTokens = { readonly all: () => readonly StoredToken[]; readonly secret: string }
const NO_TOKENS: HashedTokens = { all: () => [], secret: '' }

type Known = { readonly caller: Caller; readonly digest: Buffer; readonly key: Buffer }

/** The last moment that a Date can be. */
const MOST_TIME = 8.64e15
/** Who calls from this machine itself while no token is configured. */
const LOCAL: Caller = { name: 'local', role: 'admin' }

/** Finds out who calls. Without any token on this site only this machine itself may call, and it is admin. */
export type Callers = {
  /** Throws Fault UNAUTHORIZED or FORBIDDEN. */
  of(request: FastifyRequest): Caller
  /** The Set-Cookie line for this token, or null where nobody holds it. */
  login(token: string, secure: boolean): string | null
  /** The Set-Cookie line by which the sign-in of this request's cookie goes on as long as a new one; null where it came with none that holds. */
  renew(request: FastifyRequest, secure: boolean): string | null
  /** Ends the sign-in of this request's cookie, wherever else a cookie of it is: the Set-Cookie line, once that holds for good. Rejects with the fault of the store. */
  logout(request: FastifyRequest): Promise<string>
  /**
   * Proves to who has a token, before they send it, that this is a server which has it too: by its mark (`tokenMark`) and a nonce of theirs.
   * Null where this site asks for no token. Throws Fault UNAUTHORIZED where nobody holds it.
   */
  prove(mark: string, siteId: string, nonce: string): string | null
  /**
   * Whether this caller, by the token that it came in with, may come in still with this name and role; who came in without a token, as long
   * as none is configured. A caller that `of` did not give stands by name and role.
   */
  stands(caller: Caller): boolean
  /** When the cookie of this request ends, ISO 8601; null where it came with none. */
  until(request: FastifyRequest): string | null
  /** Throws Fault UNAUTHORIZED where too many wrong tokens of this address wait already: then none is looked at. */
  admit(request: FastifyRequest): void
  /** A token or cookie of this request was wrong: resolves when the answer may go out, later with every further one. */
  wrong(request: FastifyRequest): Promise<void>
}

/** Callers by bearer token, by the cookie that a login with one gave, or by loopback where no token is configured. `ended`: where sign-ins that ended are written down. */
export function openCallers(
  tokens: readonly CallerToken[],
  clock: Clock,
  { all, secret }: HashedTokens = NO_TOKENS,
  ended: LastingNote = PASSING_NOTE,
): Callers {
  const brake = new WrongTokenBrake(clock)
  const keyOf = (text: string) => createHmac('sha256', secret).update(text).digest()
  const given = tokens.map(({ token, ...caller }): Known => {
    return { caller, digest: tokenDigest(token), key: keyOf(`berth session ${token}`) }
  })
  const hashed = ({ name, role, accounts, sha256 }: StoredToken): Known => ({
    caller: { name, role, ...(accounts && { accounts }) },
    digest: Buffer.from(sha256, 'hex'),
    key: keyOf(sha256),
  })
  const everybody = (): readonly Known[] => [...given, ...all().map(hashed)]
  const byToken = (token: string) => {
    const asked = tokenDigest(token)
    // Every entry is compared, so that the time taken tells nothing.
    return everybody().reduce<Known | null>(
      (found, entry) => (timingSafeEqual(entry.digest, asked) ? entry : found),
      null,
    )
  }
  /** By whose token each caller came in, as long as somebody keeps that caller. */
  const cameBy = new WeakMap<Caller, Buffer>()
  const cookies = sessionCookies(everybody, clock, new EndedSignIns(ended, clock))
  return {
    of(request) {
      refuseForeignOrigin(request)
      if (everybody().length === 0) return loopbackAdmin(request)
      const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      const found = bearer === undefined ? (cookies.find(request)?.entry ?? null) : byToken(bearer)
      if (found === null) throw new Fault('UNAUTHORIZED')
      cameBy.set(found.caller, found.digest)
      return found.caller
    },
    admit: (request) => brake.admit(request),
    wrong: (request) => brake.wrong(request),
    login(token, secure) {
      const found = byToken(token)
      return found === null ? null : cookies.of(found.key, secure)
    },
    renew(request, secure) {
      const found = cookies.find(request)
      return found === null ? null : cookies.of(found.entry.key, secure, found.signIn)
    },
    prove(mark, siteId, nonce) {
      if (everybody().length === 0) return null
      const found = everybody().find((entry) => isSameSecret(tokenMark(entry.digest), mark))
      if (found === undefined) throw new Fault('UNAUTHORIZED')
      return tokenProof(found.digest, siteId, nonce)
    },
    stands(by) {
      const all = everybody()
      const isLocal = all.length === 0 && by.name === LOCAL.name
      const token = cameBy.get(by)
      const isIts = ({ digest }: Known): boolean => token === undefined || digest.equals(token)
      return isLocal || all.some((one) => one.caller.name === by.name && one.caller.role === by.role && isIts(one))
    },
    until(request) {
      const ends = cookies.find(request)?.until ?? 0
      return ends > 0 && ends < MOST_TIME ? new Date(ends).toISOString() : null
    },
    logout: (request) => cookies.end(request),
  }
}

/** A browser names the page that asks; only pages of this very server may. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers
  if (origin === undefined) return
  if (origin === `http://${host}` || origin === `https://${host}`) return
  throw new Fault('FORBIDDEN', {}, { says: 'A page of another origin asked; open the inspector at its own address.' })
}

function loopbackAdmin(request: FastifyRequest): Caller {
  const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined
  if (
    isLoopback(request.socket.remoteAddress ?? '') &&
    isLoopback(hostName(request.headers.host ?? '')) &&
    !forwarded
  ) {
    return LOCAL
  }
  throw new Fault(
    'FORBIDDEN',
    {},
    { says: 'No token is configured, so only this machine itself may call; set BERTH_ADMIN_TOKEN to let others in.' },
  )
}

/** The host of a Host header, without its port. */
function hostName(host: string): string {
  return /^\[([\da-f:.]+)\](?::\d+)?$/i.exec(host)?.[1] ?? host.replace(/:\d+$/, '')
}

/** Whether a host name or address is this machine itself: `localhost`, 127.0.0.0/8, ::1. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^::ffff:/, '')
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}
