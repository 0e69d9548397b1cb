import { parentPort, workerData } from 'node:worker_threads'
import { PostgresLine } from '../journal/postgres-line.ts'
import { BEAT_MS, type HeartParts } from './heart.ts'

/**
 * The heart of a node, in a thread of its own: a node that has much to do is not dead. It stops where the node itself has not been heard for
 * longer than any work takes.
 */
const { cluster, node, lease_s, hangs_ms } = workerData as HeartParts
const line = new PostgresLine(cluster)
let heardAt = performance.now()
parentPort?.on('message', () => {
  heardAt = performance.now()
})

async function beat(): Promise<void> {
  if (performance.now() - heardAt < hangs_ms)
    await line
      .read('UPDATE berth.node SET until = now() + make_interval(secs => $2) WHERE node = $1', [node, lease_s])
      .catch(() => {})
  setTimeout(() => void beat(), BEAT_MS)
}

await beat()
