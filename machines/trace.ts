import type { Json } from './events.ts'
import type { GuardTrace } from './record.ts'

const traces = new WeakMap<object, GuardTrace[]>()

/** Answers a question and remembers the answer for the record of this event. A question asked twice in one step is asked once. */
export function answered(event: object, name: string, ask: () => { ok: boolean; value: Json }): boolean {
  const list = traces.get(event) ?? []
  const known = list.find((one) => one.name === name)
  if (known) return known.ok
  const { ok, value } = ask()
  list.push(value === ok ? { name, ok } : { name, ok, value })
  traces.set(event, list)
  return ok
}

/** The questions asked so far for this event, in order; the last yes is the rule that fired. */
export const traced = (event: object): readonly GuardTrace[] => traces.get(event) ?? []
