/** One combination of a sweep: what is changed, and how it is called. */
export type Variation = { readonly label: string; readonly change: { readonly [key: string]: unknown } }

/** Every combination of the values to try, the last key varying fastest. Nothing to vary: one, unchanged. */
export function variationsOf(vary: { readonly [key: string]: readonly unknown[] }): Variation[] {
  return Object.entries(vary).reduce<Variation[]>(
    (sofar, [key, values]) =>
      sofar.flatMap(({ label, change }) =>
        values.map((value) => {
          const word = `${key} ${JSON.stringify(value)}`
          return { label: label === '' ? word : `${label}, ${word}`, change: { ...change, [key]: value } }
        }),
      ),
    [{ label: '', change: {} }],
  )
}
