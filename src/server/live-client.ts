import type { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import type { BayView } from '../../projections/bay-view.ts'
import type { Caller, SiteChange, SiteDesk } from '../site-desk.ts'
import type { DesignVisitShown } from './design-report-routes.ts'
import type { LiveFrame, LiveMessage, SiteLayout } from './live-message.ts'
import { type Dresser, openSight, type Sight } from './plate-mask.ts'
import { rightsOf } from './roles.ts'
import type { SimulationView } from './scenario-routes.ts'
import type { Serving } from './serving.ts'

/** Bytes not yet taken by a client, above which its changes are dropped until it can have a whole snapshot. */
const QUEUE_BYTES = 1 << 20
/** A client that takes nothing for so long is cut off. */
const SILENT_MS = 30_000

/** What clients are told of: the site, by whose clock, with plates shown how. */
export type LiveFeedParts = {
  readonly desk: SiteDesk
  readonly clock: Clock
  readonly dresser: Dresser
  readonly looks?: Serving['looks']
  /** Name of the page's build: an old page learns that it is old. */
  readonly buildId: string
  /** What is shown is a recording: a page opens it at its beginning. */
  readonly recording?: boolean
  readonly simulation?: SimulationView | DesignVisitShown
  /** How the bays lie, where the site file says it. */
  readonly layout?: SiteLayout | null
}
/** Counters of all clients together. */
export type LiveCounts = {
  live_patches: number
  live_snapshots: number
  live_dropped_changes: number
  live_cut_off: number
}

/** A message before it has its place on a socket. */
type Unplaced = LiveMessage extends infer One ? (One extends LiveMessage ? Omit<One, keyof LiveFrame> : never) : never

/**
 * One socket of the live feed. Invariants: every message names its place and in `from` the seq of the one before it; a change that
 * is not sent is either pending or dropped, and what was dropped is made good by a whole snapshot.
 */
export class LiveClient {
  readonly #parts: LiveFeedParts
  readonly #counts: LiveCounts
  readonly #socket: WebSocket
  readonly #caller: Caller
  readonly #until: string | null
  readonly #pending = new Map<string, BayView>()
  #alarmsChanged = false
  #reviewsChanged = false
  /** The reviews as they were told last, as JSON: they have no version of their own. */
  #reviews = ''
  #n = -1
  #told: number
  #newest: number
  #behindSince: number | null = null
  #dropped = 0
  /** The last record of what was shown here could be written. */
  #recorded = true

  constructor(parts: LiveFeedParts, counts: LiveCounts, socket: WebSocket, caller: Caller, until: string | null) {
    this.#until = until
    this.#parts = parts
    this.#counts = counts
    this.#socket = socket
    this.#caller = caller
    this.#told = this.#newest = parts.desk.seq()
  }

  /** Hello, and the whole site. */
  begin(heartbeat_ms: number): void {
    const { siteId, name, timezone, machine } = this.#parts.desk
    const { buildId, recording, simulation, layout = null } = this.#parts
    const rights = rightsOf(this.#caller)
    const about = {
      siteId,
      name,
      timezone,
      machine,
      buildId,
      caller: this.#caller,
      until: this.#until,
      rights,
      heartbeat_ms,
      layout,
    }
    this.#send({ type: 'hello', ...about, ...(recording && { recording }), ...(simulation && { simulation }) })
    this.#snapshot()
  }

  /** Keeps the last view of each changed bay for the next patch; a client that is behind needs none of them. */
  note(change: SiteChange): void {
    if (this.#behindSince !== null) return this.#drop(change.bays.length)
    // Something was committed: what is shown can be recorded again.
    this.#recorded = true
    this.#newest = Math.max(this.#newest, change.seq)
    this.#alarmsChanged ||= change.alarmsChanged
    this.#reviewsChanged ||= change.reviewsChanged === true
    for (const bay of change.bays) {
      const before = this.#pending.get(bay.bayId)
      if (before === undefined || before.version <= bay.version) this.#pending.set(bay.bayId, bay)
    }
  }

  /** Sends what changed since the last message. */
  patch(): void {
    if (this.#isBehind() || (this.#pending.size === 0 && !this.#alarmsChanged && !this.#reviewsChanged)) return
    const reviews = this.#openReviews()
    const told = JSON.stringify(reviews)
    this.#counts.live_patches += 1
    this.#send({
      type: 'patch',
      bays: this.#dressed(this.#pending.values()),
      ...(this.#alarmsChanged && { alarms: this.#parts.desk.alarms() }),
      ...(told !== this.#reviews && { reviews }),
    })
    this.#reviews = told
    this.#pending.clear()
    this.#alarmsChanged = this.#reviewsChanged = false
  }

  /** A sign of life; or the snapshot that a client which caught up has waited for; or the end of one that takes nothing. */
  beat(): void {
    if (!this.#isBehind()) {
      this.patch()
      this.#send({ type: 'heartbeat' })
    } else if (this.#socket.bufferedAmount < QUEUE_BYTES / 4) {
      this.#behindSince = null
      this.#snapshot()
    } else if (this.#parts.clock.now() - (this.#behindSince ?? 0) > SILENT_MS) {
      this.#counts.live_cut_off += 1
      this.#socket.terminate()
    }
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  #isBehind(): boolean {
    if (this.#behindSince === null && this.#socket.bufferedAmount > QUEUE_BYTES) {
      this.#behindSince = this.#parts.clock.now()
      this.#drop(this.#pending.size)
      this.#pending.clear()
    }
    return this.#behindSince !== null
  }

  #drop(changes: number): void {
    this.#dropped += changes
    this.#counts.live_dropped_changes += changes
  }

  #snapshot(): void {
    const { desk } = this.#parts
    const reviews = this.#openReviews()
    this.#reviews = JSON.stringify(reviews)
    this.#pending.clear()
    this.#alarmsChanged = this.#reviewsChanged = false
    this.#newest = desk.seq()
    this.#counts.live_snapshots += 1
    const bays = this.#dressed(desk.bays())
    this.#send({ type: 'snapshot', bays, alarms: desk.alarms(), reviews, dropped: this.#dropped })
  }

  #send(what: Unplaced): void {
    const { desk, clock } = this.#parts
    const ts = new Date(clock.now()).toISOString()
    this.#n += 1
    const placed = { epoch: desk.epoch, seq: this.#newest, from: this.#told, n: this.#n, ts }
    const { type, ...more } = what
    this.#socket.send(JSON.stringify({ type, ...placed, ...more }))
    this.#told = this.#newest
  }

  #dressed(views: Iterable<BayView>): readonly BayView[] {
    return this.#onRecord((sight) => [...views].map((view) => this.#parts.dresser.bay(view, sight)))
  }

  /** What is shown in clear goes on record at the same moment: this feed never waits for the disk. After a record that could not be written all is masked until the next commit. */
  #onRecord<T>(show: (sight: Sight) => T): T {
    const { name: by, role } = this.#caller
    const sight = openSight(this.#caller, this.#recorded)
    const shown = show(sight)
    if (sight.seen.size > 0)
      this.#parts.looks?.saw({ by, role, what: 'live', subjects: [...sight.seen] }).catch(() => {
        this.#recorded = false
      })
    return shown
  }

  #openReviews() {
    const { desk, dresser } = this.#parts
    return this.#onRecord((sight) => desk.reviews.all().map((row) => dresser.review(row, sight)))
  }
}
