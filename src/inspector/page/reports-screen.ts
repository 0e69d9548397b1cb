/** What the journal tells, as tables: sessions, occupancy, visits, and what else `/api/reports` has for people. */
import type { Json } from '../../../machines/events.ts'
import { value } from './bay-words.ts'
import { make, mark, say, show, wantStyle } from './dom.ts'
import { REPORT_WORDS as WORDS } from './report-words.ts'
import type { Screen } from './screen.ts'
import { address, ask } from './server-call.ts'

type Row = { readonly [column: string]: Json }
type Page = { readonly items: readonly Row[]; readonly next: string | null }

/** Rows of one page. */
const ROWS = 100

/** One report at a time, page by page. */
export function reportsScreen(): Screen {
  wantStyle(new URL('./audit.css', import.meta.url))
  const options = Object.entries(WORDS.names).map(([name, text]) => make('option', { value: name }, text))
  const which = make('select', { id: 'report-name', onchange: () => void turn(null) }, ...options)
  const bay = make('input', { id: 'report-bay', autocomplete: 'off', maxlength: '64' })
  const says = make('p', { role: 'status' })
  const csv = make('a', { download: '', class: 'queue-link' }, WORDS.csv)
  const first = make('button', { type: 'button', disabled: true, onclick: () => void turn(null) }, WORDS.first)
  const on = make('button', { type: 'button', disabled: true, onclick: () => void turn(next) }, WORDS.on)
  const box = make('div', { class: 'scroll audit-rows', tabindex: '0', role: 'group', 'aria-label': WORDS.table })
  let next: string | null = null
  let asked = 0
  const query = () => (bay.value.trim() === '' ? '' : `&bay=${encodeURIComponent(bay.value.trim())}`)
  const turn = async (after: string | null) => {
    asked += 1
    const mine = asked
    const at = after === null ? '' : `&after=${encodeURIComponent(after)}`
    mark(csv, 'href', `${address('reports', which.value, 'rows.csv')}?${query().slice(1)}`)
    const told = await ask<Page>(`${address('reports', which.value)}?limit=${ROWS}${query()}${at}`)
    // Another report was asked for meanwhile.
    if (mine !== asked) return
    if (!told.ok) return say(says, told.says)
    const { items } = told.body
    next = told.body.next
    first.disabled = after === null
    on.disabled = next === null
    say(says, items.length === 0 ? WORDS.none : WORDS.rows(items.length, next === null ? '' : WORDS.moreLie))
    box.hidden = items.length === 0
    show(box, JSON.stringify(items), () => (items.length === 0 ? [] : [tableOf(items)]))
  }
  const onsubmit = (event: Event) => {
    event.preventDefault()
    void turn(null)
  }
  const pick = make('p', {}, make('label', { for: 'report-name' }, WORDS.which), which)
  const where = make('p', {}, make('label', { for: 'report-bay' }, WORDS.bay), bay)
  const form = make('form', { onsubmit, class: 'audit-exports' }, pick, where, make('button', {}, WORDS.show), csv)
  const card = make('section', { class: 'card', 'aria-label': WORDS.title }, form, says)
  card.append(make('div', { class: 'buttons' }, first, on), box)
  void turn(null)
  return { root: make('div', {}, make('h2', {}, WORDS.title), card), title: WORDS.title, update() {}, tick() {} }
}

function tableOf(items: readonly Row[]): HTMLElement {
  const columns = Object.keys(items[0] ?? {})
  const heads = columns.map((name) => make('th', { scope: 'col' }, name))
  const rows = items.map((row) =>
    make(
      'tr',
      {},
      ...columns.map((name) => make('td', name === 'plate' ? { class: 'plate', dir: 'ltr' } : {}, cellOf(row[name]))),
    ),
  )
  return make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows))
}

const cellOf = (thing: Json | undefined): string => (thing === null || thing === undefined ? '' : value(thing))
