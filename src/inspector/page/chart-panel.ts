/** The statechart with the state that is active, and the ways out of it in words. The drawing is the server's; only classes are set here. */
import type { BayView } from '../../../projections/bay-view.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { guardWord } from './bay-words.ts'
import { make, show } from './dom.ts'

let drawing: Promise<SVGSVGElement | null> | null = null

async function fetchDrawing(): Promise<SVGSVGElement | null> {
  try {
    const answer = await fetch(new URL('./bay-chart.svg', import.meta.url))
    const root = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement
    return root instanceof SVGSVGElement ? root : null
  } catch {
    drawing = null
    return null
  }
}

/** The statechart of the bay that it is told of. */
export function chartPanel() {
  const holder = make('div', { class: 'chart', role: 'img', tabindex: '0' })
  const ways = make('ul', { class: 'ways' })
  let svg: SVGSVGElement | null = null
  let last: BayView | null = null
  let lit = ''
  drawing ??= fetchDrawing()
  void drawing.then((root) => {
    if (root === null) return
    svg = document.importNode(root, true)
    holder.replaceChildren(svg)
    if (last !== null) light(last)
  })
  const light = (bay: BayView) => {
    if (svg === null) return
    const path = statePath(bay)
    holder.setAttribute('aria-label', WORDS.active(path.replace('.', ', ')))
    for (const state of svg.querySelectorAll('[data-state]')) {
      const id = state.getAttribute('data-state') ?? ''
      state.setAttribute('class', id === path ? 'active' : path.startsWith(`${id}.`) ? 'around' : '')
    }
    for (const way of svg.querySelectorAll('[data-from]')) way.setAttribute('class', isFrom(way, path) ? 'out' : '')
    const byTarget = Map.groupBy(svg.querySelectorAll('.out'), (way) => way.getAttribute('data-to') ?? '')
    const out = [...byTarget].map(([to, all]): readonly [string, string] => [
      to,
      all.map((way) => way.getAttribute('data-rules') ?? '').join(', '),
    ])
    show(ways, JSON.stringify([path, out]), () =>
      out.map(([to, rules]) => {
        const target = make('strong', {}, to.replaceAll('.', ': ').replaceAll('-', ' '))
        return make('li', {}, target, WORDS.when, rules.split(', ').map(guardWord).join(WORDS.or))
      }),
    )
    if (path !== lit) centre(holder, svg.querySelector('.active'))
    lit = path
  }
  const fold = make('details', {}, make('summary', {}, WORDS.ways), ways)
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.chart }, make('h3', {}, WORDS.chart), holder, fold),
    update(bay: BayView) {
      last = bay
      light(bay)
    },
  }
}

/** Brings the active state into the middle of the panel; the page itself never moves. */
function centre(holder: HTMLElement, state: Element | null): void {
  if (state === null) return
  const box = state.getBoundingClientRect()
  const frame = holder.getBoundingClientRect()
  holder.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2
  holder.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2
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
