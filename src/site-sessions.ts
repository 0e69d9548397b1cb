import type { Journal } from '../actors/ports.ts'
import type { Json } from '../machines/events.ts'
import type { SessionRow } from '../projections/bay-view.ts'
import { type Row, textIn } from '../projections/row-fold.ts'
import { disputesIn, PERSON_DISPUTES } from '../projections/session-bill.ts'
import { SETTLED, sessionNeeds, sessionRow } from '../projections/session-row.ts'
import { orderKey, orderSpan } from '../projections/told-sessions.ts'
import type { KeyedViews, ViewLook } from './views/site-views.ts'

/** Which sessions: that began at or after `from` and before `to` (ISO 8601 UTC), of one bay, of one account; `accounts`: of these alone. */
export type SessionFilter = {
  readonly from?: string
  readonly to?: string
  readonly bay?: string
  readonly account?: string
  readonly accounts?: readonly string[]
}

type SessionParts = {
  readonly views: Pick<KeyedViews, 'look'>
  readonly journal: Pick<Journal, 'readSite' | 'open'>
  /** Text of a start's token, or of a card's; null where its key is gone. */
  readonly tokenText: (name: string) => string | null
}

/** Bills that are looked through at once; what comes in meanwhile has its turn before the next. */
const PAGE = 500

/** The charging sessions of a running site, read from its views by key: however many there are, memory holds those that are asked for. */
export class SiteSessions {
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  /** Billed sessions, oldest bill first, behind the session `after`, `limit` at most; empty where nothing is called `after`. */
  async billed(filter: SessionFilter, after?: string, limit = Number.POSITIVE_INFINITY): Promise<SessionRow[]> {
    const look = await this.#look()
    const found: SessionRow[] = []
    const account = filter.account || (filter.accounts?.length === 1 ? filter.accounts[0] : undefined)
    const { from, until } = orderSpan(account)
    let place: string | null = after === undefined ? from : placeOf(look, after, account)
    while (place !== null && found.length < limit) {
      const page = look.between(place, until, PAGE)
      for (const [, { sessionId }] of page) {
        const row = look.get(String(sessionId))
        if (row === undefined || found.length >= limit) break
        const told = this.#told(row)
        if (isWanted(told, filter)) found.push(told)
      }
      place = page.at(-1)?.[0] ?? null
      await new Promise<void>((go) => setImmediate(go))
    }
    return found
  }

  /** One session, running ones too; null where nobody knows it. */
  async one(sessionId: string): Promise<SessionRow | null> {
    const row = (await this.#look()).get(sessionId)
    return row === undefined ? null : this.#told(row)
  }

  /** Every session of these visits: billed, running, or of nobody. A visit with several payers has several. */
  async ofVisits(visits: Iterable<string>): Promise<readonly SessionRow[]> {
    const look = await this.#look()
    const found: SessionRow[] = []
    for (const visitId of visits)
      for (let number = 1; ; number++) {
        const row = look.get(number === 1 ? `ses-${visitId}` : `ses-${visitId}-${number}`)
        if (row === undefined) break
        if (row['visitId'] === visitId) found.push(this.#told(row))
      }
    return found.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  }

  /** Whose names it needs while it is in dispute; nobody's where nobody knows it. */
  async needs(sessionId: string): Promise<{ readonly handles: ReadonlySet<string>; readonly payer: string | null }> {
    const { handles, payer } = sessionNeeds((await this.#look()).get(sessionId) ?? {})
    return { handles: new Set(handles), payer }
  }

  /** The session in the words that people typed of its dispute, where they can still be read: their records are looked up. */
  async worded(session: SessionRow): Promise<SessionRow> {
    const isTyped = session.disputed?.includes(PERSON_DISPUTES) === true || session.settled === SETTLED
    const row = isTyped ? (await this.#look()).get(session.sessionId) : undefined
    if (row === undefined) return session
    const reasons: string[] = []
    for (const { seq, reason } of disputesIn(row))
      reasons.push(reason === PERSON_DISPUTES ? ((await this.#typed(seq, session.sessionId)) ?? reason) : reason)
    const settledSeq = Number(row['settledSeq'] ?? 0)
    const settled = session.settled && ((await this.#typed(settledSeq, session.sessionId)) ?? session.settled)
    return { ...session, disputed: reasons.length === 0 ? null : reasons.join('; '), settled }
  }

  #look(): Promise<ViewLook> {
    return this.#parts.views.look('sessions')
  }

  #told(row: Row): SessionRow {
    const session = sessionRow(row)
    const { idToken } = session
    return { ...session, idToken: idToken === null ? null : this.#parts.tokenText(idToken) }
  }

  /** What a person wrote in this record of the session: sealed there, or in journals of before in its decision. */
  async #typed(seq: number, sessionId: string): Promise<string | null> {
    const [record] = seq === 0 ? [] : await this.#parts.journal.readSite(seq - 1, 1)
    if (record === undefined) return null
    const decision = record.decisions.find((one) => one['sessionId'] === sessionId)
    return reasonIn(this.#parts.journal.open(record)[sessionId]) ?? reasonIn(decision as Json | undefined)
  }
}

function placeOf(look: ViewLook, sessionId: string, accountId: string | undefined): string | null {
  const order = textIn(look.get(sessionId), 'order')
  return order === null ? null : orderKey(order, sessionId, accountId)
}

const isWanted = (row: SessionRow, { from, to, bay, account, accounts }: SessionFilter): boolean =>
  (!from || row.startedAt >= from) &&
  (!to || row.startedAt < to) &&
  (!bay || row.bayId === bay) &&
  (!account || row.accountId === account) &&
  (!accounts || accounts.includes(row.accountId ?? ''))

function reasonIn(fields: Json | undefined): string | null {
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) return null
  const { reason } = fields as { readonly reason?: Json }
  return typeof reason === 'string' ? reason : null
}
