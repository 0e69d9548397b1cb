import { setImmediate, setTimeout } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { BayView } from '../../projections/bay-view.ts'
import type { SiteDesk } from '../site-desk.ts'
import { inspectMessage, isOpen, QUEUE_BYTES, snapshotOf } from './inspect-feed.ts'

/** Records from which messages are made: behind `from`, up to `to`. */
export type RecordedSpan = { readonly from: number; readonly to: number }

const PAGE = 200
/** A client that does not keep up is waited for, so long at a time, and so long in all: others wait for its turn. */
const WAIT_MS = 20
const PATIENCE_MS = 60_000

/** Recordings that are told at once: each lives the journal again. */
const MOST_TOLD = 4

/** A turn for each of those that want to tell a recording, in the order in which they came. */
export class RecordedTurns {
  readonly #waiting: (() => void)[] = []
  #told = 0

  /** Does the work when its turn has come; rejects as the work does. */
  async take(work: () => Promise<void>): Promise<void> {
    if (this.#told < MOST_TOLD) this.#told += 1
    else await new Promise<void>((go) => this.#waiting.push(go))
    try {
      await work()
    } finally {
      const next = this.#waiting.shift()
      // A turn is handed on, or free.
      if (next) next()
      else this.#told -= 1
    }
  }
}

/**
 * The messages that a live site would have sent, made from its journal: each wanted bay as it was after the record `from` (a bay without
 * records then comes with its first one), then an event and a snapshot for every record up to `to`. Times are the records'. The socket
 * stays open behind the last one, so that a receiver that dials anew does not hear all again. Rejects as the journal does.
 */
export async function tellRecorded(
  socket: WebSocket,
  desk: SiteDesk,
  wanted: readonly string[] | null,
  { from, to }: RecordedSpan,
): Promise<void> {
  const wants = (bayId: string | null): bayId is string => bayId !== null && (wanted === null || wanted.includes(bayId))
  const definition = JSON.stringify(desk.definition)
  const plateOf = (handle: string) => desk.plateOf(handle)
  const send = (message: object) => socket.send(JSON.stringify(message))
  const registered = new Set<string>()
  const register = (view: BayView, at: string) => {
    registered.add(view.bayId)
    const snapshot = snapshotOf(view, plateOf)
    send({
      ...inspectMessage('@xstate.actor', view.bayId, at),
      name: view.bayId,
      definition,
      parentId: undefined,
      snapshot,
    })
  }
  if (from > 0) {
    const { at, bays } = await desk.siteAt(from)
    for (const view of bays)
      if (wants(view.bayId)) {
        if (!(await keepsUp(socket))) return
        register(view, at)
      }
  }
  const last = Math.min(to, desk.seq())
  for (let seq = from; seq < last && isOpen(socket); ) {
    const page = await desk.journal.readSite(seq, Math.min(PAGE, last - seq))
    if (page.length === 0) return
    for (const record of page) {
      seq = record.seq
      if (!wants(record.bayId)) continue
      // Bays, charge points and people have their turn before the next one.
      await setImmediate()
      if (!(await keepsUp(socket))) return
      const { bays } = await desk.siteAt(seq, seq - 1)
      const view = bays.find(({ bayId }) => bayId === record.bayId)
      if (view === undefined) continue
      if (!registered.has(record.bayId)) register(view, record.at)
      const event = { type: record.cause.type, at: record.at, seq }
      const snapshot = snapshotOf(view, plateOf)
      send({ ...inspectMessage('@xstate.event', record.bayId, record.at), sourceId: undefined, event })
      send({ ...inspectMessage('@xstate.snapshot', record.bayId, record.at), event, snapshot })
    }
  }
}

/** Waits until the client took enough; false where it is gone, or is closed because it takes nothing. */
async function keepsUp(socket: WebSocket): Promise<boolean> {
  const since = performance.now()
  while (isOpen(socket) && socket.bufferedAmount > QUEUE_BYTES) {
    if (performance.now() - since > PATIENCE_MS) socket.close(1013, 'Too slow; ask again from where you are.')
    else await setTimeout(WAIT_MS)
  }
  return isOpen(socket)
}
