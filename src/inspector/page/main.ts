/** The inspector: one store, one socket, and the screen that the address asks for. */
import { connect } from './connection.ts'
import { byId, make } from './dom.ts'
import { heedKeys, showKeys } from './key-list.ts'
import { placeNow } from './need-list.ts'
import { PAGE_WORDS as WORDS } from './page-words.ts'
import { replayMode } from './replay-mode.ts'
import { openScreen } from './routes.ts'
import type { Key, Screen } from './screen.ts'
import { emptyStore, nowOf, type Phase } from './store.ts'
import { furnish, markPlace, paintPhase, paintTop, tickTop } from './top-bar.ts'
import { reloadWall } from './wall-reload.ts'

/** No order is taken for so long after the page became live again: what lies under the hand may have moved. */
const GUARD_MS = 500
/** Durations are counted on, and buttons turned on and off, so often. */
const TICK_MS = 250

const live = emptyStore()
let liveSince = 0
const may = () => live.phase === 'live' && live.whole && performance.now() - liveSince > GUARD_MS
const mode = replayMode({ shown: live, orders: { store: live, may } }, live, repaint)
let screen: Screen | null = null
let routed = 0
const pending = new Set<string>()
let scheduled = false

const keys = (): readonly Key[] => [
  ...(screen?.keys ?? []),
  ...mode.keys(),
  { key: '?', says: WORDS.showKeys, press: () => showKeys(keys()) },
  ...(location.hash === '' || location.hash === '#/' ? [] : [GO_HOME]),
]
const GO_HOME: Key = {
  key: 'Escape',
  says: WORDS.goHome,
  press: () => {
    location.hash = `#/${placeNow()}`
  },
}

async function route(): Promise<void> {
  routed += 1
  const mine = routed
  markPlace()
  const next = await mode
    .follow(location.hash)
    .then(() => openScreen(location.hash, mode.site()))
    .catch(lostScreen)
  // Somebody went on while it was loaded.
  if (mine !== routed) return next.leave?.()
  screen?.leave?.()
  screen = next
  byId('main').replaceChildren(next.root)
  entitle(next)
  const { shown } = mode.site()
  next.update(new Set(shown.bays.keys()))
  next.tick(nowOf(shown))
  paintTop(live, shown)
}

/** The window is called what its screen is. */
function entitle({ title }: Screen): void {
  const name = title === 'berth' ? title : `${title} · berth`
  if (document.title !== name) document.title = name
}

/** What stands there where a screen could not be loaded. */
function lostScreen(): Screen {
  const again = make('button', { type: 'button', onclick: () => location.reload() }, WORDS.reload)
  return {
    root: make('div', { class: 'card' }, make('p', {}, WORDS.notLoaded), again),
    title: 'berth',
    update() {},
    tick() {},
  }
}

/** One painting for all that came since the last one. */
function paint(): void {
  scheduled = false
  const changed = new Set(pending)
  pending.clear()
  screen?.update(changed)
  if (screen !== null) entitle(screen)
  paintTop(live, mode.site().shown)
}

function schedule(): void {
  if (scheduled) return
  scheduled = true
  // A hidden page gets no frames; it is painted when it is seen again.
  if (document.hidden) setTimeout(paint, 200)
  else requestAnimationFrame(paint)
}

function repaint(bays: Iterable<string>): void {
  for (const bayId of bays) pending.add(bayId)
  schedule()
}

function enter(phase: Phase): void {
  // Who was never told anything is shown nothing: an empty board would say that all is well.
  if (phase === 'signed-out' && live.hello === null) location.replace('/login')
  if (phase === 'live') liveSince = performance.now()
  paintPhase(live)
  repaint(mode.site().shown.bays.keys())
}

/** While a replay is shown, what the feed tells changes nothing on the screen; what a recording's feed tells is its end. */
function told(bays: readonly string[]): void {
  if (mode.isDue()) void route()
  else if (!mode.isOn()) repaint(bays)
}

reloadWall(live)
furnish(() => showKeys(keys()))
heedKeys(keys)
connect(live, { changed: told, phase: enter })
setInterval(() => {
  const { shown } = mode.site()
  const now = nowOf(shown)
  tickTop(live, shown, now)
  screen?.tick(now)
}, TICK_MS)
// The address names the screen, so the way past the header must not change it.
byId('skip').addEventListener('click', (event) => {
  event.preventDefault()
  byId('main').focus()
})
addEventListener('hashchange', () => {
  void route()
  byId('main').focus({ preventScroll: true })
  scrollTo(0, 0)
})
document.addEventListener('visibilitychange', schedule)
void route()
