import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import type { Journal } from '../../../actors/ports.ts'
import type { FactRecord } from '../../../machines/record.ts'
import type { KeyStore } from '../../../src/privacy/key-store.ts'

const APPENDER = fileURLToPath(new URL('./crash-appender.ts', import.meta.url))

/** `crash-appender.ts` at work: what it said so far, and the newest batch that it acknowledged. */
export type Appender = { readonly child: ChildProcess; readonly said: string[]; newest(): number }

/** An owner as a process of its own, which appends as fast as it can; it goes when the test does. */
export function startAppender(path: string, env: NodeJS.ProcessEnv = {}): Appender {
  const child = spawn(process.execPath, [APPENDER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said: string[] = []
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => said.push(line))
  const newest = () => Number(said.findLast((line) => line.startsWith('batch'))?.slice(6) ?? 0)
  return { child, said, newest }
}

/** Waits until it is so; a minute at most. */
export async function until(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 6_000 && !reached(); i++) await new Promise((go) => setTimeout(go, 10))
  expect(reached()).toBe(true)
}

/** Every batch once, whole and in its order, and its plate opens; answers how many there are. */
export async function wholeBatches(journal: Journal, keys: KeyStore): Promise<number> {
  const records: FactRecord[] = []
  for (let page = await journal.readSite(); page.length > 0; page = await journal.readSite(records.length))
    records.push(...page)
  const batches = Map.groupBy(records, ({ cause }) => Number(cause['batch']))
  expect([...batches.keys()]).toEqual(Array.from({ length: batches.size }, (_, i) => i + 1))
  for (const [batch, inBatch] of batches) {
    expect(inBatch.map(({ cause }) => cause['nth'])).toEqual(Array.from({ length: 1 + (batch % 16) }, (_, i) => i))
    const vehicle = keys.findVehicle(`PLATE${batch}`) ?? 'lost'
    const token = keys.tokenOf(`start-${batch}`)
    expect(journal.open(inBatch[0] as FactRecord)).toEqual({ [vehicle]: { plate: `PLATE${batch}`, token } })
  }
  return batches.size
}
