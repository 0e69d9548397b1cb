import type { Json } from './events.ts'
import type { GuardTrace } from './record.ts'

// The event that is being taken, and what was asked of it: a step asks all its questions before the next one begins.
let taken: { readonly event: object; readonly list: GuardTrace[] } | null = null

/** Answers a question and remembers the answer for the record of this event. A question asked twice in one step is asked once. */
export function answered(event: object, name: string, ask: () => { ok: boolean; value: Json }): boolean {
  if (taken?.event !== event) taken = { event, list: [] }
  const { list } = taken
  for (const before of list) if (before.name === name) return before.ok
  const { ok, value } = ask()
  list.push(value === ok ? { name, ok } : { name, ok, value })
  return ok
}

/** The questions asked for the event that was taken last, in order; the last yes is the rule that fired. None for any other event. */
export const traced = (event: object): readonly GuardTrace[] => (taken?.event === event ? taken.list : [])
