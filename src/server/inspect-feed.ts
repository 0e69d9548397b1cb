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

/** Speaks the message format of @statelyai/inspect over one WebSocket: each wanted bay whole at first, then its events and snapshots. */
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
  const register = (view: BayView) => {
    versions.set(view.bayId, view.version)
    send({
      ...base('@xstate.actor', view.bayId),
      name: view.bayId,
      definition,
      parentId: undefined,
      snapshot: snapshotOf(view, plateOf),
    })
  }
  for (const view of desk.bays()) if (wants(view.bayId)) register(view)

  const tell = async (view: BayView) => {
    const told = versions.get(view.bayId) ?? 0
    if (view.version <= told) return
    // A client that does not keep up misses messages; the next whole bay says where it stands.
    if (socket.bufferedAmount > QUEUE_BYTES) return
    const records = await desk.journal.readStream(`bay:${view.bayId}`, told, view.version - told)
    if (records.length === 0) return register(view)
    versions.set(view.bayId, view.version)
    for (const record of records) {
      const event = { type: record.cause.type, at: record.at, seq: record.seq }
      const snapshot = record.version === view.version ? snapshotOf(view, plateOf) : passingSnapshot(record)
      send({ ...base('@xstate.event', view.bayId), sourceId: undefined, event })
      send({ ...base('@xstate.snapshot', view.bayId), event, snapshot })
    }
  }
  let queue = Promise.resolve()
  const unsubscribe = desk.subscribe((change: SiteChange) => {
    for (const view of change.bays) {
      // A page of records that cannot be read ends this socket only: the client comes again and is whole.
      if (wants(view.bayId))
        queue = queue.then(() => tell(view)).catch(() => socket.close(1011, 'The journal could not be read.'))
    }
  })
  socket.on('close', unsubscribe)
}

/** A state that was passed through between two views: only its value is known. */
function passingSnapshot(record: FactRecord) {
  return {
    status: 'active',
    value: stateValue(record.state ?? 'vacant', record.detail),
    tags: [],
    context: { version: record.version },
  }
}
