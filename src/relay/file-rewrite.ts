import { parentPort, Worker, workerData } from 'node:worker_threads'
import { openDatabase } from '../journal/sqlite-file.ts'

const TRIES = 50
const AGAIN_MS = 20

/**
 * Writes a database anew in a thread of its own, so that no page and no log keeps what was deleted. Nobody else may write meanwhile. False
 * where that failed, or somebody read for too long.
 */
export function rewriteFile(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { rewrites: path } })
    let isDone = false
    worker.on('message', (done: unknown) => {
      isDone = done === true
    })
    worker.on('error', () => undefined)
    worker.on('exit', () => resolve(isDone))
    worker.unref()
  })
}

async function rewrite(path: string): Promise<boolean> {
  const database = openDatabase(path, '')
  try {
    database.exec('VACUUM')
    const fold = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    for (let tries = 0; tries < TRIES; tries++) {
      if (fold.get()?.['busy'] === 0) return true
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
    return false
  } finally {
    database.close()
  }
}

const { rewrites } = (workerData ?? {}) as { readonly rewrites?: string }
if (rewrites !== undefined) parentPort?.postMessage(await rewrite(rewrites))
