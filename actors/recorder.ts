import { type EffectDraft, iso } from '../machines/deeds.ts'
import { Fault } from '../machines/faults.ts'
import type { Draft, FactRecord } from '../machines/record.ts'
import type { Entry, Journal } from './ports.ts'

/** Drafts per commit: 64 per fsync is about forty times one per fsync, and a commit still takes a few ms. */
const BATCH = 256

type Waiting = {
  readonly drafts: readonly Draft[]
  readonly done: (records: readonly FactRecord[]) => void
  readonly failed: (fault: unknown) => void
}

/**
 * Facts to the journal, in order, once, many per commit. `committed` is called with each durable batch before anybody who waits
 * for it goes on; `lost` once for a failed one, with everything that was queued behind it lost too. Only the append decides which:
 * what is durable stays so when `committed` throws, and `stumbled` is told.
 */
export class Recorder {
  readonly #journal: Journal
  readonly #defer: (run: () => void) => void
  readonly #committed: (records: readonly FactRecord[]) => void
  readonly #lost: (fault: Fault) => void
  readonly #stumbled: (cause: unknown) => void
  #queue: Waiting[] = []
  #busy = false
  #scheduled = false

  constructor(
    journal: Journal,
    defer: (run: () => void) => void,
    committed: (records: readonly FactRecord[]) => void,
    lost: (fault: Fault) => void,
    stumbled: (cause: unknown) => void = () => {},
  ) {
    this.#journal = journal
    this.#defer = defer
    this.#committed = committed
    this.#lost = lost
    this.#stumbled = stumbled
  }

  /** Queues drafts as one atomic piece; resolves when they are durable. */
  record(drafts: readonly Draft[]): Promise<readonly FactRecord[]> {
    return new Promise((done, failed) => {
      this.#queue.push({ drafts, done, failed })
      if (this.#scheduled || this.#busy) return
      this.#scheduled = true
      this.#defer(() => void this.#flush())
    })
  }

  /** Resolves when all that was queued before is durable or lost, however much comes behind it. */
  passed(): Promise<void> {
    return this.record([]).then(
      () => {},
      () => {},
    )
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#queue.length > 0 || this.#busy) await new Promise<void>((go) => this.#defer(go))
  }

  async #flush(): Promise<void> {
    this.#scheduled = false
    if (this.#busy) return
    this.#busy = true
    while (this.#queue.length > 0) {
      const batch = this.#take()
      const records = await this.#append(batch)
      if (records) this.#settle(batch, records)
    }
    this.#busy = false
  }

  /** The records, durable; null where the batch is lost. */
  async #append(batch: readonly Waiting[]): Promise<readonly FactRecord[] | null> {
    const drafts = batch.flatMap((one) => one.drafts)
    try {
      return drafts.length === 0 ? [] : await this.#journal.append(drafts)
    } catch (cause) {
      this.#fail(batch, cause)
      return null
    }
  }

  #settle(batch: readonly Waiting[], records: readonly FactRecord[]): void {
    if (records.length > 0) this.#guarded(() => this.#committed(records))
    let from = 0
    for (const { drafts, done } of batch) {
      done(records.slice(from, from + drafts.length))
      from += drafts.length
    }
  }

  #guarded(run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#stumbled(cause)
    }
  }

  #take(): Waiting[] {
    let count = 0
    let end = 0
    while (end < this.#queue.length && count < BATCH) count += (this.#queue[end++] as Waiting).drafts.length
    return this.#queue.splice(0, end)
  }

  #fail(batch: readonly Waiting[], cause: unknown): void {
    const fault = cause instanceof Fault ? cause : new Fault('STORE_UNWRITABLE', {}, { cause })
    const all = [...batch, ...this.#queue]
    this.#queue = []
    this.#guarded(() => this.#lost(fault))
    for (const { failed } of all) failed(fault)
  }
}

/** Version of the folds of streams without a machine, as records name it. */
const SITE_FOLD = 'site/1'

/** A record of a stream without a machine, as it is written; `at` ms since 1970. */
export const entryDraft = (entry: Entry, version: number, at: number, effects: readonly EffectDraft[]): Draft => ({
  schema: 1,
  stream: entry.stream,
  bayId: null,
  version,
  at: iso(at),
  machine: entry.stream === 'register' ? 'register/1' : SITE_FOLD,
  cause: entry.cause,
  rule: null,
  decisions: entry.decisions,
  guards: [],
  effects: effects.map((effect, index) => ({ ...effect, id: `${entry.stream}/${version}/${index}` })),
  timers: { set: [], cleared: [] },
  state: null,
  detail: null,
  personal: entry.personal,
})
