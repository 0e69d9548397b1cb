import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Looks } from '../../actors/looks.ts'
import { Fault } from '../../machines/faults.ts'
import type { Caller, SiteDesk } from '../site-desk.ts'
import { API_SCHEMAS } from './api-schemas.ts'
import type { Callers } from './callers.ts'
import type { OperationName } from './operations.ts'
import { OPERATIONS } from './operations.ts'
import { type Dresser, openSight, type Sight } from './plate-mask.ts'
import { demand } from './roles.ts'

/** What routes work with. */
export type Serving = {
  readonly desk: SiteDesk
  readonly callers: Callers
  readonly dresser: Dresser
  /** Puts on record who was shown what; absent where nothing may be recorded. */
  readonly looks?: Pick<Looks, 'saw'>
}

/** A request whose caller is known, with its checked parts. */
export type Asked = {
  readonly caller: Caller
  readonly params: { readonly [name: string]: string }
  readonly query: { readonly [name: string]: string | number | undefined }
  readonly body: unknown
  /** What this caller may see; what is shown in clear is told to it. */
  readonly sight: Sight
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Bytes of a body where the call says nothing else. */
const USUAL_BODY = 64 << 10

/** Who calls; whoever showed something wrong waits for the answer, longer each time. */
export async function callerOf(callers: Callers, request: FastifyRequest): Promise<Caller> {
  callers.admit(request)
  try {
    return callers.of(request)
  } catch (fault) {
    const { authorization, cookie } = request.headers
    const isWrong = fault instanceof Fault && fault.code === 'UNAUTHORIZED' && (authorization ?? cookie) !== undefined
    if (isWrong) await callers.wrong(request)
    throw fault
  }
}

const NOBODY: Caller = { name: 'nobody', role: 'viewer' }
const isTime = (text: string) =>
  text.length <= 64 && !Number.isNaN(Date.parse(text)) && /T.*(Z|[+-]\d\d:?\d\d)$/.test(text)
const schemas = { components: { schemas: API_SCHEMAS } }
const settings = { strict: false, allErrors: false, formats: { 'date-time': isTime } }
const bodies = new Ajv2020(settings).addSchema(schemas, 'berth')
const queries = new Ajv2020({ ...settings, coerceTypes: true })

/** Makes the route of one operation: who may, what must be in the body and the query, then `handle`; its answer goes out as JSON. */
export function serve(
  app: FastifyInstance,
  { callers, looks }: Pick<Serving, 'callers' | 'looks'>,
  name: OperationName,
  handle: (asked: Asked) => unknown,
): void {
  const { method, path, right, body, query, bodyLimit = USUAL_BODY } = OPERATIONS[name]
  const checkBody = body === undefined ? null : bodies.compile({ $ref: `berth#/components/schemas/${body}` })
  const checkQuery = query === undefined ? null : queries.compile({ type: 'object', properties: query })
  app.route({
    method,
    url: path,
    // Before the body is read: who may not ask is not listened to.
    onRequest: async (request) => {
      if (right !== undefined) demand(await callerOf(callers, request), right)
    },
    bodyLimit,
    handler: async (request, reply) => {
      if (checkQuery && !checkQuery(request.query))
        throw invalid('query', queries.errorsText(checkQuery.errors, { dataVar: 'query' }))
      if (checkBody && !checkBody(request.body))
        throw invalid('body', bodies.errorsText(checkBody.errors?.slice(0, 1), { dataVar: 'body' }))
      const caller = right === undefined ? NOBODY : callers.of(request)
      const asked = {
        caller,
        request,
        reply,
        body: request.body,
        params: request.params as Asked['params'],
        query: request.query as Asked['query'],
      }
      const answer = await onRecord(asked, OPERATIONS[name].method === 'GET', name, handle, looks)
      return reply.sent ? reply : (answer ?? reply.code(204).send())
    },
  })
}

/**
 * What `handle` answers, once it is durable who was shown what. A page that only looks is masked instead where that cannot be
 * written; an order's own answer is not held back.
 */
async function onRecord(
  asked: Omit<Asked, 'sight'>,
  looksOnly: boolean,
  what: OperationName,
  handle: (asked: Asked) => unknown,
  looks: Serving['looks'],
): Promise<unknown> {
  const { name: by, role } = asked.caller
  const sight = openSight(asked.caller)
  const answer = await handle({ ...asked, sight })
  if (!looks || sight.seen.size === 0) return answer
  const written = looks.saw({ by, role, what, subjects: [...sight.seen] })
  if (!looksOnly) return written.then(() => answer).catch(() => answer)
  try {
    await written
    return answer
  } catch (fault) {
    const masked = openSight(asked.caller, false)
    const less = await handle({ ...asked, sight: masked })
    if (masked.seen.size > 0) throw fault
    return less
  }
}

const invalid = (part: string, why: string) =>
  new Fault('BODY_INVALID', { part }, { says: `The ${part} is not what this call takes: ${why}.` })

/** The thing, or Fault NOT_FOUND with a sentence that names what was asked for. */
export function found<T>(thing: T | null, what: string, id: string | undefined): T {
  if (thing === null)
    throw new Fault(
      'NOT_FOUND',
      { id },
      { says: `There is no ${what} "${(id ?? '').slice(0, 64)}" here; check the id.` },
    )
  return thing
}

/** One page of a list: items after the one whose key is `after`, at most `limit` (1,000); `next` is null on the last page. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  query: Asked['query'],
): { readonly items: readonly T[]; readonly next: string | null } {
  const { after } = query
  const before = after === undefined ? -1 : items.findIndex((item) => keyOf(item) === String(after))
  if (after !== undefined && before < 0) knownCursor(null)
  const page = items.slice(before + 1, before + 1 + limitOf(query))
  const last = page.at(-1)
  return { items: page, next: last !== undefined && before + 1 + page.length < items.length ? keyOf(last) : null }
}

/** Refuses a place in a list that nothing stands at. */
export function knownCursor(thing: unknown): void {
  if (thing === null) throw invalid('query', 'after names nothing in this list; start again without it')
}

/** The asked limit, at most and by default 1,000. */
export const limitOf = (query: Asked['query']): number => Math.min(Number(query['limit'] ?? 1000), 1000)

/** Years of four digits, ms: only their texts compare as times do, and no record is of another. */
const YEARS = { first: Date.parse('0000-01-01T00:00:00.000Z'), last: Date.parse('9999-12-31T23:59:59.999Z') }

/** A time in a query, at most a year of four digits away, or Fault BODY_INVALID naming the parameter. */
export function timeOf(query: Asked['query'], name: string): string | undefined {
  const value = query[name]
  if (value === undefined) return undefined
  // Days alone are welcome too: 2026-11-22 is midnight UTC.
  if (!isTime(String(value)) && !/^\d{4}-\d\d-\d\d$/.test(String(value)))
    throw invalid('query', `${name} is no ISO 8601 time with its offset`)
  const time = Date.parse(String(value))
  if (Number.isNaN(time)) throw invalid('query', `${name} is no time that the calendar knows`)
  return new Date(Math.min(Math.max(time, YEARS.first), YEARS.last)).toISOString()
}
