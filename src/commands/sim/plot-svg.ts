import { type PlotOptions, plot } from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { escaped } from '../../escaped-text.ts'
import { INK } from './drawing-style.ts'
import { brokenLines } from './html-text.ts'

/** What a plot is called, a line on what it shows, and all that it shows in words, for who cannot see it. */
export type PlotWords = { readonly name: string; readonly says: string; readonly alternative: string }

/** What of the DOM is needed here: the page's own types are not loaded in this room. */
type Drawn = {
  readonly outerHTML: string
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  append(...more: Drawn[]): void
  prepend(...more: Drawn[]): void
  remove(): void
  querySelectorAll(selector: string): Iterable<Drawn>
  textContent: string | null
}

/** Room above a plot for its name and what it says, pixels. */
export const HEAD = 46
/** As wide as all plots are drawn, pixels: a phone shows that with letters that can still be read. */
export const PLOT_WIDTH = 460
export const LETTERS = 13
/** Letters of a line under the name, and how high it is, pixels. */
const LINE = 72
const LINE_HIGH = 14

const { document } = parseHTML('<html><body></body></html>')

/**
 * A plot as SVG that stands alone: no script, no style sheet, no ids, nothing to load. The same options give the same bytes, as long as
 * they ask for no clip, gradient or marker: those are numbered through the process.
 */
export function plotSvg({ name, says, alternative }: PlotWords, options: PlotOptions): string {
  const lines = brokenLines(says, LINE)
  const more = (lines.length - 1) * LINE_HIGH
  const room = { marginTop: HEAD + more, ...options, height: (options.height ?? 0) + more }
  const svg: Drawn = plot({ document, width: PLOT_WIDTH, className: 'plot', ...room })
  for (const one of svg.querySelectorAll('style')) one.remove()
  for (const one of svg.querySelectorAll('g')) one.removeAttribute('aria-label')
  svg.setAttribute('role', 'img')
  // What writes the page leaves < and & of attributes as they are, which XML does not read.
  svg.setAttribute('aria-label', escaped(alternative))
  svg.setAttribute('font-size', String(LETTERS))
  svg.setAttribute('fill', INK)
  svg.setAttribute('color', INK)
  svg.append(line(name, 14, { 'font-weight': 'bold' }))
  for (const [at, one] of lines.entries()) svg.append(line(one, 31 + at * LINE_HIGH, { 'font-size': '12' }))
  const title: Drawn = document.createElementNS(SVG, 'title')
  title.textContent = `${name}: ${says}`
  svg.prepend(title)
  return svg.outerHTML
}

const SVG = 'http://www.w3.org/2000/svg'

function line(words: string, y: number, more: { readonly [attribute: string]: string }): Drawn {
  const text: Drawn = document.createElementNS(SVG, 'text')
  for (const [key, value] of Object.entries({ x: '0', y: String(y), 'text-anchor': 'start', ...more }))
    text.setAttribute(key, value)
  text.textContent = words
  return text
}
