import type { Json, Policy } from '../../machines/events.ts'
import { checkSchema, type RawSite } from '../site-schema.ts'
import { checkSense } from '../site-sense.ts'
import { parseSource } from '../site-source.ts'

/** A policy with its defaults, or what `berth check` would say against it (whole sentences). */
export type CheckedPolicy = { readonly policy: Policy } | { readonly problems: readonly string[] }

/** Checks the section `policy` of a site file by itself: only its own keys, and no names from the environment. */
export function checkPolicy(section: Json): CheckedPolicy {
  const source = parseSource(JSON.stringify({ policy: section }), {})
  const isOwn = ({ path }: { readonly path: string }): boolean => /^policy($|[.[])/.test(path)
  // What lacks around it is no matter here: a site file has it.
  const broken = source.problems.length > 0 ? source.problems : checkSchema(source)
  const found = [...source.unset, ...broken, ...checkSense(source.value as RawSite, source, () => true, broken).errors]
  const problems = found.filter(isOwn).map(({ path, says, expected }) => `${path}: ${says}; expected ${expected}.`)
  if (problems.length > 0) return { problems }
  return { policy: (source.value as RawSite).policy }
}
