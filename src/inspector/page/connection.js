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
    const mine = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`)
    socket = mine
    mine.onmessage = ({ data }) => {
      if (socket === mine) listen(JSON.parse(data))
    }
    mine.onclose = ({ code }) => {
      if (socket !== mine) return
      socket = null
      if (code === 4401) enter('signed-out')
      else again()
    }
  }
  const drop = () => {
    if (socket === null) return
    const old = socket
    socket = null
    old.onmessage = null
    old.onclose = null
    old.close()
  }
  const again = () => {
    void askWhetherSignedOut().then((out) => {
      if (out) enter('signed-out')
    })
    clearTimeout(retry)
    retry = setTimeout(open, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)])
    tries += 1
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
  addEventListener('pageshow', (event) => {
    if (event.persisted) open()
  })
}

/** A refused upgrade tells a script nothing; a plain call does. */
async function askWhetherSignedOut() {
  try {
    const { status } = await fetch('/api/site', { signal: AbortSignal.timeout(2000) })
    return status === 401 || status === 403
  } catch {
    return false
  }
}
