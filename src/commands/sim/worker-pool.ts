import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Workers that take one order after the other. */
export type WorkerPool = {
  /** Hands out orders as long as `next` has any; resolves when all are answered. */
  run<Order, Answer>(next: () => Order | null, done: (order: Order, answer: Answer) => void): Promise<void>
  close(): Promise<void>
}

const REPLICATIONS = new URL('./replication-worker.ts', import.meta.url)

/** Opens a worker for each core, as they are needed, that runs this script. */
export function openWorkers(cores: number = availableParallelism(), script: URL = REPLICATIONS): WorkerPool {
  const workers: Worker[] = []
  return {
    async run<Order, Answer>(next: () => Order | null, done: (order: Order, answer: Answer) => void) {
      const work = async (number: number): Promise<void> => {
        for (let order = next(); order !== null; order = next()) {
          workers[number] ??= new Worker(script)
          done(order, (await answered(workers[number], order)) as Answer)
        }
      }
      await Promise.all(Array.from({ length: cores }, (_, number) => work(number)))
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function answered(worker: Worker, order: unknown): Promise<unknown> {
  return new Promise((done, failed) => {
    const answers = (answer: unknown): void => {
      worker.off('error', breaks)
      done(answer)
    }
    const breaks = (cause: unknown): void => {
      worker.off('message', answers)
      failed(cause)
    }
    worker.once('message', answers)
    worker.once('error', breaks)
    worker.postMessage(order)
  })
}
