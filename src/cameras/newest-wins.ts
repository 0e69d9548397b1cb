import { Fault } from '../../machines/faults.ts'

type Waiting = { readonly run: () => Promise<void>; readonly drop: () => void }

/** One line per key: one job runs, one waits; a newer one takes the place of the one that waits. */
export type NewestWins = {
  /** Resolves as `job` does, or rejects with Fault READER_BUSY when a newer job came before this one's turn. */
  offer<T>(key: string, job: () => Promise<T>): Promise<T>
  /** Jobs that lost their place since the start. */
  dropped(): number
}

/** Keeps a slow worker on the newest work of each key, with bounded memory. */
export function newestWins(): NewestWins {
  const lines = new Map<string, { waiting: Waiting | null }>()
  let dropped = 0
  const work = async (key: string, first: Waiting) => {
    const line: { waiting: Waiting | null } = { waiting: first }
    lines.set(key, line)
    while (line.waiting !== null) {
      const { run } = line.waiting
      line.waiting = null
      await run()
    }
    lines.delete(key)
  }
  return {
    dropped: () => dropped,
    offer: (key, job) =>
      new Promise((resolve, reject) => {
        const run = () => job().then(resolve, reject)
        const drop = () => {
          dropped += 1
          reject(
            new Fault(
              'READER_BUSY',
              { key },
              { says: 'A newer picture of this camera came before this one was read; send the next one.' },
            ),
          )
        }
        const line = lines.get(key)
        if (line === undefined) return void work(key, { run, drop })
        line.waiting?.drop()
        line.waiting = { run, drop }
      }),
  }
}
