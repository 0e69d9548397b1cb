import type { Interval } from '../../../simulations/design/interval.ts'
import { amount, at, digits, html } from './html-text.ts'

/** One row of a plot: what it is of, and the figure with its interval. */
export type PlotRow = { readonly label: string; readonly interval: Interval }

const WIDTH = 460
const LABEL = 150
const VALUE = 92
const ROW = 24
const HEAD = 50

/** What is plotted: its name, what it says, its unit. */
type Plotted = { readonly name: string; readonly says: string; readonly unit: string }

/** One figure over designs: a point with its interval for each, its value beside it in words. Reads without colour. */
export function intervalPlot({ name, says, unit }: Plotted, rows: readonly PlotRow[]): string {
  const bounds = rows.flatMap(({ interval: { mean, low, high } }) => [mean, low, high]).filter(Number.isFinite)
  const largest = Math.max(0, ...bounds)
  const most = largest === 0 ? 1 : largest
  const least = Math.min(0, ...bounds)
  const x = (value: number): number =>
    LABEL + ((Math.min(most, Math.max(least, value)) - least) / (most - least)) * (WIDTH - LABEL - VALUE)
  const lines = rows.map(({ label, interval }, index) => {
    const y = HEAD + index * ROW
    const { mean, low, high } = interval
    const text = `<text x="${LABEL - 8}" y="${y + 4}" text-anchor="end" font-size="12">${html(label)}</text>`
    if (!Number.isFinite(mean)) return `${text}<text x="${LABEL}" y="${y + 4}" font-size="12">nothing to measure</text>`
    const whisker =
      Number.isFinite(low) && Number.isFinite(high)
        ? `<path class="whisker" d="M${at(x(low))} ${y}H${at(x(high))}M${at(x(low))} ${y - 4}v8M${at(x(high))} ${y - 4}v8"/>`
        : ''
    const value = `<text x="${WIDTH - VALUE + 8}" y="${y + 4}" font-size="12">${html(
      amount(mean, unit)
        .split(' ')
        .slice(0, unit === 'share' ? 2 : 1)
        .join(' '),
    )}</text>`
    return `${text}${whisker}<circle class="mean" cx="${at(x(mean))}" cy="${y}" r="4"/>${value}`
  })
  const height = HEAD + rows.length * ROW + 14
  const title = html(`${name}: ${says}`)
  const foot = `<text class="axis" x="${LABEL}" y="${height - 4}" font-size="11">${html(amount(least, unit))}</text><text class="axis" x="${WIDTH - VALUE}" y="${height - 4}" text-anchor="end" font-size="11">${html(amount(most, unit))}</text>`
  const axis = `<path class="axis" d="M${LABEL} ${height - 18}H${WIDTH - VALUE}"/>`
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}"><title>${title}</title><text x="0" y="14" font-size="13" font-weight="bold">${html(name)}</text><text x="0" y="30" font-size="11">${html(says)}</text>${axis}${lines.join('')}${foot}</svg>`
}

const TALL = 190
const HOURS_W = 900

/** Vehicles in bays over the hours of the day: the mean as a line, its 95 % interval as a band, and the bays that there are. */
export function dayPlot(hours: readonly Interval[], bays: number): string {
  const most = Math.max(bays, ...hours.map(({ high, mean }) => (Number.isFinite(high) ? high : mean))) * 1.08
  const x = (hour: number): number => 40 + (hour / 24) * (HOURS_W - 60)
  const y = (value: number): number => TALL - 26 - (value / most) * (TALL - 50)
  const steps = (of: (one: Interval) => number): string[] =>
    hours.flatMap((one, hour) => [`${at(x(hour))} ${at(y(of(one)))}`, `${at(x(hour + 1))} ${at(y(of(one)))}`])
  const bound = (value: number, otherwise: number): number => (Number.isFinite(value) ? value : otherwise)
  const upper = steps(({ high, mean }) => bound(high, mean))
  const lower = steps(({ low, mean }) => Math.max(0, bound(low, mean))).reverse()
  const ticks = [0, 3, 6, 9, 12, 15, 18, 21, 24].map(
    (hour) => `<text x="${at(x(hour))}" y="${TALL - 8}" text-anchor="middle" font-size="11">${hour}:00</text>`,
  )
  const title = `Vehicles in bays over the day; ${bays} bays`
  return `<svg viewBox="0 0 ${HOURS_W} ${TALL}" role="img" aria-label="${title}"><title>${title}</title><text x="0" y="14" font-size="13" font-weight="bold">Vehicles in bays over the day</text><path class="limit" d="M${at(x(0))} ${at(y(bays))}H${at(x(24))}"/><text x="${at(x(24))}" y="${at(y(bays) - 4)}" text-anchor="end" font-size="11">${bays} bays</text><polygon class="band" points="${[...upper, ...lower].join(' ')}"/><polyline class="line" points="${steps(({ mean }) => mean).join(' ')}"/><path class="axis" d="M${at(x(0))} ${TALL - 24}H${at(x(24))}"/><text x="34" y="${at(y(0) + 3)}" text-anchor="end" font-size="11">0</text><text x="34" y="${at(y(most / 1.08) + 3)}" text-anchor="end" font-size="11">${digits(most / 1.08)}</text>${ticks.join('')}</svg>`
}
