import type { Journal, Scribe } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { asCheckpoint, type Checkpoint, isSigned } from './checkpoint.ts'

/** What is known of another site by the checkpoints that it sent: its key, the newest, and whether two contradict each other. */
export type WatchedSite = {
  readonly siteId: string
  readonly key: string
  readonly seq: number
  readonly time: string
  readonly contradicted: boolean
}

/** Of each site, so many newest checkpoints are remembered: older ones are looked up in the journal. */
const MOST_REMEMBERED = 1_000
/** Sites whose checkpoints are taken. */
const MOST_SITES = 10_000

type Kept = {
  key: string
  newest: Checkpoint
  contradicted: boolean
  readonly hashes: Map<number, string>
  /** Some are no longer remembered. */
  forgot: boolean
}
/** The hash that a site signed first at a seq, where one is known, and the key that it signs with. */
type Known = { key: string | null; readonly hashes: Map<number, string> }

/** Other sites' checkpoints: kept as records of this site's own journal, so that neither can be rewritten without the other. */
export class ReceivedCheckpoints {
  readonly #sites = new Map<string, Kept>()
  /** What is remembered by records alone. */
  readonly memory = memory({ sites: this.#sites })
  readonly #ownId: string
  readonly #scribe: () => Scribe
  readonly #journal: Pick<Journal, 'readStream'>
  /** Takes come one after the other: each knows what the one before recorded. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ownId: string, scribe: () => Scribe, journal: Pick<Journal, 'readStream'>) {
    this.#ownId = ownId
    this.#scribe = scribe
    this.#journal = journal
  }

  /** Folds a record, at rebuild and after commits. */
  hear({ cause, decisions }: Pick<FactRecord, 'cause' | 'decisions'>): void {
    if (cause.type !== 'checkpoints.received') return
    for (const value of (cause['checkpoints'] ?? []) as Json[]) {
      const checkpoint = asCheckpoint(value)
      if (checkpoint !== null) this.#keep(checkpoint)
    }
    // One older than what is remembered: only the record says so.
    for (const { type, siteId } of decisions) {
      const kept = type === 'CheckpointContradicted' ? this.#sites.get(String(siteId)) : undefined
      if (kept) kept.contradicted = true
    }
  }

  sites(): readonly WatchedSite[] {
    return [...this.#sites].map(([siteId, { key, newest, contradicted }]) => ({
      siteId,
      key,
      seq: newest.seq,
      time: newest.time,
      contradicted,
    }))
  }

  /**
   * Takes checkpoints of one other site; resolves, once they are durable, to what contradicts an earlier one: null where nothing does.
   * What is known already is taken again without a record. Rejects with Fault BODY_INVALID (not signed, or this very site) or STORE_UNWRITABLE.
   */
  take(values: readonly unknown[], by: string): Promise<string | null> {
    const taken = this.#turn.then(() => this.#take(values, by))
    this.#turn = taken.catch(() => undefined)
    return taken
  }

  async #take(values: readonly unknown[], by: string): Promise<string | null> {
    const checkpoints = values.map((value, index) => this.#checked(asCheckpoint(value), index))
    const known = await this.#knownOf(checkpoints)
    const news: Checkpoint[] = []
    const contradictions = new Map<string, string>()
    for (const one of checkpoints) {
      const site = known.get(one.siteId) as Known
      if (site.hashes.get(one.seq) === one.hash) continue
      news.push(one)
      const says = contradictionIn(site, one)
      if (says !== null && !contradictions.has(one.siteId)) contradictions.set(one.siteId, says)
      // Those behind it in the same call may contradict it too.
      site.key ??= one.key
      if (!site.hashes.has(one.seq)) site.hashes.set(one.seq, one.hash)
    }
    if (news.length === 0) return null
    const cause = { type: 'checkpoints.received', by, checkpoints: news as unknown as Json }
    const decisions = [...contradictions].map(([siteId, says]) => ({ type: 'CheckpointContradicted', siteId, says }))
    await this.#scribe().write([{ stream: 'audit', cause, decisions, personal: {} }])
    return [...contradictions.values()][0] ?? null
  }

  #checked(checkpoint: Checkpoint | null, index: number): Checkpoint {
    if (checkpoint === null || !isSigned(checkpoint))
      throw refused(`Checkpoint ${index + 1} is not whole, or its signature does not hold; send it as it was signed.`)
    if (checkpoint.siteId === this.#ownId)
      throw refused(`Checkpoint ${index + 1} is of this very site; send it to another one, or to a file elsewhere.`)
    if (!this.#sites.has(checkpoint.siteId) && this.#sites.size >= MOST_SITES)
      throw refused(`Checkpoints of ${MOST_SITES} sites are kept here already; send them elsewhere.`)
    return checkpoint
  }

  /** What is known of the sites of these checkpoints, at their records; what is no longer remembered is read from the journal. */
  async #knownOf(checkpoints: readonly Checkpoint[]): Promise<Map<string, Known>> {
    const known = new Map<string, Known>()
    for (const siteId of new Set(checkpoints.map((one) => one.siteId))) {
      const kept = this.#sites.get(siteId)
      const site: Known = { key: kept?.key ?? null, hashes: new Map() }
      const seqs = new Set(checkpoints.filter((one) => one.siteId === siteId).map(({ seq }) => seq))
      for (const seq of seqs) {
        const hash = kept?.hashes.get(seq)
        if (hash !== undefined) site.hashes.set(seq, hash)
      }
      const isOlder = [...seqs].some((seq) => !site.hashes.has(seq) && seq < (kept?.newest.seq ?? 0))
      if (kept?.forgot && isOlder)
        for await (const { seq, hash, key } of receivedOf(this.#journal, siteId))
          if (key === site.key && seqs.has(seq) && !site.hashes.has(seq)) site.hashes.set(seq, hash)
      known.set(siteId, site)
    }
    return known
  }

  #keep(checkpoint: Checkpoint): void {
    const { siteId, seq, hash, key } = checkpoint
    const kept = this.#sites.get(siteId)
    if (kept === undefined) {
      this.#sites.set(siteId, {
        key,
        newest: checkpoint,
        contradicted: false,
        hashes: new Map([[seq, hash]]),
        forgot: false,
      })
      return
    }
    if (contradictionIn(kept, checkpoint) !== null) kept.contradicted = true
    else {
      kept.hashes.set(seq, hash)
      if (seq > kept.newest.seq) kept.newest = checkpoint
    }
    for (const old of kept.hashes.keys()) {
      if (kept.hashes.size <= MOST_REMEMBERED) break
      kept.hashes.delete(old)
      kept.forgot = true
    }
  }
}

/** What speaks against a checkpoint, by what is known of its site, in one sentence; null where nothing does. */
function contradictionIn(known: Known, { siteId, seq, hash, key }: Checkpoint): string | null {
  if (known.key !== null && known.key !== key)
    return `The site ${siteId} signed with the key ${known.key} until now; record ${seq} is signed with ${key}.`
  const before = known.hashes.get(seq)
  return before === undefined || before === hash
    ? null
    : `The site ${siteId} signed another record ${seq} before (${before}); now it is ${hash}: its journal was written anew.`
}

/** Every checkpoint of a site that this journal ever recorded, oldest first. */
export async function* receivedOf(journal: Pick<Journal, 'readStream'>, siteId: string): AsyncGenerator<Checkpoint> {
  for (let after = 0; ; ) {
    const page = await journal.readStream('audit', after, 1_000)
    for (const { cause } of page) {
      if (cause.type !== 'checkpoints.received') continue
      for (const value of cause['checkpoints'] as Json[]) {
        const checkpoint = asCheckpoint(value)
        if (checkpoint?.siteId === siteId) yield checkpoint
      }
    }
    const last = page.at(-1)
    if (!last) return
    after = last.version
  }
}

const refused = (says: string): Fault => new Fault('BODY_INVALID', {}, { says })
