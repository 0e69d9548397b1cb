/**
 * How messages of the live feed change what the page knows. No DOM, no socket, no clock: the tests run it in Node.
 * Rules: a message that is not the next one of its socket and does not build on what is known is a gap, and the caller must ask for all
 * again; one that was taken already is left alone; a bay's version never goes back within an epoch; a new epoch starts from nothing.
 */
import type { BayView } from '../../../projections/bay-view.ts'
import type { HelloMessage, LiveMessage, PatchMessage, SnapshotMessage } from '../../server/live-message.ts'
import type { LiveStore } from './store.ts'

/** Bays that changed, or that something is missing. */
export type Taken = { readonly gap: true } | { readonly gap: false; readonly changed: readonly string[] }

const NOTHING: Taken = { gap: false, changed: [] }

/** A new socket: what comes next must be hello and snapshot. What is known stays to be looked at. */
export function beginAgain(store: LiveStore): void {
  store.whole = false
  store.n = -1
}

/** Takes one message of the socket. */
export function take(store: LiveStore, message: LiveMessage): Taken {
  // A message that comes twice was taken the first time.
  if (message.n <= store.n) return NOTHING
  if (message.n !== store.n + 1) return missing(store)
  if (message.type === 'hello') return takeHello(store, message)
  if (message.epoch !== store.epoch || message.from !== store.seq) return missing(store)
  if (message.type !== 'snapshot' && !store.whole) return missing(store)
  store.n = message.n
  store.seq = message.seq
  store.heard = message.ts
  if (message.type === 'snapshot') return takeSnapshot(store, message)
  return message.type === 'patch' ? takePatch(store, message) : NOTHING
}

function missing(store: LiveStore): Taken {
  store.gaps += 1
  store.whole = false
  return { gap: true }
}

function takeHello(store: LiveStore, hello: HelloMessage): Taken {
  if (store.n !== -1) return missing(store)
  if (hello.epoch !== store.epoch) store.bays.clear()
  if (store.buildId !== null && store.buildId !== hello.buildId) store.newBuild = true
  store.buildId ??= hello.buildId
  store.epoch = hello.epoch
  store.seq = hello.seq
  store.n = hello.n
  store.hello = hello
  store.whole = false
  return NOTHING
}

function takeSnapshot(store: LiveStore, snapshot: SnapshotMessage): Taken {
  const there = new Set(snapshot.bays.map(({ bayId }) => bayId))
  for (const bayId of store.bays.keys()) if (!there.has(bayId)) store.bays.delete(bayId)
  for (const bay of snapshot.bays) keepNewest(store, bay)
  store.alarms = snapshot.alarms
  store.reviews = snapshot.reviews
  store.whole = true
  store.known = true
  return { gap: false, changed: [...store.bays.keys()] }
}

function takePatch(store: LiveStore, patch: PatchMessage): Taken {
  if (patch.alarms) store.alarms = patch.alarms
  if (patch.reviews) store.reviews = patch.reviews
  return { gap: false, changed: patch.bays.filter((bay) => keepNewest(store, bay)).map(({ bayId }) => bayId) }
}

function keepNewest(store: LiveStore, bay: BayView): boolean {
  const known = store.bays.get(bay.bayId)
  if (known !== undefined && known.version > bay.version) return false
  store.bays.set(bay.bayId, bay)
  return true
}
