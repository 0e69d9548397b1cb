/** What the meters of a bay said: current and energy over time, of the session that is or of the last hours. */
import type { BayView } from '../../../projections/bay-view.ts'
import type { MeterReading } from '../../server/figure-routes.ts'
import { make, say } from './dom.ts'
import { METER_WORDS as WORDS } from './meter-words.ts'
import { makePlot, type Plotted } from './plot.ts'
import { address, ask } from './server-call.ts'
import { atSite } from './server-time.ts'
import { nowOf, type Shown, zoneOf } from './store.ts'

/** Where no session is open, so much of the past is shown. */
const HOURS_MS = 12 * 3_600_000
/** Asked anew no more often: samples come once a minute. */
const EVERY_MS = 10_000

/** The panel of one bay; `end` lets go of its plots. */
export function meterPanel(shown: Shown, bayId: string) {
  const zone = zoneOf(shown)
  const hour = (at: number) => atSite(at, zone).slice(0, 5)
  const common = { place: (at: number) => atSite(at, zone, true), short: hour, form: 'line' } as const
  const current = makePlot({ ...common, title: WORDS.current, unit: 'A', digits: 1 })
  const energy = makePlot({ ...common, title: WORDS.energy, unit: 'kWh', digits: 2 })
  const says = make('p', { class: 'faint', role: 'status' })
  const root = make('div', { class: 'meter-panel' }, says, current.root, energy.root)
  let asked = ''
  let askedAt = Number.NEGATIVE_INFINITY
  let later: ReturnType<typeof setTimeout> | undefined
  const askFor = async (bay: BayView) => {
    const now = nowOf(shown)
    if (now === null) return
    const from = bay.session?.startedAt ?? new Date(now - HOURS_MS).toISOString()
    const before = shown.kind === 'replay' ? `&before=${shown.place + 1}` : ''
    const key = `${bay.session?.sessionId ?? ''} ${before} ${bay.version}`
    const isNew = shown.kind === 'replay' || bay.session?.sessionId !== asked.split(' ')[0]
    clearTimeout(later)
    if (key === asked) return
    const wait = askedAt + EVERY_MS - performance.now()
    if (!isNew && wait > 0) {
      // What is said last, as the end of a transaction, must not be missed.
      later = setTimeout(() => void askFor(bay), wait)
      return
    }
    asked = key
    askedAt = performance.now()
    const told = await ask<{ readonly items: readonly MeterReading[] }>(
      `${address('bays', bayId, 'meter')}?from=${encodeURIComponent(from)}${before}`,
    )
    // Somebody went on meanwhile.
    if (key !== asked) return
    if (!told.ok) return say(says, told.says)
    const since = atSite(from, zone, true)
    const span = bay.session === null ? WORDS.lastHours(since) : WORDS.ofSession(since)
    const { items } = told.body
    say(says, items.length === 0 ? `${span} ${WORDS.none}` : span)
    const measured = items.filter(({ of }) => of === 'meter')
    current.show(plotted(measured, ({ current_A }) => current_A))
    energy.show(plotted(items, ({ register_Wh }) => register_Wh, true))
  }
  return {
    root,
    update: (bay: BayView) => void askFor(bay),
    end() {
      clearTimeout(later)
      asked = ''
      current.end()
      energy.end()
    },
  }
}

type Reading = (one: MeterReading) => number | null

/** One line for each connector. A register counts for ever: what is shown is kWh since the first reading here. */
function plotted(items: readonly MeterReading[], reading: Reading, counts = false): Plotted {
  const at = [...new Set(items.map((one) => Date.parse(one.at)))]
  const connectors = [...new Set(items.map(({ connector }) => connector))].toSorted()
  return {
    at,
    lines: connectors.map((connector) => {
      const known = new Map(
        items.filter((one) => one.connector === connector).map((one) => [Date.parse(one.at), reading(one)]),
      )
      const first = [...known.values()].find((value) => value !== null) ?? 0
      const values = at.map((time) => known.get(time))
      return {
        name: connector,
        values: counts ? values.map((value) => (value == null ? value : (value - first) / 1000)) : values,
      }
    }),
  }
}
