// @ts-check
/** One bay: what it is, why, what comes next, what was, and what may be ordered. */
import { chartPanel } from './chart-panel.js'
import { commandPanel } from './command-panel.js'
import { make, mark, say, show } from './dom.js'
import { reviewPanel, untilWords } from './review-panel.js'
import { atSite, serverNow, span } from './server-time.js'
import { timelinePanel } from './timeline-panel.js'
import {
  amperes,
  bayWord,
  detailWord,
  eventWord,
  evidenceWords,
  guardWord,
  icon,
  masked,
  overlays,
  ruleWord,
  value,
} from './words.js'

/** A plate that was shown hides itself again after so long. */
const REVEAL_MS = 30_000

/** @param {import('./wire.js').Store} store @param {string} bayId @param {() => boolean} mayOrder */
export function bayView(store, bayId, mayOrder) {
  const head = headPanel(bayId)
  const why = make('section', { class: 'card', 'aria-label': 'Why' })
  const next = make('section', { class: 'card', 'aria-label': 'Next' })
  const facts = factsPanel()
  const alarms = make('section', { class: 'alarms', 'aria-label': 'Alarms of this bay' })
  const commands = commandPanel(store, bayId, mayOrder)
  const reviews = reviewPanel(() => store.reviews.filter((each) => each.bayId === bayId && !each.blind), mayOrder)
  const chart = chartPanel()
  const timeline = timelinePanel(store, bayId)
  const absent = make('p', { class: 'card' }, 'This site has no such bay.')
  const body = make(
    'div',
    { class: 'bay' },
    make('div', { class: 'column' }, alarms, reviews.root, why, next, facts.root, commands.root),
    make('div', { class: 'column' }, chart.root, timeline.root),
  )
  const root = make(
    'div',
    {},
    make('p', { class: 'back' }, make('a', { href: '#/' }, 'All bays')),
    head.root,
    absent,
    body,
  )
  return {
    root,
    /** @param {Set<string>} changed */
    update(changed) {
      const bay = store.bays.get(bayId)
      absent.hidden = bay !== undefined || !store.whole
      body.hidden = bay === undefined
      if (bay === undefined) return
      reviews.update()
      const mine = store.alarms.filter((alarm) => alarm.bayId === bayId)
      show(alarms, JSON.stringify(mine), () =>
        mine.map((alarm) =>
          make(
            'div',
            { class: 'need' },
            icon('alarm'),
            make('div', {}, make('p', {}, alarm.says), make('p', { class: 'faint' }, alarm.do)),
          ),
        ),
      )
      if (!changed.has(bayId)) return
      head.update(bay)
      showWhy(why, bay)
      showNext(next, bay, store.hello?.timezone ?? 'UTC')
      facts.update(bay)
      commands.update(bay)
      chart.update(bay)
      timeline.update(bay)
    },
    tick() {
      commands.tick()
      reviews.tick()
      const now = serverNow()
      if (now === null || document.body.className !== 'live') return
      for (const time of root.querySelectorAll('[data-since]')) say(time, span(now - Date.parse(time.dataset.since)))
      for (const time of root.querySelectorAll('[data-until]')) say(time, untilWords(time, now))
    },
  }
}

/** @param {string} bayId */
function headPanel(bayId) {
  const picture = make('span', { class: 'tile-icon' })
  const word = make('span', { class: 'word', id: 'bay-state' })
  const detail = make('span', { class: 'detail' })
  const since = make('time', {})
  const over = make('span', { class: 'over' })
  const root = make(
    'header',
    { class: 'bay-head' },
    make('h2', {}, picture, bayId),
    make('p', {}, word, ' ', detail, ' for ', since),
    over,
  )
  return {
    root,
    update(/** @type {any} */ bay) {
      show(picture, bay.state, () => [icon(bay.state)])
      say(word, bayWord(bay))
      say(detail, detailWord(bay))
      mark(since, 'data-since', bay.since)
      say(over, overlays(bay).join(' · '))
      mark(root, 'class', `bay-head is-${bay.state}`)
    },
  }
}

/** What happened, the rule that it met, and behind a fold all that was asked before and said no. @param {any} section @param {any} bay */
function showWhy(section, bay) {
  show(section, JSON.stringify(bay.why), () => {
    // What a person folded out stays so when the next record comes.
    const open = new Set([...section.querySelectorAll('details[open]')].map((each) => each.dataset.fold))
    if (bay.why === null) return [make('h3', {}, 'Why'), make('p', {}, 'Nothing has happened yet.')]
    const { event, seq, rule, guards, evidence } = bay.why
    const met = guards.filter((/** @type {any} */ guard) => guard.ok)
    const unmet = guards.filter((/** @type {any} */ guard) => !guard.ok)
    const seen = make('span', { class: 'faint' }, `record ${seq}`)
    return [
      make('h3', {}, 'Why'),
      make('p', {}, make('strong', {}, eventWord(event)), `: ${ruleWord(rule)} `, seen),
      met.length > 0 && guardTable(met, 'What held'),
      unmet.length > 0 &&
        make(
          'details',
          { 'data-fold': 'unmet', open: open.has('unmet') },
          make('summary', {}, `Asked, and not so (${unmet.length})`),
          guardTable(unmet, 'What did not hold'),
        ),
      evidence.length > 0 &&
        make(
          'details',
          { 'data-fold': 'evidence', open: open.has('evidence') },
          make('summary', {}, `Evidence (${evidence.length})`),
          make('ul', {}, ...evidence.map((/** @type {string} */ each) => make('li', {}, each))),
        ),
    ]
  })
}

/** @param {any[]} guards @param {string} label */
function guardTable(guards, label) {
  const heads = ['', 'asked', 'was', 'needs'].map((name) => make('th', { scope: 'col' }, name))
  const rows = guards.map((guard) => {
    const cells = [
      make('td', {}, guard.ok ? '✓ yes' : '✗ no'),
      make('th', { scope: 'row' }, guardWord(guard.name)),
      make('td', {}, value(guard.value)),
      make('td', {}, guard.need),
    ]
    return make('tr', { class: guard.ok ? 'holds' : 'fails' }, ...cells)
  })
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows))
  return make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, table)
}

/** The deadline that changes this bay first, by name; the others behind it. @param {any} section @param {any} bay @param {string} zone */
function showNext(section, bay, zone) {
  const { expect, by, what, others = [] } = bay.next
  const until = (/** @type {string} */ at) => make('time', { 'data-until': at, title: atSite(at, zone, true) })
  show(section, JSON.stringify(bay.next), () => [
    make('h3', {}, 'Next'),
    make('p', {}, expect),
    by !== null && make('p', { class: 'deadline' }, until(by), `: ${what ?? 'the state changes'}`),
    others.length > 0 &&
      make(
        'ul',
        { class: 'faint', 'aria-label': 'Other deadlines' },
        ...others.map((/** @type {any} */ one) => make('li', {}, until(one.by), `: ${one.what}`)),
      ),
  ])
}

function factsPanel() {
  const plate = make('span', { class: 'plate', dir: 'ltr' })
  const list = make('dl', {})
  let shown = false
  /** @type {any} */
  let bay = null
  const button = make(
    'button',
    { type: 'button', class: 'small', 'aria-pressed': 'false', onclick: () => reveal(!shown) },
    'Show plate',
  )
  const reveal = (/** @type {boolean} */ on) => {
    shown = on
    say(button, on ? 'Hide plate' : 'Show plate')
    mark(button, 'aria-pressed', String(on))
    say(plate, plateOf())
    if (on)
      setTimeout(() => {
        if (shown) reveal(false)
      }, REVEAL_MS)
  }
  const plateOf = () =>
    bay?.visit === null || bay === null ? '' : ((shown ? bay.visit.plate : masked(bay.visit.plate)) ?? 'no plate')
  const plateLine = make('p', { class: 'plate-line' }, plate, ' ', button)
  return {
    root: make('section', { class: 'card', 'aria-label': 'Here' }, make('h3', {}, 'Here'), plateLine, list),
    update(/** @type {any} */ newer) {
      const another = bay?.visit?.visitId !== newer.visit?.visitId
      bay = newer
      if (another) reveal(false)
      plateLine.hidden = bay.visit === null
      button.hidden = bay.visit?.plate === null || (bay.visit?.plate ?? '').includes('•')
      say(plate, plateOf())
      show(list, JSON.stringify(factRows(bay)), () =>
        factRows(bay).flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, text)]),
      )
    },
  }
}

/** @param {any} camera */
const cameraWord = ({ status, blind }) =>
  blind
    ? `BLIND, ${blind.says}. ${blind.do}`
    : status === 'lost'
      ? 'BLIND'
      : status === 'live'
        ? 'sees'
        : 'not heard yet'

/** @param {any} bay @returns {[string, string][]} */
function factRows(bay) {
  const current = amperes(bay)
  return [
    [
      'visit',
      bay.visit === null
        ? 'none'
        : `${bay.visit.identifiedBy === null ? 'not identified' : `by ${bay.visit.identifiedBy}`}, account ${bay.visit.accountId ?? 'none'}`,
    ],
    ...(evidenceWords(bay.visit) === ''
      ? []
      : [/** @type {[string, string]} */ (['evidence', evidenceWords(bay.visit)])]),
    ...(bay.contradictions ?? []).map(
      (/** @type {any} */ one) =>
        /** @type {[string, string]} */ ([
          'contradiction',
          `${one.says}${one.connector === null ? '' : ` (${one.connector})`}`,
        ]),
    ),
    ['lock', bay.lock.locked ? bay.lock.reasons.join(', ') : 'not locked'],
    ['current', current === null ? 'not known' : `${current.toFixed(1)} A`],
    [
      'session',
      bay.session === null
        ? 'none'
        : `${(bay.session.energy_Wh / 1000).toFixed(2)} kWh, transaction ${bay.session.transactionId ?? 'none'}`,
    ],
    ...bay.chargers.map(
      (/** @type {any} */ charger) =>
        /** @type {[string, string]} */ ([
          `${charger.chargePointId}/${charger.evse}`,
          `${charger.online ? '' : 'OFFLINE, was '}${charger.status}${charger.power_W === null ? '' : `, ${(charger.power_W / 1000).toFixed(1)} kW`}`,
        ]),
    ),
    ...bay.cameras.map(
      (/** @type {any} */ camera) => /** @type {[string, string]} */ ([camera.cameraId, cameraWord(camera)]),
    ),
    ['autonomy', bay.autonomy],
  ]
}
