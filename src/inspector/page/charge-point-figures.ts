/** How charge points are and were: a row for each, and connection, faults and current of the chosen one over the last day. */
import type { ConnectorView } from '../../../projections/bay-view.ts'
import type { ChargePointMinute } from '../../server/figure-history.ts'
import { make, say, show, wantStyle } from './dom.ts'
import { choiceTable } from './figure-choice.ts'
import { FIGURE_WORDS as WORDS } from './figure-words.ts'
import type { Figures } from './figures-screen.ts'
import { decimal } from './language.ts'
import { makePlot } from './plot.ts'
import { address, ask } from './server-call.ts'
import { atSite } from './server-time.ts'
import { isTrueNow, type Shown, zoneOf } from './store.ts'
import { nameWord } from './told-words.ts'

const EVERY_MS = 30_000

type Standing = ConnectorView & { readonly bayId: string }

/** The part of the figures. */
export function chargePointFigures(shown: Shown): Figures {
  wantStyle(new URL('./figures.css', import.meta.url))
  const zone = zoneOf(shown)
  const common = {
    place: (at: number) => atSite(at, zone, true),
    short: (at: number) => atSite(at, zone).slice(0, 5),
  }
  const link = makePlot({ ...common, form: 'steps', title: WORDS.linkOf, unit: '', digits: 0, most: 1.2 })
  const current = makePlot({ ...common, form: 'line', title: WORDS.currentOf, unit: 'A', digits: 1 })
  const says = make('p', { role: 'status' })
  const name = make('h3', {})
  const plots = make('div', {}, name, link.root, current.root)
  let chosen: string | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  const table = choiceTable(WORDS.parts['charge-points'], (chargePointId) => {
    chosen = chargePointId
    paint()
    void lookAt(chargePointId)
  })
  const paint = () => {
    if (!isTrueNow(shown)) return say(says, WORDS.notHeard)
    const all = chargePointsOf(shown)
    say(
      says,
      all.size === 0 ? WORDS.noChargePoints : WORDS.connected([...all.values()].filter(isConnected).length, all.size),
    )
    const ids = [...all.keys()].toSorted((one, other) => urgency(all.get(one)) - urgency(all.get(other)))
    chosen = ids.find((one) => one === chosen) ?? ids[0] ?? null
    table.show(
      HEADS,
      ids.map((id) => [id, ...cellsOf(shown, id, all.get(id) ?? [], zone)]),
      chosen,
    )
    plots.hidden = chosen === null
  }
  const lookAt = async (chargePointId: string) => {
    askedAt = performance.now()
    const told = await ask<{ readonly items: readonly ChargePointMinute[] }>(
      address('charge-points', chargePointId, 'history'),
    )
    if (chosen !== chargePointId) return
    if (!told.ok) return say(says, told.says)
    const { items } = told.body
    const at = items.map((one) => Date.parse(one.at))
    show(name, chargePointId, () => [WORDS.lastDay(chargePointId)])
    const connected = { name: WORDS.isConnected, values: items.map((one) => Number(one.connected)) }
    link.show({ at, lines: [connected, { name: WORDS.faulted, values: items.map(({ faulted }) => faulted) }] })
    current.show({ at, lines: [{ name: chargePointId, values: items.map(({ current_A }) => current_A) }] })
  }
  const root = make('section', { class: 'card', 'aria-label': WORDS.parts['charge-points'] }, says, table.root, plots)
  paint()
  return {
    root,
    update: paint,
    tick(now) {
      if (now !== null && chosen !== null && performance.now() - askedAt > EVERY_MS) void lookAt(chosen)
    },
    end() {
      link.end()
      current.end()
    },
  }
}

/** Connectors by charge point, in the order of the bays. */
const chargePointsOf = (shown: Shown): Map<string, Standing[]> =>
  Map.groupBy(
    [...shown.bays.values()].flatMap(({ bayId, chargers }) => chargers.map((one) => ({ ...one, bayId }))),
    ({ chargePointId }) => chargePointId,
  )

const isConnected = (connectors: readonly Standing[]): boolean => connectors.some(({ online }) => online)
const faultsOf = (connectors: readonly Standing[]): number =>
  connectors.filter(({ status }) => status === 'Faulted').length

/** Who is not connected comes first, then who is faulted. */
const urgency = (connectors: readonly Standing[] = []): number =>
  !isConnected(connectors) ? 0 : faultsOf(connectors) > 0 ? 1 : 2

const { columns } = WORDS
const HEADS = [
  columns.chargePoint,
  columns.link,
  columns.connectors,
  columns.faults,
  columns.current,
  columns.clock,
  columns.heard,
]

function cellsOf(
  shown: Shown,
  chargePointId: string,
  connectors: readonly Standing[],
  zone: string,
): readonly string[] {
  const currents = connectors.flatMap(({ current_A }) => (current_A === null ? [] : [current_A]))
  const heard = connectors
    .flatMap(({ at }) => at ?? [])
    .toSorted()
    .at(-1)
  const skew = connectors.find(({ skew_s }) => skew_s != null)?.skew_s
  const bays = connectors.map(({ bayId }) => bayId)
  const alarms = shown.alarms.filter(
    ({ bayId, alarmId }) => alarmId.startsWith(`${chargePointId}/`) || (bayId !== null && bays.includes(bayId)),
  )
  const faults = [
    ...(faultsOf(connectors) > 0 ? [WORDS.faulted] : []),
    ...alarms.map(({ type }) => type.replaceAll('-', ' ')),
  ]
  return [
    isConnected(connectors) ? WORDS.isConnected : WORDS.isNot,
    connectors.map(({ evse, status, bayId }) => `${evse}: ${nameWord('statuses', status)} (${bayId})`).join(', '),
    faults.length === 0 ? WORDS.noFaults : [...new Set(faults)].join(', '),
    currents.length === 0
      ? '–'
      : `${decimal(
          currents.reduce((sum, each) => sum + each, 0),
          1,
        )} A`,
    skew == null ? '–' : `${decimal(skew, 1)} s`,
    heard === undefined ? WORDS.never : atSite(heard, zone, true),
  ]
}
