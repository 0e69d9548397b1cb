/** One plot over time or over hours: lines that differ by dashes, never by colour alone; what they say in a sentence, and every value as a table. */
import uPlot from 'uplot'
import { type Child, make, makeSvg, say, show, wantStyle } from './dom.ts'
import { decimal, LOCALE } from './language.ts'
import { readPalette, whenPaletteChanges } from './palette.ts'
import { PLOT_WORDS as WORDS } from './plot-words.ts'

/** One line of a plot; `values` one for each place: null = not known there, undefined = nobody said anything there, and the line goes on. */
export type PlotLine = { readonly name: string; readonly values: readonly (number | null | undefined)[] }

/** What is plotted. `at`: places from left to right, ms since 1970 on a plot of times. */
export type Plotted = { readonly at: readonly number[]; readonly lines: readonly PlotLine[] }

/** What stays the same of a plot. */
export type PlotParts = {
  readonly title: string
  /** Of all its lines: `A`, `kWh`; empty where there is none. */
  readonly unit: string
  readonly digits: number
  /** `steps`: a value holds until the next one; `bars`: each stands for itself. */
  readonly form: 'line' | 'steps' | 'bars'
  /** What stands at a place: in the table, and below the plot. */
  readonly place: (at: number) => string
  /** The same, short, for the axis. */
  readonly short: (at: number) => string
  /** Places are moments. */
  readonly isTime?: boolean
  /** The greatest value that can be, where there is one. */
  readonly most?: number
}

/** A plot that stands on a page. `end` lets go of it: it listens to the window. */
export type Plot = {
  readonly root: HTMLElement
  show(plotted: Plotted): void
  end(): void
}

const HEIGHT = 190
/** Rows of the table: the newest ones. */
const MOST_ROWS = 200
const DASHES: readonly (readonly number[])[] = [[], [9, 5], [2, 4]]

/** Makes a plot that is filled later, as often as one likes. */
export function makePlot(parts: PlotParts): Plot {
  wantStyle(new URL('./uplot.css', import.meta.url))
  wantStyle(new URL('./figures.css', import.meta.url))
  const holder = make('div', { class: 'plot', role: 'img', 'aria-label': parts.title })
  const reads = make('p', { class: 'plot-reads faint', 'aria-hidden': 'true' })
  const says = make('p', { class: 'plot-says' })
  const keys = make('ul', { class: 'plot-keys', 'aria-label': WORDS.lines })
  const table = tableFold(parts)
  const root = make(
    'figure',
    { class: 'plot-figure' },
    make('h3', {}, parts.unit === '' ? parts.title : `${parts.title} (${parts.unit})`),
    keys,
    holder,
    reads,
    says,
    table.root,
  )
  let plotted: Plotted = { at: [], lines: [] }
  let drawn: uPlot | null = null
  let isOver = false
  const erase = () => {
    drawn?.destroy()
    drawn = null
  }
  const draw = () => {
    erase()
    // An answer may come when another screen is open already.
    if (isOver || holder.clientWidth === 0 || plotted.at.length === 0) return
    drawn = new uPlot(
      optionsOf(parts, plotted, holder.clientWidth, (text) => say(reads, text)),
      dataOf(plotted),
      holder,
    )
  }
  const sized = new ResizeObserver(() => {
    if (drawn === null) draw()
    else if (drawn.width !== holder.clientWidth) drawn.setSize({ width: holder.clientWidth, height: HEIGHT })
  })
  sized.observe(holder)
  const unwatch = whenPaletteChanges(draw)
  return {
    root,
    show(newer) {
      const isSame = shapeOf(newer) === shapeOf(plotted)
      plotted = newer
      const text = summary(parts, newer)
      say(says, text)
      holder.setAttribute('aria-label', `${parts.title}. ${text}`)
      holder.hidden = newer.at.length === 0
      show(keys, shapeOf(newer), () => (newer.lines.length > 1 ? newer.lines.map(keyOf) : []))
      table.show(newer)
      if (drawn !== null && isSame && newer.at.length > 0) drawn.setData(dataOf(newer))
      else draw()
    },
    end() {
      isOver = true
      sized.disconnect()
      unwatch()
      erase()
    },
  }
}

const shapeOf = ({ lines }: Plotted): string => lines.map(({ name }) => name).join('\n')

const dataOf = ({ at, lines }: Plotted): uPlot.AlignedData => [[...at], ...lines.map(({ values }) => [...values])]

/** A sample of a line beside its name. */
function keyOf({ name }: PlotLine, at: number): HTMLElement {
  const dash = (DASHES[at] ?? []).join(' ')
  const line = makeSvg('line', { x1: 0, y1: 6, x2: 36, y2: 6, 'stroke-dasharray': dash })
  return make('li', {}, makeSvg('svg', { width: 36, height: 12, 'aria-hidden': 'true' }, line), name)
}

const amount = ({ digits, unit }: PlotParts, value: number | null | undefined): string =>
  value == null ? WORDS.notKnown : `${decimal(value, digits)}${unit === '' ? '' : ` ${unit}`}`

/** From when to when, between what and what, and the newest value of each line; of bars the highest one. */
function summary(parts: PlotParts, { at, lines }: Plotted): string {
  const [first, last] = [at[0], at.at(-1)]
  if (first === undefined || last === undefined) return WORDS.nothing
  const told = lines.map(({ name, values }) => {
    const known = values.filter((value) => value != null)
    if (known.length === 0) return WORDS.unknown(name)
    const [low, high] = [Math.min(...known), Math.max(...known)]
    if (parts.form === 'bars')
      return WORDS.most(name, amount(parts, high), parts.place(at[values.indexOf(high)] ?? first))
    return WORDS.between(name, amount(parts, low), amount(parts, high), amount(parts, known.at(-1)))
  })
  return [...(parts.form === 'bars' ? [] : [WORDS.span(parts.place(first), parts.place(last))]), ...told].join(' ')
}

/** Every value by its place, the newest first; made when it is folded out. */
function tableFold(parts: PlotParts) {
  const box = make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': WORDS.tableOf(parts.title) })
  const root = make('details', { class: 'fold' }, make('summary', {}, WORDS.asTable), box)
  let plotted: Plotted = { at: [], lines: [] }
  const paint = () => {
    if (!root.open) return
    const { at, lines } = plotted
    const head = make(
      'tr',
      {},
      ...['', ...lines.map(({ name }) => name)].map((name) => make('th', { scope: 'col' }, name)),
    )
    const places = [...at.keys()].slice(-MOST_ROWS)
    const rows = (parts.form === 'bars' ? places : places.toReversed()).map((place) => {
      const cells = lines.map(({ values }) => make('td', {}, amount(parts, values[place])))
      return make('tr', {}, make('th', { scope: 'row' }, parts.place(at[place] ?? 0)), ...cells)
    })
    const note: Child = at.length > MOST_ROWS && make('p', { class: 'faint' }, WORDS.newest(MOST_ROWS, at.length))
    box.replaceChildren(make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)), ...(note ? [note] : []))
  }
  root.addEventListener('toggle', paint)
  return {
    root,
    show(newer: Plotted) {
      plotted = newer
      root.hidden = newer.at.length === 0
      paint()
    },
  }
}

function optionsOf(parts: PlotParts, plotted: Plotted, width: number, tell: (text: string) => void): uPlot.Options {
  const { ink, faint, line: grid, charge } = readPalette()
  const family = getComputedStyle(document.body).fontFamily
  const axis = {
    stroke: faint,
    font: `13px ${family}`,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
  }
  const bars = uPlot.paths.bars?.({ size: [0.7, 48] })
  const steps = uPlot.paths.stepped?.({ align: 1 })
  const paths = parts.form === 'bars' ? bars : parts.form === 'steps' ? steps : undefined
  const told = (place: number): string => {
    const values = plotted.lines.map(({ name, values: all }) => `${name} ${amount(parts, all[place])}`)
    return `${parts.place(plotted.at[place] ?? 0)}: ${values.join(', ')}`
  }
  return {
    width,
    height: HEIGHT,
    ms: 1,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: parts.isTime ?? true, range: (_plot, low, high) => edges(parts, low, high) },
      y: { range: (_plot, low, high) => levels(parts, low, high) },
    },
    axes: [
      {
        ...axis,
        space: 80,
        size: 34,
        values: (_plot, at) => at.map((one) => (isPlace(parts, plotted, one) ? parts.short(one) : '')),
      },
      { ...axis, size: 64, values: (_plot, at) => at.map((one) => one.toLocaleString(LOCALE)) },
    ],
    series: [
      {},
      ...plotted.lines.map(({ name }, at) => ({
        label: name,
        stroke: ink,
        width: 2,
        dash: [...(DASHES[at] ?? [])],
        points: { show: plotted.at.length < 40 && parts.form === 'line', size: 6, fill: ink },
        ...(paths && { paths }),
        ...(parts.form === 'bars' && { fill: charge }),
      })),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => tell(idx == null ? '' : told(idx))] },
  }
}

/** Between whole places of a plot that is not of times there is nothing to name. */
const isPlace = ({ isTime = true }: PlotParts, { at }: Plotted, one: number): boolean => isTime || at.includes(one)

/** Bars have room at both ends, and a single moment has some around it. */
function edges({ form, isTime = true }: PlotParts, low: number, high: number): [number, number] {
  if (form === 'bars') return [low - 0.6, high + 0.6]
  return low < high ? [low, high] : [low - (isTime ? 60_000 : 1), high + (isTime ? 60_000 : 1)]
}

/** From nothing up, so that a height is what it says; below nothing only where something is. */
function levels({ most }: PlotParts, low: number | null, high: number | null): [number, number] {
  const top = most ?? Math.max((high ?? 0) * 1.1, (low ?? 0) < 0 ? 0 : 1)
  return [Math.min(0, (low ?? 0) * 1.1), top]
}
