import type { WebSocket } from 'ws'
import type { Caller } from '../site-desk.ts'
import { LiveClient, type LiveCounts, type LiveFeedParts } from './live-client.ts'
import { may } from './roles.ts'

/** One batch of changes at most each so many ms. */
const BATCH_MS = 50
const HEARTBEAT_MS = 1000

/** The live feed of a site: every message carries epoch, seq and time; each names in `from` the seq that it builds on, so that a lost one is noticed. */
export type LiveFeed = {
  /** `allowed` is asked at each beat: who may not look any more is closed with 4401; `until`: when the sign-in ends by itself. */
  attach(socket: WebSocket, caller: Caller, allowed: () => boolean, until?: string | null): void
  counts(): { readonly [name: string]: number }
  close(): void
}

/** Opens the feed; `attach` gives a client hello and snapshot at once. Close ends every client. */
export function openLiveFeed(parts: LiveFeedParts): LiveFeed {
  const { desk, clock } = parts
  const clients = new Map<LiveClient, () => boolean>()
  const counts: LiveCounts = { live_patches: 0, live_snapshots: 0, live_dropped_changes: 0, live_cut_off: 0 }
  let cancelBatch: (() => void) | null = null
  const flush = () => {
    cancelBatch = null
    for (const client of clients.keys()) client.patch()
  }
  const unsubscribe = desk.subscribe((change) => {
    if (clients.size === 0) return
    for (const client of clients.keys()) client.note(change)
    cancelBatch ??= clock.after(BATCH_MS, flush)
  })
  const beat = () => {
    cancelBeat = clock.after(HEARTBEAT_MS, beat)
    for (const [client, allowed] of clients) {
      if (allowed()) client.beat()
      else client.close(4401, 'Not signed in any more.')
    }
  }
  let cancelBeat = clock.after(HEARTBEAT_MS, beat)
  return {
    attach(socket, caller, allowed, until = null) {
      const client = new LiveClient(parts, counts, socket, caller, until)
      clients.set(client, allowed)
      const leaves = may(caller, 'operate') ? desk.reviews.presence.opened() : () => {}
      socket.on('close', () => {
        clients.delete(client)
        leaves()
      })
      client.begin(HEARTBEAT_MS)
    },
    counts: () => ({ ...counts, live_pages: clients.size }),
    close() {
      unsubscribe()
      cancelBeat()
      cancelBatch?.()
      for (const client of clients.keys()) client.close(1001, 'The server stops.')
    },
  }
}
