import { appendFile, readFile } from 'node:fs/promises'
import type { Clock } from '../../actors/ports.ts'
import type { CheckpointTarget } from '../journal/checkpoint-courier.ts'
import { type ErasedEntry, type ErasedList, erasedEntries, erasedMark, isMarked } from './erased-list.ts'

/** Another disk may hang: a start waits so long for it, ms. */
const ANSWER_ms = 5_000
const LOOK_ms = 1_000
/** After a failure to write one. */
const RETRY_ms = 60_000

/** The list, and the mark by which the site knows its own entries: whoever can write elsewhere must not be able to erase anybody. */
type MarkedList = { readonly erasedList: ErasedList; readonly mark: (text: string) => string }

/** A copy, what was found in it, and the names that it surely holds. */
type Copy = { readonly path: string; found: readonly ErasedEntry[]; readonly names: Set<string>; failing: boolean }

/** Copies of the list of erasures, each beside a file elsewhere that checkpoints are sent to (`<file>.erased`): what is lost beside the store comes back from there. */
export class ErasedCopies {
  readonly #log: (line: string) => void
  readonly #copies: readonly Copy[]
  #notBefore = Number.NEGATIVE_INFINITY
  #writing: Promise<void> = Promise.resolve()
  #cancelLook: (() => void) | null = null

  constructor(targets: readonly CheckpointTarget[], log: (line: string) => void) {
    this.#log = log
    this.#copies = targets.flatMap((one) =>
      one.kind === 'file' ? [{ path: `${one.path}.erased`, found: [], names: new Set<string>(), failing: false }] : [],
    )
  }

  /** What all copies hold. One that cannot be read is told, and holds nothing. */
  async read(): Promise<readonly ErasedEntry[]> {
    const all: ErasedEntry[] = []
    for (const copy of this.#copies) {
      copy.found = erasedEntries(await this.#textOf(copy.path))
      all.push(...copy.found)
    }
    return all
  }

  /** Brings what the list holds and a copy does not, now and within a second of every erasure, until the last of `closing` is called. */
  follow({ erasedList: list, mark }: MarkedList, clock: Clock, closing: (() => Promise<unknown>)[]): void {
    for (const { found, names } of this.#copies)
      for (const entry of found) if (isMarked(entry, mark)) names.add(entry.name)
    const look = (): void => {
      if (clock.now() >= this.#notBefore) this.#writing = this.#writing.then(() => this.#bring(list, mark, clock))
      this.#cancelLook = clock.after(LOOK_ms, look)
    }
    closing.push(async () => {
      this.#cancelLook?.()
      await this.#writing
      await this.#bring(list, mark, clock)
    })
    if (this.#copies.length > 0) look()
  }

  async #bring({ times }: ErasedList, mark: MarkedList['mark'], clock: Clock): Promise<void> {
    for (const copy of this.#copies) {
      const lacking = [...times].filter(([name]) => !copy.names.has(name))
      if (lacking.length === 0) continue
      try {
        const lines = lacking.map(([name, time]) => `${time} ${name} ${mark(erasedMark(name))}\n`)
        await appendFile(copy.path, lines.join(''), { mode: 0o600 })
        for (const [name] of lacking) copy.names.add(name)
        copy.failing = false
      } catch (cause) {
        if (!copy.failing)
          this.#log(`The list of erasures could not be copied to ${copy.path}: ${whyNot(cause)}; it is tried again.`)
        copy.failing = true
        this.#notBefore = clock.now() + RETRY_ms
      }
    }
  }

  async #textOf(path: string): Promise<string> {
    try {
      return await readFile(path, { encoding: 'utf8', signal: AbortSignal.timeout(ANSWER_ms) })
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#log(`The copy of the list of erasures ${path} could not be read: ${whyNot(cause)}.`)
      return ''
    }
  }
}

const whyNot = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause)
