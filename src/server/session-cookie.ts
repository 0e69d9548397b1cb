import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import type { EndedSignIns } from './ended-sign-ins.ts'

const COOKIE = 'berth_session'
const SESSION_S = 7 * 24 * 3600
/** Cookies of this name that one request is looked at for. */
const MOST = 50

/** Cookies by which a browser stays signed in: `key` of an entry signs them, and `entries` are all that may. */
export type SessionCookies<Entry extends { readonly key: Buffer }> = {
  /** Whose cookie this request came with, of which sign-in, and when that cookie ends, ms since 1970; null where none of them holds. */
  readonly find: (request: FastifyRequest) => Found<Entry> | null
  /** The Set-Cookie line of a new one; `signIn`: one that goes on, absent = a new one. */
  readonly of: (key: Buffer, secure: boolean, signIn?: string) => string
  /**
   * Ends the sign-ins of this request's browser: no cookie of theirs lets anybody in any more, copies and those from before a renewal included. The Set-Cookie line
   * that takes it away, once that holds for good. Rejects as `EndedSignIns.end`.
   */
  readonly end: (request: FastifyRequest) => Promise<string>
}
type Found<Entry> = { readonly entry: Entry; readonly signIn: string; readonly until: number }

/** Makes and finds them. */
export function sessionCookies<Entry extends { readonly key: Buffer }>(
  entries: () => readonly Entry[],
  clock: Pick<Clock, 'now'>,
  ended: Pick<EndedSignIns, 'name' | 'has' | 'end'>,
): SessionCookies<Entry> {
  const sign = (key: Buffer, until: number, signIn: string) =>
    createHmac('sha256', key).update(`${until} ${signIn}`).digest('base64url')
  const signerOf = (until: string, signIn: string, signature: string): Entry | undefined => {
    if (!/^\d{1,16}$/.test(until) || Number(until) < clock.now()) return undefined
    return entries().find(({ key }) => timingSafeEqual(digest(signature), digest(sign(key, Number(until), signIn))))
  }
  const found = (request: FastifyRequest): readonly Found<Entry>[] =>
    sentWith(request).flatMap((value) => {
      const [until = '', signIn = '', signature = ''] = value.split('.')
      const entry = signerOf(until, signIn, signature)
      return entry === undefined || ended.has(signIn) ? [] : [{ entry, signIn, until: Number(until) }]
    })
  return {
    find(request) {
      // The first that holds: whoever can plant another beside it, from another port or path of this host, signs nobody out.
      return found(request)[0] ?? null
    },
    of(key, secure, signIn = ended.name()) {
      const until = clock.now() + SESSION_S * 1000
      const fields = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_S}${secure ? '; Secure' : ''}`
      return `${COOKIE}=${until}.${signIn}.${sign(key, until, signIn)}; ${fields}`
    },
    async end(request) {
      await ended.end(found(request).map(({ signIn }) => signIn))
      return `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`
    },
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** What a request says in such cookies, whether it holds or not. */
export function sentWith({ headers }: Pick<FastifyRequest, 'headers'>): readonly string[] {
  const all = (headers.cookie ?? '').split(';').map((part) => part.trim().split('='))
  return all.flatMap(([name, value]) => (name === COOKIE && value ? [value] : [])).slice(0, MOST)
}

/** The sign-ins that it names so. */
export const signInsNamed = (request: Pick<FastifyRequest, 'headers'>): readonly string[] =>
  sentWith(request).flatMap((value) => value.split('.')[1] ?? [])
