/** The cases of the field in the page's language. */
import { language } from './language.ts'

/** What is told of a case. */
type Told = {
  readonly name: string
  readonly title: string
  readonly given: string | null
  readonly when: string | null
  readonly wanted: string
}
type InWords<T extends Told> = T & { readonly promiseOf: (story: number, english: string) => string }

/** A case in the page's language, with its promises by their stories (from 1); English where it has no other. */
export async function caseInWords<T extends Told>(told: T): Promise<InWords<T>> {
  const german = language === 'de' ? (await import('./scenario-german.ts')).CASES[told.name] : undefined
  if (german === undefined) return { ...told, promiseOf: (_, english) => english }
  const { title, given = null, when = null, wanted, promises } = german
  return { ...told, title, given, when, wanted, promiseOf: (story, english) => promises[story - 1] ?? english }
}
