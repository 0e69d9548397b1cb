import type { Json } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import type { SessionRow } from '../projections/bay-view.ts'
import { PERSON_DISPUTES, SETTLED } from '../projections/session-history.ts'

type Texts = { readonly disputed: readonly string[]; readonly settled: string | null }

/** What people typed of bills that they disputed and settled: sealed under the session's name, and kept in memory for showing it. */
export class DisputeTexts {
  readonly #texts = new Map<string, Texts>()

  /** Folds one record, its personal fields open (those whose key is gone left out). */
  hear({ decisions }: Pick<FactRecord, 'decisions'>, open: () => { readonly [subject: string]: Json }): void {
    for (const { type, sessionId } of decisions) {
      if ((type !== 'SessionDisputed' && type !== 'SessionSettled') || typeof sessionId !== 'string') continue
      const text = reasonIn(open()[sessionId])
      if (text === null) continue
      const known = this.#texts.get(sessionId) ?? { disputed: [], settled: null }
      const isDispute = type === 'SessionDisputed'
      this.#texts.set(sessionId, {
        disputed: isDispute ? [...known.disputed, text] : known.disputed,
        settled: isDispute ? null : text,
      })
    }
  }

  /** The session in the words that people typed, where they are known. */
  worded(row: SessionRow): SessionRow {
    const texts = this.#texts.get(row.sessionId)
    if (texts === undefined) return row
    const left = [...texts.disputed]
    return {
      ...row,
      disputed: row.disputed?.replaceAll(PERSON_DISPUTES, (words) => left.shift() ?? words) ?? null,
      settled: row.settled === SETTLED ? (texts.settled ?? SETTLED) : row.settled,
    }
  }

  forget(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) this.#texts.delete(sessionId)
  }
}

function reasonIn(fields: Json | undefined): string | null {
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) return null
  const { reason } = fields as { readonly reason?: Json }
  return typeof reason === 'string' ? reason : null
}
