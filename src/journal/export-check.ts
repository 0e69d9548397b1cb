import { ChainCheck } from './chain-check.ts'
import type { Checkpoint } from './checkpoint.ts'
import { CheckpointCheck, type CheckpointFault, type Signed, type Trust } from './checkpoint-check.ts'
import { type ExportHeader, parseLine } from './export-file.ts'

/** What a verification found. `broken` is one sentence about the first link that does not hold, null when all do. */
export type Verdict = {
  readonly siteId: string | null
  /** Seq of the first record that was checked: 1, or where the first segment begins. */
  readonly first: number
  /** Records that hold before the first broken one, those left out by a filter included. */
  readonly records: number
  /** Of these, records that are present as hashes only. */
  readonly leftOut: number
  /** Of these, records whose personal fields are gone. */
  readonly erased: number
  readonly hash: string
  readonly broken: string | null
  /** What `broken` is about, where a checkpoint says it; null where it is a link of the chain, or nothing. */
  readonly fault: CheckpointFault | null
  /** Seq of the newest record that a checkpoint was found to hold for, 0 for none. */
  readonly held: number
  /** What signed checkpoints vouch for; null where there are none. */
  readonly signed: Signed | null
  /** What a reader of the verdict should know although every link holds. */
  readonly notes: readonly string[]
}

/** Follows the lines of exports and segments, one file after the other. */
export class ExportCheck {
  readonly chain = new ChainCheck()
  readonly points: CheckpointCheck
  /** Of the file that is read. */
  line = 0
  erased = 0
  #header: ExportHeader | null = null
  /** The first record is not the site's first: what came before was not seen. */
  #begunAt = 1
  #isBegun = false
  #siteId: string | null
  #leftOut = 0
  #headless = false

  /** `siteId` null: that of the first record. */
  constructor(trust: Trust, siteId: string | null = null) {
    this.points = new CheckpointCheck(trust)
    this.#siteId = siteId
  }

  get siteId(): string | null {
    return this.#siteId
  }

  /** The next file begins. */
  beginFile(): void {
    this.line = 0
    this.#header = null
  }

  /** The next line; answers what is wrong with it, or null. */
  take(bytes: Uint8Array): string | null {
    this.line++
    const line = parseLine(bytes)
    if (line.kind === 'unreadable')
      return this.chain.seq === 0 ? line.says : `${line.says}, after record ${this.chain.seq}`
    if (line.kind === 'header') return this.#takeHeader(line)
    if (line.kind === 'checkpoint') return this.#takeCheckpoint(line.checkpoint)
    if (line.kind === 'machines') return line.holds ? null : `the machines ${line.name} were altered`
    this.#isBegun = true
    const wrong =
      (line.kind === 'record' ? this.#wrongPlace(line.record) : null) ??
      this.chain.take(line.link) ??
      this.points.meet(this.chain)
    if (wrong !== null) return wrong
    if (line.kind === 'left-out') this.#leftOut++
    else if (line.link.personal === null) this.erased++
    return null
  }

  /** What is wrong with the end of the file: the header says where it must be, and a segment is sealed there. */
  wrongEnd(): string | null {
    const { seq, hash } = this.chain
    const header = this.#header
    if (this.line === 0) return 'the file is empty'
    if (header === null) {
      this.#headless = true
      return seq === 0 ? 'there is no record in it' : null
    }
    if (header.seq !== seq)
      return `the end is missing: the header promises ${String(header.seq)} records, after record ${seq} comes nothing`
    if (header.hash !== hash) return `record ${seq}: its hash is ${hash}, but the header says ${String(header.hash)}`
    return header.isSegment && this.points.held !== seq
      ? `it is not sealed: no signed checkpoint names its last record, ${seq}`
      : null
  }

  verdict(broken: string | null): Verdict {
    const notes = this.#headless ? ['There is no header line, so a missing end cannot be noticed.'] : []
    if (this.#begunAt > 1)
      notes.push(`It begins with record ${this.#begunAt}: what came before stands in the segments before it.`)
    const { seq, hash } = this.chain
    const [signed, leftOut, erased] = [this.points.signed(), this.#leftOut, this.erased]
    const records = seq - this.#begunAt + 1
    const { fault, held } = this.points
    const found = { leftOut, erased, hash, broken, signed, notes }
    return {
      siteId: this.#siteId,
      first: this.#begunAt,
      records,
      fault: broken === null ? null : fault,
      held,
      ...found,
    }
  }

  #takeCheckpoint(checkpoint: Checkpoint): string | null {
    if (checkpoint.seq <= this.chain.seq) return 'a checkpoint stands after the record that it names'
    this.points.add(checkpoint)
    return null
  }

  #takeHeader(header: ExportHeader): string | null {
    if (this.line !== 1) return 'a header stands between the records'
    this.#header = header
    const siteId = String(header.siteId)
    if (this.#siteId !== null && siteId !== this.#siteId)
      return `it is of the site ${siteId}, what came before of ${this.#siteId}`
    this.#siteId = siteId
    const before = { seq: header.first - 1, hash: header.prev }
    const { seq, hash } = this.chain
    if (this.#isBegun || header.first === 1) {
      if (before.seq !== seq)
        return `it begins with record ${header.first}, and record ${seq + 1} comes next: a segment is missing, or not in its place`
      return before.hash === hash
        ? null
        : `record ${seq} has the hash ${hash}, but the header follows on ${before.hash}`
    }
    this.#isBegun = true
    this.#begunAt = header.first
    this.chain.begin(before)
    return this.points.begin(before)
  }

  #wrongPlace(record: { readonly [member: string]: unknown }): string | null {
    const siteId = String(record['siteId'])
    this.#siteId ??= siteId
    return siteId === this.#siteId
      ? null
      : `record ${this.chain.seq + 1} is of the site ${siteId}, the others of ${this.#siteId}`
  }
}
