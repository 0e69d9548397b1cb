import type { StateNode } from 'xstate'
import { invariant } from './faults.ts'

// biome-ignore lint/suspicious/noExplicitAny: XState's own name of "a node of any machine" is this
export type ChartNode = StateNode<any, any>
type Transition = ChartNode['transitions'] extends Map<string, (infer One)[]> ? One : never

/** The node and what it lies in, innermost first. */
export const chainOf = (node: ChartNode): ChartNode[] =>
  node.parent ? [node, ...chainOf(node.parent as ChartNode)] : [node]

const isWithin = (node: ChartNode, other: ChartNode): boolean => node !== other && chainOf(node).includes(other)

/** Stops with a sentence: what the tables cannot hold is never done in another way than XState does it. */
export function unknown(what: string): never {
  invariant(false, `${what} is nothing that the compiled stepper knows; write the chart without it`)
}

export const refused = (node: ChartNode, what: string): never => unknown(`${what} of state ${node.id}`)

/** Rows of one node for an event: those that name it, then those whose pattern fits, the longest pattern first. */
export function candidates({ transitions }: ChartNode, type: string): Transition[] {
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

type Way = { readonly exit: readonly ChartNode[]; readonly entry: readonly ChartNode[]; readonly leaf: ChartNode }

/** What a transition leaves and enters, in order, when `leaf` is the innermost active state. */
export function wayOf(transition: Transition, leaf: ChartNode): Way {
  const source = transition.source as ChartNode
  const [target, ...more] = (transition.target ?? []) as ChartNode[]
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
function downFrom(node: ChartNode): ChartNode[] {
  if (node.type !== 'compound') return []
  const child = node.initial.target[0] as ChartNode
  return [child, ...downFrom(child)]
}
