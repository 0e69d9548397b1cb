/** The audit: who did what, when, and that nothing of it was altered. Looking for a plate is itself on record. */
import type { AuditRecord } from '../../server/audit-routes.ts'
import { AUDIT_WORDS as WORDS } from './audit-words.ts'
import { eventWord } from './bay-words.ts'
import { chainPanel } from './chain-panel.ts'
import { make, say, show, wantStyle } from './dom.ts'
import { placeWord } from './guard-words.ts'
import type { Screen, Site } from './screen.ts'
import { address, ask, send } from './server-call.ts'
import { atSite } from './server-time.ts'
import { type Shown, zoneOf } from './store.ts'
import { nameWord } from './told-words.ts'

type Page = { readonly items: readonly AuditRecord[]; readonly next: string | null }

/** Rows of one page. */
const ROWS = 100

/** Finds records, and opens each in replay. */
export function auditScreen({ shown }: Site): Screen {
  wantStyle(new URL('./audit.css', import.meta.url))
  const form = searchForm(() => void search())
  const results = resultList(shown)
  const chain = chainPanel(shown)
  let question = ''
  const turn = async (after: string | null) => {
    const told = await ask<Page>(
      `${address('audit')}?limit=${ROWS}${question}${after === null ? '' : `&after=${after}`}`,
    )
    if (told.ok) results.show(told.body, after !== null)
    else say(results.says, told.says)
  }
  const search = async () => {
    const asked = await form.question()
    if ('says' in asked) return say(results.says, asked.says)
    question = asked.query
    await turn(null)
  }
  results.on(turn)
  void turn(null)
  const top = make('div', { class: 'audit-top' }, form.root, chain.root)
  return {
    root: make('div', {}, make('h2', {}, WORDS.title), top, results.root),
    title: WORDS.title,
    update() {},
    tick() {},
  }
}

/** What is looked for, as a query; or why nothing can be. */
type Question = { readonly query: string } | { readonly says: string }

function searchForm(search: () => void) {
  const field = (name: string, label: string, more: { readonly [attribute: string]: string } = {}) => {
    const input = make('input', { id: `audit-${name}`, name, autocomplete: 'off', maxlength: '128', ...more })
    return { input, root: make('p', {}, make('label', { for: `audit-${name}` }, label), input) }
  }
  const plate = field('plate', WORDS.plate, { class: 'plate', dir: 'ltr', autocapitalize: 'characters' })
  const reasons = Object.entries(WORDS.reasons).map(([value, text]) => make('option', { value }, text))
  const reason = make('select', { id: 'audit-reason' }, ...reasons)
  const why = make('p', {}, make('label', { for: 'audit-reason' }, WORDS.reason), reason)
  const fields = {
    key: field('key', WORDS.key),
    bay: field('bay', WORDS.bay),
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
    root: make('form', { class: 'card', onsubmit, 'aria-label': WORDS.find }, all, note, button),
    async question(): Promise<Question> {
      const query = new URLSearchParams()
      for (const [name, { input }] of Object.entries(fields)) {
        const text = input.value.trim()
        if (text !== '') query.set(name, input.type === 'datetime-local' ? new Date(text).toISOString() : text)
      }
      if (plate.input.value.trim() !== '') {
        const body = { plate: plate.input.value.trim(), reason: reason.value }
        const told = await send<{ readonly handle: string | null }>(address('audit', 'plate'), body)
        if (!told.ok) return { says: told.says }
        if (told.body.handle === null) return { says: WORDS.never }
        query.set('key', told.body.handle)
      }
      return { query: query.size === 0 ? '' : `&${query}` }
    },
  }
}

/** The rows of one page, and the ways to others: turned off at an end, never taken away. */
function resultList(shown: Shown) {
  let next: string | null = null
  let turn: (after: string | null) => Promise<void> = async () => {}
  const says = make('p', { role: 'status' })
  const first = make('button', { type: 'button', disabled: true, onclick: () => void turn(null) }, WORDS.first)
  const on = make('button', { type: 'button', disabled: true, onclick: () => void turn(next) }, WORDS.on)
  const { columns } = WORDS
  const names = [columns.seq, columns.time, columns.where, columns.event, columns.by, columns.became, columns.hash]
  const heads = names.map((name) => make('th', { scope: 'col' }, name))
  const rows = make('tbody', {})
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), rows)
  const box = make('div', { class: 'scroll audit-rows', tabindex: '0', role: 'group', 'aria-label': WORDS.list }, table)
  return {
    root: make(
      'section',
      { class: 'card', 'aria-label': WORDS.list },
      says,
      make('div', { class: 'buttons' }, first, on),
      box,
    ),
    says,
    on(turned: typeof turn) {
      turn = turned
    },
    show(page: Page, isLater: boolean) {
      next = page.next
      first.disabled = !isLater
      on.disabled = next === null
      const none = next === null ? WORDS.none : WORDS.noneYet
      say(says, page.items.length === 0 ? none : WORDS.found(page.items.length, next === null ? '' : WORDS.moreLie))
      show(rows, JSON.stringify(page.items), () => page.items.map((record) => recordRow(record, zoneOf(shown))))
    },
  }
}

function recordRow({ seq, at, bayId, stream, event, by, state, decisions, hash }: AuditRecord, zone: string) {
  const href = bayId === null ? `#/replay?at=seq:${seq}` : `#/bays/${encodeURIComponent(bayId)}?at=seq:${seq}`
  const link = make('a', { href, 'aria-label': WORDS.replay(seq), class: 'audit-link' }, String(seq))
  const became = [state === null ? '' : placeWord(state), ...decisions.map((type) => nameWord('decisions', type))]
    .filter((part) => part !== '')
    .join(', ')
  const cells = [
    make('time', { datetime: at }, atSite(at, zone, true)),
    bayId ?? stream,
    eventWord(event),
    by ?? '',
    became,
    make('code', { title: hash }, hash.slice(0, 8)),
  ]
  return make('tr', {}, make('th', { scope: 'row' }, link), ...cells.map((cell) => make('td', {}, cell)))
}
