/** How full the bays were, hour by hour of each day: a table of days and hours, and the usual day as a plot. */
import { make, say, wantStyle } from './dom.ts'
import { askReport, type DaysAsked, daysForm } from './figure-days.ts'
import { FIGURE_WORDS as WORDS } from './figure-words.ts'
import type { Figures } from './figures-screen.ts'
import { percent } from './language.ts'
import { type Days, type Hour, hoursOf, shareOf } from './occupancy-hours.ts'
import { makePlot } from './plot.ts'
import { address, ask } from './server-call.ts'
import { type Shown, zoneOf } from './store.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

/** The part of the figures. */
export function occupancyFigures(shown: Shown): Figures {
  wantStyle(new URL('./figures.css', import.meta.url))
  const zone = zoneOf(shown)
  const says = make('p', { role: 'status' })
  const box = make('div', {
    class: 'scroll figures-rows hours',
    tabindex: '0',
    role: 'group',
    'aria-label': WORDS.hoursOf,
  })
  const plot = makePlot({
    title: WORDS.usualDay,
    unit: '%',
    digits: 0,
    form: 'bars',
    place: (hour) => WORDS.hour(hour),
    short: String,
    isTime: false,
    most: 100,
  })
  const look = async ({ from, to, now, bay }: DaysAsked) => {
    say(says, WORDS.asking)
    const [told, begun] = await Promise.all([askReport('occupancy', { from, to, bay }), firstRecord()])
    if (!told.ok) return say(says, told.says)
    const bays = bay === '' ? Math.max(1, shown.bays.size) : 1
    const days = hoursOf(told.rows, { from, begun, to: Math.min(to, now), zone, bays })
    say(says, WORDS.shareOf(bays))
    box.replaceChildren(hoursTable(days))
    const usual = HOURS.map((hour) => usualShare([...days.values()].flatMap((day) => day.get(hour) ?? [])))
    plot.show({ at: HOURS, lines: [{ name: WORDS.taken, values: usual }] })
  }
  const form = daysForm(shown, (asked) => void look(asked))
  const card = make('section', { class: 'card', 'aria-label': WORDS.parts.occupancy }, form.root, says, box, plot.root)
  return { root: card, update: form.update, tick() {}, end: plot.end }
}

/** When berth began here, ms since 1970; for ever where nobody knows. */
async function firstRecord(): Promise<number> {
  const told = await ask<{ readonly items: readonly { readonly at: string }[] }>(
    `${address('replay', 'records')}?after=0&limit=1`,
  )
  const at = told.ok ? told.body.items[0]?.at : undefined
  return at === undefined ? Number.NEGATIVE_INFINITY : Date.parse(at)
}

/** Percent; hours of several days count by the time that they had: one that has just begun says next to nothing of the usual day. */
function usualShare(hours: readonly Hour[]): number | null {
  const share = shareOf(hours)
  return share === null ? null : 100 * share
}

function hoursTable(days: Days): HTMLElement {
  const head = ['', ...HOURS.map(String)].map((name) => make('th', { scope: 'col' }, name))
  const rows = [...days].map(([day, hours]) =>
    make('tr', {}, make('th', { scope: 'row' }, day), ...HOURS.map((hour) => hourCell(hour, hours.get(hour)))),
  )
  return make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows))
}

/** Percent taken; a hover says how much of it was charging, how much nobody knows, and that it is not over. */
function hourCell(hour: number, told: Hour | undefined): HTMLElement {
  const share = told === undefined ? null : shareOf([told])
  if (told === undefined || share === null) return make('td', {}, '')
  const part = (of: 'charging' | 'unknown') => percent(shareOf([told], of) ?? 0)
  const says = WORDS.hourSays(WORDS.hour(hour), percent(share), part('charging'), part('unknown'))
  const title = told.goesOn ? `${says}; ${WORDS.goesOn}` : says
  const text = `${Math.round(share * 100)}${told.unknown > 0 || told.isPart ? '?' : ''}`
  return make('td', { class: `full-${Math.ceil(share * 4)}`, title }, text)
}
