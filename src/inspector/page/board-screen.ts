/** The board: who needs you, and all bays at a glance where they lie. Nothing moves by itself; what is not looked for only fades. */
import type { BayView, ReviewView } from '../../../projections/bay-view.ts'
import { BayCanvas } from './bay-canvas.ts'
import { stateWord } from './bay-words.ts'
import { BOARD_WORDS as WORDS } from './board-words.ts'
import { make, mark, say, show } from './dom.ts'
import { bayAddress, needItem, needsOf, placeNow } from './need-list.ts'
import { type Key, type Screen, type Site, tickTimes } from './screen.ts'
import { icon } from './state-icon.ts'
import { isTrueNow, type Shown } from './store.ts'
import { FILTERS, type Filter, isWanted } from './tile-words.ts'

/** The first screen. */
export function boardScreen({ shown }: Site): Screen {
  const needs = needsPanel(shown)
  const search = searchBar(() => {
    canvas.wantedChanged()
    count()
  })
  const needing = () => new Set(needsOf(shown).map(({ bayId }) => bayId))
  const wanted = (bay: BayView, needsYou: boolean) => isWanted(bay, needsYou, search.filter(), search.piece())
  const open = (bayId: string) => {
    location.hash = bayAddress(bayId)
  }
  const canvas = new BayCanvas({ shown, open, needing, isWanted: wanted })
  const found = () => {
    const asked = needing()
    return [...shown.bays.values()].filter((bay) => wanted(bay, asked.has(bay.bayId))).map(({ bayId }) => bayId)
  }
  const count = () => search.count(search.isOn() ? WORDS.found(found().length, shown.bays.size) : '')
  search.onEnter(() => canvas.focus(found()[0] ?? null))
  const title = make('h2', { id: 'bays-title' }, WORDS.bays)
  const bays = make('section', { class: 'bays', 'aria-labelledby': 'bays-title' })
  bays.append(make('div', { class: 'bays-head' }, title, search.root), canvas.root, legend())
  const root = make('div', { class: 'board' }, needs.root, bays)
  return {
    root,
    title: 'berth',
    update(changed) {
      canvas.update(changed)
      needs.update()
      count()
    },
    tick(now) {
      canvas.tick(now)
      tickTimes(needs.root, now)
    },
    keys: boardKeys(canvas, search, () => needsOf(shown).flatMap(({ bayId }) => bayId ?? [])),
    leave: () => canvas.leave(),
  }
}

/** Arrows walk among bays, where nothing else has the focus that arrows mean something to. */
function boardKeys(canvas: BayCanvas, search: ReturnType<typeof searchBar>, needing: () => readonly string[]): Key[] {
  const isHere = () => canvas.focused() !== null || document.activeElement?.closest('.needs-list, .nav, .tools') == null
  const arrow = (key: string, direction: Parameters<BayCanvas['step']>[0]): Key => {
    return { key, says: WORDS.keys[direction], when: isHere, press: () => canvas.step(direction) }
  }
  const next = () => {
    const ids = [...new Set(needing())]
    canvas.focus(ids[(ids.indexOf(canvas.focused() ?? '') + 1) % ids.length] ?? null)
  }
  return [
    arrow('ArrowLeft', 'left'),
    arrow('ArrowRight', 'right'),
    arrow('ArrowUp', 'up'),
    arrow('ArrowDown', 'down'),
    { key: 'n', says: WORDS.keys.next, press: next },
    { key: '/', says: WORDS.keys.find, press: search.focus },
    { key: 'f', says: WORDS.keys.filter, press: search.turn },
  ]
}

/** What is looked for: a kind of bay, and a piece of a name. */
function searchBar(changed: () => void) {
  const options = FILTERS.map((name) => make('option', { value: name }, WORDS.filters[name]))
  const select = make('select', { id: 'filter', onchange: changed }, ...options)
  const input = make('input', {
    id: 'find',
    class: 'search-input',
    type: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '40',
    oninput: changed,
  })
  const counted = make('span', { role: 'status', class: 'faint' })
  const clear = () => {
    input.value = ''
    select.value = 'all'
    changed()
  }
  input.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') clear()
  })
  const piece = () => input.value.trim()
  const filter = () => FILTERS.find((name) => name === select.value) ?? 'all'
  return {
    root: make(
      'form',
      { class: 'search', role: 'search', onsubmit: (event) => event.preventDefault() },
      make('span', { class: 'search-pair' }, make('label', { for: 'find', class: 'search-label' }, WORDS.find), input),
      make(
        'span',
        { class: 'search-pair' },
        make('label', { for: 'filter', class: 'search-label' }, WORDS.show),
        select,
      ),
      counted,
    ),
    filter: (): Filter => filter(),
    piece,
    isOn: () => filter() !== 'all' || piece() !== '',
    count: (text: string) => say(counted, text),
    focus: () => input.select(),
    /** The next kind, round and round. */
    turn: () => {
      select.value = FILTERS[(FILTERS.indexOf(filter()) + 1) % FILTERS.length] ?? 'all'
      changed()
    },
    onEnter: (press: () => void) =>
      input.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter') return
        // Else the same press would open what it has just come to.
        event.preventDefault()
        press()
      }),
  }
}

function needsPanel(shown: Shown) {
  const needs = make('ol', { class: 'needs-list', tabindex: '0', 'aria-labelledby': 'needs-title' })
  const nobody = make('p', { class: 'faint' }, WORDS.nobody)
  const queue = make('a', { href: '#/reviews', class: 'queue-link' })
  const cameras = make('a', { href: '#/cameras', class: 'queue-link' })
  const title = make('h2', { id: 'needs-title' }, WORDS.needYou)
  const ways = make('p', { class: 'ways-on' }, queue, cameras)
  return {
    root: make('section', { class: 'needs-you', 'aria-labelledby': 'needs-title' }, title, nobody, ways, needs),
    update() {
      const rows = needsOf(shown)
      const isKnown = isTrueNow(shown)
      say(title, rows.length === 0 ? WORDS.needYou : WORDS.needYouCount(rows.length))
      nobody.hidden = rows.length > 0
      say(nobody, isKnown ? WORDS.nobody : WORDS.unknown)
      needs.hidden = rows.length === 0
      queue.hidden = shown.reviews.length === 0
      say(queue, queueWords(shown.reviews))
      cameras.hidden = shown.kind === 'replay'
      say(cameras, isKnown ? cameraWords(shown.bays) : WORDS.cameras)
      show(needs, placeNow() + JSON.stringify(rows), () => rows.map(needItem))
    },
  }
}

function queueWords(reviews: readonly ReviewView[]): string {
  const checks = reviews.filter(({ blind }) => blind).length
  const waiting = reviews.length - checks
  const parts = [waiting > 0 ? WORDS.waiting(waiting) : '', checks > 0 ? WORDS.toCheck(checks) : '']
  return WORDS.queue(parts.filter((part) => part !== '').join(', '))
}

/** How many cameras see nothing of a bay. */
function cameraWords(bays: ReadonlyMap<string, BayView>): string {
  const blind = new Set<string>()
  for (const { cameras } of bays.values())
    for (const { cameraId, status } of cameras) if (status === 'lost') blind.add(cameraId)
  return WORDS.camerasBlind(blind.size)
}

/** Shape, border and word of each state, as the canvas draws them. */
function legend(): HTMLElement {
  const states = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting'] as const
  const entry = (name: string, word: string) => {
    const box = make('span', {}, icon(name), word)
    mark(box, 'class', `legend-entry is-${name}`)
    return box
  }
  return make(
    'p',
    { class: 'legend' },
    ...states.map((state) => entry(state, stateWord(state))),
    entry('alarm', WORDS.needsYou),
  )
}
