import type { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import type { BayView } from '../../projections/bay-view.ts'
import type { Caller, SiteChange, SiteDesk } from '../site-desk.ts'
import type { Dresser } from './plate-mask.ts'
import { may } from './roles.ts'

/** One batch of changes at most each so many ms. */
const BATCH_MS = 50
const HEARTBEAT_MS = 1000
/** Bytes not yet taken by a client, above which its changes are dropped until it can have a whole snapshot. */
const QUEUE_BYTES = 1 << 20
/** A client that takes nothing for so long is cut off. */
const SILENT_MS = 30_000

type Client = {
  readonly socket: WebSocket
  readonly caller: Caller
  readonly allowed: () => boolean
  readonly pending: Map<string, BayView>
  alarms: boolean
  /** The reviews as they were told last, as JSON: they have no version of their own. */
  reviews: string
  /** What the client has been told last; `newest` is what it will be told next. */
  told: number
  newest: number
  behindSince: number | null
  dropped: number
}

/** The live feed of a site: every message carries epoch, seq and time; each names in `from` the seq that it builds on, so that a lost one is noticed. */
export type LiveFeed = {
  attach(socket: WebSocket, caller: Caller, allowed: () => boolean): void
  counts(): { readonly [name: string]: number }
  clients(): number
  close(): void
}

export type LiveFeedParts = {
  readonly desk: SiteDesk
  readonly clock: Clock
  readonly dresser: Dresser
  readonly buildId: string
}

/** Opens the feed; `attach` gives a client hello and snapshot at once. Close ends every client. */
export function openLiveFeed({ desk, clock, dresser, buildId }: LiveFeedParts): LiveFeed {
  const clients = new Set<Client>()
  const counts = { live_patches: 0, live_snapshots: 0, live_dropped_changes: 0, live_cut_off: 0 }
  let cancelBatch: (() => void) | null = null

  const send = (client: Client, type: string, more: object) => {
    const { told: from, newest: seq } = client
    client.socket.send(JSON.stringify({ type, epoch: desk.epoch, seq, from, ts: new Date(clock.now()).toISOString(), ...more }))
    client.told = client.newest
  }
  const dressed = (views: Iterable<BayView>, client: Client) => [...views].map((view) => dresser.bay(view, may(client.caller, 'plates')))
  const reviewsFor = (client: Client) => desk.reviews().map((row) => dresser.review(row, may(client.caller, 'plates')))
  const snapshot = (client: Client) => {
    client.pending.clear()
    client.alarms = false
    client.newest = desk.seq()
    const reviews = reviewsFor(client)
    client.reviews = JSON.stringify(reviews)
    counts.live_snapshots += 1
    send(client, 'snapshot', { bays: dressed(desk.bays(), client), alarms: desk.alarms(), reviews, dropped: client.dropped })
  }
  const isBehind = (client: Client) => {
    if (client.behindSince !== null) return true
    if (client.socket.bufferedAmount <= QUEUE_BYTES) return false
    client.behindSince = clock.now()
    client.dropped += client.pending.size
    counts.live_dropped_changes += client.pending.size
    client.pending.clear()
    return true
  }
  const patch = (client: Client) => {
    if (isBehind(client) || (client.pending.size === 0 && !client.alarms)) return
    const reviews = reviewsFor(client)
    const reviewsChanged = JSON.stringify(reviews) !== client.reviews
    client.reviews = JSON.stringify(reviews)
    counts.live_patches += 1
    const bays = dressed(client.pending.values(), client)
    send(client, 'patch', { bays, ...(client.alarms && { alarms: desk.alarms() }), ...(reviewsChanged && { reviews }) })
    client.pending.clear()
    client.alarms = false
  }
  const flush = () => {
    cancelBatch = null
    for (const client of clients) patch(client)
  }
  const unsubscribe = desk.subscribe((change: SiteChange) => {
    for (const client of clients) noteChange(client, change, counts)
    cancelBatch ??= clock.after(BATCH_MS, flush)
  })
  const beat = () => {
    cancelBeat = clock.after(HEARTBEAT_MS, beat)
    for (const client of clients) {
      if (!client.allowed()) client.socket.close(4401, 'Not signed in any more.')
      else if (!isBehind(client)) { patch(client); send(client, 'heartbeat', {}) }
      else if (client.socket.bufferedAmount < QUEUE_BYTES / 4) { client.behindSince = null; snapshot(client) }
      else if (clock.now() - (client.behindSince ?? 0) > SILENT_MS) { counts.live_cut_off += 1; client.socket.terminate() }
    }
  }
  let cancelBeat = clock.after(HEARTBEAT_MS, beat)
  return {
    attach(socket, caller, allowed) {
      const client: Client = { socket, caller, allowed, pending: new Map(), alarms: false, reviews: '', told: desk.seq(), newest: desk.seq(), behindSince: null, dropped: 0 }
      clients.add(client)
      socket.on('close', () => clients.delete(client))
      send(client, 'hello', {
        siteId: desk.siteId, name: desk.name, timezone: desk.timezone, machine: desk.machine, buildId, caller, heartbeat_ms: HEARTBEAT_MS,
      })
      snapshot(client)
    },
    counts: () => counts,
    clients: () => clients.size,
    close() {
      unsubscribe()
      cancelBeat()
      cancelBatch?.()
      for (const client of clients) client.socket.close(1001, 'The server stops.')
    },
  }
}

/** The last view of a bay wins; a client that is behind gets a snapshot later and needs none of them. */
function noteChange(client: Client, change: SiteChange, counts: { live_dropped_changes: number }): void {
  if (client.behindSince !== null) {
    client.dropped += change.bays.length
    counts.live_dropped_changes += change.bays.length
    return
  }
  client.newest = Math.max(client.newest, change.seq)
  client.alarms ||= change.alarmsChanged
  for (const bay of change.bays) {
    const before = client.pending.get(bay.bayId)
    if (before === undefined || before.version <= bay.version) client.pending.set(bay.bayId, bay)
  }
}
