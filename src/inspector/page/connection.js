// @ts-check
/** One socket to the live feed, and the watchdog that believes received bytes only: not open, not close, not visibility. */
import { forgetTime, heardAt } from './server-time.js'
import { beginAgain, take } from './wire.js'

/** Without a message for so long the page is not live. */
const SILENT_MS = 3000
const WATCH_MS = 250
/** Delay before the next try; the last one for all further tries. */
const RETRY_MS = [100, 250, 500, 1000]

/**
 * @typedef {'connecting' | 'live' | 'stale' | 'signed-out'} Phase
 * @param {import('./wire.js').Store} store
 * @param {{ changed: (bays: Iterable<string>) => void, phase: (phase: Phase) => void }} tell
 */
export function connect(store, tell) {
  /** @type {Phase} */
  let phase = 'connecting'
  /** @type {WebSocket | null} */
  let socket = null
  let heard = performance.now()
  let heardWall = Date.now()
  let opened = performance.now()
  let tries = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry

  const enter = (/** @type {Phase} */ next) => {
    if (phase === next) return
    phase = next
    tell.phase(next)
  }
  const open = () => {
    clearTimeout(retry)
    drop()
    beginAgain(store)
    opened = performance.now()
    const mine = liveFeed()
    socket = mine
    mine.onmessage = ({ data }) => {
      if (socket === mine) listen(JSON.parse(data))
    }
    mine.onclose = ({ code }) => {
      if (socket !== mine) return
      socket = null
      if (code === 4401) leave()
      else again()
    }
  }
  const drop = () => {
    const old = socket
    socket = null
    hangUp(old)
  }
  const again = () => {
    void askWhetherSignedOut().then((out) => out && leave())
    clearTimeout(retry)
    retry = setTimeout(open, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)])
    tries += 1
  }
  /** Nothing more is asked for: it would be refused each time. */
  const leave = () => {
    clearTimeout(retry)
    drop()
    enter('signed-out')
  }
  const listen = (/** @type {any} */ message) => {
    heard = performance.now()
    heardWall = Date.now()
    if (message.type === 'hello' && message.epoch !== store.epoch) forgetTime()
    heardAt(message.ts)
    const taken = take(store, message)
    if (taken.gap) return again()
    if (!store.whole) return
    tries = 0
    enter('live')
    tell.changed(taken.changed)
  }
  const watch = () => {
    const silent = Math.max(performance.now() - heard, Date.now() - heardWall)
    if (silent < SILENT_MS) return
    if (phase !== 'signed-out') enter('stale')
    // A socket that opened and then says nothing is dead, whatever it says of itself.
    if (socket !== null && performance.now() - opened > SILENT_MS) open()
  }
  open()
  setInterval(watch, WATCH_MS)
  document.addEventListener('visibilitychange', watch)
  whenSignedIn(() => phase === 'signed-out', open)
  addEventListener('pageshow', (event) => {
    if (event.persisted) open()
  })
}

/** @param {WebSocket | null} socket */
function hangUp(socket) {
  if (socket === null) return
  socket.onmessage = null
  socket.onclose = null
  socket.close()
}

/** Somebody looks at a page that was signed out: perhaps they signed in elsewhere. @param {() => boolean} isOut @param {() => void} open */
function whenSignedIn(isOut, open) {
  const ask = async () => {
    if (isOut() && !document.hidden && !(await askWhetherSignedOut())) open()
  }
  document.addEventListener('visibilitychange', () => void ask())
  addEventListener('focus', () => void ask())
}

const liveFeed = () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`)

/** A refused upgrade tells a script nothing; a plain call does. */
async function askWhetherSignedOut() {
  try {
    const { status } = await fetch('/api/site', { signal: AbortSignal.timeout(2000) })
    return status === 401 || status === 403
  } catch {
    return false
  }
}
