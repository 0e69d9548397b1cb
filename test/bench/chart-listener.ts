import { parentPort, workerData } from 'node:worker_threads'
import { bay as machine } from '../../machines/bay.ts'
import { compile } from '../../machines/compiled.ts'
import { compiledFrom } from '../../machines/compiled-step.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { opened } from '../../machines/step.ts'
import { asActions } from '../machines/table-ears.ts'
import { visits } from './bay-visits.ts'
import { type Asks, type Call, type Ears, type Heard, type Machine, withWords } from './chart-words.ts'

const { guards, actions } = machine.implementations
const act = actions['act'] as unknown as { readonly collect: (args: object, params: unknown) => void }

/** The chart, and what is heard of it while it is stepped. */
function listening(): { readonly machine: Machine; readonly heard: Heard } {
  const heard: Heard = { answers: [], asked: [], acts: [] }
  const asking = (name: string) => (asks: Asks) => {
    const ok = (guards[name as keyof typeof guards] as (asks: Asks) => boolean)(asks)
    heard.answers.push(ok)
    heard.asked.push(name)
    return ok
  }
  return {
    heard,
    machine: withWords(asking, (args, params) => {
      const calls: Call[] = []
      const ears: Ears = {
        assign: (assignment) => {
          // The bay's acts assign all that is known, by a function that asks for nothing.
          calls.push({ how: 'assign', what: (assignment as () => unknown)() })
          args.enqueue.assign(assignment)
        },
        emit: (event) => {
          calls.push({ how: 'emit', what: event })
          args.enqueue.emit(event)
        },
        cancel: (sendId) => {
          calls.push({ how: 'cancel', what: sendId })
          args.enqueue.cancel(sendId)
        },
        raise: (event, options) => {
          calls.push({ how: 'raise', what: event, options })
          args.enqueue.raise(event, options)
        },
      }
      const enqueue = (action: unknown): void => {
        calls.push({ how: 'whole', what: action })
        args.enqueue(action)
      }
      act.collect({ ...args, enqueue: Object.assign(enqueue, ears) }, params)
      heard.acts.push(calls)
    }),
  }
}

/** Runs the visits once and hands over what was said. */
function listen(count: number): Heard {
  const { machine: told, heard } = listening()
  const tables = compile<Bay, BayEvent>(told)
  let bay = compiledFrom(opened('bay-1'))
  for (const event of visits(count)) bay = tables.take(bay, event, asActions([]))
  return heard
}

parentPort?.postMessage(listen(workerData as number))
