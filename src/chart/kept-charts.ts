import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the drawing of today's bay lies: beside the page that shows it. */
export const BAY_CHART = new URL('../inspector/page/bay-chart.svg', import.meta.url)
/** Drawings of machines that berth released, by their names. */
export const RELEASED = new URL('./released/', import.meta.url)

const FORM = /^[0-9a-f]{64}$/
/** A drawing is no larger; what is was not written by berth. */
const MOST_BYTES = 1 << 20

/**
 * Keeps the drawing of this berth's own machines beside them, under their name: a later berth lays out its own, and cannot draw machines that
 * are gone. Nothing is written where it is there. Throws the file system's error.
 */
export function keepChart(folder: string, name: string): void {
  const path = join(folder, `${name}.svg`)
  if (existsSync(path)) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${path}.part`, readFileSync(BAY_CHART))
  renameSync(`${path}.part`, path)
}

/** The drawing of machines by their name, kept in this folder or released with berth; null where there is none. */
export function keptChart(folder: string, name: string): string | null {
  if (!FORM.test(name)) return null
  for (const path of [join(folder, `${name}.svg`), new URL(`${name}.svg`, RELEASED)]) {
    if (!existsSync(path)) continue
    const text = readFileSync(path, 'utf8')
    if (text.length <= MOST_BYTES && text.startsWith('<svg ')) return text
  }
  return null
}
