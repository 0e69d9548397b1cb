import type { AnyEventObject, AnyStateMachine, StateNode } from 'xstate'
import { invariant } from './faults.ts'

/** An action as XState would hand it to whoever carries actions out. */
export type DoneAction = { readonly type: string; readonly params?: unknown }

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
  /** One event. What it asks to be carried out goes to `into`, in XState's order. */
  take(standing: Standing<Context>, event: Event, into: DoneAction[]): Standing<Context>
}

type Value = string | { readonly [name: string]: Value }
// biome-ignore lint/suspicious/noExplicitAny: XState's own name of "a node of any machine" is this
type Node = StateNode<any, any>
type Args = { readonly context: unknown; readonly event: AnyEventObject }
type Guard = (args: Args, params: unknown) => boolean
/** What one event makes, while it makes it. */
type Run = { context: unknown; readonly event: AnyEventObject; readonly into: DoneAction[] }
type Op = (run: Run) => void
type Row = { readonly guard: ((args: Args) => boolean) | null; readonly ops: readonly Op[]; readonly to: number }

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
          ops: [
            ...way.exit.flatMap(({ exit }) => exit),
            ...transition.actions,
            ...way.entry.flatMap(({ entry }) => entry),
          ].map((action) => ops.of(action)),
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
      for (const { guard, ops, to } of rows) {
        if (guard !== null && !guard(run)) continue
        for (const op of ops) op(run)
        return { leaf: to, context: run.context as Context }
      }
      return { leaf, context }
    },
  }
}

const nodesOf = (node: Node): Node[] => [node, ...Object.values(node.states).flatMap((child) => nodesOf(child as Node))]

/** The node and what it lies in, innermost first. */
const chainOf = (node: Node): Node[] => (node.parent ? [node, ...chainOf(node.parent as Node)] : [node])

const isWithin = (node: Node, other: Node): boolean => node !== other && chainOf(node).includes(other)

const valueAt = ({ path }: Node): Value =>
  path.slice(0, -1).reduceRight<Value>((inner, name) => ({ [name]: inner }), path.at(-1) ?? '')

function pathIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  const [name, inner] = Object.entries(value as object)[0] ?? ['', '']
  return [name, ...pathIn(inner)]
}

/** Stops with a sentence: what the tables cannot hold is never done in another way than XState does it. */
function unknown(what: string): never {
  invariant(false, `${what} is nothing that the compiled stepper knows; write the chart without it`)
}

const refused = (node: Node, what: string): never => unknown(`${what} of state ${node.id}`)

function refuseUnknown(node: Node): void {
  if (node.type !== 'atomic' && node.type !== 'compound') refused(node, `the type "${node.type}"`)
  if (node.always?.length) refused(node, 'the `always`')
  if (node.invoke.length) refused(node, 'the invoked actor')
  if (node.type === 'compound' && node.initial.actions.length) refused(node, 'an action of the initial transition')
  for (const type of node.transitions.keys())
    if (/^xstate\.(done|route|error|snapshot)/.test(type)) refused(node, `the transition on ${type}`)
}

type Transition = Node['transitions'] extends Map<string, (infer One)[]> ? One : never

/** Rows of one node for an event: those that name it, then those whose pattern fits, the longest pattern first. */
function candidates({ transitions }: Node, type: string): Transition[] {
  const patterns = [...transitions.keys()].filter((pattern) => pattern !== type && fits(type, pattern))
  patterns.sort((one, other) => other.length - one.length)
  return [type, ...patterns].flatMap((name) => transitions.get(name) ?? [])
}

/** `*` fits everything, `a.*` fits `a` and what is below it. */
function fits(type: string, pattern: string): boolean {
  if (pattern === '*') return true
  if (!pattern.endsWith('.*')) return false
  const [asked, said] = [pattern.slice(0, -2).split('.'), type.split('.')]
  return asked.every((part, at) => part === '*' || part === said[at])
}

type Way = { readonly exit: readonly Node[]; readonly entry: readonly Node[]; readonly leaf: Node }

/** What a transition leaves and enters, in order, when `leaf` is the innermost active state. */
function wayOf(transition: Transition, leaf: Node): Way {
  const source = transition.source as Node
  const [target, ...more] = (transition.target ?? []) as Node[]
  if (target === undefined) return { exit: [], entry: [], leaf }
  if (more.length > 0) refused(source, 'a transition to several targets')
  const isInside = !transition.reenter && (target === source || isWithin(target, source))
  const domain = isInside ? source : chainOf(target).find((node) => isWithin(target, node) && isWithin(source, node))
  if (domain === undefined) return refused(source, 'a transition of the whole chart that enters it anew')
  const down = downFrom(target)
  const ahead = chainOf(target).filter((node) => node !== target && isWithin(node, domain))
  const enters = target !== source || source !== domain || transition.reenter ? [target] : []
  return {
    exit: chainOf(leaf).filter((node) => isWithin(node, domain)),
    entry: [...ahead.reverse(), ...enters, ...down],
    leaf: down.at(-1) ?? target,
  }
}

/** The states that are entered below a node without being named, outermost first. */
function downFrom(node: Node): Node[] {
  if (node.type !== 'compound') return []
  const child = node.initial.target[0] as Node
  return [child, ...downFrom(child)]
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

  guard(guard: unknown): ((args: Args) => boolean) | null {
    if (guard === undefined || guard === null) return null
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
    if (action === undefined || !('resolve' in action))
      return (run) => run.into.push({ type: name, params: given(run) })
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
    if (typeof resolved !== 'number') unknown('a raise without a delay')
    run.into.push({ type: 'xstate.raise', params: { event: said(event, run, params), id, delay: resolved } })
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
      run.into.push({ type, params: typeof params === 'function' ? params(run) : params })
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
  const names = Object.keys(context)
  const given = Object.keys(assigned)
  let same = names.length === given.length ? 0 : -1
  while (same >= 0 && same < names.length) same = names[same] === given[same] ? same + 1 : -1
  return same < 0 ? { ...context, ...assigned } : assigned
}

const emit = (run: Run, event: unknown, params: unknown): void => {
  run.into.push({ type: 'xstate.emit', params: { event: said(event, run, params) } })
}

const cancel = (run: Run, sendId: unknown, params: unknown): void => {
  run.into.push({ type: 'xstate.cancel', params: { sendId: said(sendId, run, params) } })
}
