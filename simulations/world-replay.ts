import type { Site } from '../actors/site.ts'
import type { FactRecord } from '../machines/record.ts'
import { type BaySnapshot, eventOf, evidence, opened, step } from '../machines/step.ts'
import type { Violation } from './world-laws.ts'

/** Lives every bay again from the records alone; the first record decided otherwise, or the first bay that ends elsewhere. */
export function firstDifference(records: readonly FactRecord[], site: Site): Violation | null {
  const law = 'the journal alone rebuilds everything'
  const bays = new Map<string, BaySnapshot>()
  for (const record of records) {
    const { bayId, seq, at } = record
    if (bayId === null) continue
    const made = step(bays.get(bayId) ?? opened(bayId), eventOf(record))
    bays.set(bayId, made.snapshot)
    if (JSON.stringify(evidence(made.draft)) !== JSON.stringify(evidence(record)))
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
