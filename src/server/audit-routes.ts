import type { FastifyInstance } from 'fastify'
import type { FactRecord } from '../../machines/record.ts'
import { ChainRun } from '../journal/chain-run.ts'
import type { Caller, SiteDesk } from '../site-desk.ts'
import { readRecords, seqAt } from './journal-pages.ts'
import { shownTo } from './record-rights.ts'
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

async function search(desk: SiteDesk, { query, caller }: Asked) {
  const [from, to] = [timeOf(query, 'from'), timeOf(query, 'to')]
  const limit = Math.min(Number(query['limit'] ?? MOST), MOST)
  const isWanted = await wantedBy(desk, query, caller)
  // Records of one second stand in the order of their seq, so the one before it is the last that is too early.
  const start = from === undefined ? 0 : await seqAt(desk.journal, new Date(Date.parse(from) - 1).toISOString())
  let place = Math.max(start, Number(query['after'] ?? 0))
  const items: AuditRecord[] = []
  const stream = query['bay'] === undefined ? {} : { stream: `bay:${query['bay']}` }
  for (let looked = 0; looked < LOOKED_AT; ) {
    const page = await readRecords(desk.journal, { ...stream, after: place, limit: PAGE })
    for (const record of page) {
      if (to !== undefined && record.at >= to) return { items, next: null }
      place = record.seq
      if (isWanted(record)) items.push(auditRecord(record))
      if (items.length === limit) return { items, next: place < desk.seq() ? String(place) : null }
    }
    looked += page.length
    if (page.length < PAGE) return { items, next: null }
  }
  return { items, next: String(place) }
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

const auditRecord = (record: FactRecord): AuditRecord => ({
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
  hash: record.hash,
})
