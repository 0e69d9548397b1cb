import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process of its own, and what it said so far on both streams. */
export type HeardProcess = {
  readonly child: ChildProcess
  said(): string
  /** Resolves when it has ended. */
  gone(): Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts these words as a process; `env` on top of this one's. */
export function heardProcess(words: readonly string[], env: NodeJS.ProcessEnv): HeardProcess {
  const child = spawn(words[0] as string, words.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (said += String(bytes)))
  const gone = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone()
  }
  return { child, said: () => said, gone, kill }
}
