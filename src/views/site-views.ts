import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { HeldRows, type Row, type RowFold } from '../../projections/row-fold.ts'
import { isAsked, REPORTS, type ReportName, type RowFilter, TOLD } from '../../projections/told.ts'
import { canonicalJson } from '../journal/canonical.ts'
import { type Place, removeViews, ViewStore } from './view-store.ts'

/** What of a journal the views read. */
export type ToldJournal = Pick<Journal, 'siteId' | 'head' | 'readSite'>

/** Rows as whoever asks gets them, newest records included. */
export interface Views {
  /** Rows of a report that the filter lets through, in the order of their keys, after the key `after`, `limit` at most. */
  read(
    name: ReportName,
    filter?: RowFilter,
    after?: string,
    limit?: number,
  ): Promise<readonly (readonly [key: string, row: Row])[]>
}

/** The rows of one fold as they stand, its notes included, by key. Keys are in the order of their UTF-8. */
export type ViewLook = {
  get(key: string): Row | undefined
  /** Rows behind the key `from` and before the key `until`, `limit` at most, in the order of their keys. */
  between(from: string, until: string, limit: number): readonly (readonly [key: string, row: Row])[]
}

/** Views in which rows can be looked up one by one. */
export interface KeyedViews extends Views {
  /** What is committed when this is asked is in them. */
  look(name: ReportName): Promise<ViewLook>
}

/** The views of a running site, which go on with its journal. */
export type RunningViews = KeyedViews & Pick<SiteViews, 'follow' | 'close'>

const PAGE = 1_000

/** Shapes of every fold: rows that were told in another are told anew. */
export const markOf = (siteId: string, folds: readonly RowFold[]): string =>
  JSON.stringify([siteId, ...folds.map(({ name, shape }) => `${name}/${shape}`)])

/** Told in memory from the journal each time: for a store that somebody else owns, and for recordings. */
export function passingViews(journal: ToldJournal, folds: readonly RowFold[] = TOLD): KeyedViews {
  const told = async (name: ReportName): Promise<HeldRows> => {
    const rows = new HeldRows()
    const fold = folds.find((one) => one.name === name)
    await eachRecord(journal, 0, (record) => fold?.fold(rows, record))
    return rows
  }
  return {
    async read(name, filter = {}, after = '', limit = Number.POSITIVE_INFINITY) {
      return (await told(name))
        .entries()
        .map(([key, row]) => [key, asKept(row)] as const)
        .filter(([key, row]) => key > after && isAsked(REPORTS[name], filter, key, row))
        .slice(0, limit)
    },
    async look(name) {
      const rows = await told(name)
      const all = rows.entries()
      return {
        get: (key) => rows.get(key),
        between: (from, until, limit) => all.filter(([key]) => key > from && key < until).slice(0, limit),
      }
    },
  }
}

/** A row as it comes back from disk, its fields in canonical order, so that everybody tells the same bytes. */
export const asKept = (row: Row): Row => JSON.parse(canonicalJson(row)) as Row

/** Every record behind the seq `after`, in order. */
export async function eachRecord(
  journal: ToldJournal,
  after: number,
  told: (record: FactRecord) => void,
): Promise<void> {
  for (let last = after; ; ) {
    const page = await journal.readSite(last, PAGE)
    for (const record of page) told(record)
    const end = page.at(-1)
    if (end === undefined) return
    last = end.seq
  }
}

/**
 * Rows of a running site, following its journal at their own pace: nothing waits for them, and what they know is on disk up to the newest
 * checkpoint, so that a start reads only what came since. Rows of another site, another shape or another past are told anew.
 */
export class SiteViews implements KeyedViews {
  readonly #journal: ToldJournal
  readonly #folds: readonly RowFold[]
  readonly #store: ViewStore
  readonly #failed: (cause: unknown) => void
  #work: Promise<void> = Promise.resolve()
  #closed = false

  private constructor(
    store: ViewStore,
    journal: ToldJournal,
    folds: readonly RowFold[],
    failed: (cause: unknown) => void,
  ) {
    this.#store = store
    this.#journal = journal
    this.#folds = folds
    this.#failed = failed
  }

  /** `path`: `<store path>.views`; it may be deleted whenever nobody serves. `failed` hears of a fold that stumbled. */
  static async open(
    path: string,
    journal: ToldJournal,
    failed: (cause: unknown) => void,
    folds: readonly RowFold[] = TOLD,
  ): Promise<SiteViews> {
    const mark = markOf(journal.siteId, folds)
    const store = new ViewStore(path, folds, mark)
    if (await isOfThisPast(store, journal)) return new SiteViews(store, journal, folds, failed)
    store.close()
    removeViews(path)
    return new SiteViews(new ViewStore(path, folds, mark), journal, folds, failed)
  }

  /** Takes in what was committed since; one call at a time does the work. Never rejects. */
  follow(): Promise<void> {
    this.#work = this.#work.then(() => this.#follow()).catch((cause: unknown) => this.#failed(cause))
    return this.#work
  }

  async read(
    name: ReportName,
    filter: RowFilter = {},
    after = '',
    limit = Number.POSITIVE_INFINITY,
  ): Promise<readonly (readonly [key: string, row: Row])[]> {
    await this.follow()
    const told: (readonly [key: string, row: Row])[] = []
    for (const [key, row] of this.#store.entries(name, after)) {
      if (told.length >= limit) break
      if (isAsked(REPORTS[name], filter, key, row)) told.push([key, row])
    }
    return told
  }

  async look(name: ReportName): Promise<ViewLook> {
    await this.follow()
    return this.#store.look(name)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#work
    this.#store.close()
  }

  async #follow(): Promise<void> {
    while (!this.#closed && this.#store.place.seq < this.#journal.head().seq) {
      const page = await this.#journal.readSite(this.#store.place.seq, PAGE)
      const last = page.at(-1)
      if (last === undefined || this.#closed) return
      this.#take(page, { seq: last.seq, hash: last.hash })
      // Bays go first: the next page waits until they have had their turn.
      await new Promise<void>((go) => setImmediate(go))
    }
  }

  /** All of a page or nothing of it: what the disk refuses is told again from where the rows stand, never on top of itself. */
  #take(page: readonly FactRecord[], place: Place): void {
    try {
      for (const { name, fold } of this.#folds) this.#foldAll(name, fold, page)
      this.#store.checkpoint(place)
    } catch (cause) {
      this.#store.forget()
      throw cause
    }
  }

  #foldAll(name: string, fold: RowFold['fold'], page: readonly FactRecord[]): void {
    const rows = this.#store.rows(name)
    for (const record of page) {
      try {
        fold(rows, record)
      } catch (cause) {
        // A disk that cannot be read says nothing about the record.
        if (cause instanceof Fault) throw cause
        this.#failed(new Error(`The view ${name} could not take in record ${record.seq}; it is left out.`, { cause }))
      }
    }
  }
}

/** The record at the rows' place is the one that they were told from. */
async function isOfThisPast({ place }: ViewStore, journal: ToldJournal): Promise<boolean> {
  if (place.seq === 0) return true
  const [record] = await journal.readSite(place.seq - 1, 1)
  return record?.seq === place.seq && record.hash === place.hash
}

/** The views of a running site: on disk beside its store, or in memory where the disk will not have them; nothing else waits for that. */
export async function openViews(
  path: string,
  journal: ToldJournal,
  log: (line: string) => void,
): Promise<RunningViews> {
  let said = ''
  const failed = (cause: unknown): void => {
    const line = `Reports may be behind: ${cause instanceof Error ? cause.message : String(cause)}`
    // A store that is away is away every second.
    if (line !== said) log(line)
    said = line
  }
  try {
    return await SiteViews.open(path, journal, failed)
  } catch (cause) {
    failed(cause)
    return heldViews(journal)
  }
}

/** Of views that are told anew each time: there is nothing to follow, nor to close. */
const ALWAYS = { follow: async (): Promise<void> => {}, close: async (): Promise<void> => {} }

/** Views in memory alone, for a site that is not served. */
export const heldViews = (journal: ToldJournal): RunningViews => ({ ...passingViews(journal), ...ALWAYS })
