import type { FactRecord } from '../machines/record.ts'
import type { Journal } from './ports.ts'

const PAGE = 1_000

/** The whole journal page by page: a server works on the next one while the one before it is dealt with. */
export async function* pagesAhead(journal: Pick<Journal, 'readSite'>): AsyncGenerator<readonly FactRecord[]> {
  const pageAfter = (seq: number): Promise<readonly FactRecord[]> => {
    const page = journal.readSite(seq, PAGE)
    // Until it is awaited nobody hears of a failure.
    page.catch(() => {})
    return page
  }
  for (let next = pageAfter(0); ; ) {
    const page = await next
    const last = page.at(-1)
    if (last === undefined) return
    next = pageAfter(last.seq)
    yield page
  }
}
