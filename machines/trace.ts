import type { Asked, Question } from './guards.ts'
import type { GuardTrace } from './record.ts'

// The event that is being taken, and what was asked of it: a step asks all its questions before the next one begins.
let taken: { readonly event: object; readonly list: GuardTrace[] } | null = null

/** Answers a question and remembers the answer for the record of this event. A question asked twice in one step is asked once. */
export function answered(name: string, { ask }: Question, asked: Asked): boolean {
  if (taken?.event !== asked.event) taken = { event: asked.event, list: [] }
  const { list } = taken
  for (const before of list) if (before.name === name) return before.ok
  const { ok, value } = ask(asked)
  list.push(value === ok ? { name, ok } : { name, ok, value })
  return ok
}

/** The questions asked for the event that was taken last, in order; the last yes is the rule that fired. None for any other event. */
export const traced = (event: object): readonly GuardTrace[] => (taken?.event === event ? taken.list : [])
