import { createHistogram } from 'node:perf_hooks'

/** Figures of times. */
export type Times = {
  readonly count: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly max_ms: number
}

/** Times, kept as counts with three digits: a million of them costs no more than ten. */
export class Latencies {
  readonly #histogram = createHistogram({ figures: 3 })

  note(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * 1_000)))
  }

  reset(): void {
    this.#histogram.reset()
  }

  told(): Times {
    const all = this.#histogram
    const ms = (us: number): number => (all.count === 0 ? 0 : us / 1_000)
    return { count: all.count, p50_ms: ms(all.percentile(50)), p99_ms: ms(all.percentile(99)), max_ms: ms(all.max) }
  }
}
