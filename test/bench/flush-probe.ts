import { open } from 'node:fs/promises'
import { Latencies } from './latencies.ts'

const EACH_ms = 100
const PAGE = Buffer.alloc(4_096, 'x')

/** The floor of every acknowledgement: one page written and flushed, ten times a second, on the disk of the store. Beside it, while whatever runs there runs. */
export class FlushProbe {
  readonly times = new Latencies()
  #over = false

  /** `path`: a file of its own. Resolves when `end` was called. */
  async run(path: string): Promise<void> {
    const file = await open(path, 'w', 0o600)
    while (!this.#over) {
      const from = performance.now()
      await file.write(PAGE, 0, PAGE.length, 0)
      await file.datasync()
      this.times.note(performance.now() - from)
      await new Promise((go) => setTimeout(go, EACH_ms))
    }
    await file.close()
  }

  end(): void {
    this.#over = true
  }
}
