import { type ChildProcess, fork } from 'node:child_process'
import { Fault } from '../../machines/faults.ts'
import { FOLDING_CODE } from './folding-code.ts'
import type { StateOrder } from './state-making.ts'
import type { StateAnswer, StateAsked } from './state-process.ts'

const PROCESS = new URL('./state-process.ts', import.meta.url)

/** Has states made by a process beside this one, one at a time: what a second room takes of memory is given back whole. */
export class StateMaker {
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | null = null
  #isEnded = false

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  /** The sealed state; see `makeState`. Rejects too where the process ends without an answer, and once this has ended. */
  async make(order: StateOrder): Promise<Uint8Array> {
    if (this.#isEnded) throw new Error('the site closes')
    const child = forked(this.#env)
    this.#child = child
    try {
      return sealedBy(await answerOf(child, { ...order, code: FOLDING_CODE }))
    } finally {
      this.#child = null
      child.kill('SIGKILL')
    }
  }

  /** Ends what is being made. */
  end(): void {
    this.#isEnded = true
    this.#child?.kill('SIGKILL')
  }
}

/** Started as this process was: other conditions of Node would be other code. */
const forked = (env: NodeJS.ProcessEnv): ChildProcess =>
  fork(PROCESS, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...env, MALLOC_ARENA_MAX: '2' },
  })

function answerOf(child: ChildProcess, asked: StateAsked): Promise<StateAnswer> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer: StateAnswer) => resolve(answer))
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`the process that makes it ended with ${signal ?? code}`)))
    child.send(asked)
  })
}

function sealedBy(answer: StateAnswer): Uint8Array {
  if ('sealed' in answer) return answer.sealed
  const { code, about, says } = answer
  throw code === null ? new Error(says) : new Fault(code, about, { says })
}
