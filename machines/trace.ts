import type { Json } from './events.ts'
import type { GuardTrace } from './record.ts'

const traces = new WeakMap<object, { readonly list: GuardTrace[]; readonly known: Map<string, boolean> }>()

/** Answers a question and remembers the answer for the record of this event. A question asked twice in one step is asked once. */
export function answered(event: object, name: string, ask: () => { ok: boolean; value: Json }): boolean {
  let trace = traces.get(event)
  if (!trace) {
    trace = { list: [], known: new Map() }
    traces.set(event, trace)
  }
  const before = trace.known.get(name)
  if (before !== undefined) return before
  const { ok, value } = ask()
  trace.list.push(value === ok ? { name, ok } : { name, ok, value })
  trace.known.set(name, ok)
  return ok
}

/** The questions asked so far for this event, in order; the last yes is the rule that fired. */
export const traced = (event: object): readonly GuardTrace[] => traces.get(event)?.list ?? []
