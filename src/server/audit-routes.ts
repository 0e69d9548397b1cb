import type { FastifyInstance } from 'fastify'
import type { Json } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import { EXAMINED, toldOf } from '../../projections/told-audit.ts'
import { ChainRun } from '../journal/chain-run.ts'
import type { Caller, SiteDesk } from '../site-desk.ts'
import { AUDIT_REASONS } from './audit-schemas.ts'
import { readRecords, seqAt } from './journal-pages.ts'
import { shownTo } from './record-rights.ts'
import { may } from './roles.ts'
import { type Asked, found, type Serving, serve, timeOf } from './serving.ts'

/** Records that one call looks at, at most; rows of one answer, at most. */
const LOOKED_AT = 5_000
const PAGE = 500
const MOST = 200
/** One question to the chain, ms. */
const CHAIN_MS = 250

/** A record as an auditor finds it. */
export type AuditRecord = {
  readonly seq: number
  readonly at: string
  readonly stream: string
  readonly bayId: string | null
  readonly event: string
  readonly by: string | null
  readonly rule: string | null
  readonly state: string | null
  readonly detail: string | null
  readonly decisions: readonly string[]
  /** What somebody looked at or decided: names of things, and reasons of the list; null of what no person did. */
  readonly about: { readonly [field: string]: Json } | null
  readonly hash: string
}

/** Finding what was done, by whom, and that nothing of it was altered. */
export function auditRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk, looks } = serving
  const chain = new ChainRun(desk.journal)
  serve(app, serving, 'audit', (asked) => search(desk, asked))
  serve(app, serving, 'auditPlate', async ({ body, caller }) => {
    const { plate, reason } = body as { readonly plate: string; readonly reason: string }
    const handle = desk.handleOf(plate)
    const { name: by, role } = caller
    // Before the answer: where it cannot be written, nothing is answered.
    await looks?.saw({ by, role, what: 'auditPlate', subjects: handle === null ? [] : [handle], about: reason })
    return { handle }
  })
  serve(app, serving, 'auditChain', () => chain.goOn(CHAIN_MS))
}

async function search(desk: SiteDesk, asked: Asked) {
  const { query, caller } = asked
  const [from, to] = [timeOf(query, 'from'), timeOf(query, 'to')]
  const limit = Math.min(Number(query['limit'] ?? MOST), MOST)
  const isWanted = await wantedBy(desk, query, caller)
  // Records of one second stand in the order of their seq, so the one before it is the last that is too early.
  const first = from === undefined ? 0 : await lastBefore(desk, from)
  const last = to === undefined ? desk.seq() : await lastBefore(desk, to)
  /** Records between these two, neither of them among them. */
  const between = {
    after: Math.max(first, Number(query['after'] ?? 0)),
    before: Math.min(last + 1, Number(query['before'] ?? Number.POSITIVE_INFINITY)),
  }
  const stream = query['bay'] === undefined ? {} : { stream: `bay:${query['bay']}` }
  const { found: records, next } = await (query['order'] === 'newest' ? backwards : forwards)(
    (places) => readRecords(desk.journal, { ...stream, ...places, limit: PAGE }),
    { ...between, limit, isWanted },
  )
  const examines = may(caller, 'examine')
  return { items: records.map((record) => auditRecord(record, examines)), next: next === null ? null : String(next) }
}

const lastBefore = (desk: SiteDesk, time: string): Promise<number> =>
  seqAt(desk.journal, new Date(Date.parse(time) - 1).toISOString())

type Read = (places: { readonly after?: number; readonly before?: number }) => Promise<readonly FactRecord[]>
type Wanted = {
  readonly after: number
  readonly before: number
  readonly limit: number
  readonly isWanted: (record: FactRecord) => boolean
}
/** `next`: the last seq that was looked at, where more may lie behind it. */
type Looked = { readonly found: readonly FactRecord[]; readonly next: number | null }

async function forwards(read: Read, { after, before, limit, isWanted }: Wanted): Promise<Looked> {
  const found: FactRecord[] = []
  let place = after
  for (let looked = 0; looked < LOOKED_AT; looked += PAGE) {
    const page = await read({ after: place })
    for (const record of page) {
      if (record.seq >= before) return { found, next: null }
      place = record.seq
      if (isWanted(record)) found.push(record)
      if (found.length === limit) return { found, next: place + 1 < before ? place : null }
    }
    if (page.length < PAGE) return { found, next: null }
  }
  return { found, next: place }
}

async function backwards(read: Read, { after, before, limit, isWanted }: Wanted): Promise<Looked> {
  const found: FactRecord[] = []
  let place = before
  for (let looked = 0; looked < LOOKED_AT; looked += PAGE) {
    const page = await read({ before: place })
    for (const record of page.toReversed()) {
      if (record.seq <= after) return { found, next: null }
      place = record.seq
      if (isWanted(record)) found.push(record)
      if (found.length === limit) return { found, next: place - 1 > after ? place : null }
    }
    if (page.length < PAGE) return { found, next: null }
  }
  return { found, next: place }
}

/** Whether a record names what is asked for. */
async function wantedBy(
  desk: SiteDesk,
  { by, key, session }: Asked['query'],
  caller: Caller,
): Promise<(record: FactRecord) => boolean> {
  const names = key === undefined ? [] : [String(key)]
  const row = session === undefined ? null : await desk.sessions.one(String(session))
  if (session !== undefined) found(row, 'session', String(session))
  const one = row === null ? [] : [row.sessionId, row.visitId, ...row.transactions]
  return (record) => {
    if (row !== null && record.bayId !== row.bayId) return false
    if (by !== undefined && record.cause['by'] !== by) return false
    if (names.length === 0 && one.length === 0) return true
    // What the caller may not read is not found either.
    const { record: shown } = shownTo(caller, record)
    const text = JSON.stringify([shown.cause, shown.decisions, shown.effects])
    const isNamed = (name: string) => text.includes(JSON.stringify(name))
    return names.every(isNamed) && (one.length === 0 || one.some(isNamed))
  }
}

/** What is said of it: whom each was shown is for who examines; why somebody looked, only where it is a word of a list. */
function aboutOf(record: FactRecord, examines: boolean): AuditRecord['about'] {
  const told = toldOf(record)
  if (told === null) return null
  const { about } = record.cause
  const reason = AUDIT_REASONS.some((one) => one === about) && typeof about === 'string' ? { reason: about } : {}
  const shown = Object.entries(told).filter(([field]) => examines || !EXAMINED.some((one) => one === field))
  return { ...Object.fromEntries(shown), ...reason }
}

const auditRecord = (record: FactRecord, examines: boolean): AuditRecord => ({
  seq: record.seq,
  at: record.at,
  stream: record.stream,
  bayId: record.bayId,
  event: record.cause.type,
  by: typeof record.cause['by'] === 'string' ? record.cause['by'] : null,
  rule: record.rule ?? null,
  state: record.state,
  detail: record.detail,
  decisions: record.decisions.map(({ type }) => type),
  about: aboutOf(record, examines),
  hash: record.hash,
})
