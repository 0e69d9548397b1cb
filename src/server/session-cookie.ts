import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'

const COOKIE = 'berth_session'
const SESSION_S = 7 * 24 * 3600
/** Cookies of this name that one request is looked at for. */
const MOST = 50

/** Cookies by which a browser stays signed in: `key` of an entry signs them, and `entries` are all that may. */
export type SessionCookies<Entry extends { readonly key: Buffer }> = {
  /** Whose cookie this request came with, and when that ends, ms since 1970; null where none of them holds. */
  readonly find: (request: FastifyRequest) => { readonly entry: Entry; readonly until: number } | null
  /** The Set-Cookie line of a new one. */
  readonly of: (key: Buffer, secure: boolean) => string
  /** Signs this request's browser out: whoever copied its cookie is let in by it no more, while this process runs. The Set-Cookie line that takes it away. */
  readonly end: (request: FastifyRequest) => string
}

/** Makes and finds them. */
export function sessionCookies<Entry extends { readonly key: Buffer }>(
  entries: () => readonly Entry[],
  clock: Pick<Clock, 'now'>,
): SessionCookies<Entry> {
  const sign = (key: Buffer, until: number) => createHmac('sha256', key).update(String(until)).digest('base64url')
  const signerOf = (until: string, signature: string): Entry | undefined => {
    if (!/^\d{1,16}$/.test(until) || Number(until) < clock.now()) return undefined
    return entries().find(({ key }) => timingSafeEqual(digest(signature), digest(sign(key, Number(until)))))
  }
  /** Cookies that somebody signed out with, as they are signed, and when each would have ended, ms since 1970. */
  const ended = new Map<string, number>()
  const nameOf = (until: string, signature: string): string => `${Number(until)}.${signature}`
  const found = (request: FastifyRequest) =>
    sentWith(request).flatMap((value) => {
      const [until = '', signature = ''] = value.split('.')
      const entry = ended.has(nameOf(until, signature)) ? undefined : signerOf(until, signature)
      return entry === undefined ? [] : [{ entry, until: Number(until), name: nameOf(until, signature) }]
    })
  return {
    find(request) {
      // The first that holds: whoever can plant another beside it, from another port or path of this host, signs nobody out.
      return found(request)[0] ?? null
    },
    of(key, secure) {
      const until = clock.now() + SESSION_S * 1000
      const fields = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_S}${secure ? '; Secure' : ''}`
      return `${COOKIE}=${until}.${sign(key, until)}; ${fields}`
    },
    end(request) {
      for (const [name, until] of ended) if (until < clock.now()) ended.delete(name)
      for (const { name, until } of found(request)) ended.set(name, until)
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
