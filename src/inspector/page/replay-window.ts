/** The records around a place of the journal, in short: what a replay steps through. Only a window is ever held. */
import type { ShortRecord } from '../../server/replay-routes.ts'
import { address, ask } from './server-call.ts'

/** Which records: of one bay, of one lane. */
export type Wanted = { readonly bay: string | null; readonly lane: string }

/** Records on either side of the place. */
const SIDE = 60

/** Records around a place; `at` brings the window there, `step` says where the next wanted one is. */
export function replayWindow(wanted: () => Wanted) {
  let rows: readonly ShortRecord[] = []
  let made = ''
  const page = async (place: string, limit: number): Promise<readonly ShortRecord[]> => {
    const { bay, lane } = wanted()
    const query = `${place}&limit=${limit}${bay === null ? '' : `&bay=${encodeURIComponent(bay)}`}${lane === 'all' ? '' : `&lane=${lane}`}`
    const told = await ask<{ readonly items: readonly ShortRecord[]; readonly next: string | null }>(
      `${address('replay', 'records')}?${query}`,
    )
    if (!told.ok) return []
    const { items, next } = told.body
    // A rare kind of record lies further than one call looks.
    if (items.length > 0 || next === null) return items
    return page(place.replace(/\d+$/, next), limit)
  }
  const holds = (seq: number) => {
    const [first, last] = [rows[0], rows.at(-1)]
    return first !== undefined && last !== undefined && first.seq <= seq && seq < last.seq
  }
  return {
    rows: () => rows,
    /** Brings the window to a place, where it does not hold it. */
    async at(seq: number): Promise<void> {
      const now = JSON.stringify(wanted())
      if (made === now && holds(seq)) return
      const [before, after] = await Promise.all([page(`before=${seq + 1}`, SIDE), page(`after=${seq}`, SIDE)])
      rows = [...before, ...after]
      made = now
    },
    /** Seq of the wanted record behind a place, or before it; null where there is none. */
    async step(seq: number, on: boolean): Promise<ShortRecord | null> {
      if (made === JSON.stringify(wanted())) {
        const known = on ? rows.find((row) => row.seq > seq) : rows.findLast((row) => row.seq < seq)
        if (known !== undefined && holds(seq)) return known
      }
      const items = await page(on ? `after=${seq}` : `before=${seq}`, 1)
      return items[0] ?? null
    },
  }
}
