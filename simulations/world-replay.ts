import type { Site } from '../actors/site.ts'
import type { FactRecord } from '../machines/record.ts'
import { type BaySnapshot, eventOf, evidence, opened, step } from '../machines/step.ts'
import { FORGED } from './toy-forger.ts'
import type { Violation } from './world-laws.ts'

/** Chain of digests over the records in order; and the first of them that holds what no camera took, if any does. */
export function chained(
  records: readonly FactRecord[],
  digest: (text: string) => string,
): { readonly hash: string; readonly forged: number | null } {
  let hash = ''
  let forged: number | null = null
  for (const record of records) {
    const text = JSON.stringify(record)
    if (text.includes(FORGED)) forged ??= record.seq
    hash = digest(hash + text)
  }
  return { hash, forged }
}

/** Lives every bay again from the records alone; the first record decided otherwise, or the first bay that ends elsewhere. */
export function firstDifference(records: readonly FactRecord[], site: Site): Violation | null {
  const law = 'the journal alone rebuilds everything'
  const bays = new Map<string, BaySnapshot>()
  for (const record of records) {
    const { bayId, seq, at } = record
    if (bayId === null) continue
    const made = step(bays.get(bayId) ?? opened(bayId), eventOf(record))
    bays.set(bayId, made.snapshot)
    if (!sameJson(evidence(made.draft), evidence(record)))
      return { law, says: `${bayId}: record ${seq} is decided otherwise`, seq, at }
  }
  for (const [bayId, snapshot] of bays) {
    const live = site.hosts.get(bayId)?.committed.snapshot
    if (
      JSON.stringify(live?.value) === JSON.stringify(snapshot.value) &&
      JSON.stringify(live?.context) === JSON.stringify(snapshot.context)
    )
      continue
    const end = records.at(-1)
    return { law, says: `${bayId} ends in another state`, seq: end?.seq ?? 0, at: end?.at ?? '' }
  }
  return null
}

/** Whether two values are one as JSON: fields that are undefined are not there. */
function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => sameJson(item, other[index]))
    )
  const [mine, theirs] = [one, other] as [{ [key: string]: unknown }, { [key: string]: unknown }]
  for (const key in mine) if (!sameJson(mine[key], theirs[key])) return false
  for (const key in theirs) if (theirs[key] !== undefined && mine[key] === undefined) return false
  return true
}
