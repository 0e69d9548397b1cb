/** The statechart with the state that is active, zoomed there, and the ways out of it in words. The drawing is of the machines that wrote what is shown. */
import type { BayView } from '../../../projections/bay-view.ts'
import type { WrittenBy } from '../../server/written-by.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { chartDrawing } from './chart-drawing.ts'
import { make, mark, say, show } from './dom.ts'
import { guardWord, placeWord } from './guard-words.ts'
import { language } from './language.ts'

/** Around what is zoomed to, in units of the drawing. */
const MARGIN = 36
/** A letter of the drawing is 14 units high: units a pixel at most, so that it can be read, and at least, so that it gives a view. */
const MOST_UNITS = 1.1
const LEAST_UNITS = 0.75

/** What the panel shows: of which machines, in which state. */
type Wanted = { readonly path: string; readonly machines: WrittenBy | null }

/** The statechart of the bay that it is told of. */
export function chartPanel() {
  const holder = make('div', { class: 'chart', role: 'img', 'aria-label': WORDS.chart })
  const says = make('p', { class: 'faint chart-says', role: 'status' })
  const ways = make('ul', { class: 'ways' })
  const size = make('button', { type: 'button', class: 'small', onclick: () => turn() }, WORDS.whole)
  const fold = make('details', {}, make('summary', {}, WORDS.ways), ways)
  let svg: SVGSVGElement | null = null
  let drawn = ''
  let wanted: Wanted | null = null
  let isWhole = false
  const turn = () => {
    isWhole = !isWhole
    say(size, isWhole ? WORDS.zoom : WORDS.whole)
    mark(holder, 'class', isWhole ? 'chart whole' : 'chart')
    // What scrolls is within reach of a keyboard.
    mark(holder, 'tabindex', isWhole ? '0' : '-1')
    if (svg === null) return
    frame(svg, holder, isWhole)
    // Once, and never again by itself: nothing moves under the hand.
    if (isWhole) scrollTo(holder, svg)
  }
  /** Today's drawing is never shown for what other machines wrote. */
  const draw = async ({ machines, path }: Wanted) => {
    const key = machines === null || machines.drawing === 'today' ? 'today' : `${machines.drawing} ${machines.name}`
    if (key === drawn && (svg !== null || machines?.drawing === 'lost')) return
    drawn = key
    svg = null
    const isLost = machines?.drawing === 'lost'
    const found = isLost ? null : await chartDrawing(key === 'today' ? null : (machines?.name ?? null))
    if (found && language !== 'en') (await import('./chart-names.ts')).nameStates(found)
    // Another one is wanted by now.
    if (drawn !== key) return
    svg = found
    holder.replaceChildren(...(svg ? [svg] : []))
    for (const part of [holder, size, fold]) part.hidden = svg === null
    const name = machines?.name?.slice(0, 12) ?? WORDS.unnamed
    if (isLost) say(says, WORDS.lostDrawing(name, named(path)))
    else say(says, svg === null ? WORDS.notDrawn(named(path)) : key === 'today' ? '' : WORDS.otherMachines(name))
  }
  const light = ({ path, machines }: Wanted) => {
    if (svg === null) {
      const name = machines?.name?.slice(0, 12) ?? WORDS.unnamed
      return machines?.drawing === 'lost' ? say(says, WORDS.lostDrawing(name, named(path))) : undefined
    }
    mark(holder, 'aria-label', WORDS.active(named(path)))
    for (const state of svg.querySelectorAll('[data-state]')) {
      const id = state.getAttribute('data-state') ?? ''
      mark(state, 'class', id === path ? 'active' : path.startsWith(`${id}.`) ? 'around' : '')
    }
    for (const way of svg.querySelectorAll('[data-from]')) mark(way, 'class', isFrom(way, path) ? 'out' : '')
    showWays(ways, svg, path)
    frame(svg, holder, isWhole)
  }
  return {
    root: make(
      'section',
      { class: 'card', 'aria-label': WORDS.chart },
      make('div', { class: 'chart-head' }, make('h3', {}, WORDS.chart), size),
      says,
      holder,
      fold,
    ),
    /** `machines`: who wrote it, in a replay; null = those of today. */
    update(bay: BayView, machines: WrittenBy | null) {
      const newer = { path: statePath(bay), machines }
      wanted = newer
      void draw(newer).then(() => {
        if (wanted === newer) light(newer)
      })
    },
  }
}

const named = (path: string): string => [...new Set(path.split('.').map(placeName))].join(', ')
/** As the drawing names it in English, and as the page does in another language. */
const placeName = (place: string): string => (language === 'en' ? place : placeWord(place))

/** Targets of the active state's ways, with what leads there. */
function showWays(list: HTMLElement, svg: SVGSVGElement, path: string): void {
  const byTarget = Map.groupBy(svg.querySelectorAll('.out'), (way) => way.getAttribute('data-to') ?? '')
  const out = [...byTarget].map(([to, all]): readonly [string, string] => [
    to,
    all.map((way) => way.getAttribute('data-rules') ?? '').join(', '),
  ])
  show(list, JSON.stringify([path, out]), () =>
    out.map(([to, rules]) => {
      const target = make('strong', {}, [...new Set(to.split('.').map(placeWord))].join(': '))
      return make('li', {}, target, WORDS.when, rules.split(', ').map(guardWord).join(WORDS.or))
    }),
  )
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** What of the drawing is seen: all of it, or what is around the active state, which is always within it. */
function frame(svg: SVGSVGElement, holder: HTMLElement, isWhole: boolean): void {
  const all: Box = {
    x: 0,
    y: 0,
    width: Number(svg.getAttribute('width')),
    height: Number(svg.getAttribute('height')),
  }
  const active = boxOf(svg.querySelector('.active'))
  const around = boxOf(svg.querySelector('.around')) ?? active
  const wide = holder.clientWidth || 640
  const high = holder.clientHeight || 320
  svg.style.minWidth = isWhole ? `${Math.round(all.width / MOST_UNITS)}px` : ''
  if (isWhole || active === null || around === null)
    return mark(svg, 'viewBox', [all.x, all.y, all.width, all.height].join(' '))
  const width = Math.min(
    all.width,
    Math.max(wide * LEAST_UNITS, Math.min(around.width + 2 * MARGIN, wide * MOST_UNITS)),
  )
  const height = Math.min(all.height, (width * high) / wide)
  const x = within(
    around.width + MARGIN <= width ? middle(around.x, around.width) : middle(active.x, active.width),
    width,
    all.width,
  )
  const y = within(
    around.height + MARGIN <= height ? middle(around.y, around.height) : middle(active.y, active.height),
    height,
    all.height,
  )
  mark(svg, 'viewBox', [x, y, width, height].map(Math.round).join(' '))
}

/** Where the whole is larger than its place, it begins at the active state and scrolls from there. */
function scrollTo(holder: HTMLElement, svg: SVGSVGElement): void {
  const active = boxOf(svg.querySelector('.active'))
  if (active === null) return
  const scale = svg.clientWidth / Number(svg.getAttribute('width'))
  holder.scrollTo(
    middle(active.x, active.width) * scale - holder.clientWidth / 2,
    middle(active.y, active.height) * scale - holder.clientHeight / 2,
  )
}

const middle = (from: number, size: number): number => from + size / 2
/** Where a view of this size begins that has its middle here and stays on the drawing. */
const within = (centre: number, size: number, all: number): number =>
  Math.max(0, Math.min(centre - size / 2, all - size))

/** The box of a state as it is drawn. */
function boxOf(state: Element | null): Box | null {
  const box = state?.querySelector('rect')
  if (box == null) return null
  const side = (name: string) => Number(box.getAttribute(name))
  return { x: side('x'), y: side('y'), width: side('width'), height: side('height') }
}

/** The active state as the drawing names it: `charging-locked.charging`. */
function statePath({ state, detail }: BayView): string {
  if (detail === state || detail === '') return state
  return detail.startsWith(`${state}.`) ? detail : `${state}.${detail}`
}

/** Whether a way begins at the active state or at one that holds it; a way into the active state itself is none. */
function isFrom(way: Element, path: string): boolean {
  const from = way.getAttribute('data-from') ?? ''
  return (from === path || path.startsWith(`${from}.`)) && way.getAttribute('data-to') !== path
}
