import type { AnyEventObject, AnyStateMachine } from 'xstate'
import { unknown } from './chart-ways.ts'

/** Who hears what an event asks to be carried out, in XState's order. By methods, so that nothing is made only to be taken apart again. */
export type Hears = {
  emit(event: unknown): void
  /** `delay` in ms. */
  raise(event: unknown, id: string | undefined, delay: number): void
  cancel(sendId: unknown): void
  /** Any other action, which the chart only names. */
  act(type: string, params: unknown): void
}

/** What one event makes, while it makes it. Guards and expressions are asked with it as with XState's arguments. */
export class Run {
  /** What is known: for a guard before the event, for what is enqueued after what was assigned so far. */
  context: object
  readonly event: AnyEventObject
  readonly into: Hears
  /** The names of what is known, where they were gone through already. */
  names: readonly string[] | null

  constructor(context: object, event: AnyEventObject, into: Hears, names: readonly string[] | null) {
    this.context = context
    this.event = event
    this.into = into
    this.names = names
  }
}

/** A guard of the chart, its parameters bound. */
export type Ask = (run: Run) => boolean
/** An action of the chart, or several in turn. */
export type Op = (run: Run) => void

type Said = (run: Run, params: unknown) => unknown
type Guard = ((run: Run, params: unknown) => boolean) & { readonly check?: unknown }
type Collect = (args: object, params: unknown) => void
type Builtin = { readonly type: string; readonly [field: string]: unknown }
type Named = { readonly type: string; readonly params?: unknown }
type Raise = { readonly event: unknown; readonly id: string | undefined; readonly delay: unknown }

/** The chart's guards and actions as functions of a run. */
export class TableActs {
  readonly #guards: { readonly [name: string]: unknown }
  readonly #delays: { readonly [name: string]: unknown }
  readonly #actions: ReadonlyMap<string, Builtin>
  readonly #collecting: Collecting

  constructor({ implementations }: AnyStateMachine) {
    this.#guards = implementations.guards
    this.#delays = implementations.delays
    this.#actions = new Map(Object.entries(implementations.actions) as unknown as [string, Builtin][])
    this.#collecting = new Collecting(
      this.#actions,
      (action) => this.of(action),
      (delay) => this.#wait(delay),
    )
  }

  /** A guard, asked of what is known before the event. */
  guard(guard: unknown): Ask | null {
    if (guard === undefined || guard === null) return null
    const isNamed = typeof guard !== 'function'
    const name = typeof guard === 'string' ? guard : (guard as Named).type
    const asks = (isNamed ? this.#guards[name] : guard) as Guard | undefined
    if (typeof asks !== 'function' || asks.check !== undefined)
      return unknown(`guard "${name}", which is no plain function,`)
    const params = isNamed && typeof guard === 'object' ? (guard as Named).params : undefined
    if (typeof params === 'function') return (run) => asks(run, params(run))
    return params === undefined ? (asks as Ask) : (run) => asks(run, params)
  }

  /** An action as the chart writes it: by name, by name with parameters, or itself. */
  of(action: unknown): Op {
    if (typeof action === 'function') return this.#known(action as unknown as Builtin, undefined, '(anonymous)')
    const { type, params } = typeof action === 'string' ? { type: action, params: undefined } : (action as Named)
    return this.#known(this.#actions.get(type), params, type)
  }

  #known(action: Builtin | undefined, params: unknown, name: string): Op {
    // Without `resolve` XState takes it for something to carry out, whatever it is.
    const op = action !== undefined && 'resolve' in action ? this.#builtin(action) : handsOver(name)
    return typeof params === 'function' ? (run) => op(run, params(run)) : (run) => op(run, params)
  }

  #builtin(action: Builtin): (run: Run, params: unknown) => void {
    switch (action.type) {
      case 'xstate.assign': {
        const said = action['assignment']
        return (run, params) => assign(run, said, params)
      }
      case 'xstate.emit': {
        const said = action['event']
        return (run, params) => emit(run, said, params)
      }
      case 'xstate.raise': {
        const { event, id, delay } = action as unknown as Raise
        const wait = this.#wait(delay)
        return (run, params) => raise(run, event, id, wait, params)
      }
      case 'xstate.cancel': {
        const said = action['sendId']
        return (run, params) => cancel(run, said, params)
      }
      case 'xstate.enqueueActions': {
        const collect = action['collect'] as Collect
        const collecting = this.#collecting
        return (run, params) => collecting.collect(run, collect, params)
      }
      default:
        return unknown(`the action ${action.type}`)
    }
  }

  #wait(delay: unknown): unknown {
    return typeof delay === 'string' ? this.#delays[delay] : delay
  }
}

const handsOver =
  (name: string) =>
  (run: Run, params: unknown): void =>
    run.into.act(name, params)

/** For whom things are enqueued: one set of functions for every event, since they are called on nearly every one. */
class Collecting {
  #run: Run | null = null
  readonly #enqueue: object

  constructor(actions: ReadonlyMap<string, Builtin>, of: (action: unknown) => Op, wait: (delay: unknown) => unknown) {
    // Nothing that was enqueued is asked what it makes of what comes after it, so each is carried out as it comes, as XState does in the end.
    const now = (): Run => this.#run ?? unknown('what is enqueued after its action is over')
    const whole = (action: unknown): void => {
      const run = now()
      // One that the chart does not know by name is for whoever carries actions out.
      if (typeof action !== 'object' || actions.has((action as Named).type)) of(action)(run)
      else {
        const { type, params } = action as Named
        run.into.act(type, typeof params === 'function' ? params(run) : params)
      }
    }
    this.#enqueue = Object.assign(whole, {
      assign: (assignment: unknown): void => assign(now(), assignment, undefined),
      emit: (event: unknown): void => emit(now(), event, undefined),
      cancel: (sendId: unknown): void => cancel(now(), sendId, undefined),
      raise: (event: unknown, options?: Partial<Raise>): void =>
        raise(now(), event, options?.id, wait(options?.delay), undefined),
    })
  }

  collect(run: Run, collect: Collect, params: unknown): void {
    const before = this.#run
    this.#run = run
    const { context, event } = run
    collect({ context, event, enqueue: this.#enqueue, check: unknownCheck, self: null, system: null }, params)
    this.#run = before
  }
}

const unknownCheck = (): never => unknown('`check` in enqueued actions')

/** An expression of XState's, resolved. */
const said = (what: unknown, run: Run, params: unknown): unknown =>
  typeof what === 'function' ? (what as Said)(run, params) : what

const emit = (run: Run, event: unknown, params: unknown): void => run.into.emit(said(event, run, params))

const cancel = (run: Run, sendId: unknown, params: unknown): void => run.into.cancel(said(sendId, run, params))

function raise(run: Run, event: unknown, id: string | undefined, wait: unknown, params: unknown): void {
  const delay = said(wait, run, params)
  if (typeof delay !== 'number') unknown('a raise without a delay')
  run.into.raise(said(event, run, params), id, delay as number)
}

function assign(run: Run, assignment: unknown, params: unknown): void {
  if (typeof assignment === 'function') learn(run, (assignment as Said)(run, params) as object)
  else {
    const next: { [name: string]: unknown } = {}
    for (const [name, value] of Object.entries(assignment as object)) next[name] = said(value, run, params)
    run.context = { ...run.context, ...next }
    run.names = null
  }
}

/** What is known, with what was assigned. An act that answers all that is known, as a bay's do, needs no copy of it. */
function learn(run: Run, assigned: object): void {
  run.names ??= namesOf(run.context)
  if (isNamed(assigned, run.names)) run.context = assigned
  else {
    run.context = { ...run.context, ...assigned }
    run.names = null
  }
}

/** The names that were gone through last: most charts know things by the same names all the time. */
let newest: readonly string[] = []

function namesOf(context: object): readonly string[] {
  if (!isNamed(context, newest)) newest = Object.keys(context)
  return newest
}

/** Whether these are the names of it, in this order. By a walk: `Object.keys` would make a list to be thrown away. */
function isNamed(object: object, names: readonly string[]): boolean {
  let at = 0
  for (const name in object) if (names[at++] !== name) return false
  return at === names.length
}
