// @ts-check
/** What there is to see of one review: the crops, the votes, what each reader made of it, and the registered plates that look like it. */
import { make } from './dom.js'

/** @param {string} reviewId @param {(plate: string) => unknown} answer */
export function reviewSight(reviewId, answer) {
  const root = make('div', { class: 'sight', hidden: true })
  let opened = false
  return {
    root,
    isOpen: () => opened,
    /** @param {any} detail */
    open(detail) {
      opened = true
      root.hidden = false
      root.replaceChildren(
        crops(reviewId, detail.shown),
        ...(detail.blind
          ? []
          : [nearOnes(detail.near, answer), opinions(detail), detail.reads.length > 0 && reads(detail.reads)].filter(
              Boolean,
            )),
      )
    },
  }
}

/** @param {string} reviewId @param {any[]} shown */
function crops(reviewId, shown) {
  if (shown.length === 0) return make('p', { class: 'faint' }, 'No picture was kept: the camera sent reads alone.')
  const pictures = shown.map((one, index) => {
    const src = `/api/reviews/${encodeURIComponent(reviewId)}/crop?index=${index}`
    const alt = `Picture ${index + 1} of the plate`
    const picture = make('img', { src, alt, onerror: () => picture.replaceWith('This picture is gone.') })
    return make('figure', {}, picture, one.plate !== null && make('figcaption', {}, `read as ${one.plate}`))
  })
  return make('div', { class: 'crops' }, ...pictures)
}

/** @param {any[]} near @param {(plate: string) => unknown} answer */
function nearOnes(near, answer) {
  if (near.length === 0) return make('p', { class: 'faint' }, 'No registered plate is one character away.')
  const buttons = near.map(({ plate, accountId }) =>
    make('button', { type: 'button', class: 'pick', onclick: () => answer(plate) }, `${plate} (${accountId})`),
  )
  return make(
    'div',
    {},
    make('p', { class: 'faint' }, 'Registered, one character away:'),
    make('div', { class: 'buttons near' }, ...buttons),
  )
}

/** @param {any} detail */
function opinions({ opinions: all, votes }) {
  const known = new Map(votes.map((/** @type {any} */ vote) => [vote.plate, vote]))
  const lines = all.map((/** @type {any} */ one) => {
    if (one.text === null) return make('li', {}, `${readerWord(one.reader)}: ${one.outcome}`)
    const sure = one.confidence === null ? '' : `, ${Math.round(one.confidence * 100)} % by its own figure`
    return make(
      'li',
      {},
      `${readerWord(one.reader)}: `,
      make('strong', {}, one.text),
      ` in ${one.witnesses} of ${one.of} frames${sure}`,
    )
  })
  const registered = [...known.values()].map((vote) =>
    make(
      'li',
      {},
      make('strong', {}, vote.plate),
      vote.registered ? `: registered, ${vote.accountId}` : ': not registered',
    ),
  )
  return make('ul', { class: 'opinions', 'aria-label': 'What readers say' }, ...lines, ...registered)
}

/** @param {string} reader */
const readerWord = (reader) => ({ device: 'the camera', berth: 'our reader' })[reader] ?? reader

/** @param {any[]} all */
function reads(all) {
  const rows = all.map((one) =>
    make(
      'tr',
      {},
      make('td', {}, make('time', { datetime: one.at }, one.at.slice(11, 19))),
      make('th', { scope: 'row' }, one.text),
      make('td', {}, one.cameraId ?? ''),
      make('td', {}, readerWord(one.reader)),
      make('td', {}, `${Math.round(one.confidence * 100)} %`),
    ),
  )
  const heads = ['at (UTC)', 'text', 'camera', 'reader', 'sure'].map((name) => make('th', { scope: 'col' }, name))
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows))
  return make(
    'details',
    {},
    make('summary', {}, `Single reads (${all.length})`),
    make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Single reads' }, table),
  )
}
