import type { ActorScope } from 'xstate'
import { bay as machine } from '../../machines/bay.ts'
import { compile, type Hears } from '../../machines/compiled.ts'
import { compiledFrom, compiledStep } from '../../machines/compiled-step.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { type BaySnapshot, opened, step } from '../../machines/step.ts'
import { asActions, type DoneAction, inertScope } from '../machines/inert-scope.ts'
import { best, fresh, timed, visits } from './bay-visits.ts'
import { type Figure, rates } from './figure-table.ts'

type Machine = typeof machine
type Scope = ActorScope<BaySnapshot, BayEvent>
type Asks = { readonly context: Bay; readonly event: BayEvent }
/** What acts enqueue with, by name: a look-up by a computed name would cost more than stepping does. */
type Ears = {
  readonly assign: (assignment: unknown) => void
  readonly emit: (event: unknown) => void
  readonly cancel: (sendId: unknown) => void
  readonly raise: (event: unknown, options: unknown) => void
}
type Enqueue = ((action: unknown) => void) & Ears
/** What the chart's guards answered and its acts enqueued, in order, over a whole run. */
type Said = {
  readonly answers: boolean[]
  /** Which guard gave each answer. */
  readonly asked: string[]
  readonly acts: ((enqueue: Enqueue) => void)[]
}

/** The compiled stepper against XState: stepping alone, guards and acts only saying what they said before; and a step with its record. */
export function compiledBench(): Figure[] {
  const events = [...visits(400)]
  const said = saidOf(events)
  byXState(events, said)
  byTables(events, said)
  wordsAlone(said)
  const [xstate, tables] = [best(9, () => byXState(events, said)), best(60, () => byTables(events, said))]
  const words = best(60, () => wordsAlone(said))
  const [stepped, sooner] = [best(5, () => steps(events)), best(5, () => compiledSteps(events))]
  const rate = (s: number): string => `${Math.round(events.length / s / 1000)} k`
  return [
    {
      name: 'the tables’ own steps per CPU-second',
      ...rates(events.length / (tables - words), events.length / (xstate - words)),
      note: `floor: XState’s own; with guards and acts ${rate(tables)} and ${rate(xstate)}`,
    },
    {
      name: 'steps with their records by tables, per CPU-second',
      ...rates(events.length / sooner, events.length / stepped),
      note: 'floor: by XState',
    },
  ]
}

function steps(events: readonly BayEvent[]): number {
  const list = fresh(events)
  let bay = opened('bay-1')
  return timed(() => {
    for (const event of list) bay = step(bay, event).snapshot
  })
}

function compiledSteps(events: readonly BayEvent[]): number {
  const list = fresh(events)
  let bay = compiledFrom(opened('bay-1'))
  return timed(() => {
    for (const event of list) bay = compiledStep(bay, event).bay
  })
}

/** XState's pure transition with one shared inert scope: the fastest way that it offers. Timed when it has been through all events once. */
function byXState(events: readonly BayEvent[], said: Said): number {
  const { machine: parrot, rewind } = saying(said)
  const actions: DoneAction[] = []
  const scope = inertScope(machine, (action) => actions.push(action)) as unknown as Scope
  const pass = (): void => {
    rewind()
    let bay = parrot.resolveState({ value: 'vacant', context: opened('bay-1').context })
    for (const event of events) {
      actions.length = 0
      bay = parrot.transition(bay, event, scope)
    }
  }
  pass()
  return timed(pass)
}

/** The same by tables: they are made once, as in a simulation. */
function byTables(events: readonly BayEvent[], said: Said): number {
  const { machine: parrot, rewind } = saying(said)
  const tables = compile<Bay, BayEvent>(parrot)
  const heard: unknown[] = []
  const ears: Hears = {
    emit: (event) => heard.push(event),
    raise: (event) => heard.push(event),
    cancel: (sendId) => heard.push(sendId),
    act: (_, params) => heard.push(params),
  }
  const pass = (): void => {
    rewind()
    let bay = compiledFrom(opened('bay-1'))
    for (const event of events) {
      heard.length = 0
      bay = tables.take(bay, event, ears)
    }
  }
  pass()
  return timed(pass)
}

type Collects = { readonly collect: (args: object, params: unknown) => void }
type Listens = (args: Asks & { readonly enqueue: Enqueue }, params: unknown) => void

/** The chart with other guards, and another `act`. */
function withWords(guard: (name: string) => (asks: Asks) => boolean, collect: Listens): Machine {
  const { guards, actions } = machine.implementations
  const act = Object.assign(() => {}, actions['act'], { collect })
  const words = { guards: Object.fromEntries(Object.keys(guards).map((name) => [name, guard(name)])), actions: { act } }
  return machine.provide(words as never) as Machine
}

/** Runs the events once and listens. */
function saidOf(events: readonly BayEvent[]): Said {
  const said: Said = { answers: [], asked: [], acts: [] }
  const { guards, actions } = machine.implementations
  const act = actions['act'] as unknown as Collects
  const listening = withWords(
    (name) => (asks) => {
      const ok = (guards[name as keyof typeof guards] as (asks: Asks) => boolean)(asks)
      said.answers.push(ok)
      said.asked.push(name)
      return ok
    },
    (args, params) => {
      const calls: ((enqueue: Enqueue) => void)[] = []
      const heard = (call: (enqueue: Enqueue) => void): void => {
        calls.push(call)
        call(args.enqueue)
      }
      const enqueue = (action: unknown): void => heard((again) => again(action))
      const ears: Ears = {
        assign: (assignment) => heard((again) => again.assign(assignment)),
        emit: (event) => heard((again) => again.emit(event)),
        cancel: (sendId) => heard((again) => again.cancel(sendId)),
        raise: (event, options) => heard((again) => again.raise(event, options)),
      }
      act.collect({ ...args, enqueue: Object.assign(enqueue, ears) }, params)
      said.acts.push((again) => {
        for (const call of calls) call(again)
      })
    },
  )
  const tables = compile<Bay, BayEvent>(listening)
  let bay = compiledFrom(opened('bay-1'))
  for (const event of fresh(events)) bay = tables.take(bay, event, asActions([]))
  return said
}

/** The same words, said to nobody: what of both is not stepping. */
function wordsAlone(said: Said): number {
  const { guards, actions } = saying(said).machine.implementations
  // Each by its own function, in the order in which they were asked: what a call of one of many costs is no stepping either.
  const asked = said.asked.map((name) => guards[name as keyof typeof guards] as (asks: Asks) => boolean)
  const { collect } = actions['act'] as unknown as Collects
  const asks = { context: opened('bay-1').context, event: { type: 'bay.wake' } as BayEvent, enqueue: NOBODY }
  return timed(() => {
    for (const guard of asked) guard(asks)
    for (const _ of said.acts) collect(asks, undefined)
  })
}

const NOBODY = Object.assign(() => {}, { assign() {}, emit() {}, cancel() {}, raise() {} })

/** The chart whose guards and acts say again what was said, at next to no cost; `rewind` begins anew. */
function saying({ answers, acts }: Said): { readonly machine: Machine; readonly rewind: () => void } {
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
