import type { Asked, Question } from './guards.ts'
import type { GuardTrace } from './record.ts'

/** A question of the chart, and what it was answered last: `turn` says for which event. */
export type Traced = { readonly name: string; readonly question: Question; turn: number; ok: boolean }

/** A question whose answers are remembered for the record of the event. */
export const traceable = (name: string, question: Question): Traced => ({ name, question, turn: 0, ok: false })

// The event that is being taken, and what was asked of it: a step asks all its questions before the next one begins.
const taken: { asked: Asked | null; turn: number; count: number } = { asked: null, turn: 0, count: 0 }
/** The first `count` of them were asked: the list is written over, since most are written down by nobody. */
const list: Traced[] = []

/** Answers a question and remembers that it was asked. A question asked twice in one step is asked once. */
export function answered(traced: Traced, asked: Asked): boolean {
  if (taken.asked?.event !== asked.event) {
    taken.asked = asked
    taken.turn += 1
    taken.count = 0
  }
  if (traced.turn === taken.turn) return traced.ok
  traced.ok = traced.question.ask(asked)
  traced.turn = taken.turn
  list[taken.count++] = traced
  return traced.ok
}

/** The questions asked for the event that was taken last, in order; the last yes is the rule that fired. None for any other event. */
export function traced(event: object): readonly GuardTrace[] {
  const { asked, count } = taken
  return asked?.event === event ? list.slice(0, count).map((one) => written(one, asked)) : []
}

/** What was measured is worked out only where it is written down: of a simulated visit nobody reads it. */
function written({ name, question, ok }: Traced, asked: Asked): GuardTrace {
  const value = question.value?.(asked)
  return value === undefined || value === ok ? { name, ok } : { name, ok, value }
}
