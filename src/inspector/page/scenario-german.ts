/** German for the cases of the field and their promises. A test holds them to the scenarios: none missing, none too many. */
import { PLATE_CASES } from './plate-cases-german.ts'
import { START_CASES } from './start-cases-german.ts'
import { VISIT_CASES } from './visit-cases-german.ts'

/** One case; `promises` in the order of its stories. */
export type Case = {
  readonly title: string
  readonly given?: string
  readonly when?: string
  readonly wanted: string
  readonly promises: readonly string[]
}

/** All of them, by the name of the scenario. */
export const CASES: { readonly [name: string]: Case } = { ...PLATE_CASES, ...START_CASES, ...VISIT_CASES }
