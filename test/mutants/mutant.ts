/** A question of the bay's chart that always answers the same. */
export type GuardMutant = {
  readonly kind: 'guard'
  readonly name: string
  readonly guard: string
  readonly answer: boolean
}

/** A fold that is broken in one place: `find` stands exactly once in `file` (path from the project's top) and becomes `replace`. */
export type FoldMutant = {
  readonly kind: 'fold'
  /** What is broken, in words that a site owner understands. */
  readonly name: string
  /** The laws that should notice, by number; null for those without. */
  readonly laws: readonly (number | null)[]
  readonly file: string
  readonly find: string
  readonly replace: string
}

export type Mutant = GuardMutant | FoldMutant

/** Where it stands, what is broken, the text, and what it becomes. */
type Breakage = readonly [file: string, name: string, find: string, replace: string]

/** Breakages that the same laws should notice. */
export const foldMutants = (laws: FoldMutant['laws'], breakages: readonly Breakage[]): readonly FoldMutant[] =>
  breakages.map(([file, name, find, replace]) => ({ kind: 'fold', name, laws, file, find, replace }))

/** Each named question forced both ways. */
export const guardMutants = (guards: readonly string[]): GuardMutant[] =>
  guards.flatMap((guard) =>
    [true, false].map((answer) => ({ kind: 'guard', name: `${guard} always ${answer ? 'yes' : 'no'}`, guard, answer })),
  )

/** What is not as it was when a mutant was written, in sentences: a text that is gone, or stands twice. Empty where all fit. */
export const misfits = (mutants: readonly FoldMutant[], textOf: (file: string) => string | undefined): string[] =>
  mutants.flatMap(({ name, file, find }) => {
    const text = textOf(file)
    if (text === undefined) return [`“${name}”: ${file} is not there. Name the file that has this fold now.`]
    const times = text.split(find).length - 1
    return times === 1
      ? []
      : [`“${name}”: its text stands ${times} times in ${file}, not once. Write the mutant anew after the code.`]
  })

/** What caught a mutant: the promise that broke, and how; several where one story broke several. */
export type Catch = { readonly by: string; readonly how: string }

/** One mutant's end: caught by something within `ms`, or a survivor. */
export type Verdict = { readonly name: string; readonly caught: readonly Catch[]; readonly ms: number }
