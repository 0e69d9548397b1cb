import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { counted } from '../counted.ts'
import type { Head, JournalRow, Linked } from './journal-row.ts'

/** How long a call to a server may take, and how long one that cannot be answered is tried again, in ms. */
export type Patience = { readonly call: number; readonly whole: number }
export const PATIENCE: Patience = { call: 5_000, whole: 10_000 }

/**
 * What became of an append: `done` = durable, `wrong` = the log does not end where it was said to, `fenced` = a newer owner has it,
 * `unsure` = nobody knows (no answer in time, or none at all).
 */
export type Outcome =
  | { readonly is: 'done' | 'wrong' }
  | { readonly is: 'fenced'; readonly newer: number }
  | { readonly is: 'unsure'; readonly cause: unknown }

/** A site's log on a server, as an append needs it. */
export interface ServerLog {
  /** The server in a sentence: `KurrentDB at kurrentdb://…`. */
  readonly server: string
  readonly shown: string
  /** The end of the log as this process knows it. */
  head(): Head
  /** The log goes on with this record. */
  take(row: JournalRow, epoch: number): void
  /** Until when a call is tried again (`performance.now()`). */
  until(): number
  /** Sends a batch once; throws a Fault only where it is certain that this try wrote nothing. */
  send(rows: readonly JournalRow[], epoch: number): Promise<Outcome>
  /** What stands behind `after`, and the epoch of who wrote it. */
  found(after: number, limit: number): Promise<readonly Found[]>
}
type Found = { readonly hash: string; readonly epoch: number }

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 1_000

/** What stands where a batch belongs: the batch, one that was given up before (`late`), nothing, or somebody else's records. */
type Standing = 'ours' | { readonly late: readonly Linked[] } | 'nothing' | 'others'

/**
 * Appends batches to a site's log, each whole, and answers only once it knows. No answer is resolved by reading what stands in the place;
 * where nothing does the same batch goes out again (its ids make it one). What cannot be resolved in time is given up as unwritable, but
 * remembered, with all that were given up behind the same head: one of them may land yet, and then its records are handed out before
 * anything else is written.
 */
export class ServerAppend {
  readonly #log: ServerLog
  readonly #epoch: number
  /** Each wants the same place: once one of them, or another, stands there, the rest never will. */
  #givenUp: (readonly Linked[])[] = []
  #late: FactRecord[] = []
  #fenced: Fault | null = null

  constructor(log: ServerLog, epoch: number) {
    this.#log = log
    this.#epoch = epoch
  }

  /** Records that were given up and are in the log all the same; each is handed out once. */
  landed(): readonly FactRecord[] {
    const late = this.#late
    this.#late = []
    return late
  }

  /** May try again although somebody else had written. */
  unfence(): void {
    this.#fenced = null
  }

  /** Before a batch is made: what became of the one that was given up. Throws Fault STORE_UNWRITABLE where it landed, or as `write` does. */
  async settle(): Promise<void> {
    if (this.#fenced !== null) throw this.#fenced
    if (this.#givenUp.length === 0) return
    const standing = await this.#standing(null)
    if (typeof standing === 'object') throw this.#takeLate(standing)
    if (standing === 'others') throw await this.#fenceByLog()
  }

  /** Appends a batch behind the head. Throws Fault STORE_FENCED, STORE_UNWRITABLE or STORE_UNREACHABLE; the last two may be tried again. */
  async write(linked: readonly Linked[]): Promise<readonly Linked[]> {
    const rows = linked.map(({ row }) => row)
    const until = this.#log.until()
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const outcome = await this.#send(linked, () => this.#log.send(rows, this.#epoch))
      if (outcome.is === 'done') return this.#take(linked)
      const standing = await this.#look(linked, outcome)
      if (standing === 'ours') return this.#take(linked)
      if (typeof standing === 'object') throw this.#takeLate(standing)
      if (outcome.is === 'fenced') throw this.#fence(outcome.newer)
      if (standing === 'others') throw await this.#fenceByLog()
      if (performance.now() + wait > until) throw this.#giveUp(linked, outcome)
      await pause(wait)
    }
  }

  #take(linked: readonly Linked[]): readonly Linked[] {
    for (const { row } of linked) this.#log.take(row, this.#epoch)
    this.#givenUp = []
    return linked
  }

  /** A refusal says nothing of an earlier try of the same batch: that one may land yet. */
  async #send(linked: readonly Linked[], send: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await send()
    } catch (fault) {
      this.#givenUp.push(linked)
      throw fault
    }
  }

  /** Reading fails like writing did: then nobody knows, and the batch is given up. */
  async #look(linked: readonly Linked[], outcome: Outcome): Promise<Standing> {
    try {
      return await this.#standing(linked)
    } catch (fault) {
      this.#giveUp(linked, outcome)
      throw fault
    }
  }

  async #standing(linked: readonly Linked[] | null): Promise<Standing> {
    const count = Math.max(...[linked ?? [], ...this.#givenUp].map(({ length }) => length))
    const found = await this.#log.found(this.#log.head().seq, count)
    if (found.length === 0) return 'nothing'
    if (linked !== null && this.#isBatch(found, linked)) return 'ours'
    const late = this.#givenUp.find((batch) => this.#isBatch(found, batch))
    return late === undefined ? 'others' : { late }
  }

  /** Known by the hashes: each hangs on everything before it. */
  #isBatch(found: readonly Found[], linked: readonly Linked[]): boolean {
    return linked.every(({ row }, index) => found[index]?.hash === row.hash)
  }

  #giveUp(linked: readonly Linked[], outcome: Outcome): Fault {
    this.#givenUp.push(linked)
    const cause = outcome.is === 'unsure' ? outcome.cause : new Error('the server says that the log does not end there')
    const says = `${this.#log.server} did not say in time whether it kept ${counted(linked.length, 'record')}; start it, or mend the network. Automatic starts are off meanwhile.`
    return new Fault('STORE_UNWRITABLE', { at: this.#log.shown }, { cause, says })
  }

  #takeLate({ late: linked }: { readonly late: readonly Linked[] }): Fault {
    this.#take(linked)
    this.#late.push(...linked.map(({ record }) => record))
    const says = `${counted(linked.length, 'record')} that had been given up ${linked.length === 1 ? 'is' : 'are'} in the log after all, and taken in first; send again what is not among them.`
    return new Fault('STORE_UNWRITABLE', { at: this.#log.shown }, { says })
  }

  /** Somebody else stands where this process would have written. */
  async #fenceByLog(): Promise<Fault> {
    const [next] = await this.#log.found(this.#log.head().seq, 1)
    return this.#fence(next?.epoch ?? 0)
  }

  /** It never writes again. */
  #fence(newer: number): Fault {
    this.#fenced = new Fault('STORE_FENCED', { epoch: this.#epoch, newer, seq: this.#log.head().seq + 1 })
    return this.#fenced
  }
}

/** Waits so many ms. */
export const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** A server may never answer: nobody here waits for ever. What comes later is dropped. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
