import { QUESTIONS, type QuestionName } from '../../machines/guards.ts'
import { playStory } from '../../simulations/player.ts'
import { SCENARIOS } from '../../simulations/scenario-list.ts'
import { livedThrough } from '../properties/bay-commands.ts'
import type { Move } from '../properties/bay-move.ts'
import { breachOf } from '../properties/law.ts'
import { LAWS } from '../properties/law-book.ts'
import { collected } from './collected-tests.ts'
import type { Catch } from './mutant.ts'

/** One thing that a mutant is held against. `by` is its promise; answers how it was broken, or null. */
export type Check = { readonly by: string; readonly run: () => Promise<string | null> }

const nameOf = (number: number | null, says: string): string => (number === null ? says : `law ${number}: ${says}`)
const sentence = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? ''

/** Every clause of a law that looks at one lived bay, with its promise. */
export const bayClauses = LAWS.flatMap(({ number, bay }) =>
  bay.map((one) => ({ by: nameOf(number, one.says), ...one })),
)

/** What breaks when a story is lived: all clauses that it breaks, or the machine itself. `isAsked`: by promise, the clauses to look at. */
export function storyBreaches(story: readonly Move[], isAsked: (by: string) => boolean = () => true): readonly Catch[] {
  try {
    const run = livedThrough(story)
    return bayClauses
      .filter(({ by }) => isAsked(by))
      .flatMap(({ by, breach }) => {
        const how = breach(run)
        return how === null ? [] : [{ by, how }]
      })
  } catch (broken) {
    return [{ by: 'the bay’s machine breaks no invariant', how: sentence(broken) }]
  }
}

/** Clauses that draw what they need themselves. */
export const ownClauses = (runs: number, seed: number): readonly Check[] =>
  LAWS.flatMap(({ number, own }) =>
    own.map((clause) => ({ by: nameOf(number, clause.says), run: () => breachOf(clause, runs, seed) })),
  )

/** Every story of every edge case. */
export const scenarios: readonly Check[] = SCENARIOS.flatMap(({ edgeCase, stories }) =>
  stories.map((story) => ({
    by: `${edgeCase}: ${story.promise}`,
    run: async () => (await playStory(story)).broken,
  })),
)

/** The tests of the folds that have suites of their own. */
export const suites = (): readonly Check[] =>
  collected.map(({ name, run }) => ({
    by: name,
    run: async () => {
      try {
        await run()
        return null
      } catch (broken) {
        return sentence(broken)
      }
    },
  }))

/** Makes a question always answer so; the answer undoes it. */
export function force(guard: string, answer: boolean): () => void {
  const question = QUESTIONS[guard as QuestionName] as { ask: unknown; value?: unknown }
  const asked = { ask: question.ask, value: question.value }
  Object.assign(question, { ask: () => answer, value: undefined })
  return () => {
    Object.assign(question, asked)
  }
}

export const guards = Object.keys(QUESTIONS)
