import { setTimeout } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { BayView } from '../../projections/bay-view.ts'
import type { SiteChange, SiteDesk } from '../site-desk.ts'

/** The version of @statelyai/inspect whose message format this is. */
const FORMAT = '0.7.2'
/** Bytes that may wait for a client. */
export const QUEUE_BYTES = 1 << 20
/** A client that does not keep up is waited for, so long at a time. */
const WAIT_ms = 20
/** Records of a bay that are told one by one; where more were missed they are a gap. */
const MOST_AT_ONCE = 100

/** The state as XState writes it: `charging-locked` with detail `charging` gives {charging-locked: 'charging'}. */
export function stateValue(state: string, detail: string | null): Json {
  const path = detail === null || detail === '' || detail === state ? [] : detail.replace(`${state}.`, '').split('.')
  const all = [state, ...path]
  return all.slice(0, -1).reduceRight<Json>((inner, name) => ({ [name]: inner }), all.at(-1) ?? state)
}

/** What of a bay may be seen here: state, lock, amperes, and how long the plate is. Named one by one, so that nothing new slips through. */
export function snapshotOf(view: BayView, plateOf: (handle: string) => string | null) {
  const plate = view.visit?.plate == null ? null : plateOf(view.visit.plate)
  return {
    status: 'active',
    value: stateValue(view.state, view.detail),
    tags: [view.service, view.autonomy, ...(view.lock.locked ? ['locked'] : [])],
    context: {
      version: view.version,
      current_A: view.chargers.map((charger) => charger.current_A).find((current) => current !== null) ?? null,
      lock: view.lock.reasons,
      plateLength: plate === null ? null : [...plate].length,
    },
  }
}

/** What every message of a bay has in common; `at` ISO 8601. */
export const inspectMessage = (type: string, bayId: string, at: string) => ({
  type,
  _version: FORMAT,
  createdAt: String(Date.parse(at)),
  id: null,
  rootId: `bay:${bayId}`,
  sessionId: `bay:${bayId}`,
})

/**
 * Speaks the message format of @statelyai/inspect over one WebSocket: each wanted bay whole at first, then its events and snapshots. A client that
 * falls behind hears of a gap (event `berth.gap`: from which version of the bay to which) and where the bay stands now.
 */
export function attachInspector(
  socket: WebSocket,
  desk: SiteDesk,
  clock: Clock,
  wanted: readonly string[] | null,
): void {
  const base = (type: string, bayId: string) => inspectMessage(type, bayId, new Date(clock.now()).toISOString())
  const wants = (bayId: string) => wanted === null || wanted.includes(bayId)
  const definition = JSON.stringify(desk.definition)
  const plateOf = (handle: string) => desk.plateOf(handle)
  const versions = new Map<string, number>()
  const send = (message: object) => socket.send(JSON.stringify(message))
  const begin = (view: BayView) => {
    versions.set(view.bayId, view.version)
    const snapshot = snapshotOf(view, plateOf)
    send({ ...base('@xstate.actor', view.bayId), name: view.bayId, definition, parentId: undefined, snapshot })
  }
  const tellEvent = (bayId: string, event: { readonly type: string }, snapshot: object) => {
    send({ ...base('@xstate.event', bayId), sourceId: undefined, event })
    send({ ...base('@xstate.snapshot', bayId), event, snapshot })
  }
  const tell = async (view: BayView) => {
    const { bayId, version } = view
    const told = versions.get(bayId)
    if (told === undefined) return begin(view)
    const missing = version - told
    if (missing <= 0) return
    const stream = `bay:${bayId}`
    const records = missing > MOST_AT_ONCE ? [] : await desk.journal.readStream(stream, told, missing)
    versions.set(bayId, version)
    // What is left out is said, and then where the bay stands now.
    if (records.length < missing) {
      const gap = { type: 'berth.gap', from: told + 1, to: version, missed: missing }
      return tellEvent(bayId, gap, snapshotOf(view, plateOf))
    }
    for (const record of records) {
      const event = { type: record.cause.type, at: record.at, seq: record.seq }
      tellEvent(bayId, event, record.version === version ? snapshotOf(view, plateOf) : passingSnapshot(record))
    }
  }
  // One view of each bay waits at most, the newest, from the first on: what a client cannot take makes nothing grow.
  const waiting = new Map(desk.bays().flatMap((view) => (wants(view.bayId) ? [[view.bayId, view] as const] : [])))
  let isTelling = false
  const tellAll = async () => {
    if (isTelling) return
    isTelling = true
    for (const [bayId, view] of waiting) {
      while (isOpen(socket) && socket.bufferedAmount > QUEUE_BYTES) await setTimeout(WAIT_ms)
      if (!isOpen(socket)) break
      // A newer one may have come while this one waited.
      const newest = waiting.get(bayId) ?? view
      waiting.delete(bayId)
      await tell(newest)
    }
    isTelling = false
  }
  // A page of records that cannot be read ends this socket only: the client comes again and is whole.
  const goOn = () => void tellAll().catch(() => socket.close(1011, 'The journal could not be read.'))
  const unsubscribe = desk.subscribe((change: SiteChange) => {
    for (const view of change.bays) if (wants(view.bayId)) waiting.set(view.bayId, view)
    goOn()
  })
  socket.on('close', unsubscribe)
  goOn()
}

/** Whether anything that is sent still goes out. */
export const isOpen = (socket: WebSocket): boolean => socket.readyState === socket.OPEN

/** A state that was passed through between two views: only its value is known. */
function passingSnapshot(record: FactRecord) {
  return {
    status: 'active',
    value: stateValue(record.state ?? 'vacant', record.detail),
    tags: [],
    context: { version: record.version },
  }
}
