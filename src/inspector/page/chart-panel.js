// @ts-check
/** The statechart with the state that is active, and the ways out of it in words. The drawing is the server's; only classes are set here. */
import { make, show } from './dom.js'
import { guardWord } from './words.js'

/** @type {Promise<SVGSVGElement | null> | null} */
let drawing = null

async function fetchDrawing() {
  try {
    const answer = await fetch('/page/bay-chart.svg')
    const root = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement
    return root instanceof SVGSVGElement ? root : null
  } catch {
    drawing = null
    return null
  }
}

export function chartPanel() {
  const holder = make('div', { class: 'chart', role: 'img', tabindex: '0' })
  const ways = make('ul', { class: 'ways' })
  /** @type {SVGSVGElement | null} */
  let svg = null
  /** @type {any} */
  let last = null
  let lit = ''
  drawing ??= fetchDrawing()
  void drawing.then((root) => {
    if (root === null) return
    svg = /** @type {SVGSVGElement} */ (document.importNode(root, true))
    holder.replaceChildren(svg)
    if (last !== null) light(last)
  })
  const light = (/** @type {any} */ bay) => {
    if (svg === null) return
    const path = statePath(bay)
    holder.setAttribute('aria-label', `Statechart, active: ${path.replace('.', ', ')}`)
    for (const state of svg.querySelectorAll('[data-state]')) {
      const id = state.getAttribute('data-state') ?? ''
      state.setAttribute('class', id === path ? 'active' : path.startsWith(`${id}.`) ? 'around' : '')
    }
    for (const way of svg.querySelectorAll('[data-from]')) way.setAttribute('class', isFrom(way, path) ? 'out' : '')
    const byTarget = Map.groupBy(svg.querySelectorAll('.out'), (way) => way.getAttribute('data-to') ?? '')
    const out = [...byTarget].map(([to, all]) => [
      to,
      all.map((way) => way.getAttribute('data-rules') ?? '').join(', '),
    ])
    show(ways, JSON.stringify([path, out]), () =>
      out.map(([to = '', rules = '']) =>
        make(
          'li',
          {},
          make('strong', {}, to.replaceAll('.', ': ').replaceAll('-', ' ')),
          ' when ',
          rules.split(', ').map(guardWord).join(' or '),
        ),
      ),
    )
    if (path !== lit) centre(holder, svg.querySelector('.active'))
    lit = path
  }
  return {
    root: make(
      'section',
      { class: 'card', 'aria-label': 'Statechart' },
      make('h3', {}, 'Statechart'),
      holder,
      make('details', {}, make('summary', {}, 'Ways out of here'), ways),
    ),
    update(/** @type {any} */ bay) {
      last = bay
      light(bay)
    },
  }
}

/** Brings the active state into the middle of the panel; the page itself never moves. @param {HTMLElement} holder @param {Element | null} state */
function centre(holder, state) {
  if (state === null) return
  const box = state.getBoundingClientRect()
  const frame = holder.getBoundingClientRect()
  holder.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2
  holder.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2
}

/** @param {any} bay */
export const statePath = (bay) =>
  bay.detail === bay.state || bay.detail === ''
    ? bay.state
    : bay.detail.startsWith(`${bay.state}.`)
      ? bay.detail
      : `${bay.state}.${bay.detail}`

/** Whether a way begins at the active state or at one that holds it; a way into the active state itself is none. @param {Element} way @param {string} path */
function isFrom(way, path) {
  const from = way.getAttribute('data-from') ?? ''
  return (from === path || path.startsWith(`${from}.`)) && way.getAttribute('data-to') !== path
}
