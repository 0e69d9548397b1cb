import { type Checkpoint, isSigned } from './checkpoint.ts'
import type { Head } from './journal-row.ts'

/** Checkpoints to hold a journal against, and the only key that may have signed them (null = any, and it is named). */
export type Trust = { readonly checkpoints: readonly Checkpoint[]; readonly key: string | null }

/** Nothing to hold a journal against. */
export const NO_TRUST: Trust = { checkpoints: [], key: null }

/** What checkpoints say of a journal that holds. */
export type Signed = {
  readonly checkpoints: number
  /** Public keys, hex. */
  readonly keys: readonly string[]
  /** Of the newest: seq, and time in ISO 8601. */
  readonly seq: number
  readonly time: string
}

/** What was wrong with a checkpoint, or by one: other records than the signed ones, an end that is gone, another site's, another key's, altered. */
export type CheckpointFault = 'rewritten' | 'cut' | 'site' | 'key' | 'signature'

/** Holds a chain against signed checkpoints while it is followed. */
export class CheckpointCheck {
  readonly #points = new Map<number, Checkpoint[]>()
  readonly #key: string | null
  readonly #keys = new Set<string>()
  readonly #sites = new Set<string>()
  #count = 0
  #newest: Checkpoint | null = null
  /** Seq of the newest checkpoint that the chain has met. */
  #held = 0
  #fault: CheckpointFault | null = null

  constructor({ checkpoints, key }: Trust) {
    this.#key = key
    for (const one of checkpoints) this.add(one)
  }

  /** One more, before the record that it names is reached. */
  add(point: Checkpoint): void {
    const there = this.#points.get(point.seq)
    if (there?.some(({ signature }) => signature === point.signature)) return
    if (there) there.push(point)
    else this.#points.set(point.seq, [point])
    this.#count++
    this.#keys.add(point.key)
    this.#sites.add(point.siteId)
    if (this.#newest === null || point.seq > this.#newest.seq) this.#newest = point
  }

  /** Seq of the newest record that a checkpoint was found to hold for, 0 for none. */
  get held(): number {
    return this.#held
  }

  /** What the last sentence that was answered is about; null before one was. */
  get fault(): CheckpointFault | null {
    return this.#fault
  }

  /** What is checked begins after this link: checkpoints of records before it say nothing here. Answers what one says against it, or null. */
  begin(before: Head): string | null {
    const kept = [...this.#points.values()].flat().filter(({ seq }) => seq >= before.seq)
    this.#points.clear()
    this.#keys.clear()
    this.#count = 0
    this.#newest = null
    for (const one of kept) this.add(one)
    return this.meet(before)
  }

  /** The link that was just followed; answers what a checkpoint says against it, or null. */
  meet({ seq, hash }: Head): string | null {
    for (const point of this.#points.get(seq) ?? []) {
      const wrong = this.#wrong(point)
      if (wrong !== null) return wrong
      if (point.hash !== hash)
        return this.#says(
          'rewritten',
          `record ${seq} is not the one that the checkpoint of ${point.time} was signed for (it says ${point.hash}): ${this.#held === 0 ? 'some record up to it was' : `a record after ${this.#held} was`} written anew`,
        )
      this.#held = seq
    }
    return null
  }

  /** What is wrong once the end is reached: a checkpoint of another site, or of a record that is not there. */
  wrongEnd(siteId: string | null, seq: number): string | null {
    const foreign = [...this.#sites].find((one) => siteId !== null && one !== siteId)
    if (foreign !== undefined)
      return this.#says('site', `a checkpoint is of the site ${foreign}, the records are of ${siteId}`)
    const newest = this.#newest
    if (newest === null || newest.seq <= seq) return null
    return (
      this.#wrong(newest) ??
      this.#says(
        'cut',
        `the end is cut off: the checkpoint of ${newest.time} names record ${newest.seq}, after record ${seq} comes nothing`,
      )
    )
  }

  /** Null where there are none. */
  signed(): Signed | null {
    const newest = this.#newest
    return newest && { checkpoints: this.#count, keys: [...this.#keys], seq: newest.seq, time: newest.time }
  }

  #wrong(point: Checkpoint): string | null {
    if (this.#key !== null && point.key !== this.#key)
      return this.#says(
        'key',
        `the checkpoint of ${point.time} for record ${point.seq} is signed with another key, ${point.key}`,
      )
    if (isSigned(point)) return null
    const says = `the checkpoint of ${point.time} for record ${point.seq} was altered: its signature does not hold`
    return this.#says('signature', says)
  }

  #says(fault: CheckpointFault, says: string): string {
    this.#fault = fault
    return says
  }
}
