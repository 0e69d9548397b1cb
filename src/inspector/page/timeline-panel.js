// @ts-check
/** Records of one bay, newest first, paged by seq from the journal. */
import { arrange, make, mark, say } from './dom.js'
import { atSite } from './server-time.js'
import { eventWord, guardWord, sourceOf } from './words.js'

const PAGE = 50
/** Older rows than this are let go while new ones come in: a wall screen stays small. */
const MOST = 1000
const SOURCES = ['all', 'camera', 'charger', 'person', 'site']

/** @param {import('./wire.js').Store} store @param {string} bayId */
export function timelinePanel(store, bayId) {
  const list = make('ol', { class: 'timeline' })
  const says = make('p', { class: 'faint', role: 'status' })
  const older = make('button', { type: 'button', disabled: true, onclick: () => void pages.older() }, 'Older')
  let source = 'all'
  const filters = SOURCES.map((name) =>
    make('button', { type: 'button', class: 'small', 'data-source': name, onclick: () => choose(name) }, name),
  )
  const choose = (/** @type {string} */ name) => {
    source = name
    paint()
  }
  const paint = () => {
    for (const button of filters) mark(button, 'aria-pressed', String(button.dataset.source === source))
    const shown = pages.records.filter((record) => source === 'all' || sourceOf(record.cause.type) === source)
    // A row is made once: one that is open or focused stays so while new ones come in above it.
    const rows = shown.map((record) => rowOf(record))
    // In a recording, what is still to come is faint, and the record that is shown is marked.
    shown.forEach((record, index) => {
      const place =
        store.place === null ? '' : record.seq > store.place ? 'later' : record.seq === store.place ? 'here' : ''
      mark(/** @type {Element} */ (rows[index]), 'data-place', place)
    })
    arrange(list, rows)
    older.disabled = !pages.more
    say(
      says,
      pages.failed
        ? 'The journal could not be read; it is asked again with the next record.'
        : rows.length === 0
          ? 'No records.'
          : '',
    )
  }
  /** @type {WeakMap<any, Element>} */
  const made = new WeakMap()
  const rowOf = (/** @type {any} */ record) => {
    const known = made.get(record) ?? row(record, store.hello?.timezone ?? 'UTC')
    made.set(record, known)
    return known
  }
  const pages = recordPages(bayId, paint)
  choose('all')
  /** @type {number | null} */
  let epoch = null
  let version = -1
  const group = make('div', { class: 'buttons', role: 'group', 'aria-label': 'Source' }, ...filters)
  return {
    root: make(
      'section',
      { class: 'card', 'aria-label': 'Records' },
      make('h3', {}, 'Records'),
      group,
      list,
      says,
      older,
    ),
    update(/** @type {any} */ bay) {
      if (store.place !== null) paint()
      if (bay.version === version && store.epoch === epoch) return
      // Another epoch may be another journal: what was read before may not be there.
      if (store.epoch !== epoch) pages.forget()
      version = bay.version
      epoch = store.epoch
      void pages.newer()
    },
  }
}

/** A bay's records, newest first, fetched one question at a time. @param {string} bayId @param {() => void} changed */
function recordPages(bayId, changed) {
  let asking = false
  let wanted = false
  const pages = {
    /** @type {any[]} */
    records: [],
    /** Whether older ones may be there. */
    more: false,
    failed: false,
    forget() {
      pages.records = []
    },
    newer: () =>
      inTurn(async () => {
        const newest = pages.records[0]?.seq
        const items = await ask(
          newest === undefined ? `before=${Number.MAX_SAFE_INTEGER}&limit=${PAGE}` : `after=${newest}&limit=1000`,
        )
        if (newest === undefined) pages.more = items.length === PAGE
        const all = [...items.reverse(), ...pages.records]
        if (all.length > MOST) pages.more = true
        pages.records = all.slice(0, MOST)
        if (newest !== undefined && items.length === 1000) wanted = true
      }),
    older: () =>
      inTurn(async () => {
        const oldest = pages.records.at(-1)
        if (oldest === undefined) return
        const items = await ask(`before=${oldest.seq}&limit=${PAGE}`)
        pages.records = [...pages.records, ...items.reverse()]
        pages.more = items.length === PAGE
      }),
  }
  const ask = async (/** @type {string} */ query) => {
    const answer = await fetch(`/api/bays/${encodeURIComponent(bayId)}/journal?${query}`, {
      signal: AbortSignal.timeout(10_000),
    })
    if (!answer.ok) throw new Error(String(answer.status))
    return (await answer.json()).items
  }
  const inTurn = async (/** @type {() => Promise<void>} */ work) => {
    if (asking) {
      wanted = true
      return
    }
    asking = true
    pages.failed = await work().then(
      () => false,
      () => true,
    )
    asking = false
    changed()
    if (!wanted) return
    wanted = false
    await pages.newer()
  }
  return pages
}

/** @param {any} record @param {string} zone */
function row(record, zone) {
  const failed = record.guards.find((/** @type {any} */ guard) => !guard.ok)
  const state =
    record.state === null
      ? ''
      : record.detail === null || record.detail === record.state
        ? record.state
        : `${record.state}: ${record.detail}`
  return make(
    'li',
    { class: `from-${sourceOf(record.cause.type)}` },
    make(
      'details',
      {},
      make(
        'summary',
        {},
        make('span', { class: 'seq' }, String(record.seq)),
        make('time', { datetime: record.at }, atSite(record.at, zone)),
        make('span', { class: 'event' }, eventWord(record.cause.type)),
        make('span', { class: 'state' }, state.replaceAll('-', ' ')),
        make(
          'span',
          { class: 'decisions' },
          record.decisions.map((/** @type {any} */ decision) => decision.type).join(', '),
        ),
      ),
      failed && record.decisions.length === 0 && make('p', { class: 'faint' }, `not ${guardWord(failed.name)}`),
      make(
        'pre',
        { tabindex: '0' },
        JSON.stringify(
          {
            cause: record.cause,
            rule: record.rule,
            decisions: record.decisions,
            guards: record.guards,
            effects: record.effects,
            timers: record.timers,
            hash: record.hash,
          },
          null,
          1,
        ),
      ),
    ),
  )
}
