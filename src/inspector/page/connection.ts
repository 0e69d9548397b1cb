/** One socket to the live feed, and the watchdog that believes received bytes only: not open, not close, not visibility. */
import type { LiveMessage } from '../../server/live-message.ts'
import { forgetTime, heardAt } from './server-time.ts'
import type { LiveStore, Phase } from './store.ts'
import { beginAgain, take } from './wire.ts'

/** Without a message for so long the page is not live. */
const SILENT_MS = 3000
const WATCH_MS = 250
/** Delay before the next try; the last one for all further tries. */
const RETRY_MS = [100, 250, 500, 1000]

/** Told of each change: bays by id, and the phase that the store is in now. */
export type Listener = {
  readonly changed: (bays: readonly string[]) => void
  readonly phase: (phase: Phase) => void
}

/** Follows the live feed for as long as the page is there. */
export function connect(store: LiveStore, tell: Listener): void {
  let socket: WebSocket | null = null
  let heard = performance.now()
  let heardWall = Date.now()
  let opened = performance.now()
  let tries = 0
  let retry: ReturnType<typeof setTimeout> | undefined

  const enter = (next: Phase) => {
    if (store.phase === next) return
    store.phase = next
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
      if (socket === mine) listen(JSON.parse(String(data)) as LiveMessage)
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
  const listen = (message: LiveMessage) => {
    if (message.type === 'hello' && message.epoch !== store.epoch) forgetTime()
    heardAt(message.ts)
    const before = store.n
    const taken = take(store, message)
    if (taken.gap) return again()
    // Only news that make the page whole are a sign of life: what comes twice or beside a gap says nothing of now.
    if (!store.whole || store.n === before) return
    heard = performance.now()
    heardWall = Date.now()
    tries = 0
    enter('live')
    tell.changed(taken.changed)
  }
  const watch = () => {
    const silent = Math.max(performance.now() - heard, Date.now() - heardWall)
    if (silent < SILENT_MS) return
    if (store.phase !== 'signed-out') enter('stale')
    // A socket that opened and then says nothing is dead, whatever it says of itself.
    if (socket !== null && performance.now() - opened > SILENT_MS) open()
  }
  open()
  setInterval(watch, WATCH_MS)
  document.addEventListener('visibilitychange', watch)
  whenSignedIn(() => store.phase === 'signed-out', open)
  addEventListener('pageshow', (event) => {
    if (event.persisted) open()
  })
}

function hangUp(socket: WebSocket | null): void {
  if (socket === null) return
  socket.onmessage = null
  socket.onclose = null
  socket.close()
}

/** Somebody looks at a page that was signed out: perhaps they signed in elsewhere. */
function whenSignedIn(isOut: () => boolean, open: () => void): void {
  const ask = async () => {
    if (isOut() && !document.hidden && !(await askWhetherSignedOut())) open()
  }
  document.addEventListener('visibilitychange', () => void ask())
  addEventListener('focus', () => void ask())
}

const liveFeed = () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`)

/** A refused upgrade tells a script nothing; a plain call does. */
async function askWhetherSignedOut(): Promise<boolean> {
  try {
    const { status } = await fetch('/api/site', { signal: AbortSignal.timeout(2000) })
    return status === 401 || status === 403
  } catch {
    return false
  }
}
