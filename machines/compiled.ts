import type { AnyEventObject, AnyStateMachine } from 'xstate'
import { candidates, chainOf, type ChartNode as Node, refused, unknown, wayOf } from './chart-ways.ts'

/** Who hears what an event asks to be carried out, in XState's order. By methods, so that nothing is made only to be taken apart again. */
export type Hears = {
  emit(event: unknown): void
  /** `delay` in ms. */
  raise(event: unknown, id: string | undefined, delay: number): void
  cancel(sendId: unknown): void
  /** Any other action, which the chart only names. */
  act(type: string, params: unknown): void
}

/** Where a machine stands between two events: its innermost state by number, and what it knows. */
export type Standing<Context> = { readonly leaf: number; readonly context: Context }

/** A chart as tables. */
export type Compiled<Context, Event> = {
  /** State and detail of a leaf: the outermost and the innermost name on its path. */
  readonly paths: readonly { readonly state: string; readonly detail: string }[]
  /** XState's value of a leaf. */
  readonly values: readonly Value[]
  /** The leaf of XState's value. */
  leafOf(value: unknown): number
  /** One event. What it asks to be carried out is told to `into`, in XState's order. */
  take(standing: Standing<Context>, event: Event, into: Hears): Standing<Context>
}

type Value = string | { readonly [name: string]: Value }
type Args = { readonly context: unknown; readonly event: AnyEventObject }
type Guard = (args: Args, params: unknown) => boolean
/** What one event makes, while it makes it. */
type Run = { context: unknown; readonly event: AnyEventObject; readonly into: Hears }
type Op = (run: Run) => void
type Row = { readonly guard: (args: Args) => boolean; readonly op: Op; readonly to: number }

/**
 * Flattens a chart of nested states into one table a leaf: event → rows in the order in which XState asks them. The definition stays the
 * only one: guards, actions, delays and targets are read from it, and nothing of the chart is written twice. It knows what charts of
 * berth use; anything else (parallel states, `always`, invoked actors, history, final states, raises without a delay) is refused by name
 * rather than done otherwise.
 */
export function compile<Context, Event extends AnyEventObject>(machine: AnyStateMachine): Compiled<Context, Event> {
  const nodes = nodesOf(machine.root)
  for (const node of nodes) refuseUnknown(node)
  const leaves = nodes.filter(({ type }) => type === 'atomic')
  const numbers = new Map(leaves.map((leaf, number) => [leaf, number]))
  const tables = leaves.map(() => new Map<string, readonly Row[]>())
  const ops = new Operations(machine)
  const rowsOf = (number: number, type: string): readonly Row[] => {
    const leaf = leaves[number] as Node
    const rows = chainOf(leaf).flatMap((node) =>
      candidates(node, type).map((transition): Row => {
        const way = wayOf(transition, leaf)
        return {
          guard: ops.guard(transition.guard),
          op: inTurn(
            [
              ...way.exit.flatMap(({ exit }) => exit),
              ...transition.actions,
              ...way.entry.flatMap(({ entry }) => entry),
            ].map((action) => ops.of(action)),
          ),
          to: numbers.get(way.leaf) ?? refused(leaf, 'a target without an innermost state'),
        }
      }),
    )
    tables[number]?.set(type, rows)
    return rows
  }
  const values = leaves.map(valueAt)
  const byValue = new Map<unknown, number>(values.map((value, number) => [value, number]))
  const byPath = new Map(leaves.map(({ path }, number) => [path.join('.'), number]))
  return {
    values,
    paths: leaves.map(({ path }) => ({ state: path[0] ?? '', detail: path.at(-1) ?? '' })),
    leafOf: (value) =>
      byValue.get(value) ?? byPath.get(pathIn(value).join('.')) ?? unknown(`state ${JSON.stringify(value)}`),
    take({ leaf, context }, event, into) {
      const rows = tables[leaf]?.get(event.type) ?? rowsOf(leaf, event.type)
      const run: Run = { context, event, into }
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at] as Row
        if (!row.guard(run)) continue
        row.op(run)
        return { leaf: row.to, context: run.context as Context }
      }
      return { leaf, context }
    },
  }
}

const nodesOf = (node: Node): Node[] => [node, ...Object.values(node.states).flatMap((child) => nodesOf(child as Node))]

const valueAt = ({ path }: Node): Value =>
  path.slice(0, -1).reduceRight<Value>((inner, name) => ({ [name]: inner }), path.at(-1) ?? '')

function pathIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  const [name, inner] = Object.entries(value as object)[0] ?? ['', '']
  return [name, ...pathIn(inner)]
}

/** Most rows have one action, or none. */
function inTurn(ops: readonly Op[]): Op {
  const [first = () => {}, ...more] = ops
  if (more.length === 0) return first
  return (run) => {
    for (const op of ops) op(run)
  }
}

function refuseUnknown(node: Node): void {
  if (node.type !== 'atomic' && node.type !== 'compound') refused(node, `the type "${node.type}"`)
  if (node.always?.length) refused(node, 'the `always`')
  if (node.invoke.length) refused(node, 'the invoked actor')
  if (node.type === 'compound' && node.initial.actions.length) refused(node, 'an action of the initial transition')
  for (const type of node.transitions.keys())
    if (/^xstate\.(done|route|error|snapshot)/.test(type)) refused(node, `the transition on ${type}`)
}

type Builtin = { readonly type: string; readonly [field: string]: unknown }
type Named = { readonly type: string; readonly params?: unknown }
type Enqueue = (action: unknown) => void

/** The chart's guards and actions as functions of a run. */
class Operations {
  readonly #implementations: AnyStateMachine['implementations']
  /** For whom things are enqueued: one set of functions for every event, since they are called on nearly every one. */
  #run: Run | null = null
  readonly #enqueue: Enqueue

  constructor(machine: AnyStateMachine) {
    this.#implementations = machine.implementations
    // Nothing that was enqueued is asked what it makes of what comes after it, so each is carried out as it comes, as XState does in the end.
    const now = (): Run => this.#run ?? unknown('what is enqueued after its action is over')
    const enqueues = {
      assign: (assignment: unknown) => assign(now(), assignment, undefined),
      emit: (event: unknown) => emit(now(), event, undefined),
      cancel: (sendId: unknown) => cancel(now(), sendId, undefined),
      raise: (event: unknown, options?: Partial<Raise>) =>
        this.#raise(now(), { event, id: options?.id, delay: options?.delay }, undefined),
    }
    this.#enqueue = Object.assign((action: unknown) => this.#whole(now(), action), enqueues)
  }

  guard(guard: unknown): (args: Args) => boolean {
    if (guard === undefined || guard === null) return () => true
    const isNamed = typeof guard !== 'function'
    const name = typeof guard === 'string' ? guard : (guard as Named).type
    const asks = (isNamed ? this.#implementations.guards[name] : guard) as (Guard & { check?: unknown }) | undefined
    if (typeof asks !== 'function' || asks.check !== undefined)
      return unknown(`guard "${name}", which is no plain function,`)
    const params = isNamed && typeof guard === 'object' ? (guard as Named).params : undefined
    if (typeof params === 'function') return (args) => asks(args, params(args))
    return params === undefined ? (asks as (args: Args) => boolean) : (args) => asks(args, params)
  }

  of(action: unknown): Op {
    if (typeof action === 'function') return this.#builtin(action as unknown as Builtin, undefined, '(anonymous)')
    const { type, params } = typeof action === 'string' ? { type: action, params: undefined } : (action as Named)
    return this.#builtin(this.#implementations.actions[type] as unknown as Builtin | undefined, params, type)
  }

  #builtin(action: Builtin | undefined, params: unknown, name: string): Op {
    const given = (run: Run): unknown => (typeof params === 'function' ? params(run) : params)
    // Without `resolve` XState takes it for something to carry out, whatever it is.
    if (action === undefined || !('resolve' in action)) return (run) => run.into.act(name, given(run))
    switch (action.type) {
      case 'xstate.assign':
        return (run) => assign(run, action['assignment'], given(run))
      case 'xstate.emit':
        return (run) => emit(run, action['event'], given(run))
      case 'xstate.raise':
        return (run) => this.#raise(run, action as unknown as Raise, given(run))
      case 'xstate.cancel':
        return (run) => cancel(run, action['sendId'], given(run))
      case 'xstate.enqueueActions':
        return (run) => this.#collect(run, action['collect'] as (args: object, params: unknown) => void, given(run))
      default:
        return unknown(`the action ${action.type}`)
    }
  }

  #raise(run: Run, { event, id, delay }: Raise, params: unknown): void {
    const wait = typeof delay === 'string' ? (this.#implementations.delays[delay] as unknown) : delay
    const resolved = said(wait, run, params)
    if (typeof resolved !== 'number') return unknown('a raise without a delay')
    run.into.raise(said(event, run, params), id, resolved)
  }

  #collect(run: Run, collect: (args: object, params: unknown) => void, params: unknown): void {
    const { context, event } = run
    const before = this.#run
    this.#run = run
    collect({ context, event, enqueue: this.#enqueue, check: unknownCheck, self: null, system: null }, params)
    this.#run = before
  }

  /** An action in full. One that the chart does not know by name is for whoever carries actions out. */
  #whole(run: Run, action: unknown): void {
    const { type, params } = action as Named
    if (typeof action === 'object' && this.#implementations.actions[type] === undefined)
      run.into.act(type, typeof params === 'function' ? params(run) : params)
    else this.of(action)(run)
  }
}

type Raise = { readonly event: unknown; readonly id: string | undefined; readonly delay: unknown }

const unknownCheck = (): never => unknown('`check` in enqueued actions')

/** An expression of XState's, resolved. */
const said = (what: unknown, run: Run, params: unknown): unknown =>
  typeof what === 'function' ? what(run, params) : what

function assign(run: Run, assignment: unknown, params: unknown): void {
  if (typeof assignment === 'function') {
    run.context = merged(run.context as object, assignment(run, params) as object)
    return
  }
  const next: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(assignment as object)) next[name] = said(value, run, params)
  run.context = { ...(run.context as object), ...next }
}

/** What is known, with what was assigned. An act that answers all that is known, as a bay's do, needs no copy of it. */
function merged(context: object, assigned: object): object {
  return sameNames(context, assigned) ? assigned : { ...context, ...assigned }
}

/** The names of what was last assigned whole: an object of the same shape is told from it by a walk without a copy of its names. */
let names: readonly string[] = []

function sameNames(context: object, assigned: object): boolean {
  if (areThese(context) && areThese(assigned)) return true
  names = Object.keys(context)
  return areThese(assigned)
}

function areThese(object: object): boolean {
  let at = 0
  for (const name in object) if (names[at++] !== name) return false
  return at === names.length
}

const emit = (run: Run, event: unknown, params: unknown): void => run.into.emit(said(event, run, params))

const cancel = (run: Run, sendId: unknown, params: unknown): void => run.into.cancel(said(sendId, run, params))
