import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Clock } from '../../actors/ports.ts'
import { type Checkpoint, type Signer, signCheckpoint } from './checkpoint.ts'
import { CheckpointCourier, type CheckpointTarget, targetName } from './checkpoint-courier.ts'
import { appendCheckpoints, checkpointsBeside, readCheckpoints } from './checkpoint-file.ts'
import type { Head } from './journal-row.ts'

/** A checkpoint at the latest after so many new records, or so many minutes after the first of them; and where they go. */
export type CheckpointRule = {
  readonly every: number
  readonly minutes: number
  readonly to: readonly CheckpointTarget[]
}

export type CheckpointerParts = {
  readonly storePath: string
  readonly siteId: string
  readonly rule: CheckpointRule
  readonly clock: Clock
  readonly head: () => Head
  readonly signer: () => Signer
  readonly log: (line: string) => void
  /** What a receiver (`of`) has that contradicts this store, in words. */
  readonly forked: (of: string, says: string) => void
}

const LOOK_ms = 1_000
/** After a failure to write beside the store. */
const RETRY_ms = 30_000

/** Signs where the journal stands, every so many records and minutes, keeps that beside the store and sends it elsewhere. */
export class Checkpointer {
  readonly couriers: readonly CheckpointCourier[]
  readonly #parts: CheckpointerParts
  readonly #path: string
  readonly #deliveries: Deliveries
  #newest: Checkpoint | null
  /** When the oldest record without a checkpoint was noticed, ms since 1970; null = there is none. */
  #since: number | null = null
  #notBefore = Number.NEGATIVE_INFINITY
  #failing = false
  #writing: Promise<void> = Promise.resolve()
  #cancelLook: (() => void) | null = null

  constructor(parts: CheckpointerParts) {
    this.#parts = parts
    this.#path = checkpointsBeside(parts.storePath)
    const { checkpoints } = readCheckpoints(this.#path)
    this.#newest = checkpoints.at(-1) ?? null
    this.#deliveries = new Deliveries(deliveriesBeside(parts.storePath))
    this.couriers = parts.rule.to.map((target) => this.#courier(target, checkpoints))
  }

  /** The newest checkpoint; null where none was made yet. */
  get newest(): Checkpoint | null {
    return this.#newest
  }

  /** Looks from now on, once a second. */
  begin(): void {
    this.#look()
    this.#cancelLook = this.#parts.clock.after(LOOK_ms, () => this.begin())
  }

  /** A last checkpoint where something is without one; then no delivery is under way any more. */
  async close(): Promise<void> {
    this.#cancelLook?.()
    await this.#writing
    if (this.#behind() > 0) await this.#take()
    await Promise.all(this.couriers.map((one) => one.close()))
  }

  #courier(target: CheckpointTarget, checkpoints: readonly Checkpoint[]): CheckpointCourier {
    const { clock, log, forked } = this.#parts
    // An older copy that was put back is sent again from where it ends: receivers see that its trail forks there.
    const delivered = Math.min(this.#deliveries.of(target), this.#newest?.seq ?? 0)
    const courier: CheckpointCourier = new CheckpointCourier({
      target,
      clock,
      delivered,
      taken: async (seq) => this.#deliveries.note(target, seq),
      failed: log,
      contradicted: (says) => forked(targetName(target), says),
    })
    courier.bring(checkpoints)
    return courier
  }

  /** Records after the newest checkpoint. */
  #behind(): number {
    return this.#parts.head().seq - (this.#newest?.seq ?? 0)
  }

  #look(): void {
    const { clock, rule } = this.#parts
    const now = clock.now()
    const behind = this.#behind()
    if (behind <= 0) this.#since = null
    else this.#since ??= now
    if (this.#since === null || now < this.#notBefore) return
    if (behind >= rule.every || Math.abs(now - this.#since) >= rule.minutes * 60_000) this.#writing = this.#take()
  }

  async #take(): Promise<void> {
    const { clock, siteId, head, signer, log } = this.#parts
    this.#notBefore = Number.POSITIVE_INFINITY
    try {
      const { seq, hash } = head()
      const checkpoint = signCheckpoint({ siteId, seq, hash, time: new Date(clock.now()).toISOString() }, signer())
      await appendCheckpoints(this.#path, [checkpoint])
      this.#newest = checkpoint
      this.#since = null
      this.#failing = false
      this.#notBefore = Number.NEGATIVE_INFINITY
      for (const courier of this.couriers) courier.bring([checkpoint])
    } catch (cause) {
      if (!this.#failing)
        log(`No checkpoint could be written to ${this.#path}: ${(cause as Error).message} It is tried again.`)
      this.#failing = true
      this.#notBefore = clock.now() + RETRY_ms
    }
  }
}

const deliveriesBeside = (storePath: string): string => `${storePath}.checkpoints.sent`

/** Of a store: the newest seq that a receiver has taken, 0 for none. */
export function readDeliveries(storePath: string): (target: CheckpointTarget) => number {
  const seqs = readSeqs(deliveriesBeside(storePath))
  return (target) => seqs[nameOf(target)] ?? 0
}

/** What receivers have taken, in a small file: lost, everything is sent once more. */
class Deliveries {
  readonly #path: string
  readonly #seqs: { [name: string]: number }

  constructor(path: string) {
    this.#path = path
    this.#seqs = readSeqs(path)
  }

  of(target: CheckpointTarget): number {
    return this.#seqs[nameOf(target)] ?? 0
  }

  note(target: CheckpointTarget, seq: number): void {
    this.#seqs[nameOf(target)] = seq
    writeFileSync(`${this.#path}.part`, JSON.stringify(this.#seqs))
    renameSync(`${this.#path}.part`, this.#path)
  }
}

const nameOf = (target: CheckpointTarget): string => (target.kind === 'file' ? target.path : target.url)

function readSeqs(path: string): { [name: string]: number } {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { [name: string]: unknown }
    return Object.fromEntries(
      Object.entries(kept).filter((one): one is [string, number] => Number.isSafeInteger(one[1])),
    )
  } catch {
    return {}
  }
}
