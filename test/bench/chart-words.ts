import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { bay as machine } from '../../machines/bay.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { opened } from '../../machines/step.ts'
import { timed } from './bay-visits.ts'

export type Machine = typeof machine
export type Asks = { readonly context: Bay; readonly event: BayEvent }
/** What acts enqueue with, by name: a look-up by a computed name would cost more than stepping does. */
export type Ears = {
  readonly assign: (assignment: unknown) => void
  readonly emit: (event: unknown) => void
  readonly cancel: (sendId: unknown) => void
  readonly raise: (event: unknown, options: unknown) => void
}
export type Enqueue = ((action: unknown) => void) & Ears
export type Listens = (args: Asks & { readonly enqueue: Enqueue }, params: unknown) => void

/** One thing that an act enqueued, as it can be handed from thread to thread. */
export type Call = { readonly how: keyof Ears | 'whole'; readonly what: unknown; readonly options?: unknown }
/** What the chart's guards answered and its acts enqueued, in order, over a whole run. */
export type Heard = {
  readonly answers: boolean[]
  /** Which guard gave each answer. */
  readonly asked: string[]
  readonly acts: Call[][]
}
/** The same, to be said again. */
export type Said = Omit<Heard, 'acts'> & { readonly acts: readonly ((enqueue: Enqueue) => void)[] }

/**
 * What the chart says over so many visits. Listened to in a thread of its own: code that has once called other guards than the chart's
 * is slower ever after, by more than a step takes, and neither way of stepping is to be timed with that.
 */
export async function saidOf(visits: number): Promise<Said> {
  const listener = new Worker(new URL('./chart-listener.ts', import.meta.url), { workerData: visits })
  const [heard] = (await once(listener, 'message')) as [Heard]
  await listener.terminate()
  return { ...heard, acts: heard.acts.map(enqueued) }
}

function enqueued(calls: readonly Call[]): (enqueue: Enqueue) => void {
  const again = calls.map(calledAgain)
  return (enqueue) => {
    for (const call of again) call(enqueue)
  }
}

function calledAgain({ how, what, options }: Call): (enqueue: Enqueue) => void {
  switch (how) {
    case 'assign': {
      const said = (): unknown => what
      return (enqueue) => enqueue.assign(said)
    }
    case 'emit':
      return (enqueue) => enqueue.emit(what)
    case 'cancel':
      return (enqueue) => enqueue.cancel(what)
    case 'raise':
      return (enqueue) => enqueue.raise(what, options)
    case 'whole':
      return (enqueue) => enqueue(what)
  }
}

/** The chart with other guards, and another `act`. */
export function withWords(guard: (name: string) => (asks: Asks) => boolean, collect: Listens): Machine {
  const { guards, actions } = machine.implementations
  const act = Object.assign(() => {}, actions['act'], { collect })
  const words = { guards: Object.fromEntries(Object.keys(guards).map((name) => [name, guard(name)])), actions: { act } }
  return machine.provide(words as never) as Machine
}

/** The chart whose guards and acts say again what was said, at next to no cost; `rewind` begins anew. */
export function saying({ answers, acts }: Said): { readonly machine: Machine; readonly rewind: () => void } {
  let [asked, acted] = [0, 0]
  return {
    machine: withWords(
      () => () => answers[asked++] === true,
      ({ enqueue }) => acts[acted++]?.(enqueue),
    ),
    rewind: () => {
      asked = 0
      acted = 0
    },
  }
}

/** CPU-seconds of the same words, said to nobody: what of both ways is not stepping. */
export function wordsAlone(said: Said): number {
  const { guards, actions } = saying(said).machine.implementations
  // Each by its own function, in the order in which they were asked: what a call of one of many costs is no stepping either.
  const asked = said.asked.map((name) => guards[name as keyof typeof guards] as (asks: Asks) => boolean)
  const { collect } = actions['act'] as unknown as { readonly collect: (args: object, params: unknown) => void }
  const asks = { context: opened('bay-1').context, event: { type: 'bay.wake' } as BayEvent, enqueue: NOBODY }
  return timed(() => {
    for (const guard of asked) guard(asks)
    for (const _ of said.acts) collect(asks, undefined)
  })
}

const NOBODY = Object.assign(() => {}, { assign() {}, emit() {}, cancel() {}, raise() {} })
