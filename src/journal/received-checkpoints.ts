import type { Journal, Scribe } from '../../actors/ports.ts'
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

/** Of each site, so many newest checkpoints are remembered: what comes again after more is recorded once more. */
const MOST_REMEMBERED = 1_000
/** Sites whose checkpoints are taken. */
const MOST_SITES = 10_000

type Kept = { key: string; newest: Checkpoint; contradicted: boolean; readonly hashes: Map<number, string> }

/** Other sites' checkpoints: kept as records of this site's own journal, so that neither can be rewritten without the other. */
export class ReceivedCheckpoints {
  readonly #sites = new Map<string, Kept>()
  readonly #ownId: string
  readonly #scribe: () => Scribe

  constructor(ownId: string, scribe: () => Scribe) {
    this.#ownId = ownId
    this.#scribe = scribe
  }

  /** Folds a record, at rebuild and after commits. */
  hear({ cause }: Pick<FactRecord, 'cause'>): void {
    if (cause.type !== 'checkpoints.received') return
    for (const value of (cause['checkpoints'] ?? []) as Json[]) {
      const checkpoint = asCheckpoint(value)
      if (checkpoint !== null) this.#keep(checkpoint)
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
  async take(values: readonly unknown[], by: string): Promise<string | null> {
    const checkpoints = values.map((value, index) => this.#checked(asCheckpoint(value), index))
    const news = checkpoints.filter((one) => this.#sites.get(one.siteId)?.hashes.get(one.seq) !== one.hash)
    const contradiction = news.map((one) => this.#contradiction(one)).find((one) => one !== null) ?? null
    if (news.length === 0) return null
    const cause = { type: 'checkpoints.received', by, checkpoints: news as unknown as Json }
    const decisions = contradiction === null ? [] : [{ type: 'CheckpointContradicted', says: contradiction }]
    await this.#scribe().write([{ stream: 'audit', cause, decisions, personal: {} }])
    return contradiction
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

  #contradiction({ siteId, seq, hash, key }: Checkpoint): string | null {
    const kept = this.#sites.get(siteId)
    if (kept === undefined) return null
    if (kept.key !== key)
      return `The site ${siteId} signed with the key ${kept.key} until now; record ${seq} is signed with ${key}.`
    const before = kept.hashes.get(seq)
    return before === undefined || before === hash
      ? null
      : `The site ${siteId} signed another record ${seq} before (${before}); now it is ${hash}: its journal was written anew.`
  }

  #keep(checkpoint: Checkpoint): void {
    const { siteId, seq, hash, key } = checkpoint
    const kept = this.#sites.get(siteId)
    if (kept === undefined) {
      this.#sites.set(siteId, { key, newest: checkpoint, contradicted: false, hashes: new Map([[seq, hash]]) })
      return
    }
    if (this.#contradiction(checkpoint) !== null) kept.contradicted = true
    else {
      kept.hashes.set(seq, hash)
      if (seq > kept.newest.seq) kept.newest = checkpoint
    }
    for (const old of kept.hashes.keys()) {
      if (kept.hashes.size <= MOST_REMEMBERED) break
      kept.hashes.delete(old)
    }
  }
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
