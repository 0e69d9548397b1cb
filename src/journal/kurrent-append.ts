import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { counted } from '../counted.ts'
import type { Linked } from './journal-row.ts'
import { eventId, eventOf, type FoundRow, siteStream } from './kurrent-event.ts'
import { type Outcome, pause } from './kurrent-line.ts'
import type { KurrentLog } from './kurrent-log.ts'

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
export class KurrentAppend {
  readonly #log: KurrentLog
  readonly #epoch: number
  readonly #stream: string
  /** Each wants the same place: once one of them, or another, stands there, the rest never will. */
  #givenUp: (readonly Linked[])[] = []
  #late: FactRecord[] = []
  #fenced: Fault | null = null

  constructor(log: KurrentLog, epoch: number) {
    this.#log = log
    this.#epoch = epoch
    this.#stream = siteStream(log.siteId)
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
    if (standing === 'others') throw await this.#fence()
  }

  /** Appends a batch behind the head. Throws Fault STORE_FENCED, STORE_UNWRITABLE or STORE_UNREACHABLE; the last two may be tried again. */
  async write(linked: readonly Linked[]): Promise<readonly Linked[]> {
    const { line } = this.#log
    const after = this.#log.head().seq - 1
    const events = linked.map(({ row }) => eventOf(row, this.#log.siteId, this.#epoch))
    const until = line.until()
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const outcome = await this.#send(linked, () => line.append(this.#stream, events, after))
      if (outcome.is === 'done') return this.#take(linked)
      const standing = await this.#look(linked, outcome)
      if (standing === 'ours') return this.#take(linked)
      if (typeof standing === 'object') throw this.#takeLate(standing)
      if (standing === 'others') throw await this.#fence()
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

  /** Known by the ids, which hang on the hashes. */
  #isBatch(found: readonly FoundRow[], linked: readonly Linked[]): boolean {
    const { siteId } = this.#log
    return linked.every(({ row }, index) => found[index]?.id === eventId(siteId, row.seq, row.hash))
  }

  #giveUp(linked: readonly Linked[], outcome: Outcome): Fault {
    this.#givenUp.push(linked)
    const cause = outcome.is === 'unsure' ? outcome.cause : new Error('the server says that the log does not end there')
    const says = `KurrentDB at ${this.#log.line.shown} did not say in time whether it kept ${counted(linked.length, 'record')}; start it, or mend the network. Automatic starts are off meanwhile.`
    return new Fault('STORE_UNWRITABLE', { at: this.#log.line.shown }, { cause, says })
  }

  #takeLate({ late: linked }: { readonly late: readonly Linked[] }): Fault {
    this.#take(linked)
    this.#late.push(...linked.map(({ record }) => record))
    const says = `${counted(linked.length, 'record')} that had been given up ${linked.length === 1 ? 'is' : 'are'} in the log after all, and taken in first; send again what is not among them.`
    return new Fault('STORE_UNWRITABLE', { at: this.#log.line.shown }, { says })
  }

  /** Somebody else stands where this process would have written: it never writes again. */
  async #fence(): Promise<Fault> {
    const [next] = await this.#log.found(this.#log.head().seq, 1)
    const newer = next?.epoch ?? 0
    this.#fenced = new Fault('STORE_FENCED', { epoch: this.#epoch, newer, seq: this.#log.head().seq + 1 })
    return this.#fenced
  }
}
