import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { dirname } from 'node:path'

/** One line of a table of measured figures; units are in the name. */
export type Figure = {
  readonly name: string
  readonly value: string | number
  /** What the same costs bare, in the same run and unit, and what that is. */
  readonly floor?: string | number | undefined
  /** The value in floors, or the floor in values: more is better where the name says a rate. */
  readonly ratio?: number | undefined
  /** What it must keep, in words; absent = it is told only. */
  readonly bound?: string | undefined
  readonly broken?: boolean | undefined
  readonly note?: string | undefined
}

/** A rate and its bare floor; the ratio is the rate in floors. */
export const rates = (value: number, floor: number) => ({
  value: Math.round(value),
  floor: Math.round(floor),
  ratio: value / floor,
})
/** A time and its bare floor; the ratio is the time in floors. */
export const times = (value: number, floor: number, digits = 1) => ({
  value: value.toFixed(digits),
  floor: floor.toFixed(digits),
  ratio: value / floor,
})
/** A ratio that must not be less, generously for a shared machine. */
export const atLeast = (bound: number, ratio: number) =>
  ratio >= bound ? { bound: `ratio ≥ ${bound}` } : { bound: `ratio ≥ ${bound}`, broken: true }

const COLUMNS = ['figure', 'value', 'floor', 'ratio', 'bound'] as const

/** The figures as a table of Markdown, whose columns stand below each other in a terminal too. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((one) => [
    one.note ? `${one.name} (${one.note})` : one.name,
    String(one.value),
    String(one.floor ?? ''),
    one.ratio === undefined ? '' : String(rounded(one.ratio)),
    one.broken ? `${one.bound} BROKEN` : (one.bound ?? ''),
  ])
  const used = COLUMNS.map((_, column) => column < 2 || rows.some((row) => row[column] !== ''))
  const widths = COLUMNS.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .filter((_, column) => used[column])
      .join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  return [line(COLUMNS), line(rule), ...rows.map(line)].join('\n')
}

/** Two digits are enough to compare, three above one. */
const rounded = (ratio: number): number => Number(ratio.toPrecision(ratio >= 1 ? 3 : 2))

/** Writes the figures, and whatever else is to be kept, as JSON with where and when they were taken; folders are made. */
export function keepFigures(path: string, command: string, kept: object): void {
  mkdirSync(dirname(path), { recursive: true })
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memory_MB: Math.round(totalmem() / 1e6),
    load: loadavg().map((one) => Number(one.toFixed(1))),
    node: process.version,
  }
  writeFileSync(path, `${JSON.stringify({ command, takenAt: new Date().toISOString(), machine, ...kept }, null, 2)}\n`)
}
