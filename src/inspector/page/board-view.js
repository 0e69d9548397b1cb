// @ts-check
/** The board: who needs you, and all bays at a glance. Tiles are made once; what changes in them is text and attributes. */
import { make, mark, say, show } from './dom.js'
import { serverNow, span } from './server-time.js'
import { isTrueNow } from './wire.js'
import { amperes, bayWord, detailWord, icon, masked, overlays, whyLine } from './words.js'

/** @param {import('./wire.js').Store} store */
export function boardView(store) {
  const needs = make('ol', { class: 'needs-list', tabindex: '0', 'aria-labelledby': 'needs-title' })
  const nobody = make('p', { class: 'faint' }, 'Nobody needs you.')
  const queue = make('a', { href: '#/reviews', class: 'queue-link' })
  const cameras = make('a', { href: '#/cameras', class: 'queue-link' })
  const tiles = make('ul', { class: 'tiles' })
  const root = make(
    'div',
    { class: 'board' },
    make(
      'section',
      { class: 'needs-you', 'aria-labelledby': 'needs-title' },
      make('h2', { id: 'needs-title' }, 'Need you'),
      nobody,
      make('p', { class: 'ways-on' }, queue, cameras),
      needs,
    ),
    make('section', { 'aria-labelledby': 'bays-title' }, make('h2', { id: 'bays-title' }, 'Bays'), tiles, legend()),
  )
  /** @type {Map<string, ReturnType<typeof tile>>} */
  const known = new Map()

  const arrange = () => {
    const ids = [...store.bays.keys()]
    show(tiles, ids.join(' '), () =>
      ids.map((bayId) => {
        const one = known.get(bayId) ?? tile(bayId)
        known.set(bayId, one)
        return one.root
      }),
    )
  }
  return {
    root,
    /** @param {Set<string>} changed */
    update(changed) {
      arrange()
      const alarmed = new Set(
        [...store.alarms, ...store.reviews.filter(({ blind }) => !blind)].map((each) => each.bayId),
      )
      for (const [bayId, one] of known) {
        const bay = store.bays.get(bayId)
        if (bay !== undefined && (changed.has(bayId) || one.alarmed !== alarmed.has(bayId))) {
          one.alarmed = alarmed.has(bayId)
          fillTile(one, bay)
        }
      }
      const rows = needRows(store)
      const isKnown = isTrueNow(store)
      nobody.hidden = rows.length > 0
      say(nobody, isKnown ? 'Nobody needs you.' : 'Not known now: the site is not heard.')
      queue.hidden = store.reviews.length === 0
      say(queue, queueWords(store.reviews))
      cameras.hidden = store.hello?.recording === true
      say(cameras, isKnown ? cameraWords(store.bays) : 'Cameras')
      show(needs, JSON.stringify(rows), () => rows.map(needItem))
    },
    tick() {
      const now = serverNow()
      if (now === null || document.body.className !== 'live') return
      for (const time of root.querySelectorAll('[data-since]')) say(time, span(now - Date.parse(time.dataset.since)))
    },
  }
}

/** @param {any[]} reviews */
function queueWords(reviews) {
  const checks = reviews.filter(({ blind }) => blind).length
  const waiting = reviews.length - checks
  const parts = [waiting > 0 && `${waiting} waiting`, checks > 0 && `${checks} to check`].filter(
    (part) => part !== false,
  )
  return `Review queue: ${parts.join(', ')}`
}

/** How many cameras see nothing of a bay. @param {Map<string, any>} bays */
function cameraWords(bays) {
  const seen = [...bays.values()].flatMap(({ cameras }) => cameras)
  const blind = new Set(seen.filter(({ status }) => status === 'lost').map(({ cameraId }) => cameraId)).size
  return `Cameras: ${blind === 0 ? 'none blind' : `${blind} blind`}`
}

/** Alarms and reviews, oldest first. @param {import('./wire.js').Store} store */
function needRows(store) {
  const alarms = store.alarms.map(({ alarmId, bayId, says, do: todo, since }) => ({
    id: alarmId,
    bayId,
    says,
    todo,
    since,
  }))
  const reviews = store.reviews
    .filter(({ blind }) => !blind)
    .map(({ reviewId, bayId, reason, since, claim }) => ({
      id: reviewId,
      bayId,
      says: `Which plate is it? ${reason}.`,
      todo: claim === null ? 'Open the bay and answer.' : `${claim.by} is at it.`,
      since,
    }))
  return [...alarms, ...reviews].sort((a, b) => a.since.localeCompare(b.since))
}

/** @param {ReturnType<typeof needRows>[number]} row */
function needItem({ bayId, says, todo, since }) {
  const head =
    bayId === null ? make('strong', {}, 'site') : make('a', { href: `#/bays/${encodeURIComponent(bayId)}` }, bayId)
  return make(
    'li',
    { class: 'need' },
    icon('alarm'),
    make(
      'div',
      {},
      make('p', { class: 'need-head' }, head, ' ', make('time', { 'data-since': since, datetime: since })),
      make('p', {}, says),
      make('p', { class: 'faint' }, todo),
    ),
  )
}

/** @param {string} bayId */
function tile(bayId) {
  const parts = {
    icon: make('span', { class: 'tile-icon' }),
    word: make('span', { class: 'word' }),
    detail: make('span', { class: 'detail' }),
    since: make('time', {}),
    plate: make('span', { class: 'plate', dir: 'ltr' }),
    amps: make('span', { class: 'amps' }),
    over: make('span', { class: 'over' }),
    why: make('span', { class: 'why' }),
  }
  const link = make(
    'a',
    { class: 'tile', href: `#/bays/${encodeURIComponent(bayId)}`, 'data-bay': bayId },
    make('span', { class: 'tile-head' }, parts.icon, make('span', { class: 'bay-name' }, bayId), parts.since),
    make('span', { class: 'tile-state' }, parts.word, parts.detail),
    make('span', { class: 'tile-facts' }, parts.plate, parts.amps, parts.over),
    parts.why,
  )
  return { root: make('li', {}, link), link, parts, alarmed: false }
}

/** @param {ReturnType<typeof tile>} one @param {any} bay */
function fillTile({ link, parts, alarmed }, bay) {
  const current = amperes(bay)
  const extra = overlays(bay)
  show(parts.icon, alarmed ? 'alarm' : bay.state, () => [icon(alarmed ? 'alarm' : bay.state)])
  say(parts.word, bayWord(bay))
  say(parts.detail, detailWord(bay))
  mark(parts.since, 'data-since', bay.since)
  mark(parts.since, 'datetime', bay.since)
  say(parts.plate, bay.visit === null ? '' : (masked(bay.visit.plate) ?? 'no plate'))
  say(parts.amps, bay.lock.locked || (current ?? 0) > 0 ? (current === null ? '? A' : `${current.toFixed(1)} A`) : '')
  say(parts.over, extra.join(' · '))
  say(parts.why, whyLine(bay))
  mark(
    link,
    'class',
    `tile is-${bay.state}${alarmed ? ' needs-you-tile' : ''}${bay.service === 'in-service' ? '' : ' off'}${extra.length > 0 ? ' doubtful' : ''}`,
  )
  mark(link, 'data-state', bay.state)
  mark(link, 'data-version', String(bay.version))
  const said = [
    bay.bayId,
    bayWord(bay),
    detailWord(bay),
    bay.lock.locked ? 'locked' : '',
    alarmed ? 'needs you' : '',
    ...extra,
  ].filter((word) => word !== '')
  mark(link, 'aria-label', said.join(', '))
}

function legend() {
  const states = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting']
  return make(
    'p',
    { class: 'legend' },
    ...states.map((state) => make('span', {}, icon(state), bayWord({ state, service: 'in-service' }))),
    make('span', {}, icon('alarm'), 'needs you'),
  )
}
