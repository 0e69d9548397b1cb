import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FoldMutant } from './mutant.ts'

/** The project's top. */
export const TOP = join(import.meta.dirname, '../..')

const MARK = 'mutant'
const JAVASCRIPT = new Map<string, string>()

/** Node's own way from TypeScript to JavaScript, once per text. */
function stripped(text: string): string {
  const known = JAVASCRIPT.get(text)
  if (known !== undefined) return known
  const made = stripTypeScriptTypes(text, { mode: 'strip' })
  JAVASCRIPT.set(text, made)
  return made
}

const markOf = (url: string | undefined): string | null =>
  url?.startsWith('file:') ? new URL(url).searchParams.get(MARK) : null

/**
 * Modules of the project loaded once more, with one text changed in one of them. Everything that they import of the project is theirs
 * alone; packages are shared. `vitest` is the collector's: test files loaded so are collected, not run.
 */
export class MutantModules {
  readonly #mutants = new Map<string, FoldMutant | null>()
  readonly #changed = new Set<string>()
  #count = 0

  constructor() {
    const collector = pathToFileURL(join(import.meta.dirname, 'collected-tests.ts')).href
    registerHooks({
      resolve: (specifier, context, next) => {
        const mark = markOf(context.parentURL)
        const inCollector = context.parentURL?.startsWith(collector) === true
        if (mark !== null && specifier === 'vitest' && !inCollector)
          return { ...next(collector, context), url: `${collector}?${MARK}=${mark}`, shortCircuit: true }
        const found = next(specifier, context)
        const own = mark !== null && found.url.startsWith('file:') && !found.url.includes('/node_modules/')
        return own && markOf(found.url) === null ? { ...found, url: `${found.url}?${MARK}=${mark}` } : found
      },
      load: (url, context, next) => {
        const mark = markOf(url)
        const path = mark === null ? '' : fileURLToPath(url.split('?')[0] ?? '')
        if (mark === null || !path.endsWith('.ts')) return next(url, context)
        return { format: 'module', source: stripped(this.#textOf(path, mark)), shortCircuit: true }
      },
    })
  }

  #textOf(path: string, mark: string): string {
    const text = readFileSync(path, 'utf8')
    const mutant = this.#mutants.get(mark)
    if (!mutant || path !== join(TOP, mutant.file)) return text
    this.#changed.add(mark)
    return text.replace(mutant.find, () => mutant.replace)
  }

  /** A world of its own for one mutant; null changes nothing. */
  world(mutant: FoldMutant | null): {
    readonly load: (path: string) => Promise<unknown>
    readonly isChanged: () => boolean
  } {
    this.#count += 1
    const mark = String(this.#count)
    this.#mutants.set(mark, mutant)
    return {
      load: (path) => import(`${pathToFileURL(join(TOP, path)).href}?${MARK}=${mark}`),
      isChanged: () => this.#changed.has(mark),
    }
  }
}
