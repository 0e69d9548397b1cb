import { Worker } from 'node:worker_threads'

/** What the heart of a node needs. `hangs_ms`: so long the node may work without a word before it counts as hung. */
export type HeartParts = {
  readonly cluster: string
  readonly node: string
  readonly lease_s: number
  readonly hangs_ms: number
}

/** How often a node says that it lives, ms. */
export const BEAT_MS = 1_000

/** Says again and again that a node lives, however busy it is; `alive` is called at each of the node's own turns. */
export type Heart = { alive(): void; stop(): Promise<void> }

/** Starts a heart. What goes wrong in it ends it alone: the node's own turns say that it lives, too. */
export function startHeart(parts: HeartParts): Heart {
  const worker = new Worker(new URL('./heart-worker.ts', import.meta.url), { workerData: parts })
  worker.on('error', () => {})
  worker.unref()
  return {
    alive: () => worker.postMessage('alive'),
    stop: async () => {
      await worker.terminate()
    },
  }
}
