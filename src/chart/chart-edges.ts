import type { AnyStateMachine, AnyStateNode } from 'xstate'

/** One way from a state to another: the rules (guards) that lead there, in the chart's order. Ids are paths without the machine's own (`detecting.collecting`). */
export type ChartEdge = { readonly from: string; readonly to: string; readonly rules: readonly string[] }

/** A state node's path within its machine: `charging-locked.charging`; empty for the machine itself. */
export const pathOf = (node: AnyStateNode): string => node.path.join('.')

type Rule = { readonly from: string; readonly to: string; readonly rule: string }

/**
 * All ways between states, drawn together where a reader loses nothing. A rule that every child of a state has leads out of that state;
 * where it leads to another child, it is a way from the state into it (from anywhere in here). What leads into several children of one
 * state from outside leads to that state.
 */
export function chartEdges(machine: AnyStateMachine): ChartEdge[] {
  const rules: Rule[] = []
  const walk = (node: AnyStateNode) => {
    for (const transitions of node.transitions.values()) {
      for (const { guard, target, eventType } of transitions) {
        for (const to of target ?? [])
          if (to !== node) rules.push({ from: pathOf(node), to: pathOf(to), rule: ruleName(guard, eventType) })
      }
    }
    for (const child of Object.values(node.states)) walk(child)
  }
  walk(machine.root)
  const compounds = Object.values(machine.root.states).filter((node) => Object.keys(node.states).length > 0)
  return merge(compounds.reduce(liftTargets, compounds.reduce(liftSources, rules)))
}

/** `after.voteWindow` where no question is asked but time is up. */
function ruleName(guard: unknown, eventType: string): string {
  if (typeof guard === 'string') return guard
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return String(guard.type)
  return eventType.startsWith('xstate.after.')
    ? `after ${eventType.split('.')[2]}`
    : eventType === '*'
      ? 'otherwise'
      : eventType
}

function merge(rules: readonly Rule[]): ChartEdge[] {
  const groups = Map.groupBy(rules, ({ from, to }) => `${from}>${to}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ from: first.from, to: first.to, rules: [...new Set(group.map(({ rule }) => rule))] }] : []
  })
}

const isIn = (path: string, parent: string) => path.startsWith(`${parent}.`)

function liftSources(rules: readonly Rule[], parent: AnyStateNode): readonly Rule[] {
  const path = pathOf(parent)
  const children = Object.values(parent.states).map(pathOf)
  const leaving = Map.groupBy(
    rules.filter(({ from }) => isIn(from, path)),
    ({ to, rule }) => `${rule}>${to}`,
  )
  const shared = (one: Rule) => {
    const from = new Set(leaving.get(`${one.rule}>${one.to}`)?.map((each) => each.from))
    return children.every((child) => from.has(child) || child === one.to)
  }
  return rules.map((one) => (isIn(one.from, path) && shared(one) ? { ...one, from: path } : one))
}

function liftTargets(rules: readonly Rule[], parent: AnyStateNode): readonly Rule[] {
  const path = pathOf(parent)
  const isEntry = ({ from, to }: Rule) => isIn(to, path) && from !== path && !isIn(from, path)
  const entered = Map.groupBy(rules.filter(isEntry), ({ from }) => from)
  const many = (from: string) => new Set(entered.get(from)?.map(({ to }) => to)).size > 1
  return rules.map((one) => (isEntry(one) && many(one.from) ? { ...one, to: path } : one))
}
