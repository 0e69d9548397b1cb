import { expect } from 'vitest'

/** Stands where test files say `vitest`: collects their tests, so that a mutant can be held against them without starting vitest. */

type Run = () => unknown
export type CollectedTest = { readonly name: string; readonly run: Run }

/** Tests of all files loaded so far, in order. */
export const collected: CollectedTest[] = []
let within: readonly string[] = []

const collect = (name: string, ...rest: unknown[]): void => {
  const run = rest.find((one) => typeof one === 'function') as Run | undefined
  if (run) collected.push({ name: [...within, name].join(': '), run })
}

const each =
  (cases: readonly unknown[]) =>
  (name: string, run: (...values: unknown[]) => unknown): void => {
    for (const one of cases)
      collect(`${name} ${JSON.stringify(one)}`, () => (Array.isArray(one) ? run(...(one as unknown[])) : run(one)))
  }

const skipIf = (skipped: boolean) => (skipped ? () => {} : collect)

export const test = Object.assign(collect, { each, skipIf, runIf: (wanted: boolean) => skipIf(!wanted) })
export const it = Object.assign((name: string, ...rest: unknown[]): void => collect(name, ...rest), test)

export const describe = Object.assign(
  (name: string, body: Run): void => {
    const outer = within
    within = [...within, name]
    body()
    within = outer
  },
  {
    each: (cases: readonly unknown[]) => (name: string, body: (one: unknown) => unknown) => {
      for (const one of cases) describe(`${name} ${JSON.stringify(one)}`, () => body(one))
    },
  },
)

export { expect }
