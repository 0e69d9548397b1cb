/** The audit: who did what, when, and that nothing of it was altered. Looking for a plate is itself on record. */
import type { AuditRecord } from '../../server/audit-routes.ts'
import { aboutWord, reasonWord } from './about-words.ts'
import { AUDIT_WORDS as WORDS } from './audit-words.ts'
import { eventWord } from './bay-words.ts'
import { chainPanel } from './chain-panel.ts'
import { make, say, show, wantStyle } from './dom.ts'
import { placeWord } from './guard-words.ts'
import { reasonChoice } from './reason-choice.ts'
import type { Screen, Site } from './screen.ts'
import { address, ask, send } from './server-call.ts'
import { momentOf, tableTimes } from './site-day.ts'
import { type Shown, zoneOf } from './store.ts'
import { nameWord, recordWords } from './told-words.ts'

type Page = { readonly items: readonly AuditRecord[]; readonly next: string | null }

/** Rows of one page. */
const ROWS = 100

/** Where a page lies: the newest records, or those before or after a place. */
type Place = { readonly order: 'newest' | 'oldest'; readonly at: string | null }

/** Finds records, the newest first, and opens each in replay. */
export function auditScreen({ shown }: Site): Screen {
  wantStyle(new URL('./audit.css', import.meta.url))
  const form = searchForm(shown, () => void search())
  const chain = chainPanel(shown)
  let question = ''
  const turn = async ({ order, at }: Place) => {
    const from = at === null ? '' : `&${order === 'newest' ? 'before' : 'after'}=${at}`
    await recordWords()
    const told = await ask<Page>(`${address('audit')}?limit=${ROWS}&order=${order}${question}${from}`)
    if (told.ok) results.show(told.body, { order, at })
    else say(results.says, told.says)
  }
  const results = resultList(shown, turn)
  const search = async () => {
    const asked = await form.question()
    if ('says' in asked) return say(results.says, asked.says)
    question = asked.query
    await turn(NEWEST)
  }
  void turn(NEWEST)
  const top = make('div', { class: 'audit-top' }, form.root, chain.root)
  return {
    root: make('div', {}, make('h2', {}, WORDS.title), top, results.root),
    title: WORDS.title,
    update: form.update,
    tick() {},
  }
}

const NEWEST: Place = { order: 'newest', at: null }
const OLDEST: Place = { order: 'oldest', at: null }

/** What is looked for, as a query; or why nothing can be. */
type Question = { readonly query: string } | { readonly says: string }

function searchForm(shown: Shown, search: () => void) {
  const field = (name: string, label: string, more: { readonly [attribute: string]: string } = {}) => {
    const input = make('input', { id: `audit-${name}`, name, autocomplete: 'off', maxlength: '128', ...more })
    return { input, root: make('p', {}, make('label', { for: `audit-${name}` }, label), input) }
  }
  const plate = field('plate', WORDS.plate, { class: 'plate', dir: 'ltr', autocapitalize: 'characters' })
  const reason = reasonChoice('audit-reason', WORDS.reason, WORDS.reasons)
  const why = make('p', {}, ...reason.parts)
  const fields = {
    key: field('key', WORDS.key),
    bay: bayField(shown),
    session: field('session', WORDS.session),
    by: field('by', WORDS.by),
    from: field('from', WORDS.from, { type: 'datetime-local' }),
    to: field('to', WORDS.to, { type: 'datetime-local' }),
  }
  const onsubmit = (event: Event) => {
    event.preventDefault()
    search()
  }
  const rest = Object.values(fields).map(({ root }) => root)
  const note = make('p', { class: 'faint audit-note' }, WORDS.onRecord)
  const button = make('button', { type: 'submit' }, WORDS.search)
  const all = make('div', { class: 'audit-fields' }, plate.root, why, ...rest)
  return {
    root: make('form', { class: 'card', onsubmit, 'aria-label': WORDS.find }, folded(all, note, button)),
    update: fields.bay.fill,
    async question(): Promise<Question> {
      const query = new URLSearchParams()
      for (const [name, { input }] of Object.entries(fields)) {
        const text = input.value.trim()
        if (text !== '') query.set(name, input.type === 'datetime-local' ? timeOf(text, zoneOf(shown)) : text)
      }
      if (plate.input.value.trim() !== '') {
        const because = reason.chosen(null)
        if (because === null) return { says: WORDS.noReason }
        const body = { plate: plate.input.value.trim(), reason: because }
        const told = await send<{ readonly handle: string | null }>(address('audit', 'plate'), body)
        if (!told.ok) return { says: told.says }
        if (told.body.handle === null) return { says: WORDS.never }
        query.set('key', told.body.handle)
      }
      return { query: query.size === 0 ? '' : `&${query}` }
    },
  }
}

/** A time as it was chosen by the site's clock, for the server; what is no time goes as it is, and the server says so. */
function timeOf(text: string, zone: string): string {
  const at = momentOf(text, zone)
  return at === null ? text : new Date(at).toISOString()
}

/** On a phone the form lies behind a fold, so that what happened last is on the first screen. */
function folded(...parts: readonly HTMLElement[]): HTMLElement {
  const isNarrow = matchMedia('(max-width: 480px)').matches
  return make('details', { open: !isNarrow }, make('summary', {}, WORDS.find), ...parts)
}

/** Bays of the site to choose from; one that is gone may still be typed. */
function bayField(shown: Shown) {
  const input = make('input', { id: 'audit-bay', list: 'audit-bays', autocomplete: 'off', maxlength: '128' })
  const list = make('datalist', { id: 'audit-bays' })
  const fill = () => {
    const ids = [...shown.bays.keys()]
    show(list, ids.join('\n'), () => ids.map((id) => make('option', { value: id })))
  }
  fill()
  return { input, fill, root: make('p', {}, make('label', { for: 'audit-bay' }, WORDS.bay), input, list) }
}

/** The rows of one page, the newest on top, and the ways to others: turned off at an end, never taken away. */
function resultList(shown: Shown, turn: (place: Place) => Promise<void>) {
  let [newer, older]: [string | null, string | null] = [null, null]
  const says = make('p', { role: 'status' })
  const way = (text: string, place: () => Place) => {
    return make('button', { type: 'button', disabled: true, onclick: () => void turn(place()) }, text)
  }
  const ways = {
    newest: way(WORDS.newest, () => NEWEST),
    newer: way(WORDS.newer, () => ({ order: 'oldest', at: newer })),
    older: way(WORDS.older, () => ({ order: 'newest', at: older })),
    oldest: way(WORDS.oldest, () => OLDEST),
  }
  const { columns } = WORDS
  const names = [columns.seq, columns.time, columns.where, columns.event, columns.about, columns.by, columns.became]
  const heads = [...names, columns.hash].map((name) => make('th', { scope: 'col' }, name))
  const timeHead = heads[1]
  const rows = make('tbody', {})
  const table = make('table', { class: 'as-cards' }, make('thead', {}, make('tr', {}, ...heads)), rows)
  const box = make('div', { class: 'scroll audit-rows', tabindex: '0', role: 'group', 'aria-label': WORDS.list }, table)
  const buttons = make('div', { class: 'buttons' }, ...Object.values(ways))
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.list }, says, buttons, box),
    says,
    show({ items, next }: Page, { order, at }: Place) {
      const isNewestFirst = order === 'newest'
      const records = isNewestFirst ? items : items.toReversed()
      const behind = at === null ? null : String(Number(at) + (isNewestFirst ? -1 : 1))
      newer = isNewestFirst ? behind : next
      older = isNewestFirst ? next : behind
      ways.newest.disabled = false
      ways.newer.disabled = newer === null
      ways.older.disabled = older === null
      ways.oldest.disabled = older === null
      const none = next === null ? WORDS.none : WORDS.noneYet
      say(says, items.length === 0 ? none : WORDS.found(items.length, older === null ? '' : WORDS.moreLie))
      const times = tableTimes(
        records.map((record) => Date.parse(record.at)),
        zoneOf(shown),
      )
      if (timeHead) say(timeHead, columns.time + (times.offset === '' ? '' : ` (${times.offset})`))
      show(rows, JSON.stringify(records), () => records.map((record) => recordRow(record, times.text)))
      box.scrollTop = 0
    },
  }
}

function recordRow(record: AuditRecord, timeText: (at: number) => string) {
  const { columns } = WORDS
  const { seq, at, bayId, stream, event, by, state, decisions, hash } = record
  const href = bayId === null ? `#/replay?at=seq:${seq}` : `#/bays/${encodeURIComponent(bayId)}?at=seq:${seq}`
  const link = make('a', { href, 'aria-label': WORDS.replay(seq), class: 'audit-link' }, String(seq))
  const became = [state === null ? '' : placeWord(state), ...decisions.map((type) => nameWord('decisions', type))]
    .filter((part) => part !== '')
    .join(', ')
  const cells = [
    make('time', { datetime: at }, timeText(Date.parse(at))),
    bayId ?? STREAMS[stream] ?? stream,
    eventWord(event),
    aboutText(record.about),
    by ?? '',
    became,
    make('code', { title: hash }, hash.slice(0, 8)),
  ]
  const names = [columns.time, columns.where, columns.event, columns.about, columns.by, columns.became, columns.hash]
  return make(
    'tr',
    {},
    make('th', { scope: 'row' }, link),
    ...cells.map((cell, at) => make('td', { 'data-name': cell === '' ? null : names[at] }, cell)),
  )
}

/** What was looked at or decided, in words; names of things as they are. */
function aboutText(about: AuditRecord['about']): string {
  if (about === null) return ''
  const { what, reason, subjects, count, verified: _verified, ...rest } = about
  const looked = typeof what === 'string' ? (LOOKED[what] ?? WORDS.lookedElse(what)) : ''
  const why = typeof reason === 'string' ? (REASONS[reason] ?? reasonWord(reason)) : ''
  const names = Array.isArray(subjects) ? subjects.slice(0, MOST_NAMED).join(', ') : ''
  const more = Number(count ?? 0) > MOST_NAMED ? WORDS.andMore(Number(count) - MOST_NAMED) : ''
  const others = Object.entries(rest).map(([field, thing]) => aboutWord(field, thing))
  return [looked, names + more, ...others, why === '' ? '' : WORDS.because(why)]
    .filter((part) => part !== '')
    .join('; ')
}

/** Subjects of one look that are named in its row. */
const MOST_NAMED = 3
const REASONS: { readonly [word: string]: string | undefined } = WORDS.reasons
const STREAMS: { readonly [stream: string]: string | undefined } = WORDS.streams
const LOOKED: { readonly [call: string]: string | undefined } = WORDS.looked
