import type { PlainRule, VisitRow } from './visit-ledger.ts'

type Charged = { readonly wanting: readonly VisitRow[] }

/** Who charged, and would have lost its bay to a wrongly empty picture by rules simpler than berth's. */
export const PLAIN_RULE_METRICS = (
  [
    ['picture', 'charged, and would have lost its bay by the picture alone'],
    ['current', 'the same where current alone locks'],
    ['transaction', 'the same where an open transaction locks'],
  ] as const satisfies readonly (readonly [PlainRule, string])[]
).map(([rule, says]) => ({
  name: `plain-${rule}`,
  unit: 'share',
  says,
  better: null,
  of: ({ wanting }: Charged) => {
    const charged = wanting.filter(({ outcome }) => outcome === 'charged')
    return { hits: charged.filter(({ letGoBy }) => letGoBy.has(rule)).length, of: charged.length }
  },
}))
