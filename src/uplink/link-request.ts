import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'

/**
 * A centre asks something of a gateway, at any time after its hello was answered. `id` names the request on this link alone; `kind` says what
 * is asked, and what `body` is: where that changes the kind gets another name.
 */
export type LinkRequest = { readonly type: 'request'; readonly id: string; readonly kind: string; readonly body: Json }
/** `unknown`: this gateway does not know the kind; `busy`: too much at once; `refused`: a decided no; `failed`: nobody knows what became of it. */
export type RequestTrouble = 'unknown' | 'busy' | 'refused' | 'failed'
/** What came of it, or why nothing did, in one sentence. */
export type LinkResponse = { readonly type: 'response'; readonly id: string } & LinkOutcome
export type LinkOutcome =
  | { readonly ok: true; readonly body: Json }
  | { readonly ok: false; readonly why: RequestTrouble; readonly says: string }

/**
 * What a gateway does for its centre, by kind: all of it, and nothing else. What is asked is checked by whoever carries it out: a centre is
 * believed nothing. A Fault that it throws is answered with its sentence.
 */
export type RequestTable = { readonly [kind: string]: (body: Json) => Promise<Json> }

const MOST_KIND = 40
const MOST_KINDS = 100
const KIND = /^[a-z][a-z0-9-]*$/

export const isKind = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MOST_KIND && KIND.test(value)

/** The kinds that a gateway says it knows; none where it says nothing. */
export const kindsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(isKind).slice(0, MOST_KINDS) : []

type Found = { readonly [member: string]: unknown }

/** A request as it came; null where it is none. */
export function requestOf({ id, kind, body }: Found): LinkRequest | null {
  return isId(id) && isKind(kind) && body !== undefined ? { type: 'request', id, kind, body: body as Json } : null
}

/** A response as it came; null where it is none. */
export function responseOf({ id, ok, body, why, says }: Found): LinkResponse | null {
  if (!isId(id)) return null
  if (ok === true) return body === undefined ? null : { type: 'response', id, ok, body: body as Json }
  if (ok !== false || typeof says !== 'string' || !isTrouble(why)) return null
  return { type: 'response', id, ok, why, says: says.slice(0, MOST_SAID) }
}

const MOST_SAID = 500
const isId = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,64}$/.test(value)
const isTrouble = (value: unknown): value is RequestTrouble =>
  ['unknown', 'busy', 'refused', 'failed'].includes(String(value))

/** Carries one request out. Resolves always. */
export async function outcomeOf(table: RequestTable, { kind, body }: LinkRequest): Promise<LinkOutcome> {
  const carryOut = Object.hasOwn(table, kind) ? table[kind] : undefined
  if (carryOut === undefined)
    return { ok: false, why: 'unknown', says: `This gateway’s berth does not know what “${kind}” is; update it.` }
  try {
    return { ok: true, body: await carryOut(body) }
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, why: 'refused', says: cause.message }
    return { ok: false, why: 'failed', says: `The gateway stumbled over “${kind}”: ${String(cause).slice(0, 200)}` }
  }
}
