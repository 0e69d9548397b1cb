// @ts-check
/**
 * What the page knows of the site, and how messages of the live feed change it. No DOM, no socket, no clock: the tests run it in Node.
 * Rules: a message that does not build on what is known is a gap and the caller must ask for all again; a bay's version never goes
 * back within an epoch; a new epoch starts from nothing.
 *
 * @typedef {{ bayId: string, version: number, [field: string]: any }} Bay
 * @typedef {{ place: number | null, epoch: number | null, seq: number, whole: boolean, known: boolean, bays: Map<string, Bay>, alarms: any[], reviews: any[], hello: any, buildId: string | null, newBuild: boolean, gaps: number }} Store
 */

/** @returns {Store} a store that knows nothing yet */
export function emptyStore() {
  return {
    place: null,
    epoch: null,
    seq: 0,
    whole: false,
    known: false,
    bays: new Map(),
    alarms: [],
    reviews: [],
    hello: null,
    buildId: null,
    newBuild: false,
    gaps: 0,
  }
}

/** Whether what the store holds is how the site is now. Nothing that is missing from it may be called absent otherwise. @param {Store} store */
export function isTrueNow({ known, hello }) {
  return known && (document.body.className === 'live' || hello?.recording === true)
}

/** A new socket: what comes next must be hello and snapshot. What is known stays to be looked at. @param {Store} store */
export function beginAgain(store) {
  store.whole = false
}

/**
 * Takes one message. @param {Store} store @param {any} message
 * @returns {{ gap: true } | { gap: false, changed: Iterable<string> }} changed bays, or that something is missing
 */
export function take(store, message) {
  if (message.type === 'hello') return takeHello(store, message)
  if (message.epoch !== store.epoch) return missing(store)
  if (message.type === 'snapshot') return takeSnapshot(store, message)
  if (!store.whole || message.from !== store.seq) return missing(store)
  store.seq = message.seq
  if (message.type !== 'patch') return { gap: false, changed: [] }
  if (message.alarms) store.alarms = message.alarms
  if (message.reviews) store.reviews = message.reviews
  return {
    gap: false,
    changed: message.bays
      .filter((/** @type {Bay} */ bay) => keepNewest(store, bay))
      .map((/** @type {Bay} */ bay) => bay.bayId),
  }
}

/** @param {Store} store */
function missing(store) {
  store.gaps += 1
  store.whole = false
  return { gap: /** @type {const} */ (true) }
}

/** @param {Store} store @param {any} hello */
function takeHello(store, hello) {
  if (hello.epoch !== store.epoch) store.bays = new Map()
  if (store.buildId !== null && store.buildId !== hello.buildId) store.newBuild = true
  store.buildId ??= hello.buildId
  store.epoch = hello.epoch
  store.hello = hello
  store.whole = false
  return { gap: /** @type {const} */ (false), changed: [] }
}

/** @param {Store} store @param {any} snapshot */
function takeSnapshot(store, snapshot) {
  const there = new Set(snapshot.bays.map((/** @type {Bay} */ bay) => bay.bayId))
  for (const bayId of store.bays.keys()) if (!there.has(bayId)) store.bays.delete(bayId)
  for (const bay of snapshot.bays) keepNewest(store, bay)
  store.alarms = snapshot.alarms
  store.reviews = snapshot.reviews ?? []
  store.seq = snapshot.seq
  store.whole = true
  store.known = true
  return { gap: /** @type {const} */ (false), changed: [...store.bays.keys()] }
}

/** @param {Store} store @param {Bay} bay */
function keepNewest(store, bay) {
  const known = store.bays.get(bay.bayId)
  if (known !== undefined && known.version > bay.version) return false
  store.bays.set(bay.bayId, bay)
  return true
}
