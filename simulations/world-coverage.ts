import { bay as machine } from '../machines/bay.ts'
import { QUESTIONS } from '../machines/guards.ts'
import type { FactRecord } from '../machines/record.ts'
import { ALL_FAULTS, type FaultKind } from './world-faults.ts'

/** Counts by name; a world adds to it, worlds add up. */
export type Tally = Map<string, number>

const count = (tally: Tally, name: string, by = 1): void => void tally.set(name, (tally.get(name) ?? 0) + by)

type Node = { readonly states?: { readonly [name: string]: Node }; readonly on?: unknown; readonly after?: unknown }

/** Every innermost state of the chart: `authorizing.asking`. */
export function chartStates(node: Node = machine.config as Node, path = ''): string[] {
  const inner = Object.entries(node.states ?? {})
  if (inner.length === 0) return [path]
  return inner.flatMap(([name, child]) => chartStates(child, path === '' ? name : `${path}.${name}`))
}

/** Every rule of the chart by name, whatever the state it stands in. */
export function chartRules(
  part: unknown = machine.config,
  found = new Set<string>(),
  seen = new Set<object>(),
): Set<string> {
  if (part === null || typeof part !== 'object' || seen.has(part)) return found
  seen.add(part)
  const { type, params } = part as { type?: unknown; params?: { rule?: unknown } }
  if (type === 'act' && typeof params?.rule === 'string') found.add(params.rule)
  for (const inner of Object.values(part)) chartRules(inner, found, seen)
  return found
}

/** Every row of the chart: a rule in its state, `authorizing.asking: refused`. */
export function chartRows(node: Node = machine.config as Node, path = ''): string[] {
  const own = new Set([node.on, node.after].flatMap((lists) => Object.values(lists ?? {}).flatMap(rulesOfList)))
  const inner = Object.entries(node.states ?? {}).flatMap(([name, child]) =>
    chartRows(child, path === '' ? name : `${path}.${name}`),
  )
  return [...[...own].map((rule) => `${path}: ${rule}`), ...inner]
}

/** The rules of one list, in order. */
const rulesOfList = (list: unknown): string[] =>
  [list].flat().flatMap((one) => {
    const { actions } = one as { actions?: readonly { params?: { rule?: unknown } }[] }
    return (actions ?? []).flatMap(({ params }) => (typeof params?.rule === 'string' ? [params.rule] : []))
  })

/** What a run reached: states, rules, rows, guards both ways, decisions, faults, situations. */
export class Coverage {
  readonly states: Tally = new Map()
  readonly rules: Tally = new Map()
  readonly rows: Tally = new Map()
  readonly guards: Tally = new Map()
  readonly #asked = new Map<string, { yes: number; no: number }>()
  readonly moves: Tally = new Map()
  readonly decisions: Tally = new Map()
  readonly faults: Tally = new Map()
  readonly situations: Tally = new Map()

  /** One record of a bay, and the state before it. */
  hear(record: FactRecord, before: string): void {
    const after = record.state === record.detail ? String(record.state) : `${record.state}.${record.detail}`
    count(this.states, after)
    if (before !== after) count(this.moves, `${before} -> ${after}`)
    if (record.rule) count(this.rules, record.rule)
    if (record.rule) count(this.rows, `${before}: ${record.rule}`)
    for (const { name, ok } of record.guards) this.#guard(name, ok)
    for (const { type } of record.decisions) count(this.decisions, type)
  }

  #guard(name: string, ok: boolean): void {
    const asked = this.#asked.get(name) ?? { yes: 0, no: 0 }
    this.#asked.set(name, asked)
    asked[ok ? 'yes' : 'no'] += 1
  }

  /** Counts are complete only after this. */
  close(): void {
    for (const [name, { yes, no }] of this.#asked) {
      if (yes > 0) count(this.guards, `${name}: yes`, yes)
      if (no > 0) count(this.guards, `${name}: no`, no)
    }
    this.#asked.clear()
  }

  fault(kind: FaultKind, times: number): void {
    count(this.faults, kind, times)
  }

  situation(id: string): void {
    count(this.situations, id)
  }

  add(other: Coverage): void {
    for (const kind of ['states', 'rules', 'rows', 'guards', 'moves', 'decisions', 'faults', 'situations'] as const)
      for (const [name, times] of other[kind]) count(this[kind], name, times)
  }
}

/** What no world can reach, each with why. */
export const OUT_OF_REACH: { readonly [name: string]: string } = {
  'rule secondAgrees': 'no second reader is plugged in: the dispatcher says so at once',
  'guard secondAgrees: yes': 'no second reader is plugged in: the dispatcher says so at once',
  'rule startExpired': 'a start expires in the same moment as the window of its state, which comes first',
  'guard startExpired: yes': 'a start expires in the same moment as the window of its state, which comes first',
}

/** What should have been reached and was not. */
export function missing(
  coverage: Coverage,
  situations: readonly string[],
  faults: readonly FaultKind[] = ALL_FAULTS,
): string[] {
  const asked = [...Object.keys(QUESTIONS)].flatMap((name) => [`${name}: yes`, `${name}: no`])
  const lacks = (what: string, wanted: Iterable<string>, tally: Tally): string[] =>
    [...wanted]
      .filter((name) => !tally.has(name) && !(`${what} ${name}` in OUT_OF_REACH))
      .map((name) => `${what} ${name}`)
  return [
    ...lacks('state', chartStates(), coverage.states),
    ...lacks('rule', chartRules(), coverage.rules),
    ...lacks('guard', asked, coverage.guards),
    ...lacks('fault', faults, coverage.faults),
    ...lacks('situation', situations, coverage.situations),
  ]
}
