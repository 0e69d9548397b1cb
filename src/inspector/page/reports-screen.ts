/** What the journal tells, as tables: sessions, occupancy, visits, and what else `/api/reports` has for people. */
import type { Json } from '../../../machines/events.ts'
import { make, mark, say, show, wantStyle } from './dom.ts'
import { columnName, columnsShown, isTime, momentOf, rowText } from './report-columns.ts'
import { REPORT_WORDS as WORDS } from './report-words.ts'
import type { Screen, Site } from './screen.ts'
import { address, ask } from './server-call.ts'
import { beginOf, dateAt, tableTimes } from './site-day.ts'
import { nowOf, type Shown, zoneOf } from './store.ts'

type Row = { readonly [column: string]: Json }
type Page = { readonly items: readonly Row[]; readonly next: string | null }

/** Rows of one page. */
const ROWS = 100
const DAY_MS = 86_400_000
/** Days that are shown where nobody chose others, today among them. */
const DAYS = 7

/** One report at a time, page by page. */
export function reportsScreen({ shown }: Site): Screen {
  wantStyle(new URL('./audit.css', import.meta.url))
  const form = reportForm(shown, () => void turn(null))
  const says = make('p', { role: 'status' })
  const first = make('button', { type: 'button', disabled: true, onclick: () => void turn(null) }, WORDS.first)
  const on = make('button', { type: 'button', disabled: true, onclick: () => void turn(next) }, WORDS.on)
  const every = make('input', { type: 'checkbox', id: 'report-every', onchange: () => paint() })
  const choice = make('label', { for: 'report-every', class: 'report-every' }, every, ` ${WORDS.every}`)
  const box = make('div', { class: 'scroll audit-rows', tabindex: '0', role: 'group', 'aria-label': WORDS.table })
  let next: string | null = null
  let asked = 0
  let rows: readonly Row[] = []
  let report = ''
  const paint = () => {
    box.hidden = rows.length === 0
    const key = JSON.stringify([report, every.checked, rows])
    show(box, key, () => (rows.length === 0 ? [] : [tableOf(report, rows, every.checked, zoneOf(shown))]))
  }
  const turn = async (after: string | null) => {
    asked += 1
    const mine = asked
    const { name, query } = form.question()
    const at = after === null ? '' : `&after=${encodeURIComponent(after)}`
    const told = await ask<Page>(`${address('reports', name)}?limit=${ROWS}${query}${at}`)
    // Another report was asked for meanwhile.
    if (mine !== asked) return
    if (!told.ok) return say(says, told.says)
    rows = told.body.items
    report = name
    next = told.body.next
    first.disabled = after === null
    on.disabled = next === null
    say(says, rows.length === 0 ? WORDS.none : WORDS.rows(rows.length, next === null ? '' : WORDS.moreLie))
    paint()
  }
  const card = make('section', { class: 'card', 'aria-label': WORDS.title }, form.root, says)
  card.append(make('div', { class: 'buttons' }, first, on, choice), box)
  form.update()
  return {
    root: make('div', {}, make('h2', {}, WORDS.title), card),
    title: WORDS.title,
    update: form.update,
    tick() {},
  }
}

/** Which report, of which bay and which days of the site; `look` is called once the site's day is known, and at each choice. */
function reportForm(shown: Shown, look: () => void) {
  const options = Object.entries(WORDS.names).map(([name, text]) => make('option', { value: name }, text))
  const which = make('select', { id: 'report-name', onchange: look }, ...options)
  const bay = make('select', { id: 'report-bay', onchange: look })
  const from = make('input', { id: 'report-from', type: 'date', onchange: look })
  const to = make('input', { id: 'report-to', type: 'date', onchange: look })
  const csv = make('a', { download: '', class: 'queue-link' }, WORDS.csv)
  const lines = make('a', { download: '', class: 'queue-link' }, WORDS.lines)
  const field = (input: HTMLElement, text: string) => make('p', {}, make('label', { for: input.id }, text), input)
  const onsubmit = (event: Event) => {
    event.preventDefault()
    look()
  }
  const fields = [field(which, WORDS.which), field(bay, WORDS.bay), field(from, WORDS.from), field(to, WORDS.to)]
  const again = make('button', {}, WORDS.show)
  let hasBegun = false
  return {
    root: make('form', { onsubmit, class: 'audit-exports' }, ...fields, again, csv, lines),
    question() {
      const query = new URLSearchParams()
      if (bay.value !== '') query.set('bay', bay.value)
      const begin = from.value === '' ? null : beginOf(from.value, zoneOf(shown))
      const end = to.value === '' ? null : beginOf(to.value, zoneOf(shown), 1)
      if (begin !== null) query.set('from', new Date(begin).toISOString())
      if (end !== null) query.set('to', new Date(end).toISOString())
      const name = which.value
      mark(csv, 'href', `${address('reports', name, 'rows.csv')}?${query}`)
      mark(lines, 'href', `${address('reports', name, 'rows.jsonl')}?${query}`)
      return { name, query: query.size === 0 ? '' : `&${query}` }
    },
    /** The page heard more: bays to choose, and the first look once the site's day is known. */
    update() {
      const ids = [...shown.bays.keys()]
      show(bay, ids.join('\n'), () => [
        make('option', { value: '' }, WORDS.allBays),
        ...ids.map((id) => make('option', { value: id }, id)),
      ])
      const now = nowOf(shown)
      if (hasBegun || now === null || shown.hello === null) return
      hasBegun = true
      from.value = dateAt(now - (DAYS - 1) * DAY_MS, zoneOf(shown))
      to.value = dateAt(now, zoneOf(shown))
      look()
    },
  }
}

function tableOf(report: string, items: readonly Row[], everything: boolean, zone: string): HTMLElement {
  const columns = columnsShown(report, Object.keys(items[0] ?? {}), everything)
  const moments = items.flatMap((row) => columns.filter(isTime).map((column) => momentOf(row[column])))
  const times = tableTimes(moments, zone)
  const offset = times.offset === '' ? '' : ` (${times.offset})`
  const nameOf = (column: string) => columnName(column) + (isTime(column) ? offset : '')
  const heads = columns.map((column) => make('th', { scope: 'col' }, nameOf(column)))
  const textOf = (column: string, row: Row) =>
    isTime(column) ? times.text(momentOf(row[column])) : rowText(report, column, row)
  const rows = items.map((row) =>
    make(
      'tr',
      {},
      ...columns.map((column) => {
        const text = textOf(column, row)
        const isPlate = column === 'plate' && { class: 'plate', dir: 'ltr' }
        return make('td', { 'data-name': text !== '' && nameOf(column), ...isPlate }, text)
      }),
    ),
  )
  const head = make('thead', {}, make('tr', {}, ...heads))
  return make('table', { class: 'as-cards' }, head, make('tbody', {}, ...rows))
}
