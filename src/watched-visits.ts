import type { FactRecord } from '../machines/record.ts'
import { type Shadow, shadow, type WatchedVisit } from '../projections/shadow.ts'
import { type JournalRow, recordOf } from './journal/journal-row.ts'
import type { StoreRows } from './journal/site-store.ts'

const PAGE = 2_000

/** Which watched visits: of one bay, opened at or after `from` and before `to` (ISO 8601 UTC with milliseconds). */
export type VisitFilter = { readonly bay?: string; readonly from?: string; readonly to?: string }

/**
 * Reading a long journal: `record` is told each record that the shadow takes in, `progress` how many were looked at; `enough` ends it
 * early, asked after each page.
 */
type Listeners = {
  readonly record?: (record: FactRecord) => void
  readonly progress?: (records: number) => void
  readonly enough?: (told: Shadow) => boolean
}

/**
 * Folds the shadow of a whole store. Meter values and signs of presence say nothing here and are most of a journal: they are not
 * even parsed.
 */
export async function readShadow(
  store: Pick<StoreRows, 'rows'>,
  { record, progress, enough }: Listeners = {},
): Promise<Shadow> {
  const told = shadow.start()
  let read = 0
  for (let page = await store.rows(0, PAGE); page.length > 0; ) {
    for (const row of page) {
      if (!matters(row)) continue
      const fact = recordOf(row)
      shadow.fold(told, fact)
      record?.(fact)
    }
    read += page.length
    progress?.(read)
    if (enough?.(told)) break
    page = await store.rows((page.at(-1) as JournalRow).seq, PAGE)
  }
  return told
}

/** Nothing decided, and a cause that no visit is judged by. A row that is told for nothing is only parsed for nothing. */
const matters = ({ content }: JournalRow): boolean =>
  !content.includes('"decisions":[]') ||
  !/"cause":\{[^{}]*"type":"(meter\.values|vehicle\.seen|zone\.|bay\.wake|camera\.)/.test(content)

/** The visits that the filter lets through. */
export const visitsOf = ({ visits }: Shadow, { bay, from, to }: VisitFilter): readonly WatchedVisit[] =>
  visits.filter(
    (visit) =>
      (bay === undefined || visit.bayId === bay) &&
      (from === undefined || visit.openedAt >= from) &&
      (to === undefined || visit.openedAt < to),
  )
