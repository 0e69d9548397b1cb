/** Records of one bay, newest first, paged by seq from the journal. */
import type { FactRecord } from '../../../machines/record.ts'
import type { BayView } from '../../../projections/bay-view.ts'
import { eventWord, sourceOf } from './bay-words.ts'
import { arrange, make, mark, say } from './dom.ts'
import { guardWord, placeWord } from './guard-words.ts'
import { address, ask } from './server-call.ts'
import { atSite } from './server-time.ts'
import { type Shown, zoneOf } from './store.ts'
import { TIMELINE_WORDS as WORDS } from './timeline-words.ts'
import { nameWord, recordWords } from './told-words.ts'

const PAGE = 50
/** Older rows than this are let go while new ones come in: a wall screen stays small. */
const MOST = 1000
/** Records behind the place of a replay, and how long it must have stood there. */
const AHEAD = 25
const REST_MS = 200
const SOURCES = ['all', 'camera', 'charger', 'person', 'site'] as const

/** The records of the bay that it is told of. */
export function timelinePanel(shown: Shown, bayId: string) {
  const list = make('ol', { class: 'timeline' })
  const says = make('p', { class: 'faint', role: 'status' })
  const older = make('button', { type: 'button', disabled: true, onclick: () => void pages.older() }, WORDS.older)
  let source: (typeof SOURCES)[number] = 'all'
  const filters = SOURCES.map((name) => {
    const onclick = () => choose(name)
    return make('button', { type: 'button', class: 'small', 'data-source': name, onclick }, WORDS.sources[name])
  })
  const choose = (name: typeof source) => {
    source = name
    paint()
  }
  const paint = () => {
    for (const button of filters) mark(button, 'aria-pressed', String(button.dataset['source'] === source))
    const chosen = pages.records.filter((record) => source === 'all' || sourceOf(record.cause.type) === source)
    // A row is made once: one that is open or focused stays so while new ones come in above it.
    const upTo = (records: readonly FactRecord[]) =>
      records.find(({ seq }) => shown.kind === 'replay' && seq <= shown.place)
    const here = upTo(pages.records)
    const rows = chosen.map((record) => {
      const row = rowOf(record)
      mark(row, 'data-place', placeOf(record, here, shown))
      return row
    })
    arrange(list, rows)
    bringTo(upTo(chosen))
    older.disabled = !pages.more
    say(says, pages.failed ? WORDS.journalFailed : rows.length === 0 ? WORDS.noRecords : '')
  }
  let brought = ''
  /** The record that one stands on comes into sight where it is not, once for each place: who scrolls on meanwhile is left in peace. */
  const bringTo = (record: FactRecord | undefined) => {
    const row = record && made.get(record)
    const key = `${record?.seq} ${source} ${pages.records[0]?.seq} ${pages.records.at(-1)?.seq}`
    if (key === brought || row === undefined || list.clientHeight === 0) return
    brought = key
    const above = row.getBoundingClientRect().top - list.getBoundingClientRect().top
    const room = list.clientHeight - row.offsetHeight
    if (above < 0 || above > room) list.scrollTop += above - room / 2
  }
  const made = new WeakMap<FactRecord, HTMLElement>()
  const rowOf = (record: FactRecord) => {
    const row = made.get(record) ?? recordRow(record, zoneOf(shown))
    made.set(record, row)
    return row
  }
  const pages = recordPages(bayId, paint)
  choose('all')
  let epoch: number | null = null
  let version = -1
  let resting: ReturnType<typeof setTimeout> | undefined
  const group = make('div', { class: 'buttons', role: 'group', 'aria-label': WORDS.source }, ...filters)
  const title = make('h3', {}, WORDS.records)
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.records }, title, group, list, says, older),
    update(bay: BayView) {
      if (shown.kind === 'replay') {
        paint()
        // A hand on the slider goes on: the records are asked for where it rests.
        clearTimeout(resting)
        resting = setTimeout(() => void pages.around(shown.place), pages.records.length === 0 ? 0 : REST_MS)
        return
      }
      const now = shown.hello?.epoch ?? null
      if (bay.version === version && now === epoch) return
      // Another epoch may be another journal: what was read before may not be there.
      if (now !== epoch) pages.forget()
      version = bay.version
      epoch = now
      void pages.newer()
    },
  }
}

/** In a replay, what is still to come is faint, and the record that is shown is marked: where none of this bay stands there, the one before. */
function placeOf(record: FactRecord, here: FactRecord | undefined, shown: Shown): string {
  if (record === here) return 'here'
  return shown.kind === 'replay' && record.seq > shown.place ? 'later' : ''
}

/** A bay's records, newest first, fetched one question at a time. */
function recordPages(bayId: string, changed: () => void) {
  let asking = false
  let wanted: (() => Promise<void>) | null = null
  const pages = {
    records: [] as readonly FactRecord[],
    /** Whether older ones may be there. */
    more: false,
    /** Whether newer ones may be there, in a replay. */
    later: false,
    failed: false,
    /** The records around a place, where they are not there. */
    around: (seq: number) =>
      inTurn(async () => {
        const [newest, oldest] = [pages.records[0]?.seq, pages.records.at(-1)?.seq]
        const holds = newest !== undefined && oldest !== undefined
        if (holds && (newest > seq || !pages.later) && (oldest <= seq || !pages.more)) return
        const [before, after] = await Promise.all([
          askPage(`before=${seq + 1}&limit=${PAGE}`),
          askPage(`after=${seq}&limit=${AHEAD}`),
        ])
        pages.records = [...after.toReversed(), ...before.toReversed()]
        pages.more = before.length === PAGE
        pages.later = after.length === AHEAD
      }),
    forget() {
      pages.records = []
    },
    newer: () =>
      inTurn(async () => {
        const newest = pages.records[0]?.seq
        const items = await askPage(
          newest === undefined ? `before=${Number.MAX_SAFE_INTEGER}&limit=${PAGE}` : `after=${newest}&limit=1000`,
        )
        if (newest === undefined) pages.more = items.length === PAGE
        const all = [...items.toReversed(), ...pages.records]
        if (all.length > MOST) pages.more = true
        pages.records = all.slice(0, MOST)
        if (newest !== undefined && items.length === 1000) wanted = pages.newer
      }),
    older: () =>
      inTurn(async () => {
        const oldest = pages.records.at(-1)
        if (oldest === undefined) return
        const items = await askPage(`before=${oldest.seq}&limit=${PAGE}`)
        pages.records = [...pages.records, ...items.toReversed()]
        pages.more = items.length === PAGE
      }),
  }
  const askPage = async (query: string): Promise<readonly FactRecord[]> => {
    const words = recordWords()
    const told = await ask<{ readonly items: readonly FactRecord[] }>(`${address('bays', bayId, 'journal')}?${query}`)
    await words
    if (!told.ok) throw new Error(told.says)
    return told.body.items
  }
  const inTurn = async (work: () => Promise<void>): Promise<void> => {
    if (asking) {
      wanted = () => inTurn(work)
      return
    }
    asking = true
    pages.failed = await work().then(
      () => false,
      () => true,
    )
    asking = false
    changed()
    const next = wanted
    wanted = null
    await next?.()
  }
  return pages
}

function recordRow(record: FactRecord, zone: string): HTMLElement {
  const { seq, at, cause, rule, decisions, guards, effects, timers, hash } = record
  const failed = guards.find((guard) => !guard.ok)
  const { state, detail } = record
  const place = state === null ? '' : placeWord(state)
  const inside = detail === null || detail === state ? place : placeWord(detail)
  const became = inside === place ? place : `${place}: ${inside}`
  const summary = make(
    'summary',
    {},
    make('span', { class: 'seq' }, String(seq)),
    make('time', { datetime: at }, atSite(at, zone)),
    make('span', { class: 'event' }, eventWord(cause.type)),
    make('span', { class: 'state' }, became),
    make('span', { class: 'decisions' }, decisions.map(({ type }) => nameWord('decisions', type)).join(', ')),
  )
  // What this role may not see is named, so that nobody takes it for empty.
  const { withheld } = record as { readonly withheld?: readonly string[] }
  const whole = JSON.stringify({ cause, rule, decisions, guards, effects, timers, hash, withheld }, null, 1)
  const inner = make(
    'details',
    {},
    summary,
    failed && decisions.length === 0 && make('p', { class: 'faint' }, WORDS.not(guardWord(failed.name))),
    make('pre', { tabindex: '0' }, whole),
  )
  return make('li', { class: `from-${sourceOf(cause.type)}` }, inner)
}
