/** What stands around every screen: site, live or not, counts, navigation, banners, and what is read out. */
import { byId, make, mark, say, show } from './dom.ts'
import { chooseLanguage, LANGUAGES, language, NAMES } from './language.ts'
import { needsOf } from './need-list.ts'
import { PAGE_WORDS as WORDS } from './page-words.ts'
import { NAVIGATION } from './routes.ts'
import { address, send } from './server-call.ts'
import { atSite, skew, span } from './server-time.ts'
import { isTrueNow, type LiveStore, type Shown, zoneOf } from './store.ts'
import { COUNTED, countsOf } from './tile-words.ts'
import { inWords } from './told-words.ts'

/** A clock that is off by no more is not worth a word. */
const SKEW_MS = 5_000
/** A sign-in that ends within so long is told. */
const ENDS_MS = 24 * 3_600_000
/** What is new is read out no more often. */
const SPEAK_MS = 5_000

/** Puts navigation, language and texts into the document, once. */
export function furnish(showKeys: () => void): void {
  say(byId('skip'), WORDS.skip)
  const nav = byId('nav')
  furnishMenu(byId('menu'))
  mark(nav, 'aria-label', WORDS.screens)
  nav.replaceChildren(
    ...NAVIGATION.map(([href, name, right]) => make('a', { href, class: 'nav-link', 'data-right': right }, name)),
  )
  const others = LANGUAGES.filter((one) => one !== language).map((one) =>
    make('button', { type: 'button', class: 'quiet', lang: one, onclick: () => chooseLanguage(one) }, NAMES[one]),
  )
  const help = { type: 'button', class: 'quiet', onclick: showKeys, 'aria-keyshortcuts': '?' }
  const out = { type: 'button', class: 'quiet', id: 'sign-out', hidden: true, onclick: () => void signOut() }
  const who = [make('span', { class: 'faint', id: 'who' }), make('button', out, WORDS.signOut)]
  byId('tools').replaceChildren(...others, make('button', help, `? ${WORDS.keys}`), ...who)
}

/** Where there is little room, the ways to other screens lie behind one button; they close behind whoever takes one. */
function furnishMenu(menu: HTMLElement): void {
  const isOpen = () => menu.getAttribute('aria-expanded') === 'true'
  const turn = (open: boolean) => mark(menu, 'aria-expanded', String(open))
  menu.replaceChildren(make('span', { 'aria-hidden': 'true' }, '☰ '), WORDS.menu)
  menu.addEventListener('click', () => turn(!isOpen()))
  addEventListener('hashchange', () => turn(false))
  // Before the keys of the screen: Escape closes what is open, and nothing else.
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !isOpen()) return
      event.stopImmediatePropagation()
      turn(false)
      menu.focus()
    },
    { capture: true },
  )
}

async function signOut(): Promise<void> {
  await send(address('logout'), {})
  location.assign('/login')
}

/** The sign-in goes on for as long as a new one; where it cannot, a new one is asked for. */
async function stay(): Promise<void> {
  const { ok } = await send(address('renew'), {})
  if (ok) location.reload()
  else location.assign('/login')
}

/** Who is signed in and in what role; only screens that this role may see are offered. */
function paintCaller({ hello }: LiveStore): void {
  if (hello === null) return
  const { caller, until, rights } = hello
  say(byId('who'), `${caller.name} (${inWords(caller.role)})`)
  byId('sign-out').hidden = until === null
  for (const link of byId('nav').querySelectorAll<HTMLElement>('[data-right]'))
    link.hidden = !rights.some((right) => right === link.dataset['right'])
}

/** Marks where one is. */
export function markPlace(): void {
  const here = location.hash.replace(/\?.*$/, '') || '#/'
  for (const link of byId('nav').querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? ''
    const isHere = href === here || (href !== '#/' && here.startsWith(`${href}/`))
    if (isHere) mark(link, 'aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

/** Site, phase and counts, from what is shown. */
export function paintTop(live: LiveStore, shown: Shown): void {
  if (shown.hello !== null) say(byId('site-name'), shown.hello.name)
  paintCaller(live)
  const isReplay = shown.kind === 'replay' && live.phase === 'live'
  const replayed = live.hello?.recording === true ? WORDS.recording : WORDS.replayed
  say(byId('live-word'), isReplay ? replayed : WORDS.phases[live.phase])
  const counts = countsOf([...shown.bays.values()])
  const needs = needsOf(shown).length
  const needing = needs === 0 ? WORDS.nobodyNeeds : WORDS.needYou(needs)
  // Who charges and what is free always stand there; what is rare only where it is.
  const told = COUNTED.filter((name) => counts[name] > 0 || name === 'charging' || name === 'free')
  const all = told.map((name, at) => `${at === 0 ? '' : ' · '}${WORDS.counts[name](counts[name])}`)
  // On a phone who needs somebody stands first, and of the others as much as has room.
  const each = () => make('span', {}, ...all.map((one) => make('span', {}, one)))
  const parts = () => [each(), make('span', { class: 'point' }, ' · '), make('span', {}, needing)]
  show(byId('counts'), `${isTrueNow(shown)} ${all.join('')} ${needing}`, () => (isTrueNow(shown) ? parts() : []))
  mark(byId('counts'), 'class', needs > 0 ? 'counts needs' : 'counts')
  paintNotice(live)
}

function paintNotice({ newBuild, hello }: LiveStore): void {
  const box = byId('notice')
  const off = skew()
  const by = span(Math.abs(off))
  // The clock of a recording stands where it ended.
  const clock =
    Math.abs(off) <= SKEW_MS || hello?.recording === true ? '' : off > 0 ? WORDS.ahead(by) : WORDS.behind(by)
  const says = newBuild ? WORDS.newBuild : clock
  box.hidden = says === ''
  const reload = () => location.reload()
  show(box, says, () => [says, newBuild && make('button', { type: 'button', onclick: reload }, WORDS.reload)])
}

/** Since when the feed is silent, by the server's clock: whatever time a replay shows. */
const silentSince = (live: LiveStore): string =>
  live.heard === null ? '' : WORDS.since(atSite(live.heard, zoneOf(live)))

/** The banner of a phase: nothing old is ever shown as new. */
export function paintPhase(live: LiveStore): void {
  const { phase } = live
  mark(document.body, 'class', phase)
  const banner = byId('banner')
  banner.hidden = phase === 'live' || phase === 'connecting'
  if (phase === 'stale') banner.replaceChildren(WORDS.stale(silentSince(live)))
  if (phase === 'signed-out')
    banner.replaceChildren(WORDS.signedOut(silentSince(live)), make('a', { href: '/login' }, WORDS.signIn))
  say(byId('live-word'), WORDS.phases[phase])
}

/** A sign-in that ends within a day is said large, long before it is over: nobody is left before a dark wall. */
function tickEnding({ kind, hello }: Shown, now: number): void {
  const left = kind === 'live' && hello?.until ? Date.parse(hello.until) - now : Number.POSITIVE_INFINITY
  const box = byId('ending')
  box.hidden = left > ENDS_MS || left < 0
  if (box.hidden) return
  // By the hour, and by the minute at its end: what counts on each second draws the eye each second.
  const step = left > 3_600_000 ? 3_600_000 : 60_000
  const rounded = span(Math.ceil(left / step) * step)
  show(box, rounded, () => [
    WORDS.endsSoon(rounded),
    make('button', { type: 'button', onclick: () => void stay() }, WORDS.stay),
  ])
}

let spoken = ''
let spokenAt = Number.NEGATIVE_INFINITY

/** The site's time, or since when nobody says it; and the newest thing that needs a person, read out to those who listen. */
export function tickTop(live: LiveStore, shown: Shown, now: number | null): void {
  const isSilent = live.phase === 'stale' || live.phase === 'signed-out'
  if (isSilent) say(byId('site-time'), silentSince(live))
  else if (now !== null) say(byId('site-time'), atSite(now, zoneOf(shown)))
  if (now === null) return
  tickEnding(shown, now)
  const newest = needsOf(shown).at(-1)
  const says = newest === undefined ? '' : WORDS.spoken(newest.bayId ?? WORDS.site, newest.text.says)
  if (says === spoken || performance.now() - spokenAt < SPEAK_MS) return
  spoken = says
  spokenAt = performance.now()
  say(byId('spoken'), says)
}
