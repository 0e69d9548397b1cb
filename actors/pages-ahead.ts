import { Fault } from '../machines/faults.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Journal } from './ports.ts'

const PAGE = 1_000
/** A page where others have their turn between. */
const SMALL_PAGE = 50

/** A record's place and its hash. */
export type Link = { readonly seq: number; readonly hash: string }

/**
 * The whole journal page by page, or what is behind the record `after`: a server works on the next page while the one before it is dealt with. `rest` is
 * awaited after each page, which is a small one then. Throws Fault STORE_CORRUPT where a page does not follow on the record before it.
 */
export async function* pagesAhead(
  journal: Pick<Journal, 'readSite'>,
  after?: Link,
  rest?: () => Promise<void>,
): AsyncGenerator<readonly FactRecord[]> {
  const pageAfter = (seq: number): Promise<readonly FactRecord[]> => {
    const page = journal.readSite(seq, rest ? SMALL_PAGE : PAGE)
    // Until it is awaited nobody hears of a failure.
    page.catch(() => {})
    return page
  }
  let before = after
  for (let next = pageAfter(after?.seq ?? 0); ; ) {
    const page = await next
    const last = page.at(-1)
    if (last === undefined) return
    next = pageAfter(last.seq)
    before = demandLinked(page, before)
    yield page
    await rest?.()
  }
}

/** Answers the last record of a page, which follows on the record `before`. Throws Fault STORE_CORRUPT where it does not. */
export function demandLinked(page: readonly FactRecord[], before: Link | undefined): Link | undefined {
  const first = page[0]
  if (first === undefined || before === undefined) return page.at(-1) ?? before
  if (first.seq === before.seq + 1 && first.prev === before.hash) return page.at(-1)
  throw parted(first, before)
}

function parted({ seq }: FactRecord, before: Link): Fault {
  const says = `Record ${seq} of the journal was altered in the store: it does not follow on record ${before.seq}. Run \`berth verify\` and restore from a copy.`
  return new Fault('STORE_CORRUPT', { seq }, { says })
}
