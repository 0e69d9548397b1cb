// @ts-check
/** The inspector: one store, one socket, and the view that the address asks for. */
import { bayView } from './bay-view.js'
import { boardView } from './board-view.js'
import { camerasView } from './cameras-view.js'
import { connect } from './connection.js'
import { make, mark, say } from './dom.js'
import { recordingBar } from './recording-bar.js'
import { reviewsView } from './reviews-view.js'
import { atSite, serverNow, skew, span } from './server-time.js'
import { emptyStore, isTrueNow } from './wire.js'

/** No order is taken for so long after the page became live again: what lies under the hand may have moved. */
const GUARD_MS = 500
const store = emptyStore()
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))
/** @type {import('./connection.js').Phase} */
let phase = 'connecting'
let liveSince = 0
/** @type {{ root: HTMLElement, update: (changed: Set<string>) => void, tick: () => void } | null} */
let view = null
/** @type {Set<string>} */
const pending = new Set()
let scheduled = false

/** Whether an order may be given now. */
const mayOrder = () =>
  phase === 'live' && store.whole && !store.hello?.recording && performance.now() - liveSince > GUARD_MS

/** The view that the address asks for, and what it is called. @returns {[typeof view & {}, string]} */
function asked() {
  const [, bayId] = /^#\/bays\/(.+)$/.exec(location.hash) ?? []
  if (location.hash === '#/reviews') return [reviewsView(store, mayOrder), 'Reviews · berth']
  if (location.hash === '#/cameras') return [camerasView(store, mayOrder), 'Cameras · berth']
  if (bayId === undefined) return [boardView(store), 'berth']
  return [bayView(store, decodeURIComponent(bayId), mayOrder), `${decodeURIComponent(bayId)} · berth`]
}

function route() {
  const [next, title] = asked()
  view = next
  byId('main').replaceChildren(next.root)
  document.title = title
  next.update(new Set(store.bays.keys()))
  next.tick()
}

/** One painting for all that came since the last one. */
function paint() {
  scheduled = false
  const changed = new Set(pending)
  pending.clear()
  view?.update(changed)
  paintTop()
}

function schedule() {
  if (scheduled) return
  scheduled = true
  // A hidden page gets no frames; it is painted when it is seen again.
  if (document.hidden) setTimeout(paint, 200)
  else requestAnimationFrame(paint)
}

function paintTop() {
  if (store.hello) say(byId('site-name'), store.hello.name)
  if (phase === 'live' && store.hello?.recording) say(byId('live-word'), 'recording')
  const bays = [...store.bays.values()]
  const count = (/** @type {(bay: any) => boolean} */ is) => bays.filter(is).length
  const needs = store.alarms.length + store.reviews.filter(({ blind }) => !blind).length
  say(
    byId('counts'),
    isTrueNow(store)
      ? `${count((bay) => bay.state === 'charging-locked')} charging · ${count((bay) => bay.state === 'vacant')} free · ${needs === 0 ? 'nobody needs you' : `${needs} need you`}`
      : '',
  )
  mark(byId('counts'), 'class', needs > 0 ? 'counts needs' : 'counts')
  notice()
}

function notice() {
  const box = byId('notice')
  const ahead = Math.round(skew() / 1000)
  const says = store.newBuild
    ? 'A newer version of this page is there.'
    : Math.abs(ahead) > 5
      ? `The clock of this device is ${span(Math.abs(ahead) * 1000)} ${ahead > 0 ? 'ahead' : 'behind'}; times here are the server's.`
      : ''
  if (box.dataset['says'] === says) return
  box.dataset['says'] = says
  box.hidden = says === ''
  box.replaceChildren(
    says,
    store.newBuild ? make('button', { type: 'button', onclick: () => location.reload() }, 'Reload') : '',
  )
}

/** @param {import('./connection.js').Phase} next */
function enter(next) {
  // Who was never told anything is shown nothing: an empty board would say that all is well.
  if (next === 'signed-out' && store.hello === null) location.replace('/login')
  phase = next
  if (next === 'live') liveSince = performance.now()
  document.body.className = next
  const banner = byId('banner')
  banner.hidden = next === 'live' || next === 'connecting'
  if (next === 'stale')
    banner.replaceChildren(
      'NOT LIVE: the server has not been heard for 3 seconds. What you see is old; orders are off until it is back.',
    )
  if (next === 'signed-out')
    banner.replaceChildren('NOT LIVE: this screen is signed out. ', make('a', { href: '/login' }, 'Sign in'))
  say(
    byId('live-word'),
    { live: 'live', stale: 'NOT LIVE', 'signed-out': 'signed out', connecting: 'connecting' }[next],
  )
  for (const bayId of store.bays.keys()) pending.add(bayId)
  schedule()
}

let spoken = ''
let spokenAt = 0
/** Tells a screen reader what is new for a person, at most each five seconds. */
function speak() {
  const newest = [...store.alarms].sort((a, b) => b.since.localeCompare(a.since))[0]
  const says = newest === undefined ? '' : `${newest.bayId ?? 'site'}: ${newest.says}`
  if (says === spoken || performance.now() - spokenAt < 5000) return
  spoken = says
  spokenAt = performance.now()
  say(byId('spoken'), says)
}

/** @param {Iterable<string>} bays */
function repaint(bays) {
  for (const bayId of bays) pending.add(bayId)
  schedule()
}
const recording = recordingBar(store, repaint)
byId('main').before(recording.root)

connect(store, {
  changed(bays) {
    const all = [...bays]
    // What the feed tells of a recording is its end.
    if (store.hello?.recording && store.whole && all.length > 0) void recording.begin()
    else repaint(all)
  },
  phase: enter,
})
// The tick shows durations by the server's clock, and turns orders off and on; it stops with the feed, as the numbers do.
setInterval(() => {
  const now = serverNow()
  if (phase === 'live' && now !== null && store.hello) say(byId('site-time'), atSite(now, store.hello.timezone))
  if (phase === 'live') speak()
  view?.tick()
}, 250)
// The address names the view, so the way past the header must not change it.
byId('skip').addEventListener('click', (event) => {
  event.preventDefault()
  byId('main').focus()
})
addEventListener('hashchange', () => {
  route()
  byId('main').focus({ preventScroll: true })
  scrollTo(0, 0)
})
document.addEventListener('visibilitychange', schedule)
route()
