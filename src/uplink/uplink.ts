import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Head } from '../journal/journal-row.ts'
import type { Sighting } from '../plausibility/sighting.ts'
import type { CentralOrderType } from './central-order.ts'
import type { SiteAnswer } from './link-message.ts'
import type { RequestTable } from './link-request.ts'
import { RequestDesk } from './request-desk.ts'
import type { SiteRows } from './site-rows.ts'
import type { UplinkAlarms } from './uplink-alarms.ts'
import { LinkLost, UplinkLine } from './uplink-line.ts'

/** The centre that a site ships its log to; `ca` a PEM file or null, `silent_min` after how many minutes of waiting an alarm is raised, `orders` what its people may order here. */
export type SiteCentre = {
  readonly url: string
  readonly token: string
  readonly ca: string | null
  readonly silent_min: number
  /** Phones may reach the site's driver pages there. */
  readonly driverPages: boolean
  readonly orders: readonly CentralOrderType[]
  /** Whether its people may look at the crops of reviews; absent = no. */
  readonly crops?: boolean
  /** Whether the centre says by which policy the site decides. */
  readonly policy?: boolean
  /** By which key plates are compared with other sites of a group, and how long the way to the nearest of them takes at least, minutes; absent = nothing is told. */
  readonly plausibility?: { readonly key: string; readonly travel_min: number }
}

export type UplinkParts = {
  readonly centre: SiteCentre
  readonly siteId: string
  /** Name of the key store that sealed the log. */
  readonly keyStore: string
  readonly version: string
  readonly rows: SiteRows
  readonly clock: Clock
  /** 0..1, for the jitter of redials. */
  readonly chance: () => number
  readonly alarms: UplinkAlarms
  /** What the centre may ask of this site. */
  readonly requests: RequestTable
  /** Longest wait for an answer, ms; default 30,000. */
  readonly answer_ms?: number
  /** First pause before a redial, ms; default 1,000. */
  readonly redial_ms?: number
}

const ANSWER_MS = 30_000
const FIRST_REDIAL_MS = 1_000
const LONGEST_REDIAL_MS = 300_000
/** What only a person mends is asked again at first after so long, ms. */
const REFUSED_REDIAL_MS = 15_000
/** Between two batches, ms: a long way to catch up is gone at a walk, so that the site never waits for it. */
const PACE_MS = 20

/** How far the centre is: `sent` = seq of the newest record that is durable there (or set aside), `behind` = records that wait here. */
export type UplinkPlace = { readonly linked: boolean; readonly sent: number; readonly behind: number }

/**
 * Ships a site's log to its centre over one connection of its own making: batch after batch, each sent once the one before is durable
 * there, from where the centre says that its copy ends. Nothing of the site waits for it; it only reads what is on disk.
 */
export class Uplink {
  readonly #parts: UplinkParts
  readonly #requests: RequestDesk
  readonly #closing = new AbortController()
  readonly #run: Promise<void>
  #line: UplinkLine | null = null
  /** Links whose hello was answered so far. */
  #links = 0
  /** What the centre at the end of this link hears without an answer. */
  #hears: readonly string[] = []
  #place: Head | null = null
  #pause: number
  #wake: () => void = () => {}
  #woken = false
  /** Ends a rest. */
  #stop: () => void = () => {}

  constructor(parts: UplinkParts) {
    this.#parts = parts
    this.#requests = new RequestDesk(parts.requests)
    this.#pause = parts.redial_ms ?? FIRST_REDIAL_MS
    this.#run = this.#go()
  }

  /** Something may be new; about once a second. */
  wake(): void {
    this.#parts.alarms.tick(this.place.behind)
    this.#woken = true
    this.#wake()
  }

  get place(): UplinkPlace {
    const sent = this.#place?.seq ?? 0
    return { linked: this.#line !== null, sent, behind: Math.max(0, this.#newest() - sent) }
  }

  /** The number of the link over which the centre hears words of this kind; null where there is none now. */
  hearing(kind: string): number | null {
    return this.#line?.isLost === false && this.#hears.includes(kind) ? this.#links : null
  }

  /** Says what has no answer and is never said later; false where nobody hears it. */
  say(word: Sighting): boolean {
    if (this.hearing(word.type) === null) return false
    this.#line?.say(word)
    return true
  }

  /** From now on the centre may ask this and nothing else, which a new link tells it. */
  allow(requests: RequestTable): void {
    this.#requests.become(requests)
    this.#line?.renew()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#line?.close()
    this.#wake()
    this.#stop()
    await this.#run
    await this.#parts.rows.close()
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  #newest(): number {
    try {
      return this.#parts.rows.head().seq
    } catch {
      return this.#place?.seq ?? 0
    }
  }

  async #go(): Promise<void> {
    while (!this.#isClosed) {
      const lost = await this.#link()
      if (this.#isClosed) return
      this.#parts.alarms.lost(lost.message, lost.isRefused)
      // Between half and all of it: all gateways of a centre that was away must not come back in the same second.
      if (lost.isRefused) this.#pause = Math.max(this.#pause, REFUSED_REDIAL_MS)
      await this.#rest(this.#pause * (0.5 + this.#parts.chance() / 2))
      this.#pause = Math.min(LONGEST_REDIAL_MS, this.#pause * 2)
    }
  }

  /** One connection, from its dial to its end; why it ended. */
  async #link(): Promise<LinkLost> {
    const { centre, clock, answer_ms = ANSWER_MS } = this.#parts
    try {
      const line = await UplinkLine.dial(
        { ...centre, clock, answer_ms, requests: this.#requests },
        this.#closing.signal,
      )
      this.#line = line
      void line.lost().then(() => this.#wake())
      await this.#ship(line)
      return await line.lost()
    } catch (cause) {
      if (cause instanceof LinkLost) return cause
      // The store cannot be read: the site says so itself, and better.
      const says = cause instanceof Fault ? cause.message : String(cause)
      return new LinkLost(`gets nothing more: ${says}`, true)
    } finally {
      this.#line?.close()
      this.#line = null
      this.#hears = []
    }
  }

  async #ship(line: UplinkLine): Promise<void> {
    const { siteId, keyStore, version, rows, alarms, centre } = this.#parts
    const mayAsk = { takes: this.#requests.kinds, orders: centre.orders }
    const own = { site: siteId, keyStore, head: rows.head(), berth: version, ...mayAsk }
    const answer = await line.ask({ type: 'hello', ...own })
    if (answer.type !== 'head') throw line.nonsense(`a ${answer.type} to a hello`)
    const { epoch, hears = [] } = answer
    this.#links++
    this.#hears = hears
    this.#place = await this.#meet(line, answer)
    // A centre that greets and takes nothing is no better than one that is away.
    if (this.place.behind === 0) alarms.answered()
    while (!this.#isClosed) {
      const sent = await this.#sendNext(line, epoch)
      if (line.isLost) return
      if (sent) await this.#rest(PACE_MS)
      else await this.#idle()
    }
  }

  /** The newest record that both ends have. The centre's own word is enough where it is one of ours; else it is asked for our records, ever closer. */
  async #meet(line: UplinkLine, { seq, hash, epoch, current }: Extract<SiteAnswer, { type: 'head' }>): Promise<Head> {
    const { rows, alarms, siteId } = this.#parts
    const head = rows.head()
    const isOurs = seq <= head.seq && (await rows.hashAt(seq)) === hash
    if (current !== epoch)
      alarms.contradicted(
        `${siteId} was taken over at the centre (epoch ${current}, this gateway has ${epoch}): what is recorded here from now on is set aside there.`,
      )
    else if (isOurs) {
      alarms.contradicted(null)
      return { seq, hash }
    }
    if (current === epoch && seq > head.seq)
      alarms.contradicted(
        `The centre has ${seq} records of ${siteId}, this store only ${head.seq}: an older copy was put back, or another gateway runs as ${siteId}. What is recorded from now on is set aside there.`,
      )
    return this.#search(line, isOurs ? seq : 0, head.seq)
  }

  /** The newest of our records that the centre has, at `least` this one. */
  async #search(line: UplinkLine, least: number, newest: number): Promise<Head> {
    const { rows } = this.#parts
    let [known, unknown] = [least, newest + 1]
    for (let seq = newest; known + 1 < unknown; seq = Math.floor((known + unknown) / 2)) {
      const answer = await line.ask({ type: 'knows', seq, hash: await rows.hashAt(seq) })
      if (answer.type !== 'known' || answer.seq !== seq) throw line.nonsense(`a ${answer.type} to a question`)
      if (answer.where === null) unknown = seq
      else known = seq
    }
    return { seq: known, hash: await rows.hashAt(known) }
  }

  /** False where there is nothing to send. */
  async #sendNext(line: UplinkLine, epoch: number): Promise<boolean> {
    const { siteId, rows, alarms } = this.#parts
    const place = this.#place as Head
    this.#woken = false
    const batch = await rows.batch(place.seq)
    const last = batch.at(-1)
    if (last === undefined) return false
    const answer = await line.ask({
      type: 'batch',
      ...{ site: siteId, epoch, fromSeq: place.seq + 1, prevHash: place.hash, rows: batch },
    })
    if (answer.type === 'head' || answer.type === 'aside') {
      // A copy may end behind this batch only where another gateway writes to it: then the next batch finds out.
      const isOther =
        answer.type === 'aside' || answer.seq === last.seq ? answer.hash !== last.hash : answer.seq < last.seq
      if (isOther) throw line.nonsense('it keeps other records than were sent')
      this.#place = { seq: last.seq, hash: last.hash }
      this.#pause = this.#parts.redial_ms ?? FIRST_REDIAL_MS
      alarms.answered()
      alarms.contradicted(answer.type === 'aside' ? answer.says : null)
      return true
    }
    if (answer.type !== 'gap') throw line.nonsense(`a ${answer.type} to a batch`)
    const met = await this.#search(line, 0, place.seq)
    if (met.seq === place.seq) throw line.nonsense('it knows a record and does not go on from it')
    this.#place = met
    return true
  }

  /** Until something may be new. */
  #idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#woken || this.#isClosed || this.#line?.isLost !== false) return resolve()
      this.#wake = resolve
    })
  }

  /** For so long, or until berth stops. */
  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve()
      const disarm = this.#parts.clock.after(ms, resolve)
      this.#stop = () => {
        disarm()
        resolve()
      }
    })
  }
}
