import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { createServer } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/** What a process used and held. Times in ms, memory in bytes, both of this process alone. */
export type Gauge = {
  /** Processor time since the process began. */
  readonly cpu_ms: number
  readonly rss: number
  readonly heap: number
  /** How late timers came since the last `reset`: between two looks, less the pause between them. */
  readonly delay: { readonly p50_ms: number; readonly p99_ms: number; readonly max_ms: number }
}

/** Pause between two looks at the event loop, ms. Node's figures hold it. */
const LOOK_ms = 5

/** How late timers come in this process, from now on. */
export class LoopDelay {
  readonly #delays = monitorEventLoopDelay({ resolution: LOOK_ms })

  constructor() {
    this.#delays.enable()
  }

  reset(): void {
    this.#delays.reset()
  }

  told(): Gauge['delay'] {
    const ms = (ns: number): number => Math.max(0, ns / 1e6 - LOOK_ms)
    const { max } = this.#delays
    return { p50_ms: ms(this.#delays.percentile(50)), p99_ms: ms(this.#delays.percentile(99)), max_ms: ms(max) }
  }
}

/**
 * Preloaded into a process that is measured (`node --import`), which knows nothing of it: answers on the socket BERTH_GAUGE, one line of JSON
 * for each line. `tell`; `collect` (all garbage first); `reset` (the delays begin anew); `profile` and `profiled FILE` around what a CPU profile is of.
 */
async function open(path: string): Promise<void> {
  const delays = new LoopDelay()
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const profiler = new Session()
  const tell = (): Gauge => {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, external } = process.memoryUsage()
    return { cpu_ms: (user + system) / 1_000, rss, heap: heapUsed + external, delay: delays.told() }
  }
  const answer = async (asked: string): Promise<Gauge> => {
    const [word, file] = asked.split(' ')
    if (word === 'collect') for (let time = 0; time < 3; time++) collect()
    if (word === 'reset') delays.reset()
    if (word === 'profile') {
      profiler.connect()
      await profiler.post('Profiler.enable')
      await profiler.post('Profiler.setSamplingInterval', { interval: 500 })
      await profiler.post('Profiler.start')
    }
    if (word === 'profiled' && file) writeFileSync(file, JSON.stringify((await profiler.post('Profiler.stop')).profile))
    return tell()
  }
  createServer((socket) => {
    socket.on('data', (data) => {
      answer(String(data).trim()).then(
        (gauge) => socket.write(`${JSON.stringify(gauge)}\n`),
        (cause) => socket.destroy(cause as Error),
      )
    })
    socket.unref()
    socket.on('error', () => undefined)
  })
    .listen(path)
    .unref()
}

const at = process.env['BERTH_GAUGE']
if (isMainThread && at !== undefined) {
  // Readers that the process starts are processes of their own, and have no part in it.
  delete process.env['BERTH_GAUGE']
  delete process.env['NODE_OPTIONS']
  await open(at)
}
