/** Which days, and which bay: asked by every part of the figures that tells of the past. */
import type { Json } from '../../../machines/events.ts'
import { make, show } from './dom.ts'
import { FIGURE_WORDS as WORDS } from './figure-words.ts'
import { address, ask } from './server-call.ts'
import { dayBegin } from './site-day.ts'
import { nowOf, type Shown, zoneOf } from './store.ts'

const DAYS = [1, 7, 28] as const
const DAY_MS = 86_400_000
/** Rows of one page, and pages of one question. */
const ROWS = 1_000
const MOST_PAGES = 20

type Row = { readonly [column: string]: Json }
type Rows = { readonly ok: true; readonly rows: readonly Row[] } | { readonly ok: false; readonly says: string }

/** Days of the site as they were chosen, ms since 1970: from the first one's beginning to the end of today. `bay` empty = all. */
export type DaysAsked = { readonly from: number; readonly to: number; readonly now: number; readonly bay: string }

/** Every row of a report between two moments, page by page. */
export async function askReport(
  report: string,
  { from, to, bay }: Pick<DaysAsked, 'from' | 'to' | 'bay'>,
): Promise<Rows> {
  const rows: Row[] = []
  const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
  const only = bay === '' ? '' : `&bay=${encodeURIComponent(bay)}`
  for (let page = 0, after = ''; page < MOST_PAGES; page += 1) {
    const query = `${span}${only}&limit=${ROWS}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`
    const told = await ask<{ readonly items: readonly Row[]; readonly next: string | null }>(
      `${address('reports', report)}?${query}`,
    )
    if (!told.ok) return { ok: false, says: told.says }
    rows.push(...told.body.items)
    if (told.body.next === null) return { ok: true, rows }
    after = told.body.next
  }
  return { ok: false, says: WORDS.tooMuch }
}

/** Days and bay to choose; `look` is called at once where the site's time is known, and at each choice. Whole days of the site, up to the end of today. */
export function daysForm(shown: Shown, look: (asked: DaysAsked) => void) {
  const zone = zoneOf(shown)
  const turn = () => {
    const now = nowOf(shown)
    if (now === null) return
    hasLooked = true
    const today = dayBegin(now, zone)
    const first = dayBegin(today - (Number(days.value) - 1) * DAY_MS + DAY_MS / 2, zone)
    look({ from: first, to: dayBegin(today + 1.5 * DAY_MS, zone), now, bay: bay.value })
  }
  let hasLooked = false
  const options = DAYS.map((count) => make('option', { value: count, selected: count === 7 }, WORDS.days(count)))
  const days = make('select', { id: 'figures-days', onchange: turn }, ...options)
  const bay = make('select', { id: 'figures-bay', onchange: turn })
  const fillBays = () => {
    const ids = [...shown.bays.keys()]
    show(bay, ids.join('\n'), () => [
      make('option', { value: '' }, WORDS.allBays),
      ...ids.map((id) => make('option', { value: id }, id)),
    ])
  }
  fillBays()
  const field = (id: string, name: string, input: HTMLElement) => make('p', {}, make('label', { for: id }, name), input)
  const root = make(
    'div',
    { class: 'figures-form' },
    field('figures-days', WORDS.show, days),
    field('figures-bay', WORDS.bay, bay),
    make('button', { type: 'button', onclick: turn }, WORDS.again),
  )
  turn()
  return {
    root,
    /** The page heard more: what could not be asked before is asked now. */
    update() {
      fillBays()
      if (!hasLooked) turn()
    },
  }
}
