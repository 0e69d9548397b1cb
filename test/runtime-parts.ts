/** A bill of materials as `npm sbom` writes it (CycloneDX), as far as it is looked at. */
export type Bill = {
  readonly components: readonly { readonly 'bom-ref': string }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
  readonly [field: string]: unknown
}

/** A reference of npm's begins with the package's whole name. */
const isOf = (ref: string, name: string): boolean => ref.startsWith(`${name}@`)

/**
 * Only what these direct dependencies bring. `npm sbom --omit dev` leaves out whatever tests use too (direct dependencies among it), so the
 * whole bill is taken and walked from them.
 */
export function billOfWhatRuns(bill: Bill, root: string, direct: readonly string[]): Bill {
  const needs = new Map(bill.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]))
  const top = bill.dependencies.find(({ ref }) => isOf(ref, root))
  const own = (top?.dependsOn ?? []).filter((ref) => direct.some((name) => isOf(ref, name)))
  const reached = new Set(own)
  for (const ref of reached) for (const needed of needs.get(ref) ?? []) reached.add(needed)
  return {
    ...bill,
    components: bill.components.filter((one) => reached.has(one['bom-ref'])),
    dependencies: [
      ...(top ? [{ ...top, dependsOn: own }] : []),
      ...bill.dependencies.filter(({ ref }) => reached.has(ref)),
    ],
  }
}

/** Dependencies that a bill does not name. */
export const lacking = ({ components }: Bill, dependencies: readonly string[]): readonly string[] =>
  dependencies.filter((name) => !components.some((one) => isOf(one['bom-ref'], name)))
