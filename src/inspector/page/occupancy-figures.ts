/** How full the bays were, hour by hour of each day: a table of days and hours, and the usual day as a plot. */
import type { Json } from '../../../machines/events.ts'
import { make, say, wantStyle } from './dom.ts'
import { askReport, type DaysAsked, daysForm } from './figure-days.ts'
import { FIGURE_WORDS as WORDS } from './figure-words.ts'
import type { Figures } from './figures-screen.ts'
import { percent } from './language.ts'
import { makePlot } from './plot.ts'
import { address, ask } from './server-call.ts'
import { hourAt } from './site-day.ts'
import { type Shown, zoneOf } from './store.ts'

const HOUR_MS = 3_600_000
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const TAKEN = ['detecting_ms', 'authorizing_ms', 'charging_ms', 'exiting_ms'] as const

/** Shares of the bays' time: taken by a vehicle at all, and charging. `of` ms that all bays together had. */
type Hour = { taken: number; charging: number; unknown: number; of: number }

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
    // Before its first record berth knows of no bay that it was empty.
    const since = Math.max(from, Math.floor(begun / HOUR_MS) * HOUR_MS)
    const bays = bay === '' ? Math.max(1, shown.bays.size) : 1
    const days = hoursOf(told.rows, { from: since, to: Math.min(to, now), zone, room: bays * HOUR_MS })
    say(says, WORDS.shareOf(bays))
    box.replaceChildren(hoursTable(days))
    const usual = HOURS.map((hour) => mean([...days.values()].map((day) => day.get(hour))))
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

type Days = Map<string, Map<number, Hour>>

/** Every hour from one moment to another, by day and hour of the site; an hour that no row tells of was empty. */
function hoursOf(
  rows: readonly { readonly [column: string]: Json }[],
  { from, to, zone, room }: { from: number; to: number; zone: string; room: number },
): Days {
  const days: Days = new Map()
  const hourOf = (at: number): Hour => {
    const { day, hour } = hourAt(at, zone)
    const hours = days.get(day) ?? new Map<number, Hour>()
    days.set(day, hours)
    const known = hours.get(hour) ?? { taken: 0, charging: 0, unknown: 0, of: 0 }
    hours.set(hour, known)
    return known
  }
  // The hour that is now has come as far as it has.
  for (let at = from; at < to; at += HOUR_MS) hourOf(at).of += (room * Math.min(HOUR_MS, to - at)) / HOUR_MS
  for (const row of rows) {
    const at = Date.parse(String(row['hour']))
    if (at < from || at >= to) continue
    const hour = hourOf(at)
    for (const name of TAKEN) hour.taken += Number(row[name] ?? 0)
    hour.charging += Number(row['charging_ms'] ?? 0)
    hour.unknown += Number(row['unknown_ms'] ?? 0)
  }
  return days
}

const shareOf = (hour: Hour): number => Math.min(1, hour.taken / hour.of)

function mean(hours: readonly (Hour | undefined)[]): number | null {
  const known = hours.filter((hour) => hour !== undefined && hour.of > 0)
  if (known.length === 0) return null
  return (100 * known.reduce((sum, hour) => sum + (hour === undefined ? 0 : shareOf(hour)), 0)) / known.length
}

function hoursTable(days: Days): HTMLElement {
  const head = ['', ...HOURS.map(String)].map((name) => make('th', { scope: 'col' }, name))
  const rows = [...days].map(([day, hours]) =>
    make('tr', {}, make('th', { scope: 'row' }, day), ...HOURS.map((hour) => hourCell(hour, hours.get(hour)))),
  )
  return make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows))
}

/** Percent taken; a hover says how much of it was charging, and how much nobody knows. */
function hourCell(hour: number, told: Hour | undefined): HTMLElement {
  if (told === undefined || told.of === 0) return make('td', {}, '')
  const share = shareOf(told)
  const title = WORDS.hourSays(
    WORDS.hour(hour),
    percent(share),
    percent(Math.min(1, told.charging / told.of)),
    percent(Math.min(1, told.unknown / told.of)),
  )
  const text = `${Math.round(share * 100)}${told.unknown > 0 ? '?' : ''}`
  return make('td', { class: `full-${Math.ceil(share * 4)}`, title }, text)
}
