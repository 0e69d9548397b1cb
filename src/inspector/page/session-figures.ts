/** What was charged: energy and sessions by day, and the sessions themselves. */
import type { Json } from '../../../machines/events.ts'
import { make, say, wantStyle } from './dom.ts'
import { askReport, type DaysAsked, daysForm } from './figure-days.ts'
import { FIGURE_WORDS as WORDS } from './figure-words.ts'
import type { Figures } from './figures-screen.ts'
import { decimal } from './language.ts'
import { bayAddress } from './need-list.ts'
import { makePlot } from './plot.ts'
import { span } from './server-time.ts'
import { dayAt, dayBegin, tableTimes } from './site-day.ts'
import { type Shown, zoneOf } from './store.ts'
import { nameWord } from './told-words.ts'

const DAY_MS = 86_400_000
/** Sessions in the table, the newest ones. */
const MOST = 200

type Row = { readonly [column: string]: Json }

/** The part of the figures. */
export function sessionFigures(shown: Shown): Figures {
  wantStyle(new URL('./figures.css', import.meta.url))
  const zone = zoneOf(shown)
  const says = make('p', { role: 'status' })
  const box = make('div', {
    class: 'scroll figures-rows',
    tabindex: '0',
    role: 'group',
    'aria-label': WORDS.sessionsOf,
  })
  const place = (at: number) => dayAt(at + DAY_MS / 2, zone)
  const bars = { form: 'bars', isTime: false } as const
  let first = 0
  const dayOf = (at: number) => place(first + at * DAY_MS)
  const energy = makePlot({ ...bars, title: WORDS.energyByDay, unit: 'kWh', digits: 1, place: dayOf, short: dayOf })
  const counts = makePlot({ ...bars, title: WORDS.sessionsByDay, unit: '', digits: 0, place: dayOf, short: dayOf })
  const look = async ({ from, to, bay }: DaysAsked) => {
    say(says, WORDS.asking)
    const told = await askReport('sessions', { from, to, bay })
    if (!told.ok) return say(says, told.says)
    const { rows } = told
    first = from
    const days = Math.round((to - from) / DAY_MS)
    const at = Array.from({ length: days }, (_, day) => day)
    const sums = at.map(() => ({ energy: 0, count: 0 }))
    for (const row of rows) {
      const began = dayBegin(Date.parse(String(row['startedAt'])), zone)
      const sum = sums[Math.round((began - from) / DAY_MS)]
      if (sum === undefined) continue
      sum.energy += Number(row['energy_Wh'] ?? 0) / 1000
      sum.count += 1
    }
    const all = sums.reduce((kWh, day) => kWh + day.energy, 0)
    say(says, WORDS.charged(rows.length, decimal(all, 1)))
    energy.show({ at, lines: [{ name: WORDS.energy, values: sums.map((day) => day.energy) }] })
    counts.show({ at, lines: [{ name: WORDS.sessions, values: sums.map((day) => day.count) }] })
    box.hidden = rows.length === 0
    box.replaceChildren(sessionTable(rows, zone))
  }
  const form = daysForm(shown, (asked) => void look(asked))
  const pair = make('div', { class: 'figures-pair' }, energy.root, counts.root)
  const card = make('section', { class: 'card', 'aria-label': WORDS.parts.sessions }, form.root, says, pair, box)
  const end = () => {
    energy.end()
    counts.end()
  }
  return { root: card, update: form.update, tick() {}, end }
}

function sessionTable(rows: readonly Row[], zone: string): HTMLElement {
  const { columns } = WORDS
  const times = tableTimes(
    rows.map((row) => Date.parse(String(row['startedAt']))),
    zone,
  )
  const names = [
    `${columns.began}${times.offset === '' ? '' : ` (${times.offset})`}`,
    columns.bay,
    columns.lasted,
    columns.energy,
    columns.idle,
    columns.account,
    columns.exit,
  ]
  const head = make('tr', {}, ...names.map((name) => make('th', { scope: 'col' }, name)))
  const body = rows
    .toSorted((one, other) => String(other['startedAt']).localeCompare(String(one['startedAt'])))
    .slice(0, MOST)
    .map((row) => {
      const began = Date.parse(String(row['startedAt']))
      const ended = typeof row['endedAt'] === 'string' ? Date.parse(row['endedAt']) : null
      const bayId = String(row['bayId'])
      const cells = [
        make('a', { href: bayAddress(bayId), class: 'nav-link' }, bayId),
        ended === null ? WORDS.goesOn : span(ended - began),
        `${decimal(Number(row['energy_Wh'] ?? 0) / 1000, 2)} kWh`,
        span(Number(row['idle_s'] ?? 0) * 1000),
        textOr(row['accountId']),
        nameWord('exits', textOr(row['exit'])).replaceAll('-', ' '),
      ]
      const when = make('th', { scope: 'row' }, times.text(began))
      return make('tr', {}, when, ...cells.map((cell, at) => make('td', { 'data-name': names[at + 1] }, cell)))
    })
  return make('table', { class: 'as-cards' }, make('thead', {}, head), make('tbody', {}, ...body))
}

const textOr = (thing: Json | undefined): string => (typeof thing === 'string' ? thing : '–')
