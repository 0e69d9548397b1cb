import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Effort } from './judge.ts'
import type { Asked } from './mutant-worker.ts'

type Answer = { readonly of: number; readonly answered?: unknown; readonly thrown?: string }
/** What is asked, without its number. */
export type Ask = Asked extends infer One ? (One extends Asked ? Omit<One, 'of'> : never) : never

/** A worker that gives no answer in this time is ended: its mutant never comes to an end. ms. */
const PATIENCE_ms = 180_000

/** A worker keeps every world that it loaded: after so many questions another process goes on, before memory is short. */
const QUESTIONS_A_PROCESS = 40

/** Why a worker gave no answer. */
export class WorkerLost extends Error {}
/** Its process ended by itself, or by somebody else. */
class WorkerEnded extends WorkerLost {}

function invariantBroken(cause: unknown): never {
  throw new Error('A worker of the mutation check could not begin.', { cause })
}

/** One worker process; begun again where it dies. */
class Worker {
  #process: ChildProcess | null = null
  #count = 0
  #asked = 0
  readonly #effort: Effort
  readonly #begin: () => readonly Ask[]

  constructor(effort: Effort, begin: () => readonly Ask[]) {
    this.#effort = effort
    this.#begin = begin
  }

  /** A process that ends without a word is asked once more: only what ends two of them is the mutant's doing. */
  async ask(ask: Ask): Promise<unknown> {
    try {
      return await this.#askOnce(ask)
    } catch (lost) {
      if (!(lost instanceof WorkerEnded)) throw lost
      return this.#askOnce(ask)
    }
  }

  async #askOnce(ask: Ask): Promise<unknown> {
    if (this.#asked >= QUESTIONS_A_PROCESS) this.stop()
    this.#asked += 1
    if (!this.#process) {
      this.#process = fork(join(import.meta.dirname, 'mutant-worker.ts'), [JSON.stringify(this.#effort)], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      })
      // A worker that cannot even begin catches nothing.
      for (const first of this.#begin()) await this.#put(first).catch((cause) => invariantBroken(cause))
    }
    return this.#put(ask)
  }

  #put(ask: Ask): Promise<unknown> {
    const child = this.#process as ChildProcess
    this.#count += 1
    const of = this.#count
    return new Promise((done, failed) => {
      const end = (): void => {
        clearTimeout(timer)
        child.off('message', heard)
        child.off('exit', gone)
      }
      const lose = (why: WorkerLost): void => {
        end()
        this.stop()
        failed(why)
      }
      const gone = (code: number | null): void => lose(new WorkerEnded(`the process ended with ${code}`))
      const heard = (answer: Answer): void => {
        if (answer.of !== of) return
        end()
        if (answer.thrown === undefined) done(answer.answered)
        else failed(new Error(answer.thrown))
      }
      const timer = setTimeout(() => lose(new WorkerLost(`no end within ${PATIENCE_ms / 1000} s`)), PATIENCE_ms)
      child.on('message', heard)
      child.on('exit', gone)
      child.send({ of, ...ask })
    })
  }

  stop(): void {
    this.#process?.kill('SIGKILL')
    this.#process = null
    this.#asked = 0
  }
}

/** A few workers that share what is to be asked. */
export class Crew {
  readonly #workers: readonly Worker[]
  /** What every worker is told when it begins. */
  begin: readonly Ask[] = []

  constructor(size: number, effort: Effort) {
    this.#workers = Array.from({ length: size }, () => new Worker(effort, () => this.begin))
  }

  /** Asks one worker. */
  first = (ask: Ask): Promise<unknown> => (this.#workers[0] as Worker).ask(ask)

  /** Asks about all things in order, each as soon as a worker is free. */
  async share<T>(
    things: readonly T[],
    work: (ask: (ask: Ask) => Promise<unknown>, thing: T) => Promise<void>,
  ): Promise<void> {
    const waiting = [...things]
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let thing = waiting.shift(); thing !== undefined; thing = waiting.shift())
          await work((ask) => worker.ask(ask), thing)
      }),
    )
  }

  stop(): void {
    for (const worker of this.#workers) worker.stop()
  }
}
