import type { AnyEventObject, AnyStateMachine } from 'xstate'
import { candidates, chainOf, type ChartNode as Node, refused, unknown, wayOf } from './chart-ways.ts'
import { type Ask, type Hears, type Op, Run, TableActs } from './table-acts.ts'

/** Where a machine stands between two events: its innermost state by number, and what it knows. */
export type Standing<Context> = {
  readonly leaf: number
  readonly context: Context
  /** The names of what it knows, where they were gone through. */
  readonly names?: readonly string[] | null
}

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
/** What one leaf does about one event: row by row the question, what to do on a yes, and the leaf where that ends. */
type Rows = { readonly asks: readonly (Ask | null)[]; readonly ops: readonly Op[]; readonly to: readonly number[] }

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
  const tables = leaves.map(() => new Map<string, Rows>())
  const acts = new TableActs(machine)
  const rowsOf = (number: number, type: string): Rows => {
    const leaf = leaves[number] as Node
    const ways = chainOf(leaf).flatMap((node) =>
      candidates(node, type).map((transition) => ({ transition, way: wayOf(transition, leaf) })),
    )
    const rows = {
      asks: ways.map(({ transition }) => acts.guard(transition.guard)),
      ops: ways.map(({ transition, way }) =>
        inTurn(
          [
            ...way.exit.flatMap(({ exit }) => exit),
            ...transition.actions,
            ...way.entry.flatMap(({ entry }) => entry),
          ].map((action) => acts.of(action)),
        ),
      ),
      to: ways.map(({ way }) => numbers.get(way.leaf) ?? refused(leaf, 'a target without an innermost state')),
    }
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
    take(standing, event, into) {
      const { leaf, context, names = null } = standing
      const { asks, ops, to } = tables[leaf]?.get(event.type) ?? rowsOf(leaf, event.type)
      const run = new Run(context as object, event, into, names)
      for (let at = 0; at < asks.length; at++) {
        const ask = asks[at] as Ask | null
        if (ask !== null && !ask(run)) continue
        ;(ops[at] as Op)(run)
        return { leaf: to[at] as number, context: run.context as Context, names: run.names }
      }
      return standing
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
